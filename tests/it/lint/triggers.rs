//! What starts a workflow, and its inputs.

use cicd::lint::FileKind;

use super::judge;
use crate::common::Repo;

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
fn a_list_without_events_starts_nothing_but_is_taken() {
    for (on, fault) in [("[]", "warning"), ("{}", "warning"), ("''", "error")] {
        let repo = Repo::new();
        let text = format!("on: {on}\njobs: {{a: {{runs-on: x, steps: [{{run: a}}]}}}}\n");
        repo.write(".github/workflows/ci.yml", &text);
        let run = repo.cicd(&["lint", "--select", "empty-section"]);
        let first = format!("{fault}[empty-section]");
        assert!(run.out.contains(&first), "{on}: {}", run.out);
    }
}

#[test]
fn an_event_with_filters_is_a_key_and_no_item() {
    let repo = Repo::new();
    let text = "on: [pull_request, push: {branches: [main]}]\n\
                jobs: {a: {runs-on: x, steps: [{run: a}]}}\n";
    repo.write(".github/workflows/ci.yml", text);
    let run = repo.cicd(&["lint", "--select", "wrong-type"]);
    let told = ["ci.yml:1:20\n", "= help: write each event as a key of `on`"];
    let all = told.iter().all(|told| run.out.contains(told));
    assert!(all && run.out.ends_with("1 error\n"), "{}", run.out);
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

#[test]
fn other_workflows_are_waited_for_by_names_that_they_have() {
    let repo = Repo::new();
    let jobs = "jobs: {a: {runs-on: x, steps: [{run: a}]}}\npermissions: {}\n";
    let build = format!("name: Build\non: push\n{jobs}");
    repo.write(".github/workflows/build.yml", &build);
    let bare = format!("on: push\n{jobs}");
    repo.write(".github/workflows/bare.yml", &bare);
    let names = "[build, .github/workflows/bare.yml, 'B*', Biuld, Scan]";
    let after = format!("name: After\non: {{workflow_run: {{workflows: {names}}}}}\n{jobs}");
    repo.write(".github/workflows/after.yml", &after);
    let run = repo.cicd(&["lint", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let findings = document["findings"].as_array().unwrap().iter();
    let told: Vec<_> = findings
        .map(|one| {
            (
                one["severity"].as_str().unwrap(),
                one["message"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("error", "no workflow here has the name `Biuld`"),
            ("warning", "no workflow here has the name `Scan`"),
        ]
    );
}

#[test]
fn a_release_by_hand_starts_what_waits_for_it() {
    let repo = Repo::new();
    let publish =
        "on: {release: {types: [published]}}\njobs: {a: {runs-on: x, steps: [{run: a}]}}\n";
    repo.write(".github/workflows/publish.yml", publish);
    let count = |with: &str| {
        let release = format!(
            "on: push\njobs: {{a: {{runs-on: x, steps: [{{uses: softprops/action-gh-release@v3, with: {{{with}}}}}]}}}}\n"
        );
        repo.write(".github/workflows/release.yml", &release);
        let run = repo.cicd(&["lint", "--select", "trigger-noop", "--format", "json"]);
        let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        document["findings"].as_array().unwrap().len()
    };
    assert_eq!(count("files: a"), 1);
    assert_eq!(count("files: a, token: '${{ github.token }}'"), 1);
    assert_eq!(count("files: a, draft: true"), 0);
    assert_eq!(count("files: a, token: '${{ secrets.APP_TOKEN }}'"), 0);
    assert_eq!(count("token: '${{ secrets.APP || github.token }}'"), 0);
}

#[test]
fn a_default_reads_inputs_that_have_a_value_by_then() {
    judge(
        FileKind::Workflow,
        "on:
  workflow_call:
    inputs:
      a: {type: string, default: 'a-${{ inputs.b }}'} # expr-undefined-property: `b` has no value yet
      b: {type: string, default: '${{ inputs.a }}'}
      c: {type: string, default: '${{ inputs.C }}'} # expr-undefined-property: `C` has no value yet
jobs: {a: {runs-on: x, steps: [{run: a}]}}
",
    );
}

#[test]
fn the_end_of_a_line_in_a_block_is_told_at_its_mark() {
    judge(
        FileKind::Workflow,
        "on:
  push:
    paths:
      - | # glob-pattern: blanks at its edge
        a.txt
      - |-
        b.txt
jobs: {a: {runs-on: x, steps: [{run: a}]}}
",
    );
}
