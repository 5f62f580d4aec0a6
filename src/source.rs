//! Texts, spans and line numbers.
//!
//! Bytes or text under a name go in; places in it as byte ranges, and those as
//! lines and columns, come out. Nothing here opens a file, and nothing knows
//! what the texts mean.

use std::fmt;
use std::sync::OnceLock;

/// The largest text that is read, in bytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Every so many bytes the line table remembers how many characters came before.
const STRIDE: usize = 1024;

/// How many bytes a line has, as a rule, and rather less.
const BYTES_PER_LINE: usize = 24;

/// Names one [`Source`] of a [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A half-open range of byte offsets in one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte; equals `start` for a place between two characters.
    pub end: u32,
}

impl Span {
    /// Returns the span from `start` to `end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// Returns the empty span at `offset`.
    pub const fn at(offset: u32) -> Self {
        Self::new(offset, offset)
    }

    /// Returns the span of a range of a text.
    pub fn of(range: std::ops::Range<usize>) -> Self {
        let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self::new(offset(range.start), offset(range.end))
    }

    /// Says whether the span holds no byte.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns the span as a range that indexes a `str`.
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A span in one of several texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The text.
    pub source: SourceId,
    /// The range in it.
    pub span: Span,
}

impl Location {
    /// Returns the place `span` of `source`.
    pub const fn new(source: SourceId, span: Span) -> Self {
        Self { source, span }
    }
}

/// A line and a column, both counted from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Why bytes are no [`Source`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// The text has more than [`MAX_BYTES`] bytes.
    #[error("`{name}` has {bytes} bytes, more than the {limit} that are read")]
    TooLarge {
        /// The name shown to people.
        name: String,
        /// How many bytes there are.
        bytes: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A byte begins no UTF-8 character.
    #[error("`{name}:{position}` is not UTF-8: byte 0x{byte:02x}")]
    NotUtf8 {
        /// The name shown to people.
        name: String,
        /// The text before the first bad byte.
        before: String,
        /// The line and column of that byte.
        position: Position,
        /// The byte.
        byte: u8,
    },
}

/// One text under the name that people know it by.
///
/// The text is kept as it was read, with its byte-order mark and line breaks,
/// so that offsets are those of the file. It has at most [`MAX_BYTES`] bytes.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: String,
    /// Found out when somebody asks; of most texts nobody does.
    lines: OnceLock<Lines>,
}

/// Where the lines and the characters of a text begin.
#[derive(Clone, Debug)]
struct Lines {
    /// The offset of each line's first byte; never empty.
    starts: Vec<u32>,
    /// Whether a column is a number of bytes.
    is_ascii: bool,
    /// How many characters begin before each multiple of `STRIDE`, unless all are ASCII.
    characters_before: Vec<u32>,
}

impl Source {
    /// Builds a source from text, or says that it is too large.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Result<Self, SourceError> {
        let text = text.into();
        let name = within_limit(name.into(), text.len())?;
        Ok(Self {
            lines: OnceLock::new(),
            name,
            text,
        })
    }

    /// Builds a source from bytes that should be UTF-8, with or without a byte-order mark.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, SourceError> {
        let name = within_limit(name.into(), bytes.len())?;
        let bad = match String::from_utf8(bytes) {
            Ok(text) => return Self::new(name, text),
            Err(bad) => bad,
        };
        let offset = bad.utf8_error().valid_up_to();
        let byte = bad.as_bytes()[offset];
        let before = String::from_utf8_lossy(&bad.as_bytes()[..offset]).into_owned();
        let before = Self::new(name, before)?;
        Err(SourceError::NotUtf8 {
            position: before.position(to_u32(offset)),
            name: before.name,
            before: before.text,
            byte,
        })
    }

    /// Returns the name shown to people, usually a path.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the text of a span; empty when the span is not one of this text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Returns how many lines there are; a final line break opens one more, empty line.
    pub fn line_count(&self) -> u32 {
        to_u32(self.lines().starts.len())
    }

    /// Returns the line and column of a byte; an offset past the end counts as the end.
    pub fn position(&self, offset: u32) -> Position {
        let offset = offset.min(to_u32(self.text.len()));
        let starts = &self.lines().starts;
        let line = starts.partition_point(|start| *start <= offset);
        let start = starts[line - 1];
        if self.lines().is_ascii {
            return Position {
                line: to_u32(line),
                column: offset - start + 1,
            };
        }
        let mark = u32::from(line == 1 && offset > 0 && self.text.starts_with('\u{feff}'));
        Position {
            line: to_u32(line),
            column: self.characters(offset) - self.characters(start) + 1 - mark,
        }
    }

    /// Returns the span of a line counted from 1, without its line break.
    pub fn line_span(&self, line: u32) -> Option<Span> {
        let index = (line as usize).checked_sub(1)?;
        let starts = &self.lines().starts;
        let start = *starts.get(index)?;
        let end = match starts.get(index + 1) {
            Some(next) => *next,
            None => to_u32(self.text.len()),
        };
        let line = &self.text[start as usize..end as usize];
        let content = line.trim_end_matches(['\r', '\n']);
        Some(Span::new(start, start + to_u32(content.len())))
    }

    /// Returns how many characters end at or before an offset.
    fn characters(&self, offset: u32) -> u32 {
        let offset = offset as usize;
        // An offset inside a character counts as that character's first byte.
        let offset = self.text.floor_char_boundary(offset);
        let block = offset / STRIDE;
        let rest = &self.text.as_bytes()[block * STRIDE..offset];
        self.lines().characters_before[block] + count_characters(rest)
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| {
            let is_ascii = self.text.is_ascii();
            let counted = if is_ascii { "" } else { &*self.text };
            Lines {
                starts: line_starts(self.text.as_bytes()),
                is_ascii,
                characters_before: characters_before(counted.as_bytes()),
            }
        })
    }
}

