//! `text-limits`, `runner-group`, `matrix-shape`: values that GitHub refuses
//! although their form is right.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::expression;
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::{Kind, Node};
use crate::workflow::{Job, Step};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[
    Rule {
        id: "matrix-shape",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a matrix with an empty list",
        why: "It makes no job at all, and GitHub refuses the run.",
        bad: &["\
on: push
jobs:
  build:
    strategy: {matrix: {node: []}}
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
        good: &["\
on: push
jobs:
  build:
    strategy: {matrix: {node: [24]}}
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
    },
    Rule {
        id: "runner-group",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a runner group with a prefix that GitHub does not know",
        why: "A group is named plainly, or as `org/NAME` or `ent/NAME`.",
        bad: &["\
on: push
jobs:
  build:
    runs-on: {group: mine/large}
    steps: [{run: make}]
"],
        good: &["\
on: push
jobs:
  build:
    runs-on: {group: org/large}
    steps: [{run: make}]
"],
    },
    Rule {
        id: "text-limits",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a script that is longer than GitHub takes",
        why: "GitHub refuses the file. Put the script into the repository and call it.",
        bad: &[],
        good: &[],
    },
];

/// GitHub's limit for a script, in characters.
const MAX_SCRIPT: usize = 21_000;

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = cx.workflow else {
        return;
    };
    for job in &workflow.jobs {
        for step in &job.steps {
            script(step, found);
        }
        group(job, found);
        matrix(job, found);
    }
}

fn script(step: &Step<'_>, found: &mut Diagnostics) {
    let (Some(run), Some(key)) = (step.run.and_then(Node::as_str), step.node.key_of("run")) else {
        return;
    };
    // It never has more characters than bytes.
    if run.len() <= MAX_SCRIPT {
        return;
    }
    let length = run.encode_utf16().count();
    if length > MAX_SCRIPT {
        let message = format!("the script has {length} characters, and GitHub takes {MAX_SCRIPT}");
        found.push(
            Diagnostic::error("text-limits", message)
                .at(key.location())
                .help("put it into a file of the repository and run that"),
        );
    }
}

/// `group` is a name, or one of the organization's or the enterprise's.
fn group(job: &Job<'_>, found: &mut Diagnostics) {
    let group = job.node.get("runs-on").and_then(|node| node.get("group"));
    let Some((node, text)) = group.and_then(|node| Some((node, node.as_str()?))) else {
        return;
    };
    if expression::is_in(text) {
        return;
    }
    let fits = match text.split_once('/') {
        None => true,
        Some((prefix, name)) => {
            matches!(prefix, "org" | "organization" | "ent" | "enterprise")
                && !name.is_empty()
                && !name.contains('/')
        }
    };
    if !fits {
        found.push(
            Diagnostic::error("runner-group", format!("`{text}` is no runner group"))
                .at(node.location())
                .help("write its name, `org/NAME` or `ent/NAME`"),
        );
    }
}

fn matrix(job: &Job<'_>, found: &mut Diagnostics) {
    let matrix = job.node.get("strategy").and_then(|node| node.get("matrix"));
    for entry in matrix.into_iter().flat_map(Node::entries) {
        let key = entry.key.as_str().unwrap_or_default();
        let is_axis = !matches!(key, "include" | "exclude");
        if is_axis && matches!(entry.value.kind(), Kind::Sequence(items) if items.len() == 0) {
            found.push(
                Diagnostic::error(
                    "matrix-shape",
                    format!("`{key}` has no values, so there is no job"),
                )
                .at(entry.value.location())
                .help("give it a value, or take it away"),
            );
        }
    }
}
