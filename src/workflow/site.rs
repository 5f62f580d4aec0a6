//! Texts that may hold expressions.

use crate::expression::{self, OPENING};
use crate::knowledge::grammar::{Form, Grants};
use crate::source::Span;
use crate::syntax::Node;

/// A text with what expressions in it may use.
#[derive(Debug, Clone, Copy)]
pub struct Site<'t> {
    /// The scalar.
    pub node: Node<'t>,
    /// Its value.
    pub text: &'t str,
    /// Whether there is a brace in it, without which nothing like an expression begins.
    pub has_brace: bool,
    /// Whether an expression begins in it.
    pub opens: bool,
    /// What may stand there.
    pub form: &'static Form,
    /// Contexts and functions.
    pub grants: Grants,
    /// Whether the text is an expression even without `${{ }}`.
    pub implicit: bool,
    /// The job that it stands in.
    pub job: Option<Node<'t>>,
    /// The step that it stands in.
    pub step: Option<Node<'t>>,
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'t> {
    /// Text that stays as it is.
    Plain(&'t str),
    /// The inside of `${{ }}`, with its place in the text.
    Expression(&'t str, Span),
    /// A `${{` without its `}}`, at this offset.
    Open(u32),
}

impl<'t> Site<'t> {
    /// Splits the text as GitHub does: an expression ends at the first `}}` outside of quotes.
    pub fn parts(&self) -> Parts<'t> {
        let text = self.text;
        Parts { text, at: 0 }
    }
}

/// The pieces of a text, in its order.
#[derive(Debug, Clone)]
pub struct Parts<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Parts<'t> {
    type Item = Part<'t>;

    fn next(&mut self) -> Option<Part<'t>> {
        let (text, at) = (self.text, self.at);
        let end = text.len();
        if at == end {
            return None;
        }
        let opening = expression::opening(&text[at..]).map_or(end, |found| at + found);
        if opening > at {
            self.at = opening;
            return Some(Part::Plain(&text[at..opening]));
        }
        let start = opening + OPENING.len();
        let Some(length) = closing(&text[start..]) else {
            self.at = end;
            return Some(Part::Open(offset(opening)));
        };
        self.at = start + length + 2;
        let span = Span::of(start..start + length);
        Some(Part::Expression(&text[span.range()], span))
    }
}

/// Returns the inside of a text that is one expression and nothing else.
pub fn sole(text: &str) -> Option<&str> {
    let inside = text.strip_prefix(OPENING)?;
    let end = closing(inside)?;
    (end + 2 == inside.len()).then(|| &inside[..end])
}

/// Where the `}}` begins that ends an expression.
fn closing(text: &str) -> Option<usize> {
    let mut quoted = false;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'\'' => quoted = !quoted,
            b'}' if !quoted && bytes.get(at + 1) == Some(&b'}') => return Some(at),
            _ => {}
        }
    }
    None
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
