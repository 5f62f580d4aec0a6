//! Edits of a text: what a user accepts to have a diagnostic mended.

use crate::source::Span;

/// How far a fix may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// It keeps the meaning, or makes it what was plainly meant.
    Safe,
    /// It may change the meaning; a person should look at it.
    Unsafe,
    /// It is only shown, never applied.
    DisplayOnly,
}

impl Applicability {
    /// Returns the word for it: `safe`, `unsafe` or `display-only`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
            Self::DisplayOnly => "display-only",
        }
    }
}

/// One span replaced by a text; an insertion has an empty span, a removal an empty text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// What stands there afterwards.
    pub replacement: String,
}

impl Edit {
    /// Returns the edit that puts `replacement` in place of `span`.
    pub fn new(span: Span, replacement: impl Into<String>) -> Self {
        let replacement = replacement.into();
        Self { span, replacement }
    }
}

/// Edits of one text that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// How far it may be trusted.
    pub applicability: Applicability,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

/// Returns the text with the edits made, in any order given.
///
/// Of edits that overlap the first in the text is made and the others are
/// skipped, as are repetitions of an edit and spans that are not of this text.
pub fn apply_edits(text: &str, edits: &[Edit]) -> String {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| edit.span);
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    let mut last: Option<&Edit> = None;
    for edit in sorted {
        let range = edit.span.range();
        if last == Some(edit) || range.start < done || text.get(range.clone()).is_none() {
            continue;
        }
        result.push_str(&text[done..range.start]);
        result.push_str(&edit.replacement);
        done = range.end;
        last = Some(edit);
    }
    result.push_str(&text[done..]);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(text: &str, edits: &[(u32, u32, &str)]) -> String {
        let edits: Vec<_> = edits
            .iter()
            .map(|(start, end, new)| Edit::new(Span::new(*start, *end), *new))
            .collect();
        apply_edits(text, &edits)
    }

    #[test]
    fn edits_are_made_in_any_order() {
        assert_eq!(applied("one two", &[(4, 7, "2"), (0, 3, "1")]), "1 2");
        assert_eq!(
            applied("ab", &[(1, 1, "-"), (2, 2, "!"), (0, 0, ">")]),
            ">a-b!"
        );
        assert_eq!(applied("abc", &[]), "abc");
    }

    #[test]
    fn of_overlapping_edits_the_first_is_made() {
        assert_eq!(applied("abcdef", &[(2, 5, "X"), (1, 3, "Y")]), "aYdef");
        assert_eq!(applied("abc", &[(0, 1, "X"), (1, 2, "Y")]), "XYc");
    }

    #[test]
    fn a_repeated_edit_is_made_once() {
        assert_eq!(applied("ab", &[(1, 1, "-"), (1, 1, "-")]), "a-b");
        assert_eq!(applied("ab", &[(1, 1, "-"), (1, 1, "+")]), "a-+b");
    }

    #[test]
    fn spans_of_another_text_are_skipped() {
        assert_eq!(applied("é", &[(1, 2, "X")]), "é");
        assert_eq!(applied("a", &[(1, 9, "X"), (3, 2, "Y")]), "a");
    }
}
