//! The tree of an expression.

use crate::source::Span;

/// A part of an expression with its place in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<'t> {
    /// What it is.
    pub kind: Kind<'t>,
    /// Where it stands.
    pub span: Span,
}

/// What a part of an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind<'t> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text, quotes undone.
    Text(String),
    /// A context by its name, as written.
    Context(&'t str),
    /// `base.name`, with the place of the name.
    Property(Box<Node<'t>>, &'t str, Span),
    /// `base[index]`.
    Index(Box<Node<'t>>, Box<Node<'t>>),
    /// `base.*` or `base[*]`.
    Star(Box<Node<'t>>),
    /// A call: the function as written, with its place, and the arguments.
    Call(&'t str, Span, Vec<Node<'t>>),
    /// `!operand`.
    Not(Box<Node<'t>>),
    /// Two operands compared.
    Compare(Operator, Box<[Node<'t>; 2]>),
    /// Two or more operands joined by `&&`.
    And(Vec<Node<'t>>),
    /// Two or more operands joined by `||`.
    Or(Vec<Node<'t>>),
    /// `(inner)`.
    Group(Box<Node<'t>>),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl<'t> Node<'t> {
    /// Calls a function for this part and every part within it, outer ones first.
    pub fn walk<'n>(&'n self, each: &mut dyn FnMut(&'n Node<'t>)) {
        each(self);
        match &self.kind {
            Kind::Property(inner, ..)
            | Kind::Star(inner)
            | Kind::Not(inner)
            | Kind::Group(inner) => {
                inner.walk(each);
            }
            Kind::Index(base, index) => {
                base.walk(each);
                index.walk(each);
            }
            Kind::Compare(_, both) => both.iter().for_each(|node| node.walk(each)),
            Kind::Call(_, _, nodes) | Kind::And(nodes) | Kind::Or(nodes) => {
                nodes.iter().for_each(|node| node.walk(each));
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Context(_) => {}
        }
    }

    /// Says whether it is `github.event` or a part of it, which may be missing.
    pub fn is_payload(&self) -> bool {
        match &self.kind {
            Kind::Property(base, name, _) => {
                let github =
                    matches!(base.kind, Kind::Context(it) if it.eq_ignore_ascii_case("github"));
                github && name.eq_ignore_ascii_case("event") || base.is_payload()
            }
            Kind::Index(base, _) | Kind::Star(base) => base.is_payload(),
            _ => false,
        }
    }
}
