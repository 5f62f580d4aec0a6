//! `feature-obsolete`, `platform-limits`: what GitHub no longer has, and what is too much for it.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::expression;
use crate::knowledge::retired::{self, Retired};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::Node;
use crate::workflow::Step;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[
    Rule {
        id: "feature-obsolete",
        group: Group::Hygiene,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "an event or a permission of something that GitHub no longer has",
        why: "GitHub takes the name and does nothing: the event never comes, the permission opens nothing.",
        bad: &["\
on: [push, project_card]
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
        good: &["\
on: [push]
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
    },
    Rule {
        id: "platform-limits",
        group: Group::Hygiene,
        severity: Severity::Note,
        fixes: Fixes::Never,
        finds: "a name that is longer than GitHub takes, or that has letters in it that fail at run time",
        why: "The file is read, and the step or the run fails later: names of artifacts become those of files, keys of caches are separated by commas.",
        bad: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/upload-artifact@v7
        with: {name: 'logs: all', path: logs}
"],
        good: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/upload-artifact@v7
        with: {name: logs-all, path: logs}
"],
    },
];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = cx.workflow else {
        return;
    };
    for trigger in &workflow.triggers {
        let known = retired::find("event", trigger.name);
        found.extend(known.map(|row| obsolete(trigger.node, &row, "the event never comes")));
    }
    permissions(workflow.node, found);
    concurrency(workflow.node, found);
    for job in &workflow.jobs {
        permissions(job.node, found);
        concurrency(job.node, found);
        if let Some(environment) = job.node.get("environment") {
            let name = environment.get("name").unwrap_or(environment);
            long(name, "the name of an environment", MAX_ENVIRONMENT, found);
        }
        for step in &job.steps {
            let uses = step.uses.and_then(Node::as_str).unwrap_or_default();
            let action = uses.split('@').next().unwrap_or_default();
            if action.eq_ignore_ascii_case("actions/upload-artifact") {
                artifact(step, found);
            } else if CACHES
                .iter()
                .any(|cache| action.eq_ignore_ascii_case(cache))
            {
                cache(step, found);
            }
        }
    }
}

fn permissions(node: Node<'_>, found: &mut Diagnostics) {
    let permissions = node.get("permissions");
    for entry in permissions.into_iter().flat_map(Node::entries) {
        let name = entry.key.as_str();
        let known = name.and_then(|name| retired::find("permission", name));
        found.extend(known.map(|row| obsolete(entry.key, &row, "the permission opens nothing")));
    }
}

fn obsolete(node: Node<'_>, row: &Retired, effect: &str) -> Diagnostic {
    let Retired {
        kind,
        name,
        since,
        of,
    } = row;
    let message = format!("the {kind} `{name}` is of {of}, which are gone since {since}");
    Diagnostic::warning("feature-obsolete", message)
        .at(node.location())
        .note(effect)
        .help("take it away")
}

/// GitHub's limits, in characters.
const MAX_GROUP: usize = 400;
const MAX_ENVIRONMENT: usize = 255;
const MAX_CACHE_KEY: usize = 512;

fn concurrency(node: Node<'_>, found: &mut Diagnostics) {
    if let Some(concurrency) = node.get("concurrency") {
        let group = concurrency.get("group").unwrap_or(concurrency);
        long(group, "the group", MAX_GROUP, found);
    }
}

/// A text that is longer than GitHub takes, whatever its expressions give.
fn long(node: Node<'_>, what: &str, limit: usize, found: &mut Diagnostics) {
    let text = node.as_str().filter(|text| !expression::is_in(text));
    let length = text.map_or(0, |text| text.chars().count());
    if length > limit {
        let message = format!("{what} has {length} characters, and GitHub takes {limit}");
        found.push(note(node, message).help("choose a shorter one"));
    }
}

fn note(node: Node<'_>, message: String) -> Diagnostic {
    Diagnostic::new(Severity::Note, "platform-limits", message).at(node.location())
}

/// An input of a step, with its text.
fn input<'t>(step: &Step<'t>, name: &str) -> Option<(Node<'t>, &'t str)> {
    let node = step.node.get("with")?.get(name)?;
    Some((node, node.as_str()?))
}

/// Letters that a name of an artifact cannot have.
const NOT_IN_ARTIFACTS: [char; 11] = ['"', ':', '<', '>', '|', '*', '?', '\\', '/', '\r', '\n'];

fn artifact(step: &Step<'_>, found: &mut Diagnostics) {
    let Some((node, text)) = input(step, "name") else {
        return;
    };
    // What an expression holds in quotes is no part of the name.
    let plain = text.split("${{").next().unwrap_or_default();
    if let Some(letter) = plain.chars().find(|c| NOT_IN_ARTIFACTS.contains(c)) {
        let message = format!(
            "the name of an artifact cannot have `{}` in it",
            letter.escape_default()
        );
        found.push(
            note(node, message)
                .note("the upload fails")
                .help("use letters, digits, `-`, `_` and `.`"),
        );
    }
}

/// Actions that take the key of a cache.
const CACHES: [&str; 3] = [
    "actions/cache",
    "actions/cache/save",
    "actions/cache/restore",
];

fn cache(step: &Step<'_>, found: &mut Diagnostics) {
    let Some((node, text)) = input(step, "key") else {
        return;
    };
    let plain = text.split("${{").next().unwrap_or_default();
    if plain.contains(',') {
        let message = "the key of a cache cannot have `,` in it".to_owned();
        found.push(
            note(node, message)
                .note("the step fails")
                .help("separate its parts by `-`"),
        );
    }
    long(node, "the key of a cache", MAX_CACHE_KEY, found);
}
