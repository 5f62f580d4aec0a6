//! The steps of a job: which are new, gone, moved, and what has changed in one.

use std::collections::{BTreeSet, HashMap};

use super::actions::action;
use super::both::Both;
use super::lines::{Lines, Rank, became, code, codes};
use crate::syntax::Node;

/// A step under the name by which people know it.
#[derive(Clone, Copy, Debug)]
struct Step<'t> {
    label: &'t str,
    node: Node<'t>,
}

impl<'t> Step<'t> {
    fn of(node: Node<'t>) -> Self {
        let text = |key: &str| node.get(key).and_then(Node::as_str);
        let label = text("name")
            .or_else(|| text("uses").map(action))
            .or_else(|| text("run"));
        let label = label.or_else(|| text("id")).unwrap_or_default();
        Self { label, node }
    }

    fn id(self) -> Option<&'t str> {
        self.node.get("id").and_then(Node::as_str)
    }

    /// The action or the script.
    fn work(self) -> Option<&'t str> {
        let text = |key: &str| self.node.get(key).and_then(Node::as_str);
        text("uses")
            .map(action)
            .or_else(|| text("run").map(str::trim_end))
    }
}

pub(super) fn compare(job: &str, both: Both<'_>, lines: &mut Lines) {
    let old = both.old.into_iter().flat_map(Node::items);
    let new = both.new.into_iter().flat_map(Node::items);
    let old: Vec<_> = old.map(Step::of).collect();
    let new: Vec<_> = new.map(Step::of).collect();
    let pairs = pairs(&old, &new);
    let moved = moved(&pairs);
    let mut known = vec![false; old.len()];
    for (index, step) in new.iter().enumerate() {
        let Some(before) = pairs[index] else {
            said(step.label, "", job, " is new", lines);
            continue;
        };
        known[before] = true;
        if moved.contains(&index) {
            said(step.label, "", job, " has moved", lines);
        }
        changed(job, old[before], *step, lines);
    }
    for step in old.iter().zip(known).filter(|(_, known)| !known) {
        said(step.0.label, "", job, " is gone", lines);
    }
}

/// A line about a step; the job stands behind it, so that jobs can share the line.
fn said(label: &str, what: &str, job: &str, verb: &str, lines: &mut Lines) {
    let step = code(label);
    lines.of(
        Rank::Step,
        format!("{what}step {step} in "),
        Some(job),
        verb,
    );
}

/// For each new step the old one that it was: of the same name, else of the same id, else the
/// first one left that does the same.
fn pairs(old: &[Step<'_>], new: &[Step<'_>]) -> Vec<Option<usize>> {
    let mut by_label: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, step) in old.iter().enumerate().rev() {
        by_label.entry(step.label).or_default().push(index);
    }
    let mut pairs: Vec<Option<usize>> = new
        .iter()
        .map(|step| by_label.get_mut(step.label).and_then(Vec::pop))
        .collect();
    for same in [Step::id, Step::work] {
        more_pairs(&mut pairs, old, new, same);
    }
    pairs
}

/// Pairs what is left by something that both steps have.
fn more_pairs<'t>(
    pairs: &mut [Option<usize>],
    old: &[Step<'t>],
    new: &[Step<'t>],
    same: fn(Step<'t>) -> Option<&'t str>,
) {
    let taken: BTreeSet<_> = pairs.iter().flatten().copied().collect();
    let left = old.iter().enumerate().rev();
    let left = left.filter(|(index, _)| !taken.contains(index));
    let mut known: HashMap<_, Vec<usize>> = HashMap::new();
    for (index, step) in left {
        if let Some(key) = same(*step) {
            known.entry(key).or_default().push(index);
        }
    }
    for (pair, step) in pairs.iter_mut().zip(new).filter(|(pair, _)| pair.is_none()) {
        *pair = same(*step).and_then(|key| known.get_mut(key)?.pop());
    }
}

/// The steps that stand elsewhere: all but the longest run of pairs in their old order.
fn moved(pairs: &[Option<usize>]) -> BTreeSet<usize> {
    let kept: Vec<(usize, usize)> = pairs
        .iter()
        .enumerate()
        .filter_map(|(new, old)| Some((new, (*old)?)))
        .collect();
    // Of each length, the run that ends earliest; and for each pair what stands before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::new();
    for (at, (_, old)) in kept.iter().enumerate() {
        let length = ends.partition_point(|end| kept[*end].1 < *old);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        ends.truncate(ends.len().max(length));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut moved: BTreeSet<_> = kept.iter().map(|(new, _)| *new).collect();
    let mut at = ends.last().copied();
    while let Some(index) = at {
        moved.remove(&kept[index].0);
        at = before[index];
    }
    moved
}

fn changed(job: &str, old: Step<'_>, new: Step<'_>, lines: &mut Lines) {
    let both = Both {
        old: Some(old.node),
        new: Some(new.node),
    };
    for (key, value) in both
        .entries()
        .into_iter()
        .filter(|(_, value)| value.differ())
    {
        let says =
            |what: String, verb: &str, lines: &mut Lines| said(new.label, &what, job, verb, lines);
        match key {
            "run" if value.old.is_some() && value.new.is_some() => {
                says("the script of ".to_owned(), " changed", lines)
            }
            "uses" => uses(job, new, value, lines),
            "with" | "env" => pairs_of(key, value, |what, verb| {
                said(new.label, &what, job, verb, lines)
            }),
            "name" => {
                let verb = format!(" was called {}", code(old.label));
                says(String::new(), &verb, lines);
            }
            _ => says(format!("{} of ", code(key)), &set(value), lines),
        }
    }
}

/// Another action; another version of the same one is a pin.
fn uses(job: &str, step: Step<'_>, value: Both<'_>, lines: &mut Lines) {
    let (old, new) = value.texts();
    let (old, new) = (old.map(action), new.map(action));
    if let (Some(old), Some(new)) = (old, new) {
        if old != new {
            let verb = format!(" set to {}, was {}", code(new), code(old));
            said(step.label, "the action of ", job, &verb, lines);
        }
    } else {
        said(step.label, "the action of ", job, &set(value), lines);
    }
}

/// Inputs and variables; of a single one also the value.
fn pairs_of(key: &str, both: Both<'_>, mut say: impl FnMut(String, &str)) {
    let word = if key == "with" { "input" } else { "variable" };
    let changed: Vec<_> = both
        .entries()
        .into_iter()
        .filter(|(_, value)| value.differ())
        .collect();
    match changed.as_slice() {
        [] => {}
        [(name, value)] => say(format!("{word} {} of ", code(name)), &set(*value)),
        _ => {
            let names = codes(changed.iter().map(|(name, _)| *name));
            say(format!("{word}s {names} of "), " changed");
        }
    }
}

fn set(value: Both<'_>) -> String {
    match (value.old, value.new) {
        (_, None) => " removed".to_owned(),
        (None, _) => match value.texts().1.filter(|text| super::lines::is_short(text)) {
            Some(text) => format!(" set to {}", code(text)),
            None => " added".to_owned(),
        },
        _ => became(value.texts()).map_or_else(
            || " changed".to_owned(),
            |became| format!(" set to {became}"),
        ),
    }
}
