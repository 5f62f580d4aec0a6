//! Keys and values wherever they stand.

use crate::diagnostics::Severity;
use crate::lint::rule::{Fixes, Group, Rule};

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "empty-section",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a key with nothing behind it that needs something",
        why: "GitHub refuses the file, or reads on as if the key were not there. Often the content below is indented too little.",
        bad: &["\
on: push
jobs:
  build:
    env:
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
        good: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
    },
    Rule {
        id: "enum-value",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "a word that is none of those that GitHub knows at this place",
        why: "GitHub refuses the file.",
        bad: &["\
on:
  workflow_dispatch:
    inputs: {level: {type: text}}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
        good: &["\
on:
  workflow_dispatch:
    inputs: {level: {type: string}}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
    },
    Rule {
        id: "missing-key",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a key that must be there and is not",
        why: "GitHub refuses the file.",
        bad: &["\
on: push
jobs:
  build:
    steps: [{run: make}]
"],
        good: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
    },
    Rule {
        id: "unknown-key",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "a key that means nothing at its place",
        why: "GitHub refuses the file. Most are slips, or stand one level too deep.",
        bad: &["\
on: push
jobs:
  build:
    timeout: 5
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
        good: &["\
on: push
jobs:
  build:
    timeout-minutes: 5
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
    },
    Rule {
        id: "wrong-type",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a list, a mapping or a word where something else is wanted",
        why: "GitHub refuses the file.",
        bad: &["\
on: push
jobs:
  build:
    timeout-minutes: soon
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
        good: &["\
on: push
jobs:
  build:
    timeout-minutes: 5
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
    },
    Rule {
        id: "yaml-merge-key",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "the key `<<`, which other readers of YAML take for a merge",
        why: "GitHub knows anchors and aliases and no merging: `<<` is an unknown key to it.",
        bad: &["\
on: push
env: &all {A: b}
jobs:
  build: {runs-on: ubuntu-24.04, steps: [{run: make, <<: *all}]}
"],
        good: &["\
on: push
env: &all {A: b}
jobs:
  build: {runs-on: ubuntu-24.04, env: *all, steps: [{run: make}]}
"],
    },
    Rule {
        id: "yaml-scalar-style",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "quotes around a number, `true` or `false`",
        why: "In quotes it is text, and GitHub refuses text there.",
        bad: &["\
on: push
jobs:
  build:
    timeout-minutes: \"5\"
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
        good: &["\
on: push
jobs:
  build:
    timeout-minutes: 5
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
    },
];
