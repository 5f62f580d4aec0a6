//! Runners, matrices, limits and what runs beside each other.

use cicd::lint::FileKind;

use super::judge;
use crate::common::Repo;

#[test]
fn labels_are_those_of_runners() {
    judge(
        FileKind::Workflow,
        "on: push
jobs:
  own: {runs-on: [self-hosted, linux, gpu], steps: [{run: a}]}
  mine: {runs-on: ubuntu-latest-4-cores, steps: [{run: a}]}
  near: {runs-on: ubuntu-24.4, steps: [{run: a}]} # runner-label-unknown: no runner `ubuntu-24.4`
  gone: {runs-on: macos-13, steps: [{run: a}]} # runner-label-retired: is gone since 2025-12-08
  going: {runs-on: ubuntu-22.04, steps: [{run: a}]} # runner-label-retired: ends on 2027-04-17
  group: {runs-on: {group: large, labels: ubuntu-20.04}, steps: [{run: a}]}
  both: {runs-on: [self-hosted, linux, windows], steps: [{run: a}]} # runner-label-conflict: both `linux` and `windows`
  none: {runs-on: [], steps: [{run: a}]} # empty-section: has no label
  matrix:
    strategy:
      matrix:
        os: [ubuntu-24.04, windows-2019] # runner-label-retired: `windows-2019` is gone
        include:
          - os: ubuntu-18.04 # runner-label-retired: `ubuntu-18.04` is gone
          - {os: [self-hosted, arm64]}
    runs-on: ${{ matrix.os }}
    steps: [{run: a}]
  deep:
    strategy:
      matrix:
        on: [{os: macos-lastest}] # runner-label-unknown: no runner `macos-lastest`
    runs-on: ${{ matrix.on.os }}
    steps: [{run: a}]
",
    );
}

#[test]
fn shells_are_those_of_the_system() {
    judge(
        FileKind::Workflow,
        "on: push
defaults: {run: {shell: bahs}} # shell-name: does not know the shell `bahs`
jobs:
  linux:
    runs-on: ubuntu-24.04
    steps:
      - {run: a, shell: powershell} # shell-name: Linux has no `powershell`
      - {run: a, shell: dash} # shell-name: does not know the shell `dash`
      - {run: a, shell: 'dash {0}'}
      - {run: a, shell: PWSH}
  windows:
    runs-on: windows-2025
    steps: [{run: a, shell: cmd}, {run: a, shell: sh}]
  open:
    runs-on: ${{ vars.WHERE }}
    steps: [{run: a, shell: cmd}]
",
    );
    judge(
        FileKind::Action,
        "name: mine
description: does it
runs:
  using: composite
  steps:
    - {run: a, shell: cmd}
    - {run: a, shell: fish} # shell-name: does not know the shell `fish`
",
    );
}

#[test]
fn numbers_are_in_their_range() {
    judge(
        FileKind::Workflow,
        "on: push
jobs:
  a:
    runs-on: x
    timeout-minutes: 5
    strategy: {max-parallel: 1.5, matrix: {a: [1, '1', 1]}} # value-range: whole number; matrix-duplicate: `1` stands twice
    steps:
      - {run: a, timeout-minutes: 6} # step-timeout-limit: 6 minutes, and its job 5
      - {run: a, timeout-minutes: 0.5} # step-timeout-limit: whole ones only
      - {run: a, timeout-minutes: -1} # value-range: more than 0
  b:
    runs-on: x
    steps: [{run: a, timeout-minutes: 400}] # step-timeout-limit: ends it after 360
",
    );
}

#[test]
fn matrices_count_what_they_make_at_least() {
    let list = |count: usize| {
        let numbers: Vec<_> = (0..count).map(|number| number.to_string()).collect();
        format!("[{}]", numbers.join(", "))
    };
    judge(
        FileKind::Workflow,
        &format!(
            "on: push
jobs:
  most:
    runs-on: x
    strategy: {{matrix: {{a: {sixteen}, b: {sixteen}}}}}
    steps: [{{run: a}}]
  many:
    runs-on: x
    strategy: {{matrix: {{a: {sixteen}, b: {more}}}}} # matrix-size: makes 272 jobs
    steps: [{{run: a}}]
  less:
    runs-on: x
    strategy: {{matrix: {{a: {sixteen}, b: {more}, exclude: [{{b: 3}}]}}}}
    steps: [{{run: a}}]
  open:
    runs-on: x
    strategy: {{matrix: {{a: {sixteen}, b: {more}, exclude: '${{{{ fromJSON(vars.A) }}}}'}}}}
    steps: [{{run: a}}]
",
            sixteen = list(16),
            more = list(17),
        ),
    );
}

#[test]
fn no_run_waits_for_itself() {
    judge(
        FileKind::Workflow,
        "on: push
concurrency: {group: 'x-${{ github.ref }}', queue: max, cancel-in-progress: true} # concurrency-queue
jobs:
  a:
    concurrency: X-${{github.ref}} # concurrency-deadlock: which its own run holds
    runs-on: x
    steps: [{run: a}]
  b:
    concurrency: x-${{ github.ref }}-b
    runs-on: x
    steps: [{run: a}]
",
    );
}

