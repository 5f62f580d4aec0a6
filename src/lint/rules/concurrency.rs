//! `concurrency-deadlock`, `concurrency-queue`, `concurrency-missing`: runs that wait for each
//! other.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::lint::Cx;
use crate::lint::repository::Called;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::{Kind, Node};
use crate::workflow::{Job, Workflow};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[
    Rule {
        id: "concurrency-deadlock",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a job that waits for the group that its own run holds",
        why: "It could begin only when the run is over, so GitHub cancels it. In a called workflow `github.workflow` is the name of the caller.",
        bad: &["\
on: push
concurrency: deploy
jobs:
  deploy: {concurrency: deploy, runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
        good: &["\
on: push
jobs:
  deploy: {concurrency: deploy, runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
    },
    Rule {
        id: "concurrency-missing",
        group: Group::Policy,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "a workflow whose runs pile up, since nothing limits them",
        why: "Each push starts another run beside those that still work on older commits.",
        bad: &["\
on: push
jobs:
  build: {runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
        good: &["\
on: push
concurrency: {group: '${{ github.workflow }}-${{ github.ref }}', cancel-in-progress: true}
jobs:
  build: {runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
    },
    Rule {
        id: "concurrency-queue",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a group that both queues runs and cancels them",
        why: "GitHub refuses `queue: max` together with `cancel-in-progress: true`.",
        bad: &["\
on: push
concurrency: {group: deploy, queue: max, cancel-in-progress: true}
jobs:
  build: {runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
        good: &["\
on: push
concurrency: {group: deploy, queue: max}
jobs:
  build: {runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
    },
];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = cx.workflow else {
        return;
    };
    queue(workflow.node, found);
    let own = group(workflow.node);
    for job in &workflow.jobs {
        queue(job.node, found);
        if let Some((held, waited)) = own.zip(group(job.node))
            && same(held.1, waited.1)
        {
            found.push(deadlock(waited, held.0));
        }
        called(cx, job, own, found);
    }
    if own.is_none()
        && cx.wants("concurrency-missing")
        && workflow
            .jobs
            .iter()
            .all(|job| job.node.get("concurrency").is_none())
    {
        found.extend(unlimited(workflow));
    }
}

/// The node and the text of the group that a workflow or job asks for.
type Asked<'t> = (Node<'t>, &'t str);

fn group(node: Node<'_>) -> Option<Asked<'_>> {
    let concurrency = node.get("concurrency")?;
    let node = match concurrency.kind() {
        Kind::Mapping(_) => concurrency.get("group")?,
        _ => concurrency,
    };
    let text = node.as_str().filter(|text| !text.is_empty())?;
    Some((node, text))
}

/// Groups are the same in any case; blanks within an expression mean nothing.
fn same(one: &str, other: &str) -> bool {
    let plain = |text: &str| {
        let letters = text.chars().filter(|letter| !letter.is_whitespace());
        letters.collect::<String>().to_lowercase()
    };
    plain(one) == plain(other)
}

fn deadlock(waited: Asked<'_>, held: Node<'_>) -> Diagnostic {
    let message = format!("the job waits for `{}`, which its own run holds", waited.1);
    Diagnostic::error("concurrency-deadlock", message)
        .at(waited.0.location())
        .label(held.location(), "it is taken here")
        .help("name another group, or take one of the two away")
}

/// The groups of a called workflow against those that are held when it is called.
fn called(cx: &Cx<'_>, job: &Job<'_>, own: Option<Asked<'_>>, found: &mut Diagnostics) {
    let uses = job.node.get("uses");
    let Some((node, text)) = uses.and_then(|node| Some((node, node.as_str()?))) else {
        return;
    };
    let Some(Called::Workflow(_, called)) = cx.repository.called(cx.file, text) else {
        return;
    };
    let held = own.into_iter().chain(group(job.node));
    // What a caller passes, and what differs between its jobs, is not the same on both sides.
    let mut held = held.filter(|(_, text)| {
        !["inputs", "matrix", "needs", "strategy"]
            .iter()
            .any(|context| text.contains(context))
    });
    let jobs = called.jobs.iter().map(|job| job.node);
    let waits: Vec<_> = std::iter::once(called.node)
        .chain(jobs)
        .filter_map(group)
        .collect();
    let hit = held.find_map(|held| {
        let mut waits = waits.iter();
        waits
            .find(|waited| same(held.1, waited.1))
            .map(|waited| (held, waited))
    });
    if let Some((held, waited)) = hit {
        let message = format!(
            "the called workflow waits for `{}`, which this run holds",
            waited.1
        );
        found.push(
            Diagnostic::error("concurrency-deadlock", message)
                .at(node.location())
                .label(held.0.location(), "it is taken here")
                .label(waited.0.location(), "and asked for here")
                .note("contexts are those of the caller in both, so the group is the same")
                .help("name another group in the called workflow"),
        );
    }
}

fn queue(node: Node<'_>, found: &mut Diagnostics) {
    let Some(concurrency) = node.get("concurrency") else {
        return;
    };
    let queue = concurrency.get("queue").and_then(Node::as_str);
    if let Some(cancel) = concurrency.entry("cancel-in-progress")
        && queue == Some("max")
        && matches!(cancel.value.kind(), Kind::Bool(true))
    {
        found.push(
            Diagnostic::error(
                "concurrency-queue",
                "`cancel-in-progress` cannot stand beside `queue: max`",
            )
            .at(cancel.key.location())
            .note("what is to wait cannot be cancelled")
            .help("take one of them away"),
        );
    }
}

/// Events that come many at a time.
const FREQUENT: [&str; 3] = ["pull_request", "pull_request_target", "push"];

fn unlimited(workflow: &Workflow<'_>) -> Option<Diagnostic> {
    let on = workflow.node.entry("on")?;
    let starts = FREQUENT.iter().any(|event| match on.value.kind() {
        Kind::Mapping(_) => on.value.get(event).is_some(),
        Kind::Sequence(mut items) => items.any(|item| item.as_str() == Some(event)),
        _ => on.value.as_str() == Some(event),
    });
    starts.then(|| {
        Diagnostic::warning(
            "concurrency-missing",
            "nothing limits how many runs there are",
        )
        .at(on.key.location())
        .help("add `concurrency` with a group for each branch")
    })
}
