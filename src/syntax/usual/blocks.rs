//! Scalars of whole lines, behind `|` and `>`.

use crate::source::Span;
use crate::syntax::build::to_u32;
use crate::syntax::tree::{Data, Style};
use crate::syntax::usual::cursor::end_of_line;
use crate::syntax::usual::{Reader, Usual};

/// How a block scalar ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

impl Reader<'_> {
    /// Reads a block scalar of a collection of this indentation, and goes on behind it.
    pub(super) fn block_scalar(&mut self, within: usize) -> Usual {
        let style = match self.peek()? {
            b'|' => Style::Literal,
            _ => Style::Folded,
        };
        self.at += 1;
        let chomping = match self.peek()? {
            b'-' => Chomping::Strip,
            b'+' => Chomping::Keep,
            _ => Chomping::Clip,
        };
        self.at += usize::from(chomping != Chomping::Clip);
        // How deep the lines are indented is left to the parser.
        self.end_line()?;
        self.peek()?;
        let (indent, blank) = self.first_line(within)?;
        let kept = to_u32(self.builder.tree.texts.len());
        let start = self.at;
        let end = self.lines(indent, blank, style, chomping)?;
        let mut text = self.builder.keep("");
        text.start = kept;
        let value = &self.builder.tree.texts[kept as usize..];
        let is_empty = value.trim_start().is_empty();
        let indent = if is_empty { 0 } else { to_u32(indent) };
        let span = Span::of(start..end);
        let data = Data::Scalar { text, indent };
        self.builder.node(span, style, data).ok()?;
        self.next_content()
    }

    /// Goes to the first line that is not blank, behind its indentation; returns that, and how
    /// many blank lines are before it.
    fn first_line(&mut self, within: usize) -> Usual<(usize, usize)> {
        let (mut blank, mut widest) = (0, 0);
        loop {
            self.at += 1;
            self.line = self.at;
            self.skip_blanks();
            let width = self.column();
            match self.peek()? {
                b'\n' => {
                    blank += 1;
                    widest = widest.max(width);
                }
                // No line belongs to it, or it is not certain which.
                _ if width <= within || widest > width => return None,
                b'\t' => return None,
                _ => return Some((width, blank)),
            }
        }
    }

    /// Keeps the lines of a block scalar from its first one on; returns where the last one ends
    /// that is not blank.
    fn lines(
        &mut self,
        indent: usize,
        mut blank: usize,
        style: Style,
        chomping: Chomping,
    ) -> Usual<usize> {
        let start = self.at;
        // Whether the line before began deeper, which folding leaves alone.
        let mut was_deeper = false;
        loop {
            let is_deeper = matches!(self.bytes[self.at], b' ' | b'\t');
            let is_first = self.at == start;
            let folds = style == Style::Folded && !is_first && !was_deeper && !is_deeper;
            let texts = &mut self.builder.tree.texts;
            match (folds, blank) {
                (true, 0) => texts.push(' '),
                (true, _) => texts.extend(std::iter::repeat_n('\n', blank)),
                _ => texts.extend(std::iter::repeat_n('\n', blank + usize::from(!is_first))),
            }
            was_deeper = is_deeper;
            let end = end_of_line(self.bytes, self.at);
            texts.push_str(&self.text[self.at..end]);
            self.at = end;
            let follows;
            (follows, blank) = self.next_line(indent)?;
            if !follows {
                break;
            }
        }
        let texts = &mut self.builder.tree.texts;
        if chomping != Chomping::Strip {
            texts.push('\n');
        }
        if chomping == Chomping::Keep {
            texts.extend(std::iter::repeat_n('\n', blank));
        }
        let content = self.text[start..self.at].trim_end_matches([' ', '\t', '\n']);
        Some(start + content.len())
    }

    /// Goes from the end of a line to the next one that is not blank, behind its indentation;
    /// says whether there is one, and how many blank lines come before it or at the end.
    fn next_line(&mut self, indent: usize) -> Usual<(bool, usize)> {
        let mut blank = 0;
        while self.peek() == Some(b'\n') {
            let line = self.at + 1;
            let rest = self.bytes[line..].iter().take(indent);
            let at = line + rest.take_while(|byte| **byte == b' ').count();
            let follows = match self.bytes.get(at) {
                Some(b'\n') => false,
                // Blanks without a line break are a line or not, by their number.
                None if at > line => return None,
                Some(_) if at == line + indent => true,
                _ => break,
            };
            (self.line, self.at) = (line, at);
            if follows {
                return Some((true, blank));
            }
            blank += 1;
        }
        Some((false, blank))
    }
}