/// The texts of one run, by id.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    all: Vec<Source>,
}

impl Sources {
    /// Returns an empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a source and returns its id; ids count up in the order of addition.
    pub fn add(&mut self, source: Source) -> SourceId {
        let id = SourceId(to_u32(self.all.len()));
        self.all.push(source);
        id
    }

    /// Adds the sources of another collection; returns by how much their ids grow.
    pub fn append(&mut self, other: Self) -> u32 {
        let before = to_u32(self.all.len());
        self.all.extend(other.all);
        before
    }

    /// Puts a source in the place of another one; says whether there was one.
    pub fn replace(&mut self, id: SourceId, source: Source) -> bool {
        match self.all.get_mut(id.0 as usize) {
            Some(place) => {
                *place = source;
                true
            }
            None => false,
        }
    }

    /// Returns a source, or nothing when the id belongs to another collection.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.all.get(id.0 as usize)
    }

    /// Returns the source of a location with the positions of its first byte and its end.
    pub fn resolve(&self, location: Location) -> Option<(&Source, Position, Position)> {
        let source = self.get(location.source)?;
        let Span { start, end } = location.span;
        Some((source, source.position(start), source.position(end)))
    }

    /// Returns `path:line:column` of a location's first byte.
    pub fn describe(&self, location: Location) -> String {
        match self.resolve(location) {
            Some((source, start, _)) => format!("{}:{start}", source.name()),
            None => String::from("(unknown place)"),
        }
    }

    /// Iterates over the sources in the order of addition.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0..).map(SourceId).zip(&self.all)
    }
}

fn within_limit(name: String, bytes: usize) -> Result<String, SourceError> {
    let limit = MAX_BYTES;
    if bytes > limit {
        return Err(SourceError::TooLarge { name, bytes, limit });
    }
    Ok(name)
}

/// YAML ends a line at a line feed, a carriage return, or both in this order.
fn line_starts(bytes: &[u8]) -> Vec<u32> {
    let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
    let ends = ends.filter(|at| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
    let mut starts = Vec::with_capacity(bytes.len() / BYTES_PER_LINE + 1);
    starts.push(0);
    starts.extend(ends.map(|at| to_u32(at + 1)));
    starts
}

fn characters_before(bytes: &[u8]) -> Vec<u32> {
    let mut before = vec![0];
    let mut sum = 0;
    for block in bytes.chunks_exact(STRIDE) {
        sum += count_characters(block);
        before.push(sum);
    }
    before
}

/// Counts the bytes that begin a character.
fn count_characters(bytes: &[u8]) -> u32 {
    to_u32(bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count())
}

/// Every count here is bounded by `MAX_BYTES`.
fn to_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn positions(text: &str) -> Vec<(u32, u32)> {
        let source = Source::new("x", text).unwrap();
        (0..=to_u32(text.len()))
            .map(|offset| source.position(offset))
            .map(|Position { line, column }| (line, column))
            .collect()
    }

    #[test]
    fn lines_end_at_every_line_break_of_yaml() {
        assert_eq!(
            positions("a\nb\r\nc\rd"),
            [
                (1, 1),
                (1, 2),
                (2, 1),
                (2, 2),
                (2, 3),
                (3, 1),
                (3, 2),
                (4, 1),
                (4, 2)
            ]
        );
        assert_eq!(positions(""), [(1, 1)]);
        assert_eq!(positions("\n"), [(1, 1), (2, 1)]);
    }

    #[test]
    fn columns_count_characters_and_not_the_byte_order_mark() {
        assert_eq!(
            positions("é€x"),
            [(1, 1), (1, 1), (1, 2), (1, 2), (1, 2), (1, 3), (1, 4)]
        );
        let source = Source::new("x", "\u{feff}ab\nc").unwrap();
        let shown: Vec<_> = [0, 3, 4, 6]
            .map(|at| source.position(at).to_string())
            .into();
        assert_eq!(shown, ["1:1", "1:1", "1:2", "2:1"]);
    }

    #[test]
    fn columns_of_long_lines_are_counted_from_the_table() {
        let text = "é".repeat(5 * STRIDE);
        let source = Source::new("x", text.as_str()).unwrap();
        for column in [1, 511, 512, 513, 1024, 4999] {
            assert_eq!(source.position((column - 1) * 2).column, column);
        }
        assert_eq!(source.position(u32::MAX).column, to_u32(5 * STRIDE) + 1);
    }

    #[test]
    fn lines_come_without_their_line_breaks() {
        let source = Source::new("x", "one\r\ntwo\n").unwrap();
        let lines: Vec<_> = (1..=source.line_count())
            .map(|line| source.slice(source.line_span(line).unwrap()))
            .collect();
        assert_eq!(lines, ["one", "two", ""]);
        assert_eq!(source.line_span(0), None);
        assert_eq!(source.line_span(4), None);
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_at_their_place() {
        let refused = Source::from_bytes("x.yml", b"a\n\xc3\xa9\xc3(".to_vec()).unwrap_err();
        assert_eq!(refused.to_string(), "`x.yml:2:2` is not UTF-8: byte 0xc3");
        let refused = Source::from_bytes("x.yml", vec![0; MAX_BYTES + 1]).unwrap_err();
        assert!(matches!(refused, SourceError::TooLarge { .. }), "{refused}");
        assert!(Source::from_bytes("x.yml", vec![b' '; MAX_BYTES]).is_ok());
    }
}
