//! The expressions of a file, each read once.

use crate::diagnostics::Edit;
use crate::expression::{self, Node, Problem};
use crate::source::{Location, Span};
use crate::workflow::{Part, Site, sole};

/// An expression where it stands.
pub(super) struct Expression<'f> {
    pub(super) site: &'f Site<'f>,
    /// What stands between `${{` and `}}`, or the whole text.
    pub(super) text: &'f str,
    /// Where that is in the text of the site.
    pub(super) span: Span,
    pub(super) role: Role,
    pub(super) read: Result<Node<'f>, Problem>,
}

/// What becomes of the value of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It is the value of its key.
    Value,
    /// It is put into a text.
    Text,
}

/// Reads all expressions where there may be some, in the order of their sites.
pub(super) fn read<'f>(sites: &'f [Site<'f>]) -> Vec<Expression<'f>> {
    let mut all = Vec::with_capacity(sites.len() / 4);
    for site in sites {
        let text = site.text;
        if !site.opens {
            if site.implicit && !text.trim().is_empty() {
                let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
                all.push(Expression::new(site, text, Span::new(0, end), Role::Value));
            }
            continue;
        }
        if site.grants.is_static() {
            continue;
        }
        let role = match sole(text.trim()) {
            Some(_) => Role::Value,
            None => Role::Text,
        };
        for part in site.parts() {
            if let Part::Expression(text, span) = part {
                all.push(Expression::new(site, text, span, role));
            }
        }
    }
    all
}

impl<'f> Expression<'f> {
    fn new(site: &'f Site<'f>, text: &'f str, span: Span, role: Role) -> Self {
        Self {
            site,
            text,
            span,
            role,
            read: expression::parse(text),
        }
    }

    /// Returns the edit that puts something else in the place of a span of the expression.
    pub(super) fn rewritten(&self, source: &str, inner: Span, new: &str) -> Option<Edit> {
        let inner = Span::new(self.span.start + inner.start, self.span.start + inner.end);
        self.site.node.rewritten_within(source, inner, new)
    }

    /// Returns the place of a span of the expression; of the whole scalar where escapes or
    /// folds lie between.
    pub(super) fn place(&self, source: &str, inner: Span) -> Location {
        let shifted = Span::new(self.span.start + inner.start, self.span.start + inner.end);
        self.site.node.place_within(source, shifted)
    }
}
