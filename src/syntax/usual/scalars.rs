//! Scalars, plain and in quotes.

use std::borrow::Cow;

use crate::source::Span;
use crate::syntax::build::to_u32;
use crate::syntax::tree::Style;
use crate::syntax::usual::{Reader, Usual};

/// A scalar that begins and ends on a line.
pub(super) struct Simple<'s> {
    pub(super) span: Span,
    pub(super) style: Style,
    pub(super) text: Cow<'s, str>,
}

/// Whether there are only characters that YAML allows, and none that ends lines in another way.
pub(super) fn is_clean(text: &str) -> bool {
    // Without a branch for each byte, the compiler takes many at a time.
    let odd = |byte: u8| (byte < b' ' && byte != b'\n' && byte != b'\t') || byte == 0x7f;
    let is_odd = text.bytes().fold(false, |all, byte| all | odd(byte));
    let is_fine = |c: char| {
        c.is_ascii() || (c >= '\u{a0}' && !matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}'))
    };
    !is_odd && (text.is_ascii() || text.chars().all(is_fine))
}

impl<'s> Reader<'s> {
    /// Reads a key, or the first line of a value, up to what is no part of it.
    pub(super) fn simple(&mut self) -> Usual<Simple<'s>> {
        match self.peek()? {
            b'"' => self.double(),
            b'\'' => self.single(),
            _ => self.plain(),
        }
    }

    fn plain(&mut self) -> Usual<Simple<'s>> {
        let start = self.at;
        match self.peek()? {
            b'-' if !self.is_blank(start + 1) => {}
            b'-' | b'?' | b':' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!'
            | b'|' | b'>' | b'%' | b'@' | b'`' => return None,
            _ => {}
        }
        let end = self.plain_end()?;
        Some(Simple {
            span: Span::of(start..end),
            style: Style::Plain,
            text: Cow::Borrowed(&self.text[start..end]),
        })
    }

    /// Goes to where a plain scalar ends on this line; returns the end of what belongs to it.
    fn plain_end(&mut self) -> Usual<usize> {
        let start = self.at;
        loop {
            let rest = self.bytes[self.at..].iter();
            let is_odd = |byte: &u8| matches!(byte, b'\n' | b'\t' | b':' | b'#');
            self.at += rest.copied().take_while(|byte| !is_odd(byte)).count();
            match self.peek() {
                None | Some(b'\n') => break,
                Some(b':') if self.is_blank(self.at + 1) => break,
                Some(b'#') if self.at > start && self.bytes[self.at - 1] == b' ' => break,
                Some(b'\t') => return None,
                Some(_) => self.at += 1,
            }
        }
        let mut end = self.at;
        while end > start && self.bytes[end - 1] == b' ' {
            end -= 1;
        }
        if self.peek() == Some(b'#') {
            self.at = end;
        }
        Some(end)
    }

    /// Adds to a plain scalar the lines that are indented deeper than what it stands in.
    pub(super) fn continue_plain(&mut self, scalar: &mut Simple<'s>, within: usize) -> Usual {
        loop {
            if self.is_colon() {
                return None;
            }
            if self.peek() != Some(b'\n') {
                return Some(());
            }
            let Some((breaks, line, content)) = self.continuation(within)? else {
                return Some(());
            };
            (self.line, self.at) = (line, content);
            let end = self.plain_end()?;
            let text = scalar.text.to_mut();
            match breaks {
                1 => text.push(' '),
                _ => text.extend(std::iter::repeat_n('\n', breaks - 1)),
            }
            text.push_str(&self.text[content..end]);
            scalar.span.end = to_u32(end);
        }
    }

    /// Looks for a line that continues a plain scalar; returns how many line breaks stand before
    /// it, where it begins, and where what it says begins.
    #[allow(clippy::option_option)]
    fn continuation(&self, within: usize) -> Usual<Option<(usize, usize, usize)>> {
        let (mut at, mut line, mut breaks) = (self.at, self.line, 0);
        loop {
            match self.bytes.get(at) {
                Some(b'\n') => {
                    breaks += 1;
                    at += 1;
                    line = at;
                }
                Some(b' ') => at += 1,
                Some(b'\t') => return None,
                None | Some(b'#') => return Some(None),
                Some(_) if at - line <= within => return Some(None),
                Some(_) => return Some(Some((breaks, line, at))),
            }
        }
    }

    fn single(&mut self) -> Usual<Simple<'s>> {
        let start = self.at;
        let mut text = Cow::Borrowed("");
        let mut from = start + 1;
        loop {
            let rest = &self.bytes[from..];
            let length = rest.iter().position(|byte| matches!(byte, b'\'' | b'\n'))?;
            let quote = from + length;
            if self.bytes[quote] == b'\n' {
                return None;
            }
            let is_escaped = self.bytes.get(quote + 1) == Some(&b'\'');
            let piece = &self.text[from..quote + usize::from(is_escaped)];
            match &mut text {
                Cow::Borrowed("") => text = Cow::Borrowed(piece),
                text => text.to_mut().push_str(piece),
            }
            if !is_escaped {
                self.at = quote + 1;
                break;
            }
            from = quote + 2;
        }
        Some(self.quoted(start, Style::SingleQuoted, text))
    }

    fn double(&mut self) -> Usual<Simple<'s>> {
        let start = self.at;
        let mut text = Cow::Borrowed("");
        let mut from = start + 1;
        loop {
            let rest = &self.bytes[from..];
            let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | b'\n');
            let special = from + rest.iter().position(is_special)?;
            let piece = &self.text[from..special];
            match &mut text {
                Cow::Borrowed("") => text = Cow::Borrowed(piece),
                text => text.to_mut().push_str(piece),
            }
            if self.bytes[special] == b'"' {
                self.at = special + 1;
                break;
            }
            let meant = match self.bytes.get(special + 1)? {
                _ if self.bytes[special] == b'\n' => return None,
                b'n' => '\n',
                b't' => '\t',
                b'e' => '\u{1b}',
                b'"' => '"',
                b'/' => '/',
                b'\\' => '\\',
                _ => return None,
            };
            text.to_mut().push(meant);
            from = special + 2;
        }
        Some(self.quoted(start, Style::DoubleQuoted, text))
    }

    fn quoted(&self, start: usize, style: Style, text: Cow<'s, str>) -> Simple<'s> {
        let span = Span::of(start..self.at);
        Simple { span, style, text }
    }
}