#[test]
fn steps_beside_each_other_know_each_other() {
    judge(
        FileKind::Workflow,
        "on: push
jobs:
  a:
    runs-on: x
    steps:
      - {run: a, id: server, background: true}
      - {run: a, id: plain, background: false}
      - {run: a, id: bare}
      - {wait: [server, servr]} # parallel-refs: has the id `servr`
      - {wait: plain} # parallel-refs: `plain` is not in the background
      - {wait: [bare]} # parallel-refs: `bare` is not in the background
      - {cancel: later} # parallel-refs: has the id `later`
      - {wait: self, id: self} # parallel-refs: names itself
      - {run: a, id: later, background: true}
      - parallel:
          - {run: a, id: inner}
          - {wait: inner} # parallel-nesting: `wait` cannot stand within `parallel`
      - {cancel: inner} # parallel-refs: has the id `inner`
",
    );
}

#[test]
fn what_scripts_and_names_say_reaches_the_runner() {
    judge(
        FileKind::Workflow,
        "on: push
jobs:
  a:
    runs-on: x
    env:
      GOOD: a
      'A B': a # env-var-name: has a blank in its name
      A=B: a # env-var-name: has `=` in its name
      LINE: |
        one line # block-scalar-newline
      LINES: |
        two
        lines
    steps:
      - run: echo '::set-output name=a::b' # deprecated-commands: gives the command `set-output` up
      - run: |
          #echo ::set-env name=a::b
          echo ::add-path::/x # deprecated-commands: switched the command `add-path` off
      - run: echo ::debug::set-output
",
    );
}

#[test]
fn containers_say_what_they_are() {
    judge(
        FileKind::Workflow,
        "on: push
jobs:
  a:
    runs-on: x
    container: '' # empty-section: the job runs without one
    services:
      one: {ports: [5432]} # missing-key: `one` has no `image`
      two: {image: ''} # container-image: `image` is empty
      three: {image: x, credentials: {username: me}} # missing-key: has no `password`
      four: {env: {A: '${{ github.ref }}'}}
    steps: [{run: a}]
  b:
    runs-on: x
    container: # empty-section: the job runs without one
    services:
      one: # empty-section: `one` is empty
      two:
        image: x
        credentials: # empty-section: `credentials` is empty
    permissions: # empty-section: `permissions` is empty
    steps: [{run: a}]
",
    );
}

#[test]
fn every_ring_of_jobs_is_told_once() {
    judge(
        FileKind::Workflow,
        "on: push
jobs:
  first: {runs-on: x, steps: [{run: a}]}
  before: {needs: a, runs-on: x, steps: [{run: a}]}
  a: {needs: [first, b], runs-on: x, steps: [{run: a}]} # needs-cycle: `a` → `b` → `c` → `a`
  b: {needs: [c, own], runs-on: x, steps: [{run: a}]}
  c: {needs: [a, b], runs-on: x, steps: [{run: a}]}
  own: {needs: own, runs-on: x, steps: [{run: a}]} # needs-cycle: `own` → `own`
  d: {needs: [a, e], runs-on: x, steps: [{run: a}]} # needs-cycle: `d` → `e` → `d`
  e: {needs: d, runs-on: x, steps: [{run: a}]}
",
    );
}

#[test]
fn what_can_never_run_is_told() {
    judge(
        FileKind::Workflow,
        "on: push
jobs:
  a:
    runs-on: x
    steps:
      - {run: exit 0}
      - {if: github.ref == 'x', run: exit 1}
      - run: |
          if true; then exit 0; fi
          exit 1
      - {run: \"echo no\\nexit 2\"}
      - {if: failure(), run: a}
      - {run: a} # trailing-step: the step never runs
  b: # trailing-step: the job never runs
    needs: [a]
    runs-on: x
    steps: [{run: a}]
  c:
    needs: [a]
    if: ${{ !cancelled() }}
    runs-on: x
    steps: [{run: a}]
",
    );
}

#[test]
fn a_called_workflow_does_not_wait_for_its_caller() {
    let repo = Repo::new();
    repo.write(
        ".github/workflows/called.yml",
        "on: workflow_call
concurrency: {group: '${{ github.workflow }}-${{ github.ref }}'}
jobs: {a: {runs-on: x, steps: [{run: a}]}}
permissions: {}
",
    );
    repo.write(
        ".github/workflows/caller.yml",
        "on: push
concurrency: ${{github.workflow}}-${{github.ref}}
jobs:
  call:
    uses: ./.github/workflows/called.yml
permissions: {}
",
    );
    let run = repo.cicd(&["lint", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let findings = document["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0]["rule"], "concurrency-deadlock");
    assert_eq!(findings[0]["line"], 5);
}

#[test]
fn policies_are_told_where_they_are_asked_for() {
    let repo = Repo::new();
    repo.write(
        ".github/workflows/ci.yml",
        "on: push\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: a}]}}\npermissions: {}\n",
    );
    let rules = |select: &[&str]| {
        let words = [&["lint", "--format", "json"], select].concat();
        let run = repo.cicd(&words);
        let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        let findings = document["findings"].as_array().unwrap();
        let rules = findings.iter().map(|one| one["rule"].as_str().unwrap());
        rules.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(rules(&[]), <[&str; 0]>::default());
    let all = [
        "concurrency-missing",
        "workflow-unnamed",
        "job-timeout",
        "runner-latest",
    ];
    assert_eq!(rules(&["--select", "policy"]), all);
    assert_eq!(rules(&["--select", "job-timeout"]), ["job-timeout"]);
}
