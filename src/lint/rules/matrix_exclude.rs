//! `matrix-exclude`: what `exclude` takes away and no combination has.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity, guess};
use crate::expression;
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::{Entry, Kind, Node};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "matrix-exclude",
    group: Group::Correctness,
    severity: Severity::Error,
    fixes: Fixes::Sometimes,
    finds: "an `exclude` of a key that the matrix does not have, or of a value that the key never has",
    why: "GitHub refuses an unknown key, and a value that never occurs excludes nothing. What `include` adds comes after `exclude`.",
    bad: &[
        MATRIX,
        "        exclude: [{system: windows-2025, node: 22}]\n",
        STEPS,
    ],
    good: &[
        MATRIX,
        "        exclude: [{os: windows-2025, node: 22}]\n",
        STEPS,
    ],
}];

const MATRIX: &str = "\
on: push
jobs:
  test:
    strategy:
      matrix:
        os: [ubuntu-24.04, windows-2025]
        node: [22, 24]
";

const STEPS: &str = "    runs-on: ${{ matrix.os }}
    steps: [{run: 'make ${{ matrix.node }}'}]
";

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let jobs = cx.workflow.into_iter().flat_map(|workflow| &workflow.jobs);
    for job in jobs {
        let matrix = job.node.get("strategy").and_then(|it| it.get("matrix"));
        let Some(matrix) = matrix else {
            continue;
        };
        let axes: Vec<_> = matrix.entries().filter(|entry| is_axis(*entry)).collect();
        // What an expression gives is not known.
        if axes.iter().any(|axis| has_expression(axis.key)) {
            continue;
        }
        for item in matrix.get("exclude").into_iter().flat_map(Node::items) {
            for entry in item.entries() {
                found.extend(unknown(entry, &axes));
            }
        }
    }
}

fn is_axis(entry: Entry<'_>) -> bool {
    !matches!(entry.key.as_str(), None | Some("include" | "exclude"))
}

fn unknown(entry: Entry<'_>, axes: &[Entry<'_>]) -> Option<Diagnostic> {
    let key = entry.key.as_str()?;
    if has_expression(entry.key) {
        return None;
    }
    let names = || axes.iter().filter_map(|axis| axis.key.as_str());
    let Some(axis) = axes.iter().find(|axis| axis.key.as_str() == Some(key)) else {
        let error = Diagnostic::error("matrix-exclude", format!("the matrix has no key `{key}`"))
            .at(entry.key.location());
        return Some(match guess(key, names()) {
            Some(near) => error.write_own(near, entry.key.rewritten(near.name)),
            None => error.help("`exclude` knows the keys of `matrix` only, not those of `include`"),
        });
    };
    let Kind::Sequence(mut values) = axis.value.kind() else {
        return None;
    };
    let matched = values.any(|value| matches_value(entry.value, value));
    (!matched).then(|| {
        let shown = entry.value.as_str().unwrap_or("this");
        let message = format!("`{key}` is never `{shown}`, so this excludes nothing");
        let warning = Diagnostic::warning("matrix-exclude", message).at(entry.value.location());
        let known = axis.value.items().filter_map(Node::as_str);
        match guess(shown, known) {
            Some(near) => warning.write_own(near, entry.value.rewritten(near.name)),
            None => warning.label(axis.value.location(), "its values"),
        }
    })
}

/// Whether a value may be the one that is excluded. Of a mapping, a part will do.
fn matches_value(excluded: Node<'_>, value: Node<'_>) -> bool {
    if has_expression(excluded) || has_expression(value) {
        return true;
    }
    match (excluded.kind(), value.kind()) {
        (Kind::Mapping(mut wanted), Kind::Mapping(_)) => wanted.all(|entry| {
            let key = entry.key.as_str().unwrap_or_default();
            let there = value.get(key);
            there.is_some_and(|there| matches_value(entry.value, there))
        }),
        (Kind::Sequence(one), Kind::Sequence(two)) => {
            one.len() == two.len() && one.zip(two).all(|(one, two)| matches_value(one, two))
        }
        _ => match (excluded.as_str(), value.as_str()) {
            (Some(one), Some(two)) => one == two,
            _ => false,
        },
    }
}

fn has_expression(node: Node<'_>) -> bool {
    node.as_str().is_some_and(expression::is_in)
}
