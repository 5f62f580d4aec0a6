//! Texts that may hold expressions.

use crate::expression::OPENING;
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
    pub fn parts(&self) -> Vec<Part<'t>> {
        split(self.text)
    }
}

/// Splits a text as GitHub does: an expression ends at the first `}}` outside of quotes.
pub fn split(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find(OPENING) {
        let opening = at + found;
        if opening > at {
            parts.push(Part::Plain(&text[at..opening]));
        }
        let start = opening + OPENING.len();
        let Some(length) = closing(&text[start..]) else {
            parts.push(Part::Open(offset(opening)));
            return parts;
        };
        let end = start + length;
        parts.push(Part::Expression(
            &text[start..end],
            Span::new(offset(start), offset(end)),
        ));
        at = end + 2;
    }
    if at < text.len() {
        parts.push(Part::Plain(&text[at..]));
    }
    parts
}

/// Says whether a text is one expression and nothing else.
pub(super) fn is_whole(text: &str) -> bool {
    let inside = text.strip_prefix(OPENING);
    inside.is_some_and(|inside| closing(inside).is_some_and(|end| end + 2 == inside.len()))
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
