//! The parser's events, read one by one into a tree.

use std::borrow::Cow;

use granit_parser::{ErrorKind, Event, Parser, Placement, ScalarStyle, StructureStyle, Tag};

use crate::diagnostics::{Diagnostic, Diagnostics, nearest};
use crate::source::{Location, MAX_BYTES, SourceId, Span};
use crate::syntax::build::{
    Anchored, Builder, MAX_DEPTH, MAX_DIAGNOSTICS, MAX_NODES, Open, Step, to_u32,
};
use crate::syntax::explain::{self, Before};
use crate::syntax::quotes::{self, Quoted};
use crate::syntax::refuse;
use crate::syntax::tree::{Children, Comment, Data, Style, Text, Tree};
use crate::syntax::usual;

/// How many anchors an unknown alias is compared with.
const MAX_GUESSES: usize = 100;

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
    if let Some(parsed) = usual::read(source, text) {
        return parsed;
    }
    let (parsed, refused) = read(source, text, &[]);
    let mended = refused.and_then(|quote| quotes::mend(source, text, quote));
    mended.unwrap_or(parsed)
}

/// Says how the tree of a text would be another one if the parser read it from its beginning.
///
/// Nothing says so for any text; this is for programs that look for one.
pub fn difference(text: &str) -> Option<String> {
    let told = |parsed: &Parsed| format!("{parsed:#?}");
    let usual = told(&usual::read(SourceId(0), text)?);
    let (parsed, _) = read(SourceId(0), text, &[]);
    let parsed = told(&parsed);
    let mut lines = usual.lines().zip(parsed.lines()).enumerate();
    let differs = lines.find(|(_, (one, other))| one != other);
    match differs {
        Some((at, (one, other))) => Some(format!("line {at}: {one} is {other} to the parser")),
        None if usual.len() != parsed.len() => Some("one tree is larger".to_owned()),
        None => None,
    }
}

/// Reads a text some of whose values are known. Returns, too, the quote at which the reading
/// ended because the lines behind it are indented too little.
pub(super) fn read(source: SourceId, text: &str, quoted: &[Quoted]) -> (Parsed, Option<u32>) {
    let mut builder = Builder::new(source, text, quoted);
    builder.tree.complete = builder.run();
    let refused = builder.refused;
    (builder.finish(), refused)
}

impl<'s> Builder<'s> {
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
                    if *error.kind() == ErrorKind::InvalidQuotedScalarIndent {
                        self.refused = Some(span.start);
                    }
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
        let known = self.quoted.iter().find(|one| one.start == span.start);
        let text = match known {
            _ if omitted => Text::default(),
            Some(one) => self.keep(&one.value),
            None => self.keep(&text),
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
            return Err(Box::new(refuse::too_deep().at(self.location(span))));
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

    fn alias(&mut self, anchor: usize, span: Span) -> Step {
        let target = self.anchors.get(anchor).copied().flatten();
        let Some(Anchored { node, closed }) = target else {
            return self.missing(span);
        };
        let Some((height, size)) = closed else {
            let anchored = self.tree.node(node).anchor_span().unwrap_or(span);
            let diagnostic = refuse::recursive_alias(&self.text[span.range()])
                .at(self.location(span))
                .label(self.location(anchored), "the anchor is put here");
            self.report(diagnostic);
            return self.missing(span);
        };
        if self.open.len() + height > MAX_DEPTH {
            return Err(Box::new(refuse::too_deep().at(self.location(span))));
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
        // A hostile file has many anchors and aliases: no comparing each with each.
        if self.diagnostics.len() <= MAX_DIAGNOSTICS {
            let known = self.tree.properties.iter().filter_map(|own| own.anchor);
            let known = known
                .take(MAX_GUESSES)
                .map(|(text, _)| self.tree.text(text));
            let diagnostic = refuse::unknown_alias(name, nearest(name, known));
            self.report(diagnostic.at(self.location(span)));
        }
        self.missing(span)
    }

    /// Adds a null where an alias leads nowhere.
    fn missing(&mut self, span: Span) -> Step {
        let (text, indent) = (Text::default(), 0);
        self.node(span, Style::Plain, Data::Scalar { text, indent })?;
        Ok(())
    }

    fn second_document(&mut self, span: Span) {
        let (diagnostic, span) = refuse::second_document(self.text, span.start);
        self.report(diagnostic.at(self.location(span)));
    }

    /// Returns what was read last, for the wording of an error.
    fn before(&self) -> Before {
        let last = self.tree.records.last();
        let is_value = self.open.last().is_some_and(|open| {
            let record = &self.tree.records[open.node as usize];
            matches!(record.data, Data::Mapping(_))
                && (self.waiting.len() - open.first).is_multiple_of(2)
        });
        Before {
            span: last.map_or(Span::at(0), |record| record.span),
            is_plain: last.is_some_and(|record| {
                record.style == Style::Plain && matches!(record.data, Data::Scalar { .. })
            }),
            is_value,
            comment_end: self.tree.comments.last().map_or(0, |last| last.span.end),
        }
    }
}
