//! `trigger-noop`: a workflow that waits for what the repository's own token makes.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::knowledge::releases;
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::{Kind, Node};
use crate::workflow::{Job, Step, Workflow};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "trigger-noop",
    group: Group::Correctness,
    severity: Severity::Warning,
    fixes: Fixes::Never,
    finds: "a workflow that waits for releases that another one makes with `GITHUB_TOKEN`",
    why: "What `GITHUB_TOKEN` does starts no workflow, so that none starts itself for ever. Call the workflow from the other one, or let that use the token of an app.",
    bad: &["\
on: {release: {types: [published]}}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make publish}]}}
# file: .github/workflows/release.yml
on: {push: {tags: ['v*']}}
jobs:
  release:
    runs-on: ubuntu-24.04
    env: {GH_TOKEN: '${{ github.token }}'}
    steps: [{run: 'gh release create \"$GITHUB_REF_NAME\"'}]
"],
    good: &["\
on: {release: {types: [published]}}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make publish}]}}
# file: .github/workflows/release.yml
on: {push: {tags: ['v*']}}
jobs:
  release:
    runs-on: ubuntu-24.04
    env: {GH_TOKEN: '${{ secrets.RELEASE_TOKEN }}'}
    steps: [{run: 'gh release create \"$GITHUB_REF_NAME\"'}]
"],
}];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(release) = cx.workflow.and_then(release_alone) else {
        return;
    };
    let workflows = cx.repository.workflows(&cx.file.repository);
    let workflows: Vec<_> = workflows
        .filter_map(|member| member.workflow.as_ref())
        .collect();
    let file = cx.file.path.rsplit('/').next().unwrap_or_default();
    // One that starts this workflow by its file knows about it.
    let starts = |step: &Step<'_>| {
        step.run
            .and_then(Node::as_str)
            .is_some_and(|run| run.contains(file))
    };
    let mut steps = workflows.iter().flat_map(|one| all_steps(one));
    if steps.any(|(_, step)| starts(step)) {
        return;
    }
    let maker = workflows.iter().find_map(|workflow| {
        let mut steps = all_steps(workflow);
        steps.find(|(job, step)| makes_release(workflow, job, step))
    });
    if let Some((_, step)) = maker {
        found.push(
            Diagnostic::warning(
                "trigger-noop",
                "releases of this repository's workflows do not start this one",
            )
            .at(release.location())
            .label(
                step.node.location(),
                "the release is made here, with `GITHUB_TOKEN`",
            )
            .note("what `GITHUB_TOKEN` does starts no workflow; only releases by hand do")
            .help("call this workflow from that one, or make the release with the token of an app"),
        );
    }
}

/// Where `on` names `release`, if nothing but hands could start the workflow besides.
fn release_alone<'t>(workflow: &Workflow<'t>) -> Option<Node<'t>> {
    let mut names = workflow.triggers.iter().map(|trigger| trigger.name);
    let alone = names.all(|name| matches!(name, "release" | "workflow_dispatch"));
    let release = workflow.trigger("release").filter(|_| alone)?;
    Some(release.node)
}

fn all_steps<'w, 't>(
    workflow: &'w Workflow<'t>,
) -> impl Iterator<Item = (&'w Job<'t>, &'w Step<'t>)> {
    let jobs = workflow.jobs.iter();
    jobs.flat_map(|job| job.steps.iter().map(move |step| (job, step)))
}

/// Whether a step publishes a release with the token that every job has.
fn makes_release(workflow: &Workflow<'_>, job: &Job<'_>, step: &Step<'_>) -> bool {
    let variable = |name: &str| {
        let places = [step.node, job.node, workflow.node];
        let env = places.into_iter().filter_map(|node| node.get("env"));
        env.filter_map(|env| env.get(name)).find_map(Node::as_str)
    };
    if let Some(maker) = step.uses.and_then(Node::as_str).and_then(releases::find) {
        let input = |name: &str| step.node.get("with").and_then(|with| with.get(name));
        let is_draft = input("draft").is_some_and(|node| !matches!(node.kind(), Kind::Bool(false)));
        let token = match maker.token {
            Some(name) => input(name)
                .and_then(Node::as_str)
                .or(variable("GITHUB_TOKEN")),
            None => variable("GITHUB_TOKEN"),
        };
        return !is_draft && token.is_none_or(is_own);
    }
    let script = step.run.and_then(Node::as_str).unwrap_or_default();
    let mut lines = script
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    let creates = lines.any(|line| line.contains("gh release create "));
    // A draft is published by hand, which starts the workflow.
    let is_draft = script.contains("--draft") || script.contains(" -d ");
    let token = variable("GH_TOKEN").or_else(|| variable("GITHUB_TOKEN"));
    creates && !is_draft && token.is_some_and(is_own)
}

/// The token of the run, and no other for want of it.
fn is_own(token: &str) -> bool {
    let names = ["secrets.GITHUB_TOKEN", "github.token"];
    let inside = token
        .trim()
        .trim_start_matches("${{")
        .trim_end_matches("}}");
    names
        .iter()
        .any(|name| inside.trim().eq_ignore_ascii_case(name))
}
