//! What steps use: actions elsewhere and in the repository, and what they declare.

use cicd::lint::FileKind;

use super::judge;
use crate::common::Repo;

/// Lines and rules of what is found in a repository.
fn found(repo: &Repo, arguments: &[&str]) -> Vec<String> {
    let run = repo.cicd(&[&["lint", "--format", "json"], arguments].concat());
    let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let findings = document["findings"].as_array().unwrap();
    let told = findings.iter().map(|one| {
        let path = one["path"].as_str().unwrap().rsplit('/').next().unwrap();
        format!(
            "{path}:{} {} {}",
            one["line"],
            one["rule"].as_str().unwrap(),
            one["severity"].as_str().unwrap()
        )
    });
    told.collect()
}

#[test]
fn a_step_gives_an_action_what_it_takes() {
    judge(
        FileKind::Workflow,
        "on: push
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v7
        with: {FETCH-DEPTH: 0, fetch_depth: 0} # action-unknown-input: has no input `fetch_depth`
      - uses: Actions/Cache@v5 # action-missing-input: gets no `key`
        with: {path: x}
      - uses: actions/cache@27d5ce7f107fe9357f9df03efb73ab90386fccae # action-missing-input: no `path`; action-missing-input: no `key`
      - uses: actions/cache@v5.99.0
      - uses: actions/checkout@abc1234 # action-short-sha
      - uses: actions/checkout@20240101
      - uses: actions/checkout@v2.3.4 # action-outdated-runtime: made for node12
      - uses: actions/checkout@v4 # action-outdated-runtime: made for node20
      - uses: docker/setup-buildx-action@v3 # action-outdated-runtime
        with: {install: true} # action-deprecated-input: `install`
      - uses: pypa/gh-action-pypi-publish@release/v1
        with: {anything: new, packages_dir: x, args: y} # action-deprecated-input: `packages_dir`
      - uses: anybody/anything@v1
        with: {a: b}
",
    );
}

