//! What starts a workflow.

use crate::diagnostics::Severity;
use crate::lint::rule::{Fixes, Group, Rule};

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "event-filter-availability",
        group: Group::Correctness,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "a filter that the event does not have, or one that it needs and has not",
        why: "GitHub ignores filters that an event does not know, so the workflow runs more often than it looks.",
        bad: &["\
on:
  release: {branches: [main]}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
        good: &["\
on:
  release: {types: [published]}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
    },
    Rule {
        id: "event-filter-conflict",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a filter beside its `-ignore` twin",
        why: "GitHub takes one of the two only and refuses the file. A pattern that begins with `!` takes away within the first.",
        bad: &["\
on:
  push: {branches: ['**'], branches-ignore: [wip]}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
        good: &["\
on:
  push: {branches: ['**', '!wip']}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
    },
    Rule {
        id: "event-types",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "an activity that the event does not know",
        why: "The workflow would never run for it.",
        bad: &["\
on:
  pull_request: {types: [merged]}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
        good: &["\
on:
  pull_request: {types: [closed]}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
    },
    Rule {
        id: "event-unknown",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "an event that GitHub does not have",
        why: "GitHub refuses the file.",
        bad: &["\
on: [push, pull-request]
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
        good: &["\
on: [push, pull_request]
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
    },
];
