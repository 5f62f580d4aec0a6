//! Which lines a comment is about.

use std::ops::RangeInclusive;

use crate::lint::suppress::comment::Comment;
use crate::source::{Source, Span};
use crate::syntax::{Kind, Node, Style, Tree};

/// The entries and items of a file by the line on which they begin.
pub(super) struct Extents<'s> {
    source: &'s Source,
    all: Vec<Extent>,
}

struct Extent {
    /// The lines from its first to its last.
    lines: RangeInclusive<u32>,
    /// Whether it is an item of a list rather than a key with its value.
    is_item: bool,
    /// Whether its value is a text in lines of its own.
    is_block: bool,
}

impl<'s> Extents<'s> {
    pub(super) fn of(source: &'s Source, tree: &Tree) -> Self {
        let mut extents = Self {
            source,
            all: Vec::new(),
        };
        tree.root().into_iter().for_each(|root| extents.walk(root));
        extents
    }

    /// Returns the lines that a comment is about.
    pub(super) fn of_comment(&self, comment: &Comment<'_>) -> RangeInclusive<u32> {
        if comment.trailing {
            let line = comment.line;
            let mut blocks = self.beginning_on(line).filter(|extent| extent.is_block);
            let end = blocks.next_back().map_or(line, |block| *block.lines.end());
            return line..=end;
        }
        let Some(line) = self.next_content(comment.line) else {
            return comment.line..=comment.line;
        };
        let is_item = self.line(line).starts_with('-');
        let begun = self
            .beginning_on(line)
            .filter(|extent| is_item || !extent.is_item);
        let end = begun.map(|extent| *extent.lines.end()).max();
        line..=end.unwrap_or(line)
    }

    fn beginning_on(&self, line: u32) -> impl DoubleEndedIterator<Item = &Extent> {
        self.all
            .iter()
            .filter(move |extent| *extent.lines.start() == line)
    }

    /// Returns the first line after another one with more than a comment on it.
    fn next_content(&self, line: u32) -> Option<u32> {
        (line + 1..=self.source.line_count()).find(|line| {
            let text = self.line(*line);
            !text.is_empty() && !text.starts_with('#')
        })
    }

    fn line(&self, line: u32) -> &str {
        let span = self.source.line_span(line);
        span.map_or("", |span| self.source.slice(span).trim())
    }

    fn walk(&mut self, node: Node<'_>) {
        // What an alias shows stands elsewhere.
        if node.is_alias() {
            return;
        }
        match node.kind() {
            Kind::Mapping(entries) => {
                for entry in entries {
                    let is_omitted = entry.value.is_omitted();
                    let end = if is_omitted { entry.key } else { entry.value };
                    let span = Span::new(entry.key.span().start, end.span().end);
                    self.push(span, false, entry.value);
                    self.walk(entry.value);
                }
            }
            Kind::Sequence(items) => {
                for item in items {
                    self.push(item.span(), true, item);
                    self.walk(item);
                }
            }
            _ => {}
        }
    }

    fn push(&mut self, span: Span, is_item: bool, value: Node<'_>) {
        let first = self.source.position(span.start).line;
        // A block scalar ends with the line break of its last line.
        let last = span.end.saturating_sub(u32::from(span.end > span.start));
        let last = self.source.position(last).line;
        self.all.push(Extent {
            lines: first..=last.max(first),
            is_item,
            is_block: !value.is_alias() && matches!(value.style(), Style::Literal | Style::Folded),
        });
    }
}
