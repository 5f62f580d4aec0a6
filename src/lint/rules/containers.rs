//! `container-image`, and `missing-key` and `empty-section` for what GitHub says of containers
//! beyond its grammar.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::expression;
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::{Entry, Kind, Node};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "container-image",
    group: Group::Correctness,
    severity: Severity::Error,
    fixes: Fixes::Never,
    finds: "a container without an image",
    why: "The job cannot start.",
    bad: &["\
on: push
jobs:
  build:
    container: {image: }
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
    good: &["\
on: push
jobs:
  build:
    container: {image: 'node:24'}
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
}];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    for job in cx.workflow.into_iter().flat_map(|workflow| &workflow.jobs) {
        if let Some(container) = job.node.entry("container")
            && (container.value.is_null() || container.value.as_str() == Some(""))
        {
            found.push(none(container));
        }
        job.containers().for_each(|container| one(container, found));
    }
}

/// GitHub takes nothing, and an empty text, for no container.
fn none(container: Entry<'_>) -> Diagnostic {
    Diagnostic::warning(
        "empty-section",
        "`container` is empty, so the job runs without one",
    )
    .at(container.key.location())
    .help("name the image, or take the key away")
}

fn one(container: Entry<'_>, found: &mut Diagnostics) {
    if !matches!(container.value.kind(), Kind::Mapping(_)) {
        return;
    }
    let name = container.key.as_str().unwrap_or_default();
    match container.value.entry("image") {
        Some(image) if image.value.as_str() == Some("") => found.push(
            Diagnostic::error("container-image", "`image` is empty")
                .at(image.key.location())
                .help("name the image"),
        ),
        // What expressions give may be anything, so GitHub looks no closer before the run.
        None if !has_expression(container.value) => found.push(
            Diagnostic::error("missing-key", format!("`{name}` has no `image`"))
                .at(container.key.location())
                .help("add `image`"),
        ),
        _ => {}
    }
    if let Some(credentials) = container.value.entry("credentials") {
        found.extend(half(credentials));
    }
}

fn has_expression(node: Node<'_>) -> bool {
    match node.kind() {
        Kind::Mapping(mut entries) => {
            entries.any(|entry| has_expression(entry.key) || has_expression(entry.value))
        }
        Kind::Sequence(mut items) => items.any(has_expression),
        _ => node.as_str().is_some_and(expression::is_in),
    }
}

/// A runner logs in only with both a name and a password.
fn half(credentials: Entry<'_>) -> Option<Diagnostic> {
    let given = credentials.value;
    if !matches!(given.kind(), Kind::Mapping(_)) {
        return None;
    }
    let keys = ["username", "password"];
    let missing = keys.into_iter().find(|key| given.get(key).is_none())?;
    Some(
        Diagnostic::warning("missing-key", format!("`credentials` has no `{missing}`"))
            .at(credentials.key.location())
            .note("without both the runner does not log in")
            .help(format!("add `{missing}`")),
    )
}
