//! `needs-unknown`, `needs-duplicate`, `needs-cycle`, `needs-no-start`: what jobs wait for.

use std::collections::HashMap;

use crate::diagnostics::{Applicability, Diagnostic, Diagnostics, Edit, Severity, guess};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::Node;
use crate::workflow::{Job, Workflow};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[
    Rule {
        id: "needs-cycle",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "jobs that wait for each other",
        why: "None of them could begin; GitHub refuses the file.",
        bad: &["\
on: push
jobs:
  first: {runs-on: ubuntu-24.04, steps: [{run: make}]}
  a: {needs: b, runs-on: ubuntu-24.04, steps: [{run: make}]}
  b: {needs: a, runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
        good: &["\
on: push
jobs:
  a: {runs-on: ubuntu-24.04, steps: [{run: make}]}
  b: {needs: a, runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
    },
    Rule {
        id: "needs-duplicate",
        group: Group::Correctness,
        severity: Severity::Warning,
        fixes: Fixes::Sometimes,
        finds: "a job that is needed twice",
        why: "It changes nothing, and one of the two was probably meant to be another.",
        bad: &["\
on: push
jobs:
  a: {runs-on: ubuntu-24.04, steps: [{run: make}]}
  b: {needs: [a, a], runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
        good: &["\
on: push
jobs:
  a: {runs-on: ubuntu-24.04, steps: [{run: make}]}
  b: {needs: [a], runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
    },
    Rule {
        id: "needs-no-start",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a workflow in which every job waits",
        why: "No job could begin; GitHub refuses the file.",
        bad: &["\
on: push
jobs:
  a: {needs: first, runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
        good: &["\
on: push
jobs:
  a: {runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
    },
    Rule {
        id: "needs-unknown",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "a job that is needed and not there",
        why: "GitHub refuses the file.",
        bad: &["\
on: push
jobs:
  a: {runs-on: ubuntu-24.04, steps: [{run: make}]}
  b: {needs: aa, runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
        good: &["\
on: push
jobs:
  a: {runs-on: ubuntu-24.04, steps: [{run: make}]}
  b: {needs: a, runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
    },
];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = cx.workflow else {
        return;
    };
    if workflow.jobs.iter().all(|job| job.needs.is_empty()) {
        return;
    }
    let index: HashMap<_, _> = workflow
        .jobs
        .iter()
        .enumerate()
        .map(|(at, job)| (job.id.to_ascii_lowercase(), at))
        .collect();
    let edges: Vec<Vec<(usize, Node<'_>)>> = workflow
        .jobs
        .iter()
        .map(|job| edges(cx, job, workflow, &index, found))
        .collect();
    let rings = rings(&edges);
    for ring in &rings {
        let jobs = ring.iter().map(|(at, _)| &workflow.jobs[*at]);
        let names = jobs.clone().chain(jobs.clone().take(1));
        let names: Vec<_> = names.map(|job| format!("`{}`", job.id)).collect();
        let message = format!("jobs wait for each other: {}", names.join(" → "));
        let mut places = ring.iter().map(|(_, needed)| needed.location());
        let mut error = Diagnostic::error("needs-cycle", message);
        error.primary = places.next();
        for (place, job) in places.zip(jobs.skip(1)) {
            error = error.label(place, format!("`{}` waits here", job.id));
        }
        found.push(error.help("take one of these `needs` away"));
    }
    let all_wait = workflow.jobs.iter().all(|job| !job.needs.is_empty());
    if rings.is_empty() && all_wait && !workflow.jobs.is_empty() {
        found.push(
            Diagnostic::error(
                "needs-no-start",
                "every job waits for another, so none begins",
            )
            .at(workflow.jobs[0].key.location())
            .help("let one job have no `needs`"),
        );
    }
}

/// The jobs that a job needs, by number.
fn edges<'t>(
    cx: &Cx<'_>,
    job: &Job<'t>,
    workflow: &Workflow<'_>,
    index: &HashMap<String, usize>,
    found: &mut Diagnostics,
) -> Vec<(usize, Node<'t>)> {
    let mut edges: Vec<(usize, Node<'t>)> = Vec::new();
    for node in &job.needs {
        let Some(name) = node.as_str().filter(|name| !name.is_empty()) else {
            continue;
        };
        match index.get(&name.to_ascii_lowercase()) {
            Some(at) if edges.iter().any(|(known, _)| known == at) => found.push(
                Diagnostic::warning("needs-duplicate", format!("`{name}` is needed twice"))
                    .at(node.location())
                    .help("take one away")
                    .mend(Applicability::Safe, again(cx, job, *node)),
            ),
            Some(at) => edges.push((*at, *node)),
            None => {
                let known = workflow.jobs.iter().map(|other| other.id);
                let others = known.filter(|other| *other != job.id);
                let error = Diagnostic::error("needs-unknown", format!("there is no job `{name}`"))
                    .at(node.location());
                found.push(match guess(name, others) {
                    Some(near) => error.write_own(near, node.rewritten(near.name)),
                    None => error,
                });
            }
        }
    }
    edges
}

/// The edit that takes a repetition away.
fn again(cx: &Cx<'_>, job: &Job<'_>, repeated: Node<'_>) -> Option<Edit> {
    job.node.get("needs")?.without(cx.text, repeated)
}

/// The jobs that wait for each other, each ring from its first in the file on, with the places
/// where one needs the next. Of rings that share a job, one. Without recursion: a file may have
/// a thousand jobs.
fn rings<'t>(edges: &[Vec<(usize, Node<'t>)>]) -> Vec<Vec<(usize, Node<'t>)>> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut states = vec![State::New; edges.len()];
    let mut rings = Vec::new();
    for start in 0..edges.len() {
        if states[start] != State::New {
            continue;
        }
        let mut path = vec![(start, 0)];
        states[start] = State::Open;
        while let Some((job, next)) = path.last_mut() {
            let Some((needed, _)) = edges[*job].get(*next) else {
                states[*job] = State::Done;
                path.pop();
                continue;
            };
            *next += 1;
            match states[*needed] {
                State::New => {
                    states[*needed] = State::Open;
                    path.push((*needed, 0));
                }
                State::Open => {
                    // An open job is on the path.
                    let from = path.iter().rposition(|(job, _)| job == needed);
                    let round = path.drain(from.unwrap_or_default()..);
                    let step = |(job, next): (usize, usize)| (job, edges[job][next - 1].1);
                    let mut ring: Vec<_> = round.map(step).collect();
                    ring.iter().for_each(|(job, _)| states[*job] = State::Done);
                    let first = (0..ring.len()).min_by_key(|at| ring[*at].0);
                    ring.rotate_left(first.unwrap_or_default());
                    rings.push(ring);
                }
                State::Done => {}
            }
        }
    }
    rings
}
