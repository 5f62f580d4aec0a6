//! The grammar: `||`, `&&`, `== !=`, `< <= > >=`, `!`, then properties and calls.

use super::node::{Kind, Node, Operator};
use super::problem::{Problem, Reason};
use super::token::{Sign, Token, Word, split};
use super::{MAX_DEPTH, MAX_LENGTH};
use crate::source::Span;

/// Reads the text of an expression, without `${{` and `}}`.
///
/// # Errors
///
/// The first thing that GitHub's parser refuses, names of contexts and functions aside.
pub fn parse(text: &str) -> Result<Node<'_>, Problem> {
    let whole = Span::new(0, u32::try_from(text.len()).unwrap_or(u32::MAX));
    // There are never more units than bytes.
    if text.len() > MAX_LENGTH && text.encode_utf16().count() > MAX_LENGTH {
        return Err(Problem::new(Reason::TooLong, whole));
    }
    let mut parser = Parser {
        text,
        tokens: split(text)?,
        at: 0,
        depth: 0,
    };
    if parser.peek().word == Word::End {
        return Err(Problem::new(Reason::Empty, whole));
    }
    let node = parser.expression()?;
    match parser.peek().word {
        Word::End => Ok(node),
        _ => Err(parser.unexpected()),
    }
}

struct Parser<'t> {
    text: &'t str,
    /// Never empty: the last is the end.
    tokens: Vec<Token<'t>>,
    at: usize,
    depth: usize,
}

type Parsed<'t> = Result<Node<'t>, Problem>;

