//! The YAML that people write, read straight from its bytes into a tree.
//!
//! Block mappings and sequences, plain and quoted scalars, block scalars, collections in
//! brackets, comments: that is nearly every workflow, and its tree is there before the parser
//! would have told its events (`benches/lint.sh`). Whatever else there is (an anchor, a tag, a
//! tab before a value), and whatever might be wrong, ends the reading with nothing, and the
//! parser reads the text from its beginning. So what is wrong is said in one place only, and
//! the tests hold the trees of both readers equal.

mod blocks;
mod crlf;
mod cursor;
mod flow;
mod scalars;

#[cfg(test)]
mod tests;

use crate::source::{SourceId, Span};
use crate::syntax::build::{Builder, Open, to_u32};
use crate::syntax::parse::Parsed;
use crate::syntax::tree::{Children, Data, Style, Text};
use crate::syntax::usual::scalars::Simple;

/// Deeper collections are left to the parser, which knows how deep is too deep.
const DEEPEST: usize = 64;

/// A longer key is left to the parser, which wants its `:` within 1024 characters.
const LONGEST_KEY: usize = 1000;

/// What was asked for, or nothing where the parser has to read.
type Usual<T = ()> = Option<T>;

/// Reads a text, if nothing about it is unusual.
pub(super) fn read(source: SourceId, text: &str) -> Usual<Parsed> {
    match text.contains('\r') {
        true => crlf::read(source, text),
        false => read_lines(source, text),
    }
}

/// Reads a text whose lines end in LF.
fn read_lines(source: SourceId, text: &str) -> Usual<Parsed> {
    if !scalars::is_clean(text) {
        return None;
    }
    let mut reader = Reader {
        builder: Builder::new(source, text, &[]),
        text,
        bytes: text.as_bytes(),
        at: 0,
        line: 0,
    };
    reader.document()?;
    reader.builder.tree.complete = true;
    Some(reader.builder.finish())
}

/// What is still to be read, and the tree so far.
struct Reader<'s> {
    builder: Builder<'s>,
    text: &'s str,
    bytes: &'s [u8],
    /// The next byte.
    at: usize,
    /// The first byte of its line.
    line: usize,
}

impl<'s> Reader<'s> {
    fn document(&mut self) -> Usual {
        self.next_content()?;
        if self.is_marker() && self.begins_with("---") {
            self.at += 3;
            self.end_line()?;
            self.next_content()?;
        }
        // A document of nothing but comments, or of one scalar.
        if self.is_done() || !(self.is_item() || self.begins_key()) {
            return None;
        }
        self.block(None)?;
        self.is_done().then_some(())
    }

    /// Reads a value that begins a line of its own, or stands behind the `-` of an item, within
    /// a collection of this indentation.
    fn block(&mut self, within: Option<usize>) -> Usual {
        let column = self.column();
        if self.is_item() {
            return self.sequence(column, self.at);
        }
        match self.peek()? {
            b'[' | b'{' => self.collection(),
            b'|' | b'>' => self.block_scalar(within?),
            _ => {
                let first = self.simple()?;
                if self.is_colon() {
                    return self.mapping(column, first);
                }
                self.value(first, within?)
            }
        }
    }

    /// Reads a mapping from behind its first key on.
    fn mapping(&mut self, column: usize, first: Simple<'s>) -> Usual {
        self.begin(Span::at(first.span.start), Style::Block, Data::Mapping)?;
        let mut key = first;
        loop {
            if key.span.range().len() > LONGEST_KEY {
                return None;
            }
            self.add(&key)?;
            let colon = self.at;
            self.at += 1;
            self.entry(column, colon)?;
            if self.is_done() || self.column() < column {
                break;
            }
            if self.column() > column || self.is_item() {
                return None;
            }
            key = self.simple()?;
            if !self.is_colon() {
                return None;
            }
        }
        self.builder.end(0);
        Some(())
    }

    /// Reads what stands behind the `:` of a key.
    fn entry(&mut self, column: usize, colon: usize) -> Usual {
        self.skip_blanks();
        match self.peek() {
            None | Some(b'\n' | b'#') => {
                self.at = colon + 1;
                self.end_line()?;
                self.next_content()?;
                if self.is_done() || self.column() < column {
                    self.omitted(colon)
                } else if self.column() > column {
                    self.block(Some(column))
                } else if self.is_item() {
                    // The items of a list may stand in the column of its key.
                    self.sequence(column, self.behind_dash())
                } else {
                    self.omitted(colon)
                }
            }
            Some(b'[' | b'{') => self.collection(),
            Some(b'|' | b'>') => self.block_scalar(column),
            Some(_) if self.is_item() => None,
            Some(_) => {
                let value = self.simple()?;
                self.value(value, column)
            }
        }
    }

    fn sequence(&mut self, column: usize, start: usize) -> Usual {
        self.begin(Span::at(to_u32(start)), Style::Block, Data::Sequence)?;
        loop {
            let (dash, behind) = (self.at, self.behind_dash());
            self.at += 1;
            self.skip_blanks();
            if matches!(self.peek(), None | Some(b'\n' | b'#')) {
                self.at = dash + 1;
                self.end_line()?;
                self.next_content()?;
                if self.is_done() || self.column() <= column {
                    self.omitted(behind)?;
                } else {
                    self.block(Some(column))?;
                }
            } else {
                self.block(Some(column))?;
            }
            if self.is_done() || self.column() < column {
                break;
            }
            if self.column() > column {
                return None;
            }
            if !self.is_item() {
                // The next key of a mapping in whose column the list stands.
                break;
            }
        }
        self.builder.end(0);
        Some(())
    }

    /// Adds a scalar that is no key, with the lines that continue it, and goes on behind it.
    fn value(&mut self, mut scalar: Simple<'s>, within: usize) -> Usual {
        if scalar.style == Style::Plain {
            self.continue_plain(&mut scalar, within)?;
        }
        self.add(&scalar)?;
        self.end_line()?;
        self.next_content()
    }

    /// Reads brackets in which something begins a line or stands behind a key.
    fn collection(&mut self) -> Usual {
        self.flow()?;
        self.end_line()?;
        self.next_content()
    }

    fn begin(&mut self, span: Span, style: Style, data: fn(Children) -> Data) -> Usual {
        if self.builder.open.len() >= DEEPEST {
            return None;
        }
        let before = self.builder.count;
        let node = self
            .builder
            .node(span, style, data(Children::default()))
            .ok()?;
        self.builder.open.push(Open {
            node,
            first: self.builder.waiting.len(),
            anchor: 0,
            before,
            height: 1,
        });
        Some(())
    }

    fn add(&mut self, scalar: &Simple<'s>) -> Usual {
        let text = self.builder.keep(&scalar.text);
        let data = Data::Scalar { text, indent: 0 };
        self.builder.node(scalar.span, scalar.style, data).ok()?;
        Some(())
    }

    /// Adds a null where nothing follows a `:` or `-`.
    fn omitted(&mut self, mark: usize) -> Usual {
        let (text, indent) = (Text::default(), 0);
        let data = Data::Scalar { text, indent };
        let span = Span::at(to_u32(mark));
        self.builder.node(span, Style::Plain, data).ok()?;
        Some(())
    }

    /// Whether a key begins the document; a lone scalar is left to the parser.
    fn begins_key(&self) -> bool {
        !matches!(self.peek(), Some(b'[' | b'{' | b'|' | b'>'))
    }
}
