//! `permissions-missing`, `permissions-broad`, `permissions-undocumented`: what a workflow
//! grants its jobs.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::{Entry, Node};
use crate::workflow::Workflow;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

const GOOD: &str = "\
on: push
permissions: {}
jobs:
  a:
    permissions:
      contents: write # pushes a tag
    runs-on: ubuntu-24.04
    steps: [{run: make}]
  b: {runs-on: ubuntu-24.04, steps: [{run: make}]}
";

static RULES: &[Rule] = &[
    Rule {
        id: "permissions-broad",
        group: Group::Security,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "permissions that more jobs have than need them",
        why: "Whatever takes over one step can do what the job's token can. Give each job the scopes that it needs, and the workflow none.",
        bad: &["\
on: push
permissions: {contents: write}
jobs:
  a: {runs-on: ubuntu-24.04, steps: [{run: make}]}
  b: {runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
        good: &[GOOD],
    },
    Rule {
        id: "permissions-missing",
        group: Group::Security,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "a job of which nobody says what its token can do",
        why: "It has what the repository's settings give by default, which may be write access to everything. `permissions: {}` for the workflow gives nothing; a job names what it needs.",
        bad: &["\
on: push
jobs:
  a: {permissions: {contents: read}, runs-on: ubuntu-24.04, steps: [{run: make}]}
  b: {runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
        good: &[GOOD],
    },
    Rule {
        id: "permissions-undocumented",
        group: Group::Policy,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "write access without a comment that says what for",
        why: "Nobody dares to take away what nobody explained.",
        bad: &["\
on: push
permissions: {}
jobs:
  a:
    permissions:
      contents: write
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
        good: &[GOOD],
    },
];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = cx.workflow else {
        return;
    };
    let is_documented = cx.wants("permissions-undocumented");
    missing(workflow, found);
    let own = workflow.node.get("permissions");
    let jobs = workflow
        .jobs
        .iter()
        .filter_map(|job| job.node.get("permissions"));
    for permissions in own.into_iter().chain(jobs) {
        all(permissions, found);
        if is_documented {
            for entry in permissions.entries().filter(is_write) {
                undocumented(cx, entry, found);
            }
        }
    }
    let inherit = workflow
        .jobs
        .iter()
        .filter(|job| job.node.get("permissions").is_none());
    if workflow.jobs.len() > 1 && inherit.count() > 0 {
        for entry in own.into_iter().flat_map(Node::entries).filter(is_write) {
            shared(entry, found);
        }
    }
}

fn is_write(entry: &Entry<'_>) -> bool {
    entry.value.as_str() == Some("write")
}

/// One finding for all jobs, at the first of them.
fn missing(workflow: &Workflow<'_>, found: &mut Diagnostics) {
    if workflow.node.get("permissions").is_some() {
        return;
    }
    // Who is only called has what its caller gives, and hands it on by calls of its own.
    let is_only_called =
        workflow.trigger("workflow_call").is_some() && workflow.triggers.len() == 1;
    let mut jobs = workflow.jobs.iter().filter(|job| {
        let is_call = job.node.get("uses").is_some();
        job.node.get("permissions").is_none() && (is_call || !is_only_called)
    });
    let Some(first) = jobs.next() else {
        return;
    };
    let message = match jobs.count() {
        0 => format!("nobody says what the token of `{}` can do", first.id),
        others => format!(
            "nobody says what the tokens of `{}` and {others} more can do",
            first.id
        ),
    };
    found.push(
        Diagnostic::warning("permissions-missing", message)
            .at(first.key.location())
            .note("the repository's settings decide, which may give write access to everything")
            .help("add `permissions: {}` above `jobs`, and to each job what it needs"),
    );
}

fn all(permissions: Node<'_>, found: &mut Diagnostics) {
    let Some(word @ ("read-all" | "write-all")) = permissions.as_str() else {
        return;
    };
    let can = if word == "write-all" {
        "change"
    } else {
        "read"
    };
    found.push(
        Diagnostic::warning(
            "permissions-broad",
            format!("`{word}` lets the token {can} everything"),
        )
        .at(permissions.location())
        .note("whatever takes over one step can do the same")
        .help("name the scopes that are needed, such as `contents: read`"),
    );
}

fn shared(entry: Entry<'_>, found: &mut Diagnostics) {
    let scope = entry.key.as_str().unwrap_or_default();
    let message = format!("every job without permissions of its own has `{scope}: write`");
    found.push(
        Diagnostic::warning("permissions-broad", message)
            .at(entry.key.location())
            .note("whatever takes over a step of any of them can do the same")
            .help("move it to the job that needs it"),
    );
}

/// A comment stands behind an entry or on the line above.
fn undocumented(cx: &Cx<'_>, entry: Entry<'_>, found: &mut Diagnostics) {
    let end = entry.value.definition().span().end as usize;
    let behind = cx.text.get(end..).unwrap_or_default().lines().next();
    let start = entry.key.span().start as usize;
    let mut before = cx.text.get(..start).unwrap_or_default().lines().rev();
    let above = before.nth(1).unwrap_or_default().trim_start();
    if behind.is_some_and(|line| line.contains('#')) || above.starts_with('#') {
        return;
    }
    let scope = entry.key.as_str().unwrap_or_default();
    found.push(
        Diagnostic::warning(
            "permissions-undocumented",
            format!("nothing says what `{scope}: write` is for"),
        )
        .at(entry.key.location())
        .help("add a comment behind it"),
    );
}
