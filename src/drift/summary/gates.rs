//! What must hold before a job runs: the jobs that it waits for, its condition,
//! its environment.

use std::collections::{HashMap, HashSet};

use super::both::{Both, without, words};
use super::lines::{Lines, Rank, became, code, codes};
use crate::syntax::{Kind, Node};

/// Beyond what GitHub would ever run, only direct needs are compared.
const MAX_JOBS: usize = 1_000;
const MAX_NEEDS: usize = 20_000;

/// Which job waits for which, directly.
#[derive(Debug, Default)]
pub(super) struct Graph<'t> {
    needs: HashMap<&'t str, Vec<&'t str>>,
    is_large: bool,
}

impl<'t> Graph<'t> {
    pub(super) fn of(jobs: Option<Node<'t>>) -> Self {
        let entries = jobs.into_iter().flat_map(Node::entries);
        let needs = entries.filter_map(|job| {
            let id = job.key.as_str()?;
            Some((id, words(job.value.get("needs"))))
        });
        let needs: HashMap<_, Vec<_>> = needs.collect();
        let count: usize = needs.values().map(Vec::len).sum();
        Self {
            is_large: needs.len() > MAX_JOBS || count > MAX_NEEDS,
            needs,
        }
    }

    fn direct(&self, id: &str) -> &[&'t str] {
        self.needs.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    fn has(&self, id: &str) -> bool {
        self.needs.contains_key(id)
    }

    /// All jobs that must have ended before this one, in the order in which they are met.
    fn all(&self, id: &str) -> Vec<&'t str> {
        if self.is_large {
            return self.direct(id).to_vec();
        }
        let mut found = self.direct(id).to_vec();
        let mut seen: HashSet<_> = found.iter().copied().collect();
        let mut next = 0;
        while let Some(job) = found.get(next).copied() {
            let more = self.direct(job).iter().copied();
            found.extend(more.filter(|job| seen.insert(job)));
            next += 1;
        }
        found
    }
}

/// Compares what a job waits for.
///
/// A job with an environment is asked for everything that comes before it: an
/// approval may be lost far from the job that it guards.
pub(super) fn needs(id: &str, job: Both<'_>, old: &Graph<'_>, new: &Graph<'_>, lines: &mut Lines) {
    let (direct_old, direct_new) = (old.direct(id), new.direct(id));
    let (all_old, all_new) = (old.all(id), new.all(id));
    let guarded = job.get("environment").new.is_some();
    let (asked_old, asked_new): (&[&str], &[&str]) = match guarded {
        true => (&all_old, &all_new),
        false => (direct_old, direct_new),
    };
    let (gone, kept): (Vec<_>, Vec<_>) = without(asked_old, &all_new)
        .into_iter()
        .partition(|need| !new.has(need));
    if !kept.is_empty() {
        let text = format!("{} no longer waits for {}", code(id), codes(kept));
        lines.say(Rank::Gate, text);
    }
    if !gone.is_empty() {
        let text = format!(
            "{} no longer waits for {}, which is gone",
            code(id),
            codes(gone)
        );
        lines.say(Rank::Gate, text);
    }
    let more = without(asked_new, &all_old);
    if !more.is_empty() {
        lines.say(
            Rank::Gate,
            format!("{} now waits for {}", code(id), codes(more)),
        );
    }
    order(id, (direct_old, direct_new), (&all_old, &all_new), lines);
}

/// Says what is named under `needs`, or no longer, while the waiting stays as it was.
fn order(id: &str, direct: (&[&str], &[&str]), all: (&[&str], &[&str]), lines: &mut Lines) {
    let among = |needs: Vec<&'_ str>, all: &[&str]| {
        let missing: HashSet<_> = without(&needs, all).into_iter().collect();
        let needs = needs.into_iter().filter(|need| !missing.contains(need));
        needs.map(str::to_owned).collect::<Vec<_>>()
    };
    let dropped = among(without(direct.0, direct.1), all.1);
    let named = among(without(direct.1, direct.0), all.0);
    if !dropped.is_empty() {
        let text = format!(
            "{} waits for {} only through other jobs now",
            code(id),
            codes(dropped.iter().map(String::as_str))
        );
        lines.say(Rank::Detail, text);
    }
    if !named.is_empty() {
        let text = format!(
            "{} now names {} under `needs` itself",
            code(id),
            codes(named.iter().map(String::as_str))
        );
        lines.say(Rank::Detail, text);
    }
}

/// Compares the condition of a job.
pub(super) fn condition(id: &str, both: Both<'_>, lines: &mut Lines) {
    if !both.differ() {
        return;
    }
    let job = code(id);
    let text = match both.texts() {
        (None, Some(new)) => format!("{job} now runs only if {}", code(new)),
        (Some(old), None) => format!("{job} no longer runs only if {}", code(old)),
        texts => match became(texts) {
            Some(became) => format!("{job} runs if {became}"),
            None => format!("the condition of {job} has changed"),
        },
    };
    lines.say(Rank::Gate, text);
}

/// Compares the environment of a job, by name; the rest of it is a detail.
pub(super) fn environment(id: &str, both: Both<'_>, lines: &mut Lines) {
    let (old, new) = (name(both.old), name(both.new));
    let job = code(id);
    match (old, new) {
        (None, Some(new)) => lines.say(
            Rank::Gate,
            format!("{job} now runs in environment {}", code(new)),
        ),
        (Some(old), None) => lines.say(
            Rank::Gate,
            format!("{job} no longer runs in environment {}", code(old)),
        ),
        (Some(old), Some(new)) if old != new => lines.say(
            Rank::Gate,
            format!("{job} runs in environment {}, was {}", code(new), code(old)),
        ),
        _ if both.differ() => details(id, both, lines),
        _ => {}
    }
}

fn details(id: &str, both: Both<'_>, lines: &mut Lines) {
    let changed = both
        .entries()
        .into_iter()
        .filter(|(_, value)| value.differ());
    let keys: Vec<_> = changed
        .map(|(key, _)| key)
        .filter(|key| *key != "name")
        .collect();
    if keys.is_empty() {
        return;
    }
    let before = format!("{} of the environment of ", codes(keys));
    lines.of(Rank::Detail, before, Some(id), " changed");
}

/// The name of the environment that a job runs in.
pub(super) fn name(environment: Option<Node<'_>>) -> Option<&str> {
    let environment = environment?;
    match environment.kind() {
        Kind::Mapping(_) => environment.get("name").and_then(Node::as_str),
        _ => environment.as_str(),
    }
}
