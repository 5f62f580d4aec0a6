//! Where the reading stands: blanks, comments, ends of lines, and what comes next.

use crate::source::Span;
use crate::syntax::tree::Comment;
use crate::syntax::usual::{Reader, Usual};

impl Reader<'_> {
    /// Returns where the parser sees the `-` of an item: behind it, and behind the blanks and
    /// the comment that follow.
    pub(super) fn behind_dash(&self) -> usize {
        let rest = &self.bytes[self.at + 1..];
        let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
        let behind = self.at + 1 + blanks;
        match self.bytes.get(behind) {
            Some(b'#') if blanks > 0 => end_of_line(self.bytes, behind),
            _ => behind,
        }
    }

    /// Goes on behind blanks, and a comment, to the end of the line.
    pub(super) fn end_line(&mut self) -> Usual {
        let before = self.at;
        self.skip_blanks();
        match self.peek() {
            None | Some(b'\n') => Some(()),
            Some(b'#') if self.at > before => self.comment(true),
            Some(_) => None,
        }
    }

    /// Goes on from the end of a line, or from the beginning of the text, to what comes next.
    pub(super) fn next_content(&mut self) -> Usual {
        loop {
            match self.peek() {
                None => return Some(()),
                Some(b'\n') => {
                    self.at += 1;
                    self.line = self.at;
                }
                Some(b' ') => self.skip_blanks(),
                Some(b'#') => self.comment(false)?,
                Some(b'\t' | b'%') => return None,
                // Documents end and begin; the first one has begun before it has nodes.
                Some(b'-' | b'.') if self.is_marker() => {
                    let is_first = self.builder.count == self.builder.tree.comments.len();
                    return (is_first && self.peek() == Some(b'-')).then_some(());
                }
                Some(_) => return Some(()),
            }
        }
    }

    pub(super) fn comment(&mut self, trailing: bool) -> Usual {
        let start = self.at;
        self.at = end_of_line(self.bytes, start);
        let span = Span::of(start..self.at);
        self.builder.tree.comments.push(Comment { span, trailing });
        self.builder.take(1, span).ok()
    }

    pub(super) fn is_marker(&self) -> bool {
        self.at == self.line && (self.begins_with("---") || self.begins_with("..."))
    }

    pub(super) fn begins_with(&self, word: &str) -> bool {
        self.bytes[self.at..].starts_with(word.as_bytes())
    }

    pub(super) fn skip_blanks(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn is_done(&self) -> bool {
        self.at == self.bytes.len()
    }

    /// The column of the next byte, of which those before it are blanks and dashes.
    pub(super) fn column(&self) -> usize {
        self.at - self.line
    }

    /// Whether a `-` stands here with nothing right behind it.
    pub(super) fn is_item(&self) -> bool {
        self.peek() == Some(b'-') && self.is_blank(self.at + 1)
    }

    /// Whether a `:` stands here with nothing right behind it.
    pub(super) fn is_colon(&self) -> bool {
        self.peek() == Some(b':') && self.is_blank(self.at + 1)
    }

    /// Whether a line or the text ends at an offset, or a blank stands there.
    pub(super) fn is_blank(&self, at: usize) -> bool {
        matches!(self.bytes.get(at), None | Some(b' ' | b'\n'))
    }
}

/// Returns where the line ends that an offset is in.
pub(super) fn end_of_line(bytes: &[u8], at: usize) -> usize {
    let length = bytes[at..].iter().position(|byte| *byte == b'\n');
    length.map_or(bytes.len(), |length| at + length)
}
