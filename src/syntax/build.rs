//! The parser's events to a tree.

use std::borrow::Cow;

use granit_parser::{Event, Parser, Placement, ScalarStyle, StructureStyle, Tag};

use crate::diagnostics::{Diagnostic, Diagnostics, Severity, nearest};
use crate::source::{Location, MAX_BYTES, SourceId, Span};
use crate::syntax::explain::{self, Before};
use crate::syntax::keys;
use crate::syntax::tree::{Children, Comment, Data, Properties, Record, Style, Text, Tree};

/// How deep collections may stand in each other, aliases followed.
pub const MAX_DEPTH: usize = 255;

/// How many nodes and comments a document may have, aliases followed.
pub const MAX_NODES: usize = 1_000_000;

/// More diagnostics help nobody, and a hostile file could ask for a million.
const MAX_DIAGNOSTICS: usize = 100;

/// What a text holds.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The document, as far as it could be read; nothing for a text over the size limit.
    ///
    /// An error may have cut it off, see [`Tree::is_complete`].
    pub document: Option<Tree>,
    /// What is wrong with the text, in the order of the text.
    pub diagnostics: Diagnostics,
}

/// Reads the first YAML document of a text.
pub fn parse(source: SourceId, text: &str) -> Parsed {
    if text.len() > MAX_BYTES {
        let message = format!("the text has more than {MAX_BYTES} bytes");
        let diagnostic = Diagnostic::error("file-too-large", message);
        return Parsed {
            document: None,
            diagnostics: diagnostic.at(Location::new(source, Span::at(0))).into(),
        };
    }
    let mut builder = Builder::new(source, text);
    builder.tree.complete = builder.run();
    builder.finish()
}

/// A collection whose end has not come yet.
struct Open {
    node: u32,
    /// Where its children begin in `Builder::waiting`.
    first: usize,
    anchor: usize,
    /// `Builder::count` before its children.
    before: usize,
    /// How many collections stand in each other below it.
    height: usize,
}

/// A node with an anchor.
#[derive(Clone, Copy)]
struct Anchored {
    node: u32,
    /// Its height and how many nodes it stands for; unknown while it is open.
    closed: Option<(usize, usize)>,
}

struct Builder<'s> {
    text: &'s str,
    tree: Tree,
    diagnostics: Diagnostics,
    open: Vec<Open>,
    /// The children of all open collections.
    waiting: Vec<u32>,
    /// By the parser's number of the anchor.
    anchors: Vec<Option<Anchored>>,
    /// Nodes and comments so far, aliases followed.
    count: usize,
    documents: usize,
}

/// The reading goes on, or it ends here.
type Step = Result<(), Box<Diagnostic>>;

impl<'s> Builder<'s> {
    fn new(source: SourceId, text: &'s str) -> Self {
        let tree = Tree {
            source,
            records: Vec::new(),
            children: Vec::new(),
            properties: Vec::new(),
            comments: Vec::new(),
            texts: String::with_capacity(text.len() / 2),
            complete: false,
        };
        Self {
            text,
            tree,
            diagnostics: Diagnostics::new(),
            open: Vec::new(),
            waiting: Vec::new(),
            anchors: Vec::new(),
            count: 0,
            documents: 0,
        }
    }

