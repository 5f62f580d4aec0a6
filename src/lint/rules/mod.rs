//! The rules beyond GitHub's grammar, one file each.

mod call_permissions;
mod calls;
mod ids;
mod limits;
mod needs;
mod tags;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::lint::Cx;
use crate::lint::repository::{File, Repository};
use crate::lint::rule::Rule;
use crate::source::{Location, SourceId, Span};
use crate::workflow::Workflow;

/// All rules, by the file that they stand in.
pub(super) static FAMILIES: [&[Rule]; 6] = [
    call_permissions::RULES,
    calls::RULES,
    ids::RULES,
    limits::RULES,
    needs::RULES,
    tags::RULES,
];

/// Runs every rule on a file.
pub(super) fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    ids::check(cx, found);
    limits::check(cx, found);
    needs::check(cx, found);
    tags::check(cx.root, found);
}

/// Runs every rule that looks at several files.
pub(super) fn check_calls(
    repository: &Repository,
    file: &File,
    workflow: &Workflow<'_>,
    found: &mut Diagnostics,
) {
    calls::check(repository, file, workflow, found);
    call_permissions::check(repository, file, workflow, found);
}

/// A file without any content.
pub(super) fn empty(id: SourceId) -> Diagnostic {
    Diagnostic::error("empty-section", "the file is empty").at(Location::new(id, Span::at(0)))
}
