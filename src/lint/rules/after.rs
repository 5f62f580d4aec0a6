//! `workflow-run-unknown-name`: a workflow that waits for another by a name that none has.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity, guess};
use crate::expression;
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::{Kind, Node};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "workflow-run-unknown-name",
    group: Group::Correctness,
    severity: Severity::Error,
    fixes: Fixes::Sometimes,
    finds: "a name below `workflow_run` that no workflow of the repository has",
    why: "The workflow never starts after it. It goes by `name`, or by the path of the file where there is none.",
    bad: &["\
on: {workflow_run: {workflows: [Bulid], types: [completed]}}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
# file: .github/workflows/build.yml
name: Build
on: push
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
    good: &["\
on: {workflow_run: {workflows: [Build], types: [completed]}}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
# file: .github/workflows/build.yml
name: Build
on: push
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
}];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let after = cx.workflow.and_then(|it| it.trigger("workflow_run"));
    let Some(waited) = after.and_then(|after| after.get("workflows")) else {
        return;
    };
    let Some(known) = names(cx) else {
        return;
    };
    let several: Vec<_> = match waited.kind() {
        Kind::Sequence(items) => items.collect(),
        _ => vec![waited],
    };
    for node in several {
        let Some(name) = node.as_str() else {
            continue;
        };
        let is_known = known.iter().any(|known| known.eq_ignore_ascii_case(name));
        if is_known || is_pattern(name) || name.is_empty() {
            continue;
        }
        let own = cx.root.get("name").and_then(Node::as_str);
        let others = known.iter().copied().filter(|known| Some(*known) != own);
        found.push(unknown(node, name, others));
    }
}

/// The names of the repository's workflows, if all of them can be read.
fn names<'t>(cx: &Cx<'t>) -> Option<Vec<&'t str>> {
    let members = cx.repository.workflows(&cx.file.repository);
    members
        .map(|member| {
            let workflow = member.workflow.as_ref()?;
            let name = workflow.node.get("name").and_then(Node::as_str);
            Some(
                name.filter(|name| !name.is_empty())
                    .unwrap_or(&member.file.path),
            )
        })
        .collect()
}

fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?', '[', '!']) || expression::is_in(name)
}

fn unknown<'t>(node: Node<'_>, name: &str, others: impl Iterator<Item = &'t str>) -> Diagnostic {
    let message = format!("no workflow here has the name `{name}`");
    match guess(name, others) {
        Some(near) => Diagnostic::error("workflow-run-unknown-name", message)
            .at(node.location())
            .write_own(near, node.rewritten(near.name)),
        // It may be one that GitHub itself brings, such as a scan that is set up without a file.
        None => Diagnostic::warning("workflow-run-unknown-name", message)
            .at(node.location())
            .note("workflows go by `name`, or by the path of the file where there is none")
            .help("name a workflow of this repository"),
    }
}