    /// Reads all events; says whether they came to a good end.
    fn run(&mut self) -> bool {
        let options = granit_parser::options! {
            emit_anchor_events: true,
            emit_unresolved_aliases: true,
            // The default of 96 refuses a longer comment between a key and its value.
            max_buffered_comment_events: MAX_NODES,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        for next in Parser::new_from_str_with_options(self.text, options) {
            let step = match next {
                Ok((event, span)) => self.event(event, span),
                Err(error) => {
                    let (diagnostic, span) = explain::explain(&error, self.text, self.before());
                    Err(Box::new(diagnostic.at(self.location(span))))
                }
            };
            if let Err(last) = step {
                self.report(*last);
                return false;
            }
            if self.documents > 1 {
                // The first document is whole.
                return true;
            }
        }
        true
    }

    fn event(&mut self, event: Event<'s>, place: granit_parser::Span) -> Step {
        let span = self.span(&place);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(text, style, anchor, tag, &place)
            }
            Event::SequenceStart(style, anchor, tag) => self.start(
                Data::Sequence(Children::default()),
                style,
                anchor,
                tag,
                &place,
            ),
            Event::MappingStart(style, anchor, tag) => self.start(
                Data::Mapping(Children::default()),
                style,
                anchor,
                tag,
                &place,
            ),
            Event::SequenceEnd | Event::MappingEnd => {
                self.end(span.end);
                Ok(())
            }
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::UnresolvedAlias(name) => self.unknown_alias(&name, span),
            Event::Anchor(_, name) => {
                let text = self.keep(&name);
                if let Some(node) = self.last_node() {
                    self.properties(node).anchor = Some((text, span));
                }
                Ok(())
            }
            Event::Comment(_, placement) => {
                let trailing = placement == Placement::Right;
                self.tree.comments.push(Comment { span, trailing });
                self.take(1, span)
            }
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.second_document(span);
                }
                Ok(())
            }
            // Beginnings and ends of stream and document say nothing about nodes.
            _ => Ok(()),
        }
    }

    fn scalar(
        &mut self,
        text: Cow<'s, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<Cow<'s, Tag>>,
        place: &granit_parser::Span,
    ) -> Step {
        let mut span = self.span(place);
        let (style, indent) = match style {
            ScalarStyle::Plain => (Style::Plain, None),
            ScalarStyle::SingleQuoted => (Style::SingleQuoted, None),
            ScalarStyle::DoubleQuoted => (Style::DoubleQuoted, None),
            ScalarStyle::Literal => (Style::Literal, place.indent),
            ScalarStyle::Folded => (Style::Folded, place.indent),
        };
        if matches!(style, Style::Literal | Style::Folded) {
            let content = self.text[span.range()].trim_end_matches([' ', '\t', '\r', '\n']);
            span.end = span.start + to_u32(content.len());
        }
        // The parser gives an omitted value the text `~`.
        let omitted = style == Style::Plain && span.is_empty();
        let text = if omitted {
            Text::default()
        } else {
            self.keep(&text)
        };
        let indent = to_u32(indent.unwrap_or_default());
        let node = self.node(span, style, Data::Scalar { text, indent })?;
        self.tag(node, tag, place);
        self.anchor(anchor, node, Some((0, 1)));
        Ok(())
    }

    fn start(
        &mut self,
        data: Data,
        style: StructureStyle,
        anchor: usize,
        tag: Option<Cow<'s, Tag>>,
        place: &granit_parser::Span,
    ) -> Step {
        let span = self.span(place);
        if self.open.len() >= MAX_DEPTH {
            return Err(Box::new(explain::too_deep().at(self.location(span))));
        }
        let style = match style {
            StructureStyle::Block => Style::Block,
            StructureStyle::Flow => Style::Flow,
        };
        let before = self.count;
        let node = self.node(span, style, data)?;
        self.tag(node, tag, place);
        self.anchor(anchor, node, None);
        self.open.push(Open {
            node,
            first: self.waiting.len(),
            anchor,
            before,
            height: 1,
        });
        Ok(())
    }

    /// Ends the innermost open collection.
    fn end(&mut self, end: u32) {
        let Some(open) = self.open.pop() else {
            return;
        };
        let mut children = self.waiting.split_off(open.first);
        let record = &mut self.tree.records[open.node as usize];
        let range = |length: usize| {
            let start = to_u32(self.tree.children.len());
            Children {
                start,
                end: start + to_u32(length),
            }
        };
        match &mut record.data {
            Data::Mapping(own) => {
                // An error may have cut off the last value.
                children.truncate(children.len() / 2 * 2);
                *own = range(children.len());
            }
            Data::Sequence(own) => *own = range(children.len()),
            Data::Scalar { .. } | Data::Alias(_) => {}
        }
        // The parser ends a block where the next thing begins.
        let last = children
            .last()
            .map(|child| self.tree.records[*child as usize].span.end);
        let own = &mut self.tree.records[open.node as usize];
        let least = last.unwrap_or(own.span.end).max(own.span.end);
        own.span.end = if own.style == Style::Flow {
            end.max(least)
        } else {
            least
        };
        self.tree.children.append(&mut children);

        self.anchor(
            open.anchor,
            open.node,
            Some((open.height, self.count - open.before)),
        );
        if let Some(parent) = self.open.last_mut() {
            parent.height = parent.height.max(open.height + 1);
        }
        self.check_keys(open.node);
    }

    fn check_keys(&mut self, node: u32) {
        let mut found = Vec::new();
        keys::check(self.tree.node(node), |diagnostic| {
            if found.len() < MAX_DIAGNOSTICS {
                found.push(diagnostic);
            }
        });
        for diagnostic in found {
            self.report(diagnostic);
        }
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Step {
        let target = self.anchors.get(anchor).copied().flatten();
        let Some(Anchored { node, closed }) = target else {
            return self.missing(span);
        };
        let Some((height, size)) = closed else {
            let anchored = self.tree.node(node).anchor_span().unwrap_or(span);
            let diagnostic = explain::recursive_alias(&self.text[span.range()])
                .at(self.location(span))
                .label(self.location(anchored), "the anchor is put here");
            self.report(diagnostic);
            return self.missing(span);
        };
        if self.open.len() + height > MAX_DEPTH {
            return Err(Box::new(explain::too_deep().at(self.location(span))));
        }
        // The node of the alias itself is counted below.
        self.take(size - 1, span)?;
        self.node(
            span,
            self.tree.records[node as usize].style,
            Data::Alias(node),
        )?;
        if let Some(parent) = self.open.last_mut() {
            parent.height = parent.height.max(height + 1);
        }
        Ok(())
    }

    fn unknown_alias(&mut self, name: &str, span: Span) -> Step {
        let known = self.tree.properties.iter().filter_map(|own| own.anchor);
        let nearest = nearest(name, known.map(|(text, _)| self.tree.text(text)));
        let diagnostic = explain::unknown_alias(name, nearest).at(self.location(span));
        self.report(diagnostic);
        self.missing(span)
    }

    /// Adds a null where an alias leads nowhere.
    fn missing(&mut self, span: Span) -> Step {
        let (text, indent) = (Text::default(), 0);
        self.node(span, Style::Plain, Data::Scalar { text, indent })?;
        Ok(())
    }

    fn second_document(&mut self, span: Span) {
        let start = Span::new(span.start, span.end.min(span.start + 3));
        let diagnostic = explain::second_document().at(self.location(start));
        self.report(diagnostic);
    }

    /// Ends what is still open and hands out the result.
    fn finish(mut self) -> Parsed {
        while !self.open.is_empty() {
            self.end(0);
        }
        self.diagnostics.sort();
        Parsed {
            document: Some(self.tree),
            diagnostics: self.diagnostics,
        }
    }

    fn node(&mut self, span: Span, style: Style, data: Data) -> Result<u32, Box<Diagnostic>> {
        self.take(1, span)?;
        let node = to_u32(self.tree.records.len());
        self.tree.records.push(Record { span, style, data });
        if !self.open.is_empty() {
            self.waiting.push(node);
        }
        Ok(node)
    }

    /// Counts nodes and comments; an alias counts as much as what it stands for.
    fn take(&mut self, nodes: usize, span: Span) -> Step {
        self.count = self.count.saturating_add(nodes);
        if self.count > MAX_NODES {
            return Err(Box::new(explain::too_many_nodes().at(self.location(span))));
        }
        Ok(())
    }

    fn tag(&mut self, node: u32, tag: Option<Cow<'s, Tag>>, place: &granit_parser::Span) {
        if tag.is_none() {
            return;
        }
        let Some(span) = place.tag_span().map(|place| self.span(&place)) else {
            return;
        };
        let text = self.keep(&self.text[span.range()]);
        self.properties(node).tag = Some((text, span));
    }

    fn anchor(&mut self, anchor: usize, node: u32, closed: Option<(usize, usize)>) {
        // The parser numbers anchors from 1 in the order of the text.
        if anchor == 0 {
            return;
        }
        if self.anchors.len() <= anchor {
            self.anchors.resize(anchor + 1, None);
        }
        self.anchors[anchor] = Some(Anchored { node, closed });
    }

    /// Returns the properties of the newest node.
    fn properties(&mut self, node: u32) -> &mut Properties {
        if self
            .tree
            .properties
            .last()
            .is_none_or(|own| own.node != node)
        {
            self.tree.properties.push(Properties {
                node,
                tag: None,
                anchor: None,
            });
        }
        let last = self.tree.properties.len() - 1;
        &mut self.tree.properties[last]
    }

    fn last_node(&self) -> Option<u32> {
        self.tree.records.len().checked_sub(1).map(to_u32)
    }

    /// Returns what was read last, for the wording of an error.
    fn before(&self) -> Before {
        let last = self.tree.records.last();
        let is_value = self.open.last().is_some_and(|open| {
            let record = &self.tree.records[open.node as usize];
            matches!(record.data, Data::Mapping(_)) && (self.waiting.len() - open.first) % 2 == 0
        });
        Before {
            span: last.map_or(Span::at(0), |record| record.span),
            is_plain: last.is_some_and(|record| {
                record.style == Style::Plain && matches!(record.data, Data::Scalar { .. })
            }),
            is_value,
        }
    }

    fn keep(&mut self, text: &str) -> Text {
        let start = to_u32(self.tree.texts.len());
        self.tree.texts.push_str(text);
        Text {
            start,
            end: to_u32(self.tree.texts.len()),
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MAX_DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        } else if self.diagnostics.len() == MAX_DIAGNOSTICS {
            let message = "further problems of this file are not listed";
            let mut more = Diagnostic::new(Severity::Note, "more-problems", message);
            more.primary = diagnostic.primary;
            self.diagnostics.push(more);
        }
    }

    fn location(&self, span: Span) -> Location {
        Location::new(self.tree.source, span)
    }

    /// Returns a place of the parser's in bytes; its texts always know theirs.
    fn span(&self, place: &granit_parser::Span) -> Span {
        let range = place.byte_range().unwrap_or_default();
        Span::new(to_u32(range.start), to_u32(range.end))
    }
}

/// Texts have at most `MAX_BYTES` bytes, and nothing else is counted beyond that.
fn to_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
