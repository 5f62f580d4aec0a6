//! What starts a workflow, and its inputs.

use cicd::lint::FileKind;

use super::judge;

#[test]
fn patterns_can_be_read_and_match_something() {
    judge(
        FileKind::Workflow,
        r"on:
  push:
    branches:
      - main
      - 'v[0-9]+.*'
      - refs/heads/main # glob-pattern: the short name
      - a b # glob-pattern: have ` ` in it
      - 'feature/' # glob-pattern: end in `/`
      - '[ab' # glob-pattern: no `]`
      - '[b-a]' # glob-pattern: runs backwards
      - '[x]' # glob-pattern: `x` alone
      - '\d+' # glob-pattern: `\d` means nothing
      - '+1' # glob-pattern: repeats nothing
    paths:
      - src/**
      - '!'  # glob-pattern: nothing stands behind `!`
      - ./src/** # glob-pattern: no path has
      - ' x' # glob-pattern: blanks at its edge
jobs: {a: {runs-on: x, steps: [{run: a}]}}
",
    );
}

#[test]
fn schedules_are_read_as_github_does() {
    judge(
        FileKind::Workflow,
        "on:
  schedule:
    - cron: '*/5 0-6,12 * JAN-MAR 1-5'
    - {cron: '0 3 * * *', timezone: europe/berlin}
    - cron: '0 3 * * 7' # schedule-cron: `7` is no day of the week
    - cron: '0 3 * *' # schedule-cron: has 4 fields
    - cron: '@daily' # schedule-cron: does not know `@daily`
    - cron: '*/2 * * * *' # schedule-cron: 2 minutes apart
    - {cron: '0 4 * * *', timezone: Berlin} # schedule-timezone: no time zone `Berlin`
jobs: {a: {runs-on: x, steps: [{run: a}]}}
",
    );
}

#[test]
fn inputs_agree_with_themselves() {
    judge(
        FileKind::Workflow,
        "on:
  workflow_dispatch:
    inputs:
      a: {type: choice} # dispatch-input-def: has no options
      b: {type: choice, options: []} # dispatch-input-def: has no options
      c: {type: choice, options: [x, x]} # dispatch-input-def: stands there twice
      d: {options: [x]} # dispatch-input-def: is a string and has options
      e: {type: boolean, default: 'true'} # dispatch-input-def: boolean `e` is a string
      f: {type: number, default: five} # dispatch-input-def: number `f` is a string
      g: {type: number, default: '5'}
      h: {type: choice, options: [x, y], default: z} # dispatch-input-def: none of the options
      i: {type: choice, options: [x, '']} # empty-section: an option is empty
  workflow_call:
    inputs:
      a: {type: number, default: x} # dispatch-input-def: number `a` is a string
      b: {type: string, required: true, default: x} # call-input-default-required
      c: {type: number, default: '${{ github.run_id }}'}
    outputs:
      none: {value: } # empty-section: never has a value
jobs: {a: {runs-on: x, steps: [{run: a}]}}
",
    );
}

#[test]
fn keys_differ_in_more_than_case() {
    judge(
        FileKind::Workflow,
        "on: push
env: {A: a, a: a, B: b} # duplicate-key: is `A` in another case
jobs:
  one: {runs-on: x, steps: [{run: a}]}
  ONE: {runs-on: x, steps: [{run: a}]} # duplicate-key: is `one` in another case
",
    );
}

#[test]
fn anchors_are_used_and_nothing_is_merged() {
    judge(
        FileKind::Workflow,
        "on: push
env: &env {A: a}
jobs:
  one:
    runs-on: &label x # yaml-anchor-unused: the anchor `label`
    env: {<<: *env, B: b} # yaml-merge-key
    steps:
      - &step {run: a}
      - *step
      - {<<: *step, name: b} # yaml-merge-key
",
    );
}
