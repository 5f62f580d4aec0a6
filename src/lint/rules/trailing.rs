//! `trailing-step`: what can never run, since something before it always fails.

use std::collections::HashMap;

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::{Kind, Node};
use crate::workflow::{Job, Step};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "trailing-step",
    group: Group::Correctness,
    severity: Severity::Note,
    fixes: Fixes::Never,
    finds: "a step behind one that always fails, or a job that needs a job that always fails",
    why: "It never runs. If it is to run after a failure, its `if` says so with `failure()` or `always()`.",
    bad: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{run: exit 1}, {run: make}]
"],
    good: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{run: exit 1}, {if: failure(), run: make}]
"],
}];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = cx.workflow else {
        return;
    };
    let mut failing: HashMap<String, Node<'_>> = HashMap::new();
    for job in &workflow.jobs {
        let mut steps = job.steps.iter();
        let Some(end) = steps.by_ref().find(|step| always_fails(step)) else {
            continue;
        };
        if let Some(next) = steps.find(|step| !starts_after_failure(step.node)) {
            found.push(never(next.node, "the step", end.node));
        }
        if !may_fail(job.node) && job.node.get("if").is_none() {
            failing.insert(job.id.to_ascii_lowercase(), end.node);
        }
    }
    if failing.is_empty() {
        return;
    }
    for job in &workflow.jobs {
        if let Some(end) = needed(job, &failing)
            && !starts_after_failure(job.node)
        {
            found.push(never(job.key, "the job", end));
        }
    }
}

fn needed<'t>(job: &Job<'t>, failing: &HashMap<String, Node<'t>>) -> Option<Node<'t>> {
    let names = job.needs.iter().filter_map(|node| node.as_str());
    let mut ends = names.filter_map(|name| failing.get(&name.to_ascii_lowercase()));
    ends.next().copied()
}

fn never(node: Node<'_>, what: &str, end: Node<'_>) -> Diagnostic {
    Diagnostic::new(
        Severity::Note,
        "trailing-step",
        format!("{what} never runs"),
    )
    .at(node.location())
    .label(end.location(), "this one always fails")
    .help("take it away, or say with `if: failure()` that it is for failures")
}

/// A step without a condition whose script ends in `exit 1` whatever happens before.
fn always_fails(step: &Step<'_>) -> bool {
    let Some(script) = step.run.and_then(Node::as_str) else {
        return false;
    };
    let background = step.node.get("background").is_some();
    if background || may_fail(step.node) || step.node.get("if").is_some() {
        return false;
    }
    let mut lines = script.trim_end().lines().rev();
    let last = lines.next().unwrap_or_default();
    // What is set in is part of something else.
    let is_exit = last.strip_prefix("exit ").is_some_and(|code| {
        let code = code.trim();
        code != "0" && !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit())
    });
    is_exit && !lines.any(leaves)
}

/// Whether a line may end the script before its last one, or be part of a text over lines.
fn leaves(line: &str) -> bool {
    ["exit", "exec", "return", "<<", "@'", "@\"", "trap"]
        .iter()
        .any(|word| line.contains(word))
}

fn may_fail(node: Node<'_>) -> bool {
    let allowed = node.get("continue-on-error");
    allowed.is_some_and(|node| !matches!(node.kind(), Kind::Bool(false)))
}

/// Whether a condition lets a step or job begin after a failure.
fn starts_after_failure(node: Node<'_>) -> bool {
    let condition = node.get("if").and_then(Node::as_str);
    condition.is_some_and(|text| {
        let text = text.to_ascii_lowercase();
        ["always", "failure", "cancelled"]
            .iter()
            .any(|name| text.contains(name))
    })
}
