//! `env-var-name`, `workflow-unnamed`: what things are called.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::expression;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::lint::{Cx, FileKind};
use crate::syntax::Node;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[
    Rule {
        id: "env-var-name",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a variable of the environment whose name no shell can read",
        why: "Names are made of letters, digits and `_`; one with a blank, `=` or `&` reaches the script as another variable, or not at all.",
        bad: &["\
on: push
env: {MY VAR: a}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
        good: &["\
on: push
env: {MY_VAR: a}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
    },
    Rule {
        id: "workflow-unnamed",
        group: Group::Policy,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "a workflow or an action without a name",
        why: "GitHub shows the path of the file in its place, and other workflows cannot wait for it by name.",
        bad: &["\
on: push
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
        good: &["\
name: build
on: push
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
    },
];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    if cx.wants("workflow-unnamed") && cx.root.get("name").is_none() {
        let what = match cx.file.kind {
            FileKind::Workflow => "workflow",
            FileKind::Action => "action",
            FileKind::Dependabot => return,
        };
        let first = cx.root.entries().next();
        let at = first.map_or(cx.root, |entry| entry.key);
        found.push(
            Diagnostic::warning("workflow-unnamed", format!("the {what} has no name"))
                .at(at.location())
                .help("add `name` on top"),
        );
    }
    let Some(workflow) = cx.workflow else {
        let runs = cx.root.get("runs");
        let steps = runs.and_then(|runs| runs.get("steps"));
        steps
            .into_iter()
            .flat_map(Node::items)
            .chain(runs)
            .for_each(|node| variables(node, found));
        return;
    };
    variables(workflow.node, found);
    for job in &workflow.jobs {
        variables(job.node, found);
        let containers = job.containers().map(|entry| entry.value);
        let steps = job.steps.iter().map(|step| step.node);
        let inner = containers.chain(steps);
        inner.for_each(|node| variables(node, found));
    }
}

/// The names below the `env` of a mapping.
fn variables(node: Node<'_>, found: &mut Diagnostics) {
    for entry in node.get("env").into_iter().flat_map(Node::entries) {
        let Some(name) = entry.key.as_str().filter(|name| !expression::is_in(name)) else {
            continue;
        };
        let wrong = |letter: &char| letter.is_whitespace() || matches!(letter, '=' | '&');
        if let Some(letter) = name.chars().find(wrong) {
            let message = match letter {
                '=' | '&' => format!("the variable `{name}` has `{letter}` in its name"),
                _ => format!("the variable `{name}` has a blank in its name"),
            };
            found.push(
                Diagnostic::error("env-var-name", message)
                    .at(entry.key.location())
                    .help("use letters, digits and `_`"),
            );
        }
    }
}
