//! The rules that GitHub's grammar itself gives; [`shape`](crate::workflow::shape) finds them.

mod actions;
mod jobs;
mod triggers;
mod values;

use super::rule::Rule;
use crate::diagnostics::Diagnostic;
use crate::source::{Location, SourceId, Span};

/// All of them, by what they are about.
pub(super) static RULES: [&[Rule]; 4] =
    [actions::RULES, jobs::RULES, triggers::RULES, values::RULES];

/// A file without any content.
pub(super) fn empty(id: SourceId) -> Diagnostic {
    Diagnostic::error("empty-section", "the file is empty").at(Location::new(id, Span::at(0)))
}
