//! The rules beyond GitHub's grammar, one file each.

mod ids;
mod limits;
mod needs;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::lint::Cx;
use crate::source::{Location, SourceId, Span};

/// Runs every rule on a file.
pub(super) fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    ids::check(cx, found);
    limits::check(cx, found);
    needs::check(cx, found);
}

/// A file without any content.
pub(super) fn empty(id: SourceId) -> Diagnostic {
    Diagnostic::error("empty-section", "the file is empty").at(Location::new(id, Span::at(0)))
}
