//! Expressions of GitHub's language, put together from checked pieces.

use std::fmt;

/// The inside of a `${{ … }}`.
///
/// Every value comes from code of ours or from [`Expression::literal`], which
/// encodes user text; text of a manifest never becomes an expression itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expression(String);

impl Expression {
    /// An expression written in our own code.
    pub fn new(code: impl Into<String>) -> Self {
        Self(code.into())
    }

    /// A string literal: quotes doubled, as GitHub reads them.
    pub fn literal(text: &str) -> Self {
        Self(format!("'{}'", text.replace('\'', "''")))
    }

    /// `secrets.NAME`.
    pub fn secret(name: &str) -> Self {
        Self(format!("secrets.{name}"))
    }

    /// `vars.NAME`.
    pub fn variable(name: &str) -> Self {
        Self(format!("vars.{name}"))
    }

    /// `needs.JOB.outputs.NAME`.
    pub fn output_of(job: &str, name: &str) -> Self {
        Self(format!("needs.{job}.outputs.{name}"))
    }

    /// `steps.STEP.outputs.NAME`.
    pub fn output(step: &str, name: &str) -> Self {
        Self(format!("steps.{step}.outputs.{name}"))
    }

    /// Whether the job that is needed ended with this result.
    pub fn result_is(job: &str, result: &str) -> Self {
        Self(format!("needs.{job}.result == '{result}'"))
    }

    /// Whether the job that is needed ended with another result.
    pub fn result_is_not(job: &str, result: &str) -> Self {
        Self(format!("needs.{job}.result != '{result}'"))
    }

    /// This code, directly followed by another, as in `x == ` and a literal.
    pub fn join(self, other: Self) -> Self {
        Self(self.0 + &other.0)
    }

    /// Both must hold.
    pub fn and(self, other: Self) -> Self {
        Self(format!("{} && {}", self.grouped("||"), other.grouped("||")))
    }

    /// One must hold.
    pub fn or(self, other: Self) -> Self {
        Self(format!("{} || {}", self.grouped("&&"), other.grouped("&&")))
    }

    /// All of them must hold; `None` for none.
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Option<Self> {
        parts.into_iter().reduce(Self::and)
    }

    /// One of them must hold; `None` for none.
    pub fn any(parts: impl IntoIterator<Item = Self>) -> Option<Self> {
        parts.into_iter().reduce(Self::or)
    }

    /// Parentheses where the other operator stands at the outer level.
    fn grouped(self, operator: &str) -> String {
        let mut depth = 0_usize;
        let mut quoted = false;
        for (at, c) in self.0.char_indices() {
            match c {
                '\'' => quoted = !quoted,
                '(' | '[' if !quoted => depth += 1,
                ')' | ']' if !quoted => depth = depth.saturating_sub(1),
                _ if !quoted && depth == 0 && self.0[at..].starts_with(operator) => {
                    return format!("({})", self.0);
                }
                _ => {}
            }
        }
        self.0
    }

    /// The code without the braces.
    pub fn code(&self) -> &str {
        &self.0
    }

    /// Whether the code names this context member, such as `secrets.TOKEN`.
    pub fn names(&self, member: &str) -> bool {
        let boundary = |c: Option<char>| !c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        self.0.match_indices(member).any(|(at, _)| {
            boundary(self.0[..at].chars().next_back())
                && boundary(self.0[at + member.len()..].chars().next())
        })
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${{{{ {} }}}}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_keep_their_meaning_when_combined() {
        let both = Expression::new("a || b").and(Expression::new("c"));
        assert_eq!(both.code(), "(a || b) && c");
        let either = Expression::new("a && b").or(Expression::new("f(x && y)"));
        assert_eq!(either.code(), "(a && b) || f(x && y)");
        assert_eq!(
            Expression::new("x == '||'")
                .and(Expression::new("y"))
                .code(),
            "x == '||' && y"
        );
    }

    #[test]
    fn a_literal_cannot_end_early() {
        assert_eq!(Expression::literal("it's").code(), "'it''s'");
    }

    #[test]
    fn a_name_is_found_whole() {
        assert!(Expression::new("a || secrets.KEY != ''").names("secrets.KEY"));
        assert!(!Expression::new("secrets.KEY_2").names("secrets.KEY"));
    }
}
