//! The words of a suppression.

use crate::diagnostics::Edit;
use crate::source::{Source, Span};
use crate::syntax;

/// A comment for this linter.
pub(super) struct Comment<'s> {
    /// From the `#` to the end of the line.
    pub(super) span: Span,
    /// Whether something stands before it on its line.
    pub(super) trailing: bool,
    /// Whether that is another comment.
    shares: bool,
    /// The line that it stands on.
    pub(super) line: u32,
    /// The names in the brackets; nothing if it is not understood.
    pub(super) names: Option<Vec<Name<'s>>>,
    /// What lies between the brackets.
    pub(super) list: Span,
    /// Why.
    pub(super) reason: &'s str,
}

/// The name of a rule as it is written.
pub(super) struct Name<'s> {
    pub(super) text: &'s str,
    pub(super) span: Span,
}

impl<'s> Comment<'s> {
    /// Reads a comment, if it is for this linter.
    pub(super) fn read(source: &'s Source, comment: syntax::Comment) -> Option<Self> {
        let text = source.slice(comment.span);
        let (text, words) = own(text)?;
        let (list, reason) = match words.strip_prefix("ignore").map(str::trim_start) {
            Some(rest) => match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
                Some((list, reason)) => (Some(list), before_next(reason)),
                None => (None, ""),
            },
            None => (None, ""),
        };
        let skipped = source.slice(comment.span).len() - text.len();
        let start = comment.span.start + u32::try_from(skipped).unwrap_or_default();
        let span = Span::new(start, comment.span.end);
        // All are parts of one text, so that their distance is that of their addresses.
        let place = |part: &str| {
            let offset = part.as_ptr().addr() - text.as_ptr().addr();
            let start = start + u32::try_from(offset).unwrap_or_default();
            Span::new(start, start + u32::try_from(part.len()).unwrap_or_default())
        };
        let names = list.map(|list| {
            let names = list
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty());
            let named = names.map(|text| Name {
                text,
                span: place(text),
            });
            named.collect::<Vec<_>>()
        });
        Some(Self {
            span,
            shares: skipped > 0,
            trailing: comment.trailing,
            line: source.position(comment.span.start).line,
            names: names.filter(|names| !names.is_empty()),
            list: list.map_or(span, place),
            reason,
        })
    }

    /// Returns the edit that takes it away, with its line if it has one of its own.
    pub(super) fn removal(&self, source: &Source) -> Edit {
        let Some(line) = source.line_span(self.line) else {
            return Edit::new(self.span, "");
        };
        if self.trailing || self.shares {
            let before = source.slice(Span::new(line.start, self.span.start));
            let kept = u32::try_from(before.trim_end().len()).unwrap_or_default();
            return Edit::new(Span::new(line.start + kept, self.span.end), "");
        }
        let next = source
            .line_span(self.line + 1)
            .map_or(line.end, |next| next.start);
        Edit::new(Span::new(line.start, next), "")
    }
}

/// How comments for this linter begin.
const OURS: &str = "cicd:";

/// Returns a comment from where it is for this linter, and the words after `cicd:`. What
/// stands before may be another comment, such as the version of a pinned action.
fn own(text: &str) -> Option<(&str, &str)> {
    // Hardly a comment is for us.
    if !text.contains(OURS) {
        return None;
    }
    text.match_indices('#').find_map(|(at, _)| {
        let words = text[at..].trim_start_matches('#').trim_start();
        let words = words.strip_prefix(OURS)?;
        Some((&text[at..], words.trim_start()))
    })
}

/// Returns a reason without the comment that may follow it on the line.
fn before_next(reason: &str) -> &str {
    let reason = reason.trim();
    if reason.starts_with('#') {
        return "";
    }
    reason.split(" # ").next().unwrap_or_default().trim_end()
}
