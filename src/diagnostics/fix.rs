//! Edits of a text: what a user accepts to have a diagnostic mended.

use std::collections::BTreeMap;

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

impl Fix {
    /// Returns the fix of these edits.
    pub fn new(applicability: Applicability, edits: impl IntoIterator<Item = Edit>) -> Self {
        let mut edits: Vec<_> = edits.into_iter().collect();
        edits.sort_by_key(|edit| edit.span);
        Self {
            applicability,
            edits,
        }
    }
}

/// A text with some fixes made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The text.
    pub text: String,
    /// Which of the fixes were made, by their number.
    pub made: Vec<usize>,
    /// Where their edits stand in the new text, each with the number of a fix that has it.
    pub places: Vec<(Span, usize)>,
}

/// Returns the text with fixes made, each as a whole or not at all.
///
/// Of fixes that overlap the first in the text is made and the others are left, as
/// is one with a span that is not of this text. An edit that several fixes share is
/// made once; two insertions in one place count as overlapping.
pub fn apply_fixes(text: &str, fixes: &[&Fix]) -> Fixed {
    let mut order: Vec<usize> = (0..fixes.len()).collect();
    order.sort_by_key(|at| fixes[*at].edits.first().map(|edit| edit.span));
    let mut taken: BTreeMap<Span, (&Edit, usize)> = BTreeMap::new();
    let mut made = Vec::new();
    for at in order {
        let edits = &fixes[at].edits;
        let apart = edits
            .windows(2)
            .all(|two| two[0].span.end <= two[1].span.start);
        let free = edits.iter().all(|edit| fits(text, &taken, edit));
        if !edits.is_empty() && apart && free {
            taken.extend(edits.iter().map(|edit| (edit.span, (edit, at))));
            made.push(at);
        }
    }
    let mut result = String::with_capacity(text.len());
    let mut places = Vec::new();
    let mut done = 0;
    for (edit, at) in taken.values() {
        let range = edit.span.range();
        result.push_str(&text[done..range.start]);
        let start = offset(result.len());
        result.push_str(&edit.replacement);
        places.push((Span::new(start, offset(result.len())), *at));
        done = range.end;
    }
    result.push_str(&text[done..]);
    Fixed {
        text: result,
        made,
        places,
    }
}

/// Says whether an edit can be made beside those that were taken.
fn fits(text: &str, taken: &BTreeMap<Span, (&Edit, usize)>, edit: &Edit) -> bool {
    let Span { start, end } = edit.span;
    if taken
        .get(&edit.span)
        .is_some_and(|(known, _)| *known == edit)
    {
        return true;
    }
    // What is taken does not overlap, so that its neighbours suffice.
    let before = taken.range(..=edit.span).next_back();
    let after = taken.range(edit.span..).next();
    let apart = |(other, _): (&Span, &(&Edit, usize))| {
        (other.end <= start || end <= other.start) && *other != edit.span
    };
    before.is_none_or(apart) && after.is_none_or(apart) && text.get(edit.span.range()).is_some()
}

/// Texts have at most `MAX_BYTES` bytes.
fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Applies fixes of edits given as start, end and text.
    fn applied(text: &str, fixes: &[&[(u32, u32, &str)]]) -> (String, Vec<usize>) {
        let edit = |(start, end, new): &(u32, u32, &str)| Edit::new(Span::new(*start, *end), *new);
        let fixes: Vec<_> = fixes
            .iter()
            .map(|edits| Fix::new(Applicability::Safe, edits.iter().map(edit)))
            .collect();
        let fixed = apply_fixes(text, &fixes.iter().collect::<Vec<_>>());
        (fixed.text, fixed.made)
    }

    #[test]
    fn edits_are_made_in_any_order() {
        let fixes: [&[_]; 2] = [&[(4, 7, "2")], &[(0, 3, "1")]];
        assert_eq!(applied("one two", &fixes), ("1 2".into(), vec![1, 0]));
        let fixes: [&[_]; 1] = [&[(1, 1, "-"), (2, 2, "!"), (0, 0, ">")]];
        assert_eq!(applied("ab", &fixes), (">a-b!".into(), vec![0]));
        assert_eq!(applied("abc", &[]), ("abc".into(), vec![]));
    }

    #[test]
    fn of_overlapping_fixes_the_first_is_made_as_a_whole() {
        let fixes: [&[_]; 2] = [&[(2, 5, "X"), (0, 0, "Z")], &[(4, 6, "Y"), (1, 1, "W")]];
        assert_eq!(applied("abcdef", &fixes), ("ZabXf".into(), vec![0]));
        let fixes: [&[_]; 2] = [&[(0, 1, "X")], &[(1, 2, "Y")]];
        assert_eq!(applied("abc", &fixes), ("XYc".into(), vec![0, 1]));
        let fixes: [&[_]; 2] = [&[(0, 9, "X")], &[(4, 4, "Y")]];
        assert_eq!(applied("abcdefghij", &fixes), ("Xj".into(), vec![0]));
    }

    #[test]
    fn an_edit_of_several_fixes_is_made_once() {
        let fixes: [&[_]; 2] = [&[(1, 1, "-")], &[(1, 1, "-"), (2, 2, "!")]];
        assert_eq!(applied("ab", &fixes), ("a-b!".into(), vec![0, 1]));
        let fixes: [&[_]; 2] = [&[(1, 1, "-")], &[(1, 1, "+")]];
        assert_eq!(applied("ab", &fixes), ("a-b".into(), vec![0]));
    }

    #[test]
    fn fixes_of_another_text_are_left() {
        assert_eq!(applied("é", &[&[(1, 2, "X")]]), ("é".into(), vec![]));
        let fixes: [&[_]; 2] = [&[(1, 9, "X"), (0, 0, "Z")], &[(3, 2, "Y")]];
        assert_eq!(applied("a", &fixes), ("a".into(), vec![]));
    }
}
