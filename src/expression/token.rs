//! The words of an expression.

use super::node::Operator;
use super::number;
use super::problem::{Problem, Reason};
use crate::source::Span;

/// A word with its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token<'t> {
    pub(super) word: Word<'t>,
    pub(super) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Word<'t> {
    Sign(Sign),
    Number(f64),
    Text(String),
    /// A context, a function, a property, or a keyword where it is one.
    Name(&'t str),
    End,
}

/// A bracket, a separator or an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Open,
    Close,
    OpenIndex,
    CloseIndex,
    Comma,
    Dot,
    Star,
    Not,
    And,
    Or,
    Compare(Operator),
}

impl Sign {
    /// The sign that a text begins with, and its length. A dot may also begin a number.
    fn begins(text: &str) -> Option<(Self, usize)> {
        use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        Some(match text.as_bytes() {
            [b'=', b'=', ..] => (Self::Compare(Equal), 2),
            [b'!', b'=', ..] => (Self::Compare(NotEqual), 2),
            [b'>', b'=', ..] => (Self::Compare(GreaterOrEqual), 2),
            [b'<', b'=', ..] => (Self::Compare(LessOrEqual), 2),
            [b'&', b'&', ..] => (Self::And, 2),
            [b'|', b'|', ..] => (Self::Or, 2),
            [b'(', ..] => (Self::Open, 1),
            [b')', ..] => (Self::Close, 1),
            [b'[', ..] => (Self::OpenIndex, 1),
            [b']', ..] => (Self::CloseIndex, 1),
            [b',', ..] => (Self::Comma, 1),
            [b'!', ..] => (Self::Not, 1),
            [b'>', ..] => (Self::Compare(Greater), 1),
            [b'<', ..] => (Self::Compare(Less), 1),
            [b'*', ..] => (Self::Star, 1),
            _ => return None,
        })
    }
}

/// Splits a text into words; the last one is [`Word::End`].
pub(super) fn split(text: &str) -> Result<Vec<Token<'_>>, Problem> {
    let mut words = Splitter {
        text,
        at: 0,
        tokens: Vec::with_capacity(8),
    };
    while words.next()? {}
    let end = words.at;
    words.push(Word::End, end);
    Ok(words.tokens)
}

struct Splitter<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token<'t>>,
}

impl<'t> Splitter<'t> {
    fn next(&mut self) -> Result<bool, Problem> {
        let rest = self.text[self.at..].trim_start();
        self.at = self.text.len() - rest.len();
        let start = self.at;
        let Some(first) = rest.chars().next() else {
            return Ok(false);
        };
        if first == '\'' {
            return self.quoted(start).map(|()| true);
        }
        if first == '.' && self.after_value() {
            self.at += 1;
            self.push(Word::Sign(Sign::Dot), start);
            return Ok(true);
        }
        if let Some((sign, length)) = Sign::begins(rest) {
            self.at += length;
            self.push(Word::Sign(sign), start);
            return Ok(true);
        }
        if first.is_ascii_digit() || matches!(first, '.' | '-' | '+') {
            return self.number(start).map(|()| true);
        }
        self.name(start).map(|()| true)
    }

    /// Whether the word before is one that a property may follow.
    fn after_value(&self) -> bool {
        use Sign::{Close, CloseIndex, Star};
        let last = self.tokens.last().map(|token| &token.word);
        matches!(
            last,
            Some(Word::Name(_) | Word::Sign(Close | CloseIndex | Star))
        )
    }

    /// A text; quotes within are doubled.
    fn quoted(&mut self, start: usize) -> Result<(), Problem> {
        let mut content = String::new();
        let mut at = start + 1;
        loop {
            let rest = &self.text[at..];
            let Some(quote) = rest.find('\'') else {
                return Err(self.problem(Reason::OpenText, start, self.text.len()));
            };
            content.push_str(&rest[..quote]);
            at += quote + 1;
            if !self.text[at..].starts_with('\'') {
                break;
            }
            content.push('\'');
            at += 1;
        }
        self.at = at;
        self.push(Word::Text(content), start);
        Ok(())
    }

    fn number(&mut self, start: usize) -> Result<(), Problem> {
        let rest = &self.text[start..];
        // A sign of a number is none of its boundaries, but the dot is one of others'.
        let inner = &rest[1..];
        let length = inner
            .find(|c: char| is_boundary(c) && c != '.')
            .map_or(rest.len(), |end| end + 1);
        let word = &rest[..length];
        self.at = start + length;
        let number = number::parse(word);
        if number.is_nan() {
            // A sign or a dot that is none of a number's: an operator, or a property of nothing.
            let begins = word
                .as_bytes()
                .get(1)
                .is_some_and(|next| next.is_ascii_digit() || *next == b'.');
            if begins || !word.starts_with(['-', '+', '.']) {
                let reason = Reason::NoNumber(word.to_owned());
                return Err(self.problem(reason, start, self.at));
            }
            let reason = Reason::Unexpected(word[..1].to_owned());
            return Err(self.problem(reason, start, start + 1));
        }
        self.push(Word::Number(number), start);
        Ok(())
    }

    fn name(&mut self, start: usize) -> Result<(), Problem> {
        let rest = &self.text[start..];
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let length = rest[first..]
            .find(is_boundary)
            .map_or(rest.len(), |end| end + first);
        let word = &rest[..length];
        self.at = start + length;
        if !is_name(word) {
            let reason = if word.starts_with('"') {
                Reason::DoubleQuotes
            } else {
                Reason::NoName(word.to_owned())
            };
            return Err(self.problem(reason, start, self.at));
        }
        let after_dot = matches!(
            self.tokens.last(),
            Some(Token {
                word: Word::Sign(Sign::Dot),
                ..
            })
        );
        let word = match word {
            "NaN" if !after_dot => Word::Number(f64::NAN),
            "Infinity" if !after_dot => Word::Number(f64::INFINITY),
            _ => Word::Name(word),
        };
        self.push(word, start);
        Ok(())
    }

    fn push(&mut self, word: Word<'t>, start: usize) {
        let span = span(start, self.at);
        self.tokens.push(Token { word, span });
    }

    fn problem(&self, reason: Reason, start: usize, end: usize) -> Problem {
        Problem::new(reason, span(start, end))
    }
}

/// Expressions are no longer than [`MAX_LENGTH`](super::MAX_LENGTH) units.
fn span(start: usize, end: usize) -> Span {
    let cut = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
    Span::new(cut(start), cut(end))
}

fn is_boundary(c: char) -> bool {
    let is_sign = matches!(
        c,
        '(' | '[' | ')' | ']' | ',' | '.' | '!' | '>' | '<' | '=' | '&' | '|'
    );
    is_sign || c.is_whitespace()
}

/// Says whether a text can be the name of a property, as it stands behind a dot.
pub fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}
