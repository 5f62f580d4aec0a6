//! From an offset in a scalar's value back to the text it was written in.

use crate::source::{Location, Span};
use crate::syntax::node::Node;
use crate::syntax::tree::Style;

/// Says for each offset in a scalar's value where in the source it stands.
///
/// It exists for values that are written as they read: plain and quoted ones on
/// one line without escapes, and literal block scalars line by line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OffsetMap {
    /// Per line of the value: its first offset in the value and in the source.
    lines: Vec<(u32, u32)>,
    length: u32,
}

impl OffsetMap {
    /// Returns the source offset of an offset in the value, which may be its end.
    pub fn to_source(&self, offset: u32) -> Option<u32> {
        if offset > self.length {
            return None;
        }
        let line = self.lines.partition_point(|(start, _)| *start <= offset);
        let (value, source) = self.lines[line.checked_sub(1)?];
        Some(source + (offset - value))
    }

    /// Returns the source span of a span in the value.
    pub fn span(&self, span: Span) -> Option<Span> {
        Some(Span::new(
            self.to_source(span.start)?,
            self.to_source(span.end)?,
        ))
    }
}

impl Node<'_> {
    /// Returns where a span of a scalar's value stands, given the text that the tree was read
    /// from; all of the scalar where escapes or folds lie between.
    pub fn place_within(self, text: &str, span: Span) -> Location {
        let mapped = self.offset_map(text).and_then(|map| map.span(span));
        let whole = self.location();
        Location::new(whole.source, mapped.unwrap_or(whole.span))
    }

    /// Returns where a value begins to be written: of a block scalar, its `|` or `>`, which says
    /// what becomes of the ends of its lines.
    pub fn head(self, text: &str) -> Location {
        let mut location = self.location();
        if !matches!(self.style(), Style::Literal | Style::Folded) {
            return location;
        }
        let before = text.get(..location.span.start as usize).unwrap_or_default();
        let line = before
            .trim_end_matches([' ', '\t'])
            .trim_end_matches(['\n', '\r']);
        let start = line.rfind('\n').map_or(0, |at| at + 1);
        let header = line[start..].split(" #").next().unwrap_or_default();
        if let Some(at) = header.rfind(['|', '>']) {
            location.span = Span::of(start + at..start + at + 1);
        }
        location
    }

    /// Returns the map of a scalar's offsets, given the text that the tree was read from.
    ///
    /// Folded and escaped values have none.
    pub fn offset_map(self, text: &str) -> Option<OffsetMap> {
        let value = self.as_str()?;
        let span = self.definition().span();
        if self.style() == Style::Literal {
            return literal(value, text, span, self.block_indent());
        }
        let quote = u32::from(matches!(
            self.style(),
            Style::SingleQuoted | Style::DoubleQuoted
        ));
        let start = span.start + quote;
        let inner = Span::new(start, span.end.checked_sub(quote)?.max(start));
        (text.get(inner.range()) == Some(value)).then(|| OffsetMap {
            lines: vec![(0, start)],
            length: length(value),
        })
    }
}

/// Walks the lines of value and source side by side, and gives up when they differ.
fn literal(value: &str, text: &str, span: Span, indent: u32) -> Option<OffsetMap> {
    let mut lines = Vec::new();
    let content = value.trim_start_matches('\n');
    // The span begins at the first content, behind its indentation.
    let mut source = span.start;
    let blank = length(value) - length(content);
    for line in 0..blank {
        lines.push((line, source));
    }
    let mut at = blank;
    for (number, line) in content.split('\n').enumerate() {
        if number > 0 {
            source = skip_indent(text, source, indent);
        }
        let end = source as usize + line.len();
        if text.get(source as usize..end) != Some(line) {
            return None;
        }
        lines.push((at, source));
        at += length(line) + 1;
        source = after_break(text, end);
    }
    Some(OffsetMap {
        lines,
        length: length(value),
    })
}

/// Skips at most the block's indentation; blank lines may have less.
fn skip_indent(text: &str, source: u32, indent: u32) -> u32 {
    let rest = text.as_bytes().get(source as usize..).unwrap_or_default();
    let blanks = rest
        .iter()
        .take(indent as usize)
        .take_while(|byte| **byte == b' ');
    source + u32::try_from(blanks.count()).unwrap_or_default()
}

fn after_break(text: &str, at: usize) -> u32 {
    let rest = &text[at..];
    let width = match rest.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    };
    u32::try_from(at + width).unwrap_or(u32::MAX)
}

fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}
