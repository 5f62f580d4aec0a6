//! `parallel-refs`, `parallel-nesting`: steps beside each other.

use std::collections::HashMap;

use crate::diagnostics::{Diagnostic, Diagnostics, Severity, guess};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::{Kind, Node};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[
    Rule {
        id: "parallel-nesting",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "steps within `parallel` that cannot stand there, or too many at once",
        why: "The steps of `parallel` run in the background by themselves, so none of them is put there or waited for. GitHub runs ten steps at once.",
        bad: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{parallel: [{run: make a}, {run: make b, background: true}]}]
"],
        good: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{parallel: [{run: make a}, {run: make b}]}]
"],
    },
    Rule {
        id: "parallel-refs",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "a step that waits for, or cancels, a step that is not in the background",
        why: "GitHub refuses a name that no earlier step has; a step that is over needs no waiting.",
        bad: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{run: make serve, id: server, background: true}, {wait: sever}]
"],
        good: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{run: make serve, id: server, background: true}, {wait: server}]
"],
    },
];

/// How many steps GitHub runs at once.
const MAX_AT_ONCE: usize = 10;

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    for job in cx.workflow.into_iter().flat_map(|workflow| &workflow.jobs) {
        if let Some(steps) = job.node.get("steps") {
            let mut known = HashMap::new();
            for step in steps.items() {
                names(step, &known, found);
                nesting(step, found);
                if let Some(id) = step.get("id").and_then(Node::as_str) {
                    known.insert(id, step);
                }
            }
        }
    }
}

/// What a step waits for, or cancels, against the steps before it.
fn names<'t>(step: Node<'t>, known: &HashMap<&'t str, Node<'t>>, found: &mut Diagnostics) {
    for key in ["wait", "cancel"] {
        let Some(value) = step.get(key) else {
            continue;
        };
        let several: Vec<_> = match value.kind() {
            Kind::Sequence(items) => items.collect(),
            _ => vec![value],
        };
        let own = step.get("id").and_then(Node::as_str);
        for node in several {
            if let Some(name) = node.as_str().filter(|name| !name.is_empty()) {
                found.extend(name_of(node, name, own, known));
            }
        }
    }
}

fn name_of(
    node: Node<'_>,
    name: &str,
    own: Option<&str>,
    known: &HashMap<&str, Node<'_>>,
) -> Option<Diagnostic> {
    let error = |message: String| Diagnostic::error("parallel-refs", message).at(node.location());
    if own.is_some_and(|own| own.eq_ignore_ascii_case(name)) {
        let message = format!("the step `{name}` names itself");
        return Some(error(message).help("name a step before it"));
    }
    let Some(step) = known.get(name) else {
        let mut before: Vec<_> = known.keys().copied().collect();
        before.sort_unstable();
        let error = error(format!("no step before this one has the id `{name}`"));
        return Some(match guess(name, before) {
            Some(near) => error.write_own(near, node.rewritten(near.name)),
            None => error.help("give the step in the background this id"),
        });
    };
    let background = step.get("background");
    if background.is_some_and(|node| !matches!(node.kind(), Kind::Bool(false))) {
        return None;
    }
    // GitHub takes the name, and there is nothing to wait for.
    let message = format!("the step `{name}` is not in the background");
    Some(
        Diagnostic::warning("parallel-refs", message)
            .at(node.location())
            .label(step.location(), "it is over before the next one begins")
            .help("write `background: true` there, or take its name away here"),
    )
}

fn nesting(step: Node<'_>, found: &mut Diagnostics) {
    let Some(parallel) = step.entry("parallel") else {
        return;
    };
    for inner in parallel.value.items() {
        for key in ["background", "cancel", "parallel", "wait", "wait-all"] {
            if let Some(node) = inner.key_of(key) {
                found.push(
                    Diagnostic::error(
                        "parallel-nesting",
                        format!("`{key}` cannot stand within `parallel`"),
                    )
                    .at(node.location())
                    .note("its steps run in the background by themselves")
                    .help("take it away, or put the step behind"),
                );
            }
        }
    }
    let count = parallel.value.items().len();
    if count > MAX_AT_ONCE {
        let message =
            format!("`parallel` has {count} steps, and GitHub runs {MAX_AT_ONCE} at once");
        found.push(
            Diagnostic::warning("parallel-nesting", message)
                .at(parallel.key.location())
                .help("put the rest into another `parallel`"),
        );
    }
}
