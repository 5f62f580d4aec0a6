//! `action-outdated-runtime`, `action-short-sha`: the release of an action that a step names.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::knowledge::{metadata, runtimes};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::Node;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[
    Rule {
        id: "action-outdated-runtime",
        group: Group::Correctness,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "a release of an action for a Node.js that runners no longer have",
        why: "GitHub runs it on a newer one, for which it was never tested, and warns in each run. What is only one version behind is a note.",
        bad: &["\
on: push
permissions: {}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{uses: actions/checkout@v3}]}}
"],
        good: &["\
on: push
permissions: {}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{uses: actions/checkout@v7}]}}
"],
    },
    Rule {
        id: "action-short-sha",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a commit that is not written out",
        why: "GitHub finds actions by a branch, a tag or all 40 digits of a commit.",
        bad: &["\
on: push
permissions: {}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{uses: actions/checkout@3d3c42e}]}}
"],
        good: &["\
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps: [{uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1}]
"],
    },
];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    for step in cx.steps() {
        if let Some((node, text)) = step.uses.and_then(|node| Some((node, node.as_str()?))) {
            outdated(node, text, found);
            short(node, text, found);
        }
    }
    for job in cx.workflow.into_iter().flat_map(|workflow| &workflow.jobs) {
        let uses = job.node.get("uses");
        if let Some((node, text)) = uses.and_then(|node| Some((node, node.as_str()?))) {
            short(node, text, found);
        }
    }
}

fn outdated(node: Node<'_>, uses: &str, found: &mut Diagnostics) {
    let Some(known) = metadata::metadata(uses) else {
        return;
    };
    let Some(removed) = runtimes::removed(known.using) else {
        return;
    };
    let weight = if removed.distance == 0 {
        Severity::Note
    } else {
        Severity::Warning
    };
    let message = format!("`{uses}` is made for {}", known.using);
    let diagnostic = Diagnostic::new(weight, "action-outdated-runtime", message)
        .at(node.location())
        .note(removed.explained());
    let newest = known
        .newest()
        .filter(|(_, using)| runtimes::removed(using).is_none());
    found.push(match newest {
        Some((release, _)) => diagnostic.help(format!("use `{}@{release}`", known.action)),
        None => {
            diagnostic.help("see whether it has a newer release, or another action does the same")
        }
    });
}

fn short(node: Node<'_>, uses: &str, found: &mut Diagnostics) {
    let Some((_, commit)) = uses.rsplit_once('@') else {
        return;
    };
    let is_hex = commit
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    // Only digits are a date or a number, only letters a word.
    let is_mixed = commit.bytes().any(|byte| byte.is_ascii_digit())
        && commit.bytes().any(|byte| byte.is_ascii_lowercase());
    if is_hex && is_mixed && (7..40).contains(&commit.len()) && !uses.starts_with("docker://") {
        found.push(
            Diagnostic::error(
                "action-short-sha",
                format!("`{commit}` is the start of a commit only"),
            )
            .at(node.location())
            .note("GitHub takes all 40 digits")
            .help("write the whole commit, or a tag"),
        );
    }
}