#[test]
fn an_action_says_what_it_is() {
    judge(
        FileKind::Action,
        "name: mine
description: does it
inputs: {a: {description: x, deprecationMessage: ' '}} # action-meta-empty-deprecation
runs:
  using: node16 # action-meta-runtime: `node16` is gone
  main: a.js
  pre-if: ${{ success() }} # action-meta-if-braces: `pre-if`; action-meta-keys: stands without `pre`
  post: b.js
  post-if: success()
",
    );
    judge(
        FileKind::Action,
        "name: mine
description: does it
inputs: {read: {required: true}, unread: {required: true}, condition: {}} # unused-definition: `unread`
runs:
  using: composite
  steps:
    - if: inputs.condition == 'x'
      run: echo \"$X\"
      shell: bash
      env: {X: \"${{ inputs['READ'] }}\"}
    - uses: actions/checkout@v3 # action-outdated-runtime
",
    );
}

#[test]
fn actions_of_the_repository_are_read_though_only_a_workflow_is_linted() {
    let repo = Repo::new();
    repo.write(
        ".github/actions/greet/action.yml",
        "name: greet
description: greets
inputs: {whom: {required: true}}
runs: {using: node24, main: dist/index.js, pre: before.js}
",
    );
    repo.write(".github/actions/broken/action.yaml", "name: [\n");
    repo.write("boxed/Dockerfile", "FROM scratch\n");
    repo.write("odd/action.yml", "name: odd\nruns: {using: node24}\n");
    repo.write(
        ".github/workflows/ci.yml",
        "on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - uses: ./.github/actions/greet/
      - uses: actions/checkout@v7
      - uses: ./.github/actions/greet
        with: {WHOM: you, how: so}
      - uses: ./.github/actions/broken
      - uses: ./boxed
      - uses: ./odd
      - uses: ./nowhere
      - run: git clone https://example.org/there
      - uses: ./there
  b:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v7
        with: {repository: o/r, path: other}
      - uses: ./other/action
  c:
    runs-on: self-hosted
    steps: [{uses: ./.github/actions/greet, with: {whom: you}}]
",
    );
    assert_eq!(
        found(&repo, &[".github/workflows/ci.yml"]),
        [
            "ci.yml:7 action-meta-pre-local warning",
            "ci.yml:7 action-missing-input error",
            "ci.yml:7 local-action-before-checkout error",
            "ci.yml:9 action-meta-pre-local warning",
            "ci.yml:10 action-unknown-input warning",
            "ci.yml:11 action-meta-parse error",
            "ci.yml:13 action-meta-parse error",
            "ci.yml:14 local-action-missing error",
            "ci.yml:25 action-meta-pre-local warning",
        ]
    );
    let missing = [
        "--select",
        "action-meta-missing-file",
        ".github/actions/greet/action.yml",
    ];
    assert_eq!(
        found(&repo, &missing),
        [
            "action.yml:4 action-meta-missing-file error",
            "action.yml:4 action-meta-missing-file error"
        ]
    );
    repo.write(".github/actions/greet/dist/index.js", "");
    repo.write(".github/actions/greet/before.js", "");
    assert_eq!(found(&repo, &missing), <[&str; 0]>::default());
}

#[test]
fn a_repository_may_be_named_from_elsewhere() {
    let repo = Repo::new();
    repo.write(
        "mine/greet/action.yml",
        "name: a\nruns: {using: composite, steps: []}\ninputs: {a: {required: true}}\n",
    );
    let workflow = "on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps: [{uses: actions/checkout@v7}, {uses: ./greet}, {uses: ./gone}]
";
    repo.write("mine/.github/workflows/ci.yml", workflow);
    let wanted = [
        "ci.yml:6 action-missing-input error",
        "ci.yml:6 local-action-missing error",
    ];
    let whole = repo.path("mine");
    let one = repo.path("mine/.github/workflows/ci.yml");
    for path in [&whole, &one] {
        assert_eq!(
            found(&repo, &["--select", "correctness", path.to_str().unwrap()]),
            wanted
        );
    }
    assert_eq!(found(&repo, &["--select", "correctness", "mine"]), wanted);
}

#[test]
fn calls_have_an_end() {
    let repo = Repo::new();
    for level in 0..12 {
        let calls = format!(
            "on: {{workflow_call: {{}}}}
permissions: {{}}
jobs: {{a: {{uses: ./.github/workflows/{}.yml}}}}
",
            level + 1
        );
        repo.write(&format!(".github/workflows/{level}.yml"), calls);
    }
    let last = "on: workflow_call\npermissions: {}\njobs: {a: {runs-on: x, steps: [{run: a}]}}\n";
    repo.write(".github/workflows/12.yml", last);
    let select = ["--select", "call-depth"];
    let too_deep = [
        "0.yml:3 call-depth error",
        "1.yml:3 call-depth error",
        "2.yml:3 call-depth error",
    ];
    assert_eq!(found(&repo, &select), too_deep);
    let back =
        "on: workflow_call\npermissions: {}\njobs: {a: {uses: ./.github/workflows/11.yml}}\n";
    repo.write(".github/workflows/12.yml", back);
    assert_eq!(found(&repo, &select).len(), 13);
}

#[test]
fn only_who_asks_for_it_hears_of_policy() {
    let repo = Repo::new();
    repo.write(
        "greet/action.yml",
        "name: a\ndescription: b\nruns: {using: composite, steps: []}\n",
    );
    repo.write(
        ".github/workflows/ci.yml",
        "on: push
permissions: {}
jobs:
  a:
    permissions: {contents: write}
    runs-on: ubuntu-24.04
    steps: [{uses: actions/checkout@v7}, {uses: ./greet}]
",
    );
    assert_eq!(found(&repo, &[]), <[&str; 0]>::default());
    assert_eq!(
        found(&repo, &["--select", "policy"]),
        [
            "ci.yml:1 concurrency-missing warning",
            "ci.yml:1 workflow-unnamed warning",
            "ci.yml:4 job-timeout warning",
            "ci.yml:5 permissions-undocumented warning",
            "ci.yml:7 uses-self-repo warning"
        ]
    );
}

#[test]
fn an_action_that_does_not_load_is_told_of_where_it_is_used_first() {
    let repo = Repo::new();
    let action = |name: &str, rest: &str| {
        let text = format!("name: a\ndescription: a\n{rest}\n");
        repo.write(&format!("{name}/action.yml"), text);
    };
    let runs = "runs: {using: composite, steps: []}";
    action("twice", &format!("inputs: {{a: {{}}, A: {{}}}}\n{runs}"));
    action("none", "runs: {using: nodenext, main: a.js}");
    action("old", "runs: {using: node12, main: a.js}");
    action("word", &format!("inputs: {{a: {{required: yes}}}}\n{runs}"));
    repo.write("old/a.js", "");
    let text = "on: push
permissions: {}
jobs:
  a:
    runs-on: [self-hosted]
    steps:
      - uses: ./twice
      - uses: ./none
      - uses: ./old
      - uses: ./word
      - uses: ./twice
";
    repo.write(".github/workflows/ci.yml", text);
    let all = found(&repo, &["--select", "correctness"]);
    let in_workflow: Vec<_> = all.iter().filter(|one| one.starts_with("ci.yml")).collect();
    assert_eq!(
        in_workflow,
        [
            "ci.yml:7 action-meta-parse error",
            "ci.yml:8 action-meta-parse error",
            "ci.yml:9 action-outdated-runtime warning",
        ]
    );
    let word = "action.yml:3 wrong-type warning".to_owned();
    assert!(all.contains(&word), "{all:?}");
}
