//! Values that GitHub evaluates: literal text mixed with expressions.

use crate::expression;
use std::fmt;

use super::Expression;

/// A value of a workflow file, such as an entry of `env:` or `with:`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(Vec<Part>);

/// One piece of a [`Text`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text that means itself. It never holds `${{`: the manifest refuses it,
    /// and [`Text::literal`] breaks it up as a second line of defence.
    Literal(String),
    /// An expression in braces.
    Expression(Expression),
}

impl Text {
    /// Text that means itself.
    pub fn literal(text: impl Into<String>) -> Self {
        let text = text.into();
        if !expression::is_in(&text) {
            return Self(vec![Part::Literal(text)]);
        }
        // GitHub has no escape for its braces but a literal inside of them.
        let mut parts = Vec::new();
        for (index, piece) in text.split("${{").enumerate() {
            if index > 0 {
                parts.push(Part::Expression(Expression::literal("${{")));
            }
            parts.push(Part::Literal(piece.to_owned()));
        }
        Self(parts)
    }

    /// One expression.
    pub fn expression(expression: Expression) -> Self {
        Self(vec![Part::Expression(expression)])
    }

    /// `${{ code }}`, written in our own code.
    pub fn code(code: impl Into<String>) -> Self {
        Self::expression(Expression::new(code))
    }

    /// `${{ secrets.NAME }}`.
    pub fn secret(name: &str) -> Self {
        Self::expression(Expression::secret(name))
    }

    /// `${{ vars.NAME }}`.
    pub fn variable(name: &str) -> Self {
        Self::expression(Expression::variable(name))
    }

    /// This text, and another behind it.
    pub fn then(mut self, other: impl Into<Self>) -> Self {
        self.0.extend(other.into().0);
        self
    }

    /// Several texts, a line each.
    pub fn lines(texts: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::default();
        for (index, text) in texts.into_iter().enumerate() {
            if index > 0 {
                all = all.then("\n");
            }
            all = all.then(text);
        }
        all
    }

    /// The pieces.
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// The pieces, to change them.
    pub(super) fn parts_mut(&mut self) -> &mut [Part] {
        &mut self.0
    }

    /// The expressions among the pieces.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.0.iter().filter_map(|part| match part {
            Part::Expression(expression) => Some(expression),
            Part::Literal(_) => None,
        })
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::literal(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::literal(text)
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Self {
        Self::literal(text.as_str())
    }
}

impl From<Expression> for Text {
    fn from(expression: Expression) -> Self {
        Self::expression(expression)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.0 {
            match part {
                Part::Literal(text) => f.write_str(text)?,
                Part::Expression(expression) => expression.fmt(f)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_text_never_opens_an_expression() {
        let text = Text::literal("a ${{ secrets.X }} b");
        assert_eq!(text.to_string(), "a ${{ '${{' }} secrets.X }} b");
    }

    #[test]
    fn pieces_join() {
        let text = Text::literal("v")
            .then(Expression::new("github.sha"))
            .then("-x");
        assert_eq!(text.to_string(), "v${{ github.sha }}-x");
    }
}