impl<'t> Parser<'t> {
    fn expression(&mut self) -> Parsed<'t> {
        self.deeper(Self::or)
    }

    fn or(&mut self) -> Parsed<'t> {
        let first = self.and()?;
        self.chain(Sign::Or, first, Self::and, Kind::Or)
    }

    fn and(&mut self) -> Parsed<'t> {
        let first = self.equality()?;
        self.chain(Sign::And, first, Self::equality, Kind::And)
    }

    /// Operands joined by one sign, which are one level together.
    fn chain(
        &mut self,
        sign: Sign,
        first: Node<'t>,
        operand: fn(&mut Self) -> Parsed<'t>,
        kind: fn(Vec<Node<'t>>) -> Kind<'t>,
    ) -> Parsed<'t> {
        if self.peek().word != Word::Sign(sign) {
            return Ok(first);
        }
        self.deeper(|parser| {
            let mut operands = vec![first];
            while parser.take(sign) {
                operands.push(operand(parser)?);
            }
            let start = operands[0].span.start;
            Ok(parser.node(kind(operands), start))
        })
    }

    fn equality(&mut self) -> Parsed<'t> {
        let is_equality = |it| matches!(it, Operator::Equal | Operator::NotEqual);
        self.compare(is_equality, Self::order)
    }

    fn order(&mut self) -> Parsed<'t> {
        let is_order = |it| !matches!(it, Operator::Equal | Operator::NotEqual);
        self.compare(is_order, Self::unary)
    }

    fn compare(
        &mut self,
        takes: fn(Operator) -> bool,
        operand: fn(&mut Self) -> Parsed<'t>,
    ) -> Parsed<'t> {
        let mut left = operand(self)?;
        // Chains lean to the left, so that a long one becomes as deep a tree.
        let mut length = 0;
        while let Word::Sign(Sign::Compare(operator)) = self.peek().word
            && takes(operator)
        {
            self.at += 1;
            length += 1;
            if length > MAX_LINKS {
                return Err(self.here(Reason::TooDeep));
            }
            let right = operand(self)?;
            let start = left.span.start;
            let kind = Kind::Compare(operator, Box::new([left, right]));
            left = self.node(kind, start);
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed<'t> {
        let start = self.peek().span.start;
        if !self.take(Sign::Not) {
            return self.path();
        }
        self.deeper(|parser| {
            let operand = parser.unary()?;
            Ok(parser.node(Kind::Not(Box::new(operand)), start))
        })
    }

    /// A value with the properties and indexes behind it, each a level deeper.
    fn path(&mut self) -> Parsed<'t> {
        let before = self.depth;
        let mut node = self.primary()?;
        let start = node.span.start;
        let has_parts = matches!(
            node.kind,
            Kind::Group(_) | Kind::Call(..) | Kind::Context(_)
        );
        if !has_parts {
            return Ok(node);
        }
        loop {
            let kind = if self.take(Sign::OpenIndex) {
                if self.take(Sign::Star) {
                    self.expect(Sign::CloseIndex)?;
                    Kind::Star(Box::new(node))
                } else {
                    let index = self.expression()?;
                    self.expect(Sign::CloseIndex)?;
                    Kind::Index(Box::new(node), Box::new(index))
                }
            } else if self.take(Sign::Dot) {
                if self.take(Sign::Star) {
                    Kind::Star(Box::new(node))
                } else {
                    let (name, span) = self.name()?;
                    Kind::Property(Box::new(node), name, span)
                }
            } else {
                break;
            };
            self.enter()?;
            node = self.node(kind, start);
        }
        self.depth = before;
        Ok(node)
    }

    fn primary(&mut self) -> Parsed<'t> {
        let span = self.peek().span;
        let start = span.start;
        let kind = match &mut self.tokens[self.at].word {
            Word::Number(number) => Kind::Number(*number),
            // A word is read once.
            Word::Text(text) => Kind::Text(std::mem::take(text)),
            Word::Sign(Sign::Open) => {
                self.at += 1;
                let inner = self.expression()?;
                self.expect(Sign::Close)?;
                return Ok(self.node(Kind::Group(Box::new(inner)), start));
            }
            Word::Name(name) => {
                let name = *name;
                self.at += 1;
                if self.take(Sign::Open) {
                    let arguments = self.arguments()?;
                    return Ok(self.node(Kind::Call(name, span, arguments), start));
                }
                let kind = match name {
                    "true" => Kind::Bool(true),
                    "false" => Kind::Bool(false),
                    "null" => Kind::Null,
                    _ => Kind::Context(name),
                };
                return Ok(self.node(kind, start));
            }
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(self.node(kind, start))
    }

    fn arguments(&mut self) -> Result<Vec<Node<'t>>, Problem> {
        let mut arguments = Vec::new();
        if self.take(Sign::Close) {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression()?);
            if self.take(Sign::Close) {
                return Ok(arguments);
            }
            self.expect(Sign::Comma)?;
        }
    }

    fn name(&mut self) -> Result<(&'t str, Span), Problem> {
        match *self.peek() {
            Token {
                word: Word::Name(name),
                span,
            } => {
                self.at += 1;
                Ok((name, span))
            }
            _ => Err(self.unexpected()),
        }
    }

    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Parsed<'t>) -> Parsed<'t> {
        let before = self.depth;
        self.enter()?;
        let node = read(self)?;
        self.depth = before;
        Ok(node)
    }

    fn enter(&mut self) -> Result<(), Problem> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.here(Reason::TooDeep));
        }
        Ok(())
    }

    fn peek(&self) -> &Token<'t> {
        &self.tokens[self.at]
    }

    fn take(&mut self, sign: Sign) -> bool {
        let found = matches!(self.peek().word, Word::Sign(it) if it == sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: Sign) -> Result<(), Problem> {
        if self.take(sign) {
            return Ok(());
        }
        Err(self.unexpected())
    }

    /// The node that ends with the word before.
    fn node(&self, kind: Kind<'t>, start: u32) -> Node<'t> {
        let end = self.tokens[self.at - 1].span.end;
        Node {
            kind,
            span: Span::new(start, end),
        }
    }

    fn unexpected(&self) -> Problem {
        match self.peek().word {
            Word::End => self.here(Reason::Unfinished),
            _ => {
                let text = &self.text[self.peek().span.range()];
                self.here(Reason::Unexpected(text.to_owned()))
            }
        }
    }

    fn here(&self, reason: Reason) -> Problem {
        Problem::new(reason, self.peek().span)
    }
}

/// Nobody compares so many values in a row, and the tree must not grow deeper than the stack.
const MAX_LINKS: usize = 1_000;
