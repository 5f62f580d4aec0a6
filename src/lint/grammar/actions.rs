//! Actions, and steps that use them.

use crate::diagnostics::Severity;
use crate::lint::rule::{Fixes, Group, Rule};

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "action-meta-branding",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "an icon or a colour of an action that GitHub does not have",
        why: "The Marketplace refuses the action. Choose one of the names that GitHub lists.",
        bad: &["\
# file: action.yml
name: greet
description: greets
runs: {using: node24, main: index.js}
branding: {icon: rockett, color: blue}
"],
        good: &["\
# file: action.yml
name: greet
description: greets
runs: {using: node24, main: index.js}
branding: {icon: award, color: blue}
"],
    },
    Rule {
        id: "action-meta-keys",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "a key of an `action.yml` that does not fit its kind, or one that is missing",
        why: "GitHub reads the keys by what `runs.using` says and fails at the first run.",
        bad: &["\
# file: action.yml
name: greet
description: greets
runs: {using: node24}
"],
        good: &["\
# file: action.yml
name: greet
description: greets
runs: {using: node24, main: index.js}
"],
    },
    Rule {
        id: "action-meta-runtime",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "an action that runs on something that GitHub does not have",
        why: "The action cannot start. Write `node24`, `docker` or `composite`.",
        bad: &["\
# file: action.yml
name: greet
description: greets
runs: {using: node23, main: index.js}
"],
        good: &["\
# file: action.yml
name: greet
description: greets
runs: {using: node24, main: index.js}
"],
    },
    Rule {
        id: "composite-steps",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "a key that a step of a composite action cannot have",
        why: "Steps of actions know fewer keys than those of jobs; GitHub refuses the action when it is used.",
        bad: &["\
# file: action.yml
name: greet
description: greets
runs:
  using: composite
  steps: [{run: make, shell: bash, timeout-minutes: 5}]
"],
        good: &["\
# file: action.yml
name: greet
description: greets
runs:
  using: composite
  steps: [{run: make, shell: bash}]
"],
    },
    Rule {
        id: "shell-required",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "a script of a composite action without `shell`",
        why: "An action runs on every system, so GitHub does not choose a shell for it and refuses it.",
        bad: &["\
# file: action.yml
name: greet
description: greets
runs:
  using: composite
  steps: [{run: make}]
"],
        good: &["\
# file: action.yml
name: greet
description: greets
runs:
  using: composite
  steps: [{run: make, shell: bash}]
"],
    },
    Rule {
        id: "uses-format",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a step whose `uses` names no action",
        why: "An action is named by owner, repository and version, by its path in this repository, or as an image.",
        bad: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{uses: actions/checkout}]
"],
        good: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{uses: actions/checkout@v7}]
"],
    },
];
