//! `value-range`, `step-timeout-limit`, `job-timeout`: limits of time and number.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::{Entry, Kind, Node};
use crate::workflow::Job;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[
    Rule {
        id: "job-timeout",
        group: Group::Policy,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "a job without `timeout-minutes`",
        why: "A job that hangs runs for six hours, on runners of your own for five days, before GitHub ends it.",
        bad: &["\
on: push
jobs:
  build: {runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
        good: &["\
on: push
jobs:
  build: {runs-on: ubuntu-24.04, timeout-minutes: 15, steps: [{run: make}]}
"],
    },
    Rule {
        id: "step-timeout-limit",
        group: Group::Correctness,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "the limit of a step that its job's limit makes void, or that is no whole number",
        why: "The job ends first, so the step's own limit never counts.",
        bad: &["\
on: push
jobs:
  build:
    timeout-minutes: 10
    runs-on: ubuntu-24.04
    steps: [{run: make, timeout-minutes: 30}]
"],
        good: &["\
on: push
jobs:
  build:
    timeout-minutes: 30
    runs-on: ubuntu-24.04
    steps: [{run: make, timeout-minutes: 10}]
"],
    },
    Rule {
        id: "value-range",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a number of minutes or of jobs that cannot be",
        why: "Limits are above zero, and jobs come whole.",
        bad: &["\
on: push
jobs:
  build:
    timeout-minutes: 0
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
        good: &["\
on: push
jobs:
  build:
    timeout-minutes: 10
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
    },
];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = cx.workflow else {
        return;
    };
    let is_limited = cx.wants("job-timeout");
    for job in &workflow.jobs {
        let limit = job.node.entry("timeout-minutes");
        let minutes = limit.and_then(|limit| positive(limit, found));
        if let Some(entry) = job.node.entry("cancel-timeout-minutes") {
            positive(entry, found);
        }
        let strategy = job.node.get("strategy");
        if let Some(entry) = strategy.and_then(|node| node.entry("max-parallel")) {
            whole(entry, found);
        }
        for step in &job.steps {
            if let Some(entry) = step.node.entry("timeout-minutes") {
                let own = positive(entry, found);
                step_limit(entry, own, limit.zip(minutes), found);
            }
        }
        if is_limited && limit.is_none() && job.node.get("uses").is_none() {
            found.push(unlimited(job));
        }
    }
}

fn number(node: Node<'_>) -> Option<f64> {
    match node.kind() {
        #[allow(clippy::cast_precision_loss)]
        Kind::Integer(value) => Some(value as f64),
        Kind::Float(value) => Some(value),
        _ => None,
    }
}

/// The number behind a key, which must be above zero.
fn positive(entry: Entry<'_>, found: &mut Diagnostics) -> Option<f64> {
    let value = number(entry.value)?;
    if value > 0.0 {
        return Some(value);
    }
    let key = entry.key.as_str().unwrap_or_default();
    let message = format!("`{key}` is {value}, and more than 0 is wanted");
    found.push(
        Diagnostic::error("value-range", message)
            .at(entry.value.location())
            .help("write a number above 0, or take the key away"),
    );
    None
}

fn whole(entry: Entry<'_>, found: &mut Diagnostics) {
    if let Some(value) = positive(entry, found)
        && value.fract() != 0.0
    {
        let key = entry.key.as_str().unwrap_or_default();
        let message = format!("`{key}` is {value}, and a whole number is wanted");
        found.push(
            Diagnostic::error("value-range", message)
                .at(entry.value.location())
                .help("write a whole number"),
        );
    }
}

/// GitHub's limit for a step, in minutes.
const MAX_STEP: f64 = 360.0;

fn step_limit(
    entry: Entry<'_>,
    own: Option<f64>,
    job: Option<(Entry<'_>, f64)>,
    found: &mut Diagnostics,
) {
    let Some(own) = own else {
        return;
    };
    let mut warn = |message: String, label: Option<Node<'_>>, help: &str| {
        let mut warning = Diagnostic::warning("step-timeout-limit", message)
            .at(entry.value.location())
            .help(help);
        if let Some(node) = label {
            warning = warning.label(node.location(), "the job ends here");
        }
        found.push(warning);
    };
    match job {
        _ if own.fract() != 0.0 => warn(
            format!("the step's limit is {own} minutes, and GitHub takes whole ones only"),
            None,
            "write a whole number",
        ),
        Some((limit, minutes)) if own > minutes => warn(
            format!("the step may take {own} minutes, and its job {minutes}"),
            Some(limit.value),
            "give the step less time than the job, or the job more",
        ),
        _ if own > MAX_STEP => warn(
            format!("the step may take {own} minutes, and GitHub ends it after {MAX_STEP}"),
            None,
            "write 360 at most",
        ),
        _ => {}
    }
}

fn unlimited(job: &Job<'_>) -> Diagnostic {
    let message = format!("the job `{}` has no limit of time", job.id);
    Diagnostic::warning("job-timeout", message)
        .at(job.key.location())
        .note("GitHub ends a job after six hours")
        .help("add `timeout-minutes`")
}
