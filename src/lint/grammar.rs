//! The rules that GitHub's grammar itself gives; [`shape`](crate::workflow::shape) finds them.

use super::rule::{Fixes, Group, Rule};
use crate::diagnostics::{Diagnostic, Severity};
use crate::source::{Location, SourceId, Span};

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
        id: "call-job-keys",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "a key that a job with `uses` cannot have",
        why: "A job that calls a workflow runs nothing itself: steps, services and the runner are those of the called workflow. GitHub refuses the file.",
        bad: &["\
on: push
jobs:
  deploy:
    uses: ./.github/workflows/deploy.yml
    steps: [{run: make}]
# file: .github/workflows/deploy.yml
on: workflow_call
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
        good: &["\
on: push
jobs:
  deploy:
    uses: ./.github/workflows/deploy.yml
# file: .github/workflows/deploy.yml
on: workflow_call
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
    },
    Rule {
        id: "call-uses-format",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a job whose `uses` names no workflow file",
        why: "A called workflow lies directly in `.github/workflows`, of this repository without a version, of another with one.",
        bad: &["\
on: push
jobs:
  deploy:
    uses: octo/deploy@v1
"],
        good: &["\
on: push
jobs:
  deploy:
    uses: octo/deploy/.github/workflows/deploy.yml@v1
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
    Rule {
        id: "id-format",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "an id of a job or a step with letters that it cannot have",
        why: "Expressions name jobs and steps by their ids, so an id is made of letters, digits, `-` and `_`.",
        bad: &["\
on: push
jobs:
  1st: {runs-on: ubuntu-24.04, steps: [{run: make}]}
"],
        good: &["\
on: push
jobs:
  first: {runs-on: ubuntu-24.04, steps: [{run: make}]}
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
        id: "permission-level",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "a level that the permission does not have",
        why: "GitHub refuses the file. Levels are `read`, `write` and `none`; some permissions have only two of them.",
        bad: &["\
on: push
permissions: {contents: admin}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
        good: &["\
on: push
permissions: {contents: write}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
    },
    Rule {
        id: "permission-unknown",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "a permission that GitHub does not have",
        why: "GitHub refuses the file.",
        bad: &["\
on: push
permissions: {content: read}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
        good: &["\
on: push
permissions: {contents: read}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
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

/// A file without any content.
pub(super) fn empty(id: SourceId) -> Diagnostic {
    Diagnostic::error("empty-section", "the file is empty").at(Location::new(id, Span::at(0)))
}
