//! `matrix-duplicate`, `matrix-size`: what a matrix makes of its lists.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::diagnostics::{Applicability, Diagnostic, Diagnostics, Severity};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::{Kind, Node};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[
    Rule {
        id: "matrix-duplicate",
        group: Group::Correctness,
        severity: Severity::Warning,
        fixes: Fixes::Sometimes,
        finds: "a value that stands twice in a list of a matrix",
        why: "The same job runs twice. One of the two was probably meant to be another.",
        bad: &["\
on: push
jobs:
  build:
    strategy: {matrix: {node: [22, 24, 22]}}
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
        good: &["\
on: push
jobs:
  build:
    strategy: {matrix: {node: [22, 24]}}
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
    },
    Rule {
        id: "matrix-size",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a matrix that makes more than 256 jobs",
        why: "GitHub refuses the run.",
        bad: &["\
on: push
jobs:
  build:
    strategy:
      matrix:
        a: [1, 2, 3, 4, 5, 6, 7]
        b: [1, 2, 3, 4, 5, 6, 7]
        c: [1, 2, 3, 4, 5, 6, 7]
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
        good: &["\
on: push
jobs:
  build:
    strategy:
      matrix:
        a: [1, 2, 3, 4, 5, 6, 7]
        b: [1, 2, 3, 4, 5, 6, 7]
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
    },
];

/// GitHub's limit.
const MAX_JOBS: u64 = 256;

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = cx.workflow else {
        return;
    };
    for job in &workflow.jobs {
        let strategy = job.node.get("strategy");
        let Some(matrix) = strategy.and_then(|node| node.entry("matrix")) else {
            continue;
        };
        for (name, values) in axes(matrix.value) {
            duplicates(cx, name, values, found);
        }
        let least = least(matrix.value);
        if least > MAX_JOBS {
            let message = format!("the matrix makes {least} jobs, and GitHub takes {MAX_JOBS}");
            found.push(
                Diagnostic::error("matrix-size", message)
                    .at(matrix.key.location())
                    .help("take values away, or make several jobs of it"),
            );
        }
    }
}

/// The lists of a matrix by name.
fn axes<'t>(matrix: Node<'t>) -> impl Iterator<Item = (&'t str, Node<'t>)> {
    let named = matrix
        .entries()
        .filter_map(|entry| Some((entry.key.as_str()?, entry.value)));
    named.filter(|(name, _)| !matches!(*name, "include" | "exclude"))
}

fn duplicates(cx: &Cx<'_>, name: &str, values: Node<'_>, found: &mut Diagnostics) {
    let mut first: HashMap<String, Node<'_>> = HashMap::new();
    for item in values.items() {
        let mut text = String::new();
        spell(item, &mut text);
        let Some(known) = first.get(&text) else {
            first.insert(text, item);
            continue;
        };
        let message = match item.as_str() {
            Some(value) => format!("`{value}` stands twice in `{name}`"),
            None => format!("the same value stands twice in `{name}`"),
        };
        found.push(
            Diagnostic::warning("matrix-duplicate", message)
                .at(item.location())
                .label(known.location(), "it is here")
                .note("the same job runs twice")
                .help("take one away")
                .mend(Applicability::Safe, values.without(cx.text, item)),
        );
    }
}

/// Writes a value so that equal ones read the same, and others do not.
fn spell(node: Node<'_>, text: &mut String) {
    match node.kind() {
        Kind::Sequence(items) => {
            text.push('[');
            for item in items {
                spell(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Kind::Mapping(entries) => {
            let mut entries: Vec<_> = entries.collect();
            entries.sort_by_key(|entry| entry.key.as_str());
            text.push('{');
            for entry in entries {
                spell(entry.key, text);
                text.push(':');
                spell(entry.value, text);
                text.push(',');
            }
            text.push('}');
        }
        // Numbers are told from texts by the quote, and texts from what follows by their length.
        Kind::String(value) => _ = write!(text, "{}'", value.len()).map(|()| text.push_str(value)),
        Kind::Integer(value) => _ = write!(text, "{value}"),
        Kind::Float(value) => _ = write!(text, "{value}"),
        Kind::Bool(value) => _ = write!(text, "{value}"),
        Kind::Null => text.push('~'),
    }
}

/// How many jobs a matrix makes at least: what it excludes, and what only a run can tell,
/// does not count.
fn least(matrix: Node<'_>) -> u64 {
    let length = |values: Node<'_>| match values.kind() {
        Kind::Sequence(items) => u64::try_from(items.len()).unwrap_or(u64::MAX),
        _ => 1,
    };
    let has_axis = axes(matrix).next().is_some();
    let lengths = axes(matrix).map(|(_, values)| length(values));
    let all = lengths.fold(1, u64::saturating_mul);
    if !has_axis {
        return matrix.get("include").map_or(0, length);
    }
    let excluded = matrix.get("exclude").map(|excluded| {
        let each = excluded.items().map(|one| {
            let free = axes(matrix).filter(|(name, _)| one.get(name).is_none());
            free.map(|(_, values)| length(values))
                .fold(1, u64::saturating_mul)
        });
        let written = matches!(excluded.kind(), Kind::Sequence(_));
        if written {
            each.fold(0, u64::saturating_add)
        } else {
            all
        }
    });
    all.saturating_sub(excluded.unwrap_or(0))
}
