//! Jobs: which there are, and everything of one but its steps and gates.

use super::actions::action;
use super::both::{Both, words};
use super::gates::{self, Graph};
use super::lines::{Lines, Rank, became, code, codes};
use super::{matrix, permissions, secrets, steps};
use crate::syntax::Node;

pub(super) fn compare(workflow: Both<'_>, jobs: Both<'_>, lines: &mut Lines) {
    let (old, new) = (Graph::of(jobs.old), Graph::of(jobs.new));
    for (id, job) in jobs.entries() {
        match (job.old, job.new) {
            (None, Some(new)) => {
                lines.say(
                    Rank::Job,
                    format!("job {} is new{}", code(id), describe(new)),
                );
                permissions::of_new_job(id, workflow, new, lines);
                secrets::of_job(id, job, lines);
            }
            (Some(_), None) => lines.say(Rank::Job, format!("job {} is gone", code(id))),
            _ => {
                permissions::of_job(id, workflow, job, lines);
                secrets::of_job(id, job, lines);
                gates::needs(id, job, &old, &new, lines);
                one(id, job, lines);
            }
        }
    }
}

/// What one must know of a new job.
fn describe(job: Node<'_>) -> String {
    let mut parts = Vec::new();
    let needs = words(job.get("needs"));
    if !needs.is_empty() {
        parts.push(format!("after {}", codes(needs)));
    }
    if let Some(name) = gates::name(job.get("environment")) {
        parts.push(format!("in environment {}", code(name)));
    }
    if let Some(uses) = job.get("uses").and_then(Node::as_str) {
        parts.push(format!("calls {}", code(action(uses))));
    }
    if parts.is_empty() {
        return String::new();
    }
    format!(": {}", parts.join(", "))
}

fn one(id: &str, job: Both<'_>, lines: &mut Lines) {
    for (key, both) in job.entries() {
        match key {
            // Compared with what other places say.
            "permissions" | "needs" => {}
            "if" => gates::condition(id, both, lines),
            "environment" => gates::environment(id, both, lines),
            "steps" => steps::compare(id, both, lines),
            "concurrency" => concurrency(both, Some(id), lines),
            "env" => variables(both, Some(id), lines),
            "services" => services(id, both, lines),
            "strategy" => strategy(id, both, lines),
            "uses" => call(id, both, lines),
            _ => other(key, both, Some(id), lines),
        }
    }
}

/// Compares a key that needs no words of its own.
pub(super) fn other(key: &str, both: Both<'_>, job: Option<&str>, lines: &mut Lines) {
    if !both.differ() {
        return;
    }
    // GitHub shows a job without a name by its id.
    let same = job.filter(|_| key == "name");
    if same.is_some_and(|id| {
        [both.texts().0, both.texts().1]
            .iter()
            .all(|name| name.is_none_or(|name| name == id))
    }) {
        return;
    }
    let name = code(key);
    let new = both.texts().1.map(code);
    let after = match (became(both.texts()), both.old, both.new) {
        (Some(became), ..) => format!(" set to {became}"),
        (None, None, _) => new.map_or_else(|| " added".to_owned(), |new| format!(" set to {new}")),
        (None, _, None) => " removed".to_owned(),
        _ => " changed".to_owned(),
    };
    lines.of(Rank::Detail, format!("{name} of "), job, after);
}

/// Compares what may not run at the same time.
pub(super) fn concurrency(both: Both<'_>, job: Option<&str>, lines: &mut Lines) {
    if !both.differ() {
        return;
    }
    // A bare group is short for a mapping.
    let group = both.map(|node| node.get("group").or(Some(node)));
    let mut say = |before: &str, after: String| lines.of(Rank::Gate, before, job, after);
    match (group.old, group.new) {
        (None, _) => {
            let group = group.new.and_then(Node::as_str).unwrap_or_default();
            say(
                "concurrency of ",
                format!(" now limited by group {}", code(group)),
            );
        }
        (_, None) => say("concurrency of ", " no longer limited".to_owned()),
        _ => {
            if let Some(became) = became(group.texts()) {
                say("concurrency group of ", format!(" set to {became}"));
            } else if group.differ() {
                say("concurrency group of ", " changed".to_owned());
            }
            let keys = both
                .entries()
                .into_iter()
                .filter(|(key, _)| *key != "group");
            for (key, value) in keys.filter(|(_, value)| value.differ()) {
                let words = became(value.texts());
                let new = value.texts().1.map(code);
                let now = words
                    .or(new)
                    .map_or_else(|| "removed".to_owned(), |now| format!("set to {now}"));
                say(
                    &format!("{} of the concurrency of ", code(key)),
                    format!(" {now}"),
                );
            }
        }
    }
}

/// Compares variables by name; what they hold is for the diff.
pub(super) fn variables(both: Both<'_>, job: Option<&str>, lines: &mut Lines) {
    for (name, value) in both
        .entries()
        .into_iter()
        .filter(|(_, value)| value.differ())
    {
        let before = format!("variable {} of ", code(name));
        lines.of(Rank::Detail, before, job, change(value));
    }
}

fn services(id: &str, both: Both<'_>, lines: &mut Lines) {
    for (name, service) in both
        .entries()
        .into_iter()
        .filter(|(_, value)| value.differ())
    {
        let before = format!("service {} of ", code(name));
        let image = service.get("image").texts();
        let after = match became(image) {
            Some(became) => format!(" set to {became}"),
            None => change(service).to_owned(),
        };
        lines.of(Rank::Detail, before, Some(id), after);
    }
}

fn strategy(id: &str, both: Both<'_>, lines: &mut Lines) {
    for (key, value) in both.entries() {
        if key == "matrix" {
            matrix::compare(id, value, lines);
        } else {
            other(key, value, Some(id), lines);
        }
    }
}

/// Compares the workflow that a job calls; its version is a pin.
fn call(id: &str, both: Both<'_>, lines: &mut Lines) {
    let (old, new) = both.texts();
    let (old, new) = (old.map(action), new.map(action));
    if old != new {
        let name = new.map_or_else(|| "none".to_owned(), code);
        lines.of(
            Rank::Job,
            "reusable workflow of ",
            Some(id),
            format!(" set to {name}"),
        );
    }
}

fn change(both: Both<'_>) -> &'static str {
    match (both.old, both.new) {
        (None, _) => " added",
        (_, None) => " removed",
        _ => " changed",
    }
}
