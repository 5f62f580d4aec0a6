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
        let words = text.trim_start_matches('#').trim_start();
        let words = words.strip_prefix("cicd:")?.trim_start();
        let (list, reason) = match words.strip_prefix("ignore").map(str::trim_start) {
            Some(rest) => match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
                Some((list, reason)) => (Some(list), reason.trim()),
                None => (None, ""),
            },
            None => (None, ""),
        };
        // All are parts of one text, so that their distance is that of their addresses.
        let place = |part: &str| {
            let offset = part.as_ptr().addr() - text.as_ptr().addr();
            let start = comment.span.start + u32::try_from(offset).unwrap_or_default();
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
            span: comment.span,
            trailing: comment.trailing,
            line: source.position(comment.span.start).line,
            names: names.filter(|names| !names.is_empty()),
            list: list.map_or(comment.span, place),
            reason,
        })
    }

    /// Returns the edit that takes it away, with its line if it has one of its own.
    pub(super) fn removal(&self, source: &Source) -> Edit {
        let Some(line) = source.line_span(self.line) else {
            return Edit::new(self.span, "");
        };
        if self.trailing {
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
