//! Jobs: their ids, their permissions, and calls of workflows.

use crate::diagnostics::Severity;
use crate::lint::rule::{Fixes, Group, Rule};

pub(super) static RULES: &[Rule] = &[
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
];
