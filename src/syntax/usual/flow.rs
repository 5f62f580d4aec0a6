//! Collections in brackets.

use std::borrow::Cow;

use crate::source::Span;
use crate::syntax::build::to_u32;
use crate::syntax::tree::{Data, Style};
use crate::syntax::usual::scalars::Simple;
use crate::syntax::usual::{LONGEST_KEY, Reader, Usual};

impl<'s> Reader<'s> {
    /// Reads a collection whose bracket stands here.
    pub(super) fn flow(&mut self) -> Usual {
        let is_mapping = self.peek() == Some(b'{');
        let (data, closing): (fn(_) -> _, _) = match is_mapping {
            true => (Data::Mapping, b'}'),
            false => (Data::Sequence, b']'),
        };
        self.begin(Span::at(to_u32(self.at)), Style::Flow, data)?;
        self.at += 1;
        loop {
            self.flow_blanks()?;
            if self.peek()? == closing {
                break;
            }
            if is_mapping {
                self.flow_key()?;
                self.flow_value()?;
            } else {
                self.flow_item()?;
            }
            self.flow_blanks()?;
            match self.peek()? {
                b',' => self.at += 1,
                byte if byte == closing => break,
                _ => return None,
            }
        }
        self.at += 1;
        self.builder.end(to_u32(self.at));
        Some(())
    }

    fn flow_key(&mut self) -> Usual {
        let key = self.flow_scalar()?;
        self.flow_key_of(&key)
    }

    fn flow_key_of(&mut self, key: &Simple<'s>) -> Usual {
        if key.span.range().len() > LONGEST_KEY {
            return None;
        }
        self.add(key)?;
        // Behind quotes a value may follow at once; that and line breaks are rare.
        if self.peek() != Some(b':') || self.bytes.get(self.at + 1) != Some(&b' ') {
            return None;
        }
        self.at += 1;
        self.flow_blanks()
    }

    /// Reads an item of a list, which may be a mapping of one key without brackets of its own.
    fn flow_item(&mut self) -> Usual {
        if matches!(self.peek()?, b'[' | b'{') {
            return self.flow();
        }
        let scalar = self.flow_scalar()?;
        if self.peek()? != b':' {
            return self.add(&scalar);
        }
        self.begin(Span::at(scalar.span.start), Style::Flow, Data::Mapping)?;
        self.flow_key_of(&scalar)?;
        self.flow_value()?;
        // The parser ends it where the next thing begins.
        self.flow_blanks()?;
        self.builder.end(to_u32(self.at));
        Some(())
    }

    fn flow_value(&mut self) -> Usual {
        match self.peek()? {
            b'[' | b'{' => self.flow(),
            _ => {
                let scalar = self.flow_scalar()?;
                self.add(&scalar)
            }
        }
    }

    fn flow_scalar(&mut self) -> Usual<Simple<'s>> {
        match self.peek()? {
            b'"' | b'\'' => self.simple(),
            b'-' if matches!(
                self.bytes.get(self.at + 1)?,
                b' ' | b'\n' | b',' | b']' | b'}'
            ) =>
            {
                None
            }
            b'?' | b':' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|'
            | b'>' | b'%' | b'@' | b'`' => None,
            _ => self.flow_plain(),
        }
    }

    fn flow_plain(&mut self) -> Usual<Simple<'s>> {
        let start = self.at;
        loop {
            match self.peek()? {
                b',' | b'[' | b']' | b'{' | b'}' | b'\n' => break,
                b':' if matches!(
                    self.bytes.get(self.at + 1)?,
                    b' ' | b'\n' | b',' | b'[' | b']' | b'{' | b'}'
                ) =>
                {
                    break;
                }
                b'#' if self.bytes[self.at - 1] == b' ' => break,
                b'\t' => return None,
                _ => self.at += 1,
            }
        }
        let text = self.text[start..self.at].trim_end_matches(' ');
        if self.peek() != Some(b':') {
            self.at = start + text.len();
        }
        Some(Simple {
            span: Span::of(start..start + text.len()),
            style: Style::Plain,
            text: Cow::Borrowed(text),
        })
    }

    /// Goes to what comes next between brackets, on whatever line.
    fn flow_blanks(&mut self) -> Usual {
        let before = self.at;
        self.skip_blanks();
        match self.peek()? {
            b'#' if self.at > before => self.comment(true)?,
            b'\n' => {}
            b'\t' | b'#' => return None,
            _ => return Some(()),
        }
        self.next_content()
    }
}
