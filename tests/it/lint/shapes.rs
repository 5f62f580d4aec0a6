//! Mappings that are no thing, or two.

use cicd::lint::FileKind;

use super::judge;

#[test]
fn what_could_be_two_things_is_told_at_the_mark_of_each() {
    judge(
        FileKind::Workflow,
        "on: push
jobs:
  a:
    runs-on: x
    steps:
      - uses: o/r@v1 # unknown-key: `uses` cannot stand beside `run`
        with: {a: b}
        run: make # unknown-key: `run` cannot stand beside `uses`
        shell: bash
      - name: script first
        run: make # unknown-key: `run` cannot stand beside `uses`
        env: {A: b}
        uses: o/r@v1 # unknown-key: `uses` cannot stand beside `run`
      - with: {a: b} # unknown-key: `with` cannot stand beside `run`
        run: make
  b:
    uses: o/r/.github/workflows/a.yml@v1 # call-job-keys: `uses` cannot stand beside `runs-on`
    secrets: inherit
    runs-on: x # call-job-keys: `runs-on` cannot stand beside `uses`
    steps: [{run: a}]
",
    );
}

#[test]
fn items_of_a_list_are_called_so() {
    judge(
        FileKind::Workflow,
        "on: push
jobs:
  a:
    runs-on: x
    steps:
      - # empty-section: an item of `steps` is empty
      - make # wrong-type: an item of `steps` is a string, and a mapping is wanted
      - {} # missing-key: an item of `steps` has neither `run` nor `uses`
      - {run: a}
",
    );
}

#[test]
fn what_is_missing_hides_nothing_below() {
    judge(
        FileKind::Workflow,
        "on: push
jobs:
  a: # missing-key: `a` has no `runs-on`
    timeout-minutes: soon # wrong-type: `timeout-minutes`
    steps:
      - run: echo ${{ foo.bar }} # expr-undefined-context: no context `foo`
  b:
    run-on: x # unknown-key: unknown key `run-on`
    stepz: [] # unknown-key: unknown key `stepz`
    env: [] # wrong-type: `env` is a list
  c:
    runs-on: x
    steps:
      - with: {a: '${{ foo.bar }}'} # missing-key: an item of `steps` has no `uses`; expr-undefined-context
      - name: ${{ foo.bar }} # missing-key: has neither `run` nor `uses`; expr-undefined-context
      - nme: x # unknown-key: unknown key `nme`
        rn: y # unknown-key: unknown key `rn`
  d: # missing-key: `d` has no `uses`
    secrets: none # enum-value
",
    );
    judge(
        FileKind::Action,
        "name: mine
description: does it
runs: # missing-key: `runs` has no `using`
  steps:
    - shell: bash # missing-key: an item of `steps` has no `run`
    - with: {a: '${{ foo.bar }}'} # missing-key: an item of `steps` has no `uses`; expr-undefined-context
",
    );
}
