//! `runner-label-unknown`, `runner-label-conflict`, `runner-label-retired`, `runner-latest`:
//! the labels by which a job asks for a runner.

use crate::diagnostics::{Applicability, Diagnostic, Diagnostics, Severity};
use crate::glob;
use crate::knowledge::runners::{self, AS_OF, Label, SELF_HOSTED};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::lint::runs_on;
use crate::syntax::Node;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[
    Rule {
        id: "runner-label-conflict",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "labels of different machines on one job",
        why: "A job runs on one machine that has all its labels, so it would wait for ever. Jobs on several systems take a matrix.",
        bad: &["\
on: push
jobs:
  build:
    runs-on: [ubuntu-24.04, windows-2025]
    steps: [{run: make}]
"],
        good: &["\
on: push
jobs:
  build:
    strategy: {matrix: {os: [ubuntu-24.04, windows-2025]}}
    runs-on: ${{ matrix.os }}
    steps: [{run: make}]
"],
    },
    Rule {
        id: "runner-label-retired",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "a runner of GitHub's that is gone, or whose end is announced",
        why: "A job that asks for a runner that is gone waits for a day and fails. Before the end it is told as a warning.",
        bad: &["\
on: push
jobs:
  build: {runs-on: ubuntu-20.04, steps: [{run: make}]}
"],
        good: &["\
on: push
jobs:
  build: {runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
    },
    Rule {
        id: "runner-label-unknown",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "a label that neither GitHub has nor the settings name",
        why: "The job waits for a runner that nobody has. Labels of your own runners can have any name; only those are told that are nearly one of GitHub's, or that are not among `runners` where the settings name these.",
        bad: &["\
on: push
jobs:
  build: {runs-on: ubuntu-lastest, steps: [{run: make}]}
"],
        good: &["\
on: push
jobs:
  build: {runs-on: ubuntu-latest, steps: [{run: make}]}
"],
    },
    Rule {
        id: "runner-latest",
        group: Group::Policy,
        severity: Severity::Warning,
        fixes: Fixes::Sometimes,
        finds: "a runner that changes without a commit",
        why: "Behind `-latest` GitHub puts a newer system every other year, and a job that worked may fail then.",
        bad: &["\
on: push
jobs:
  build: {runs-on: ubuntu-latest, steps: [{run: make}]}
"],
        good: &["\
on: push
jobs:
  build: {runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
    },
];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = cx.workflow else {
        return;
    };
    let tells_latest = cx.wants("runner-latest");
    for job in &workflow.jobs {
        let group = job.node.get("runs-on").and_then(|node| node.get("group"));
        for labels in runs_on::sets(job) {
            match labels.as_slice() {
                // The runners of a group have what labels they like.
                [only] if group.is_none() => one(cx, *only, tells_latest, found),
                several => together(several, found),
            }
        }
    }
}

/// A label that stands alone, and so asks for a runner of GitHub's.
fn one(cx: &Cx<'_>, node: Node<'_>, tells_latest: bool, found: &mut Diagnostics) {
    // Elsewhere labels are what whoever runs the server makes them.
    if !cx.settings.platform.has_hosted_runners() {
        return;
    }
    let Some(label) = runs_on::known(node) else {
        let text = node.as_str().unwrap_or_default();
        let own = &cx.settings.runners;
        if own.iter().any(|label| is_label(label, text)) {
            return;
        }
        if let Some(near) = near(text) {
            found.push(
                Diagnostic::error(
                    "runner-label-unknown",
                    format!("GitHub has no runner `{text}`"),
                )
                .at(node.location())
                .help(format!("write `{near}`"))
                .mend(Applicability::Unsafe, node.rewritten(near)),
            );
        } else if !own.is_empty() {
            let message = format!("no runner is known to have the label `{text}`");
            found.push(
                Diagnostic::warning("runner-label-unknown", message)
                    .at(node.location())
                    .help("add it to `runners` in the settings if it is one of yours"),
            );
        }
        return;
    };
    found.extend(ending(node, &label));
    if tells_latest && label.moves() {
        found.push(
            Diagnostic::warning(
                "runner-latest",
                format!("`{}` becomes another system without a commit", label.name),
            )
            .at(node.location())
            .help(format!("write `{}`, which it is now", label.machine))
            .mend(Applicability::Unsafe, node.rewritten(label.machine)),
        );
    }
}

/// Labels are the same in any case.
fn is_label(pattern: &str, text: &str) -> bool {
    glob::matches(&pattern.to_lowercase(), &text.to_lowercase())
}

fn ending(node: Node<'_>, label: &Label) -> Option<Diagnostic> {
    let Label {
        name, end, instead, ..
    } = label;
    let end = (*end)?;
    let told = if label.is_gone() {
        let message = format!("the runner `{name}` is gone since {end}");
        Diagnostic::error("runner-label-retired", message)
            .note("a job that asks for it waits for a day and fails")
    } else {
        let message = format!("the runner `{name}` ends on {end}");
        Diagnostic::warning("runner-label-retired", message).note(format!(
            "as announced by {AS_OF}; before that day it fails at times"
        ))
    };
    let told = told.at(node.location()).help(format!("write `{instead}`"));
    Some(told.mend(Applicability::Unsafe, node.rewritten(instead)))
}

/// Labels that one machine must have.
fn together(labels: &[Node<'_>], found: &mut Diagnostics) {
    let own = |node: &Node<'_>| {
        let text = node.as_str().unwrap_or_default();
        text.eq_ignore_ascii_case(SELF_HOSTED)
    };
    let is_own = labels.iter().any(own);
    let mut first: Option<(Label, Node<'_>)> = None;
    for node in labels {
        let Some(label) = runs_on::known(*node) else {
            continue;
        };
        let Some((known, place)) = first else {
            first = Some((label, *node));
            continue;
        };
        let machines = [known.machine, label.machine];
        let differ = !is_own && !machines.contains(&"") && known.machine != label.machine;
        if known.system != label.system || differ {
            found.push(
                Diagnostic::error(
                    "runner-label-conflict",
                    format!("no runner is both `{}` and `{}`", known.name, label.name),
                )
                .at(node.location())
                .label(place.location(), "the other label is here")
                .note("a job runs on one machine that has all its labels")
                .help("take one away, or make a matrix of them"),
            );
        }
    }
}

/// The label of GitHub's that was meant, if one part of it is misspelt; what took its place
/// if it is gone.
fn near(text: &str) -> Option<&'static str> {
    let text = text.to_ascii_lowercase();
    if let Some(system) = text.strip_suffix("-latest") {
        // `linux-latest` names the system; GitHub's labels name what it is of.
        let mut own = runners::all().filter(|label| label.name.ends_with("-latest"));
        if let Some(label) = own.find(|label| label.system == system) {
            return Some(label.name);
        }
    }
    let mut best: Option<((bool, usize), &'static str)> = None;
    for label in runners::all().filter(|label| !label.machine.is_empty()) {
        let Some(slips) = slips(&text, label.name) else {
            continue;
        };
        let weight = (label.is_gone(), slips);
        if best.is_none_or(|(least, _)| weight < least) {
            let is_gone = label.is_gone();
            best = Some((weight, if is_gone { label.instead } else { label.name }));
        }
    }
    best.map(|(_, name)| name)
}

/// More than these are another word.
const MAX_SLIPS: usize = 2;

/// In how many letters two labels differ that differ in one part, both a version or both a word.
fn slips(text: &str, label: &str) -> Option<usize> {
    let is_letter = |byte: &u8| !matches!(byte, b'-' | b'_' | b'.' | b' ');
    if text
        .bytes()
        .filter(is_letter)
        .eq(label.bytes().filter(is_letter))
    {
        return Some(0);
    }
    let (parts, known) = (text.split('-'), label.split('-'));
    if parts.clone().count() != known.clone().count() {
        return None;
    }
    let mut other = parts.zip(known).filter(|(part, known)| part != known);
    let (part, known) = other.next()?;
    let is_version = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let is_word = |part: &str| part.len() > 3 && part.bytes().all(|b| b.is_ascii_alphabetic());
    let alike = is_version(part) && is_version(known) || is_word(part) && is_word(known);
    if other.next().is_some() || !alike {
        return None;
    }
    let slips = strsim::osa_distance(part, known);
    (slips <= MAX_SLIPS).then_some(slips)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_slips_are_near() {
        for (text, wanted) in [
            ("ubuntu-lastest", "ubuntu-latest"),
            ("Ubuntu_latest", "ubuntu-latest"),
            ("unbuntu-24.04", "ubuntu-24.04"),
            ("ubuntu-2404", "ubuntu-24.04"),
            ("linux-latest", "ubuntu-latest"),
            ("ubuntu-24.10", "ubuntu-24.04"),
            ("windows-2023", "windows-2022"),
        ] {
            assert_eq!(near(text), Some(wanted), "{text}");
        }
        for text in [
            "macos-m1",
            "ubuntu-latest-4-cores",
            "ubuntu-22.04-x64",
            "ubuntu-gpu",
            "linux",
            "my-runner",
            "ubuntu-22.04-4",
            "",
        ] {
            assert_eq!(near(text), None, "{text}");
        }
    }
}
