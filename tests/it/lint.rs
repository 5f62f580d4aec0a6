//! `cicd lint` on files of many faults, each marked where it stands.

mod dependabot;
mod fixes;
mod jobs;
mod odd_texts;
mod shapes;
mod triggers;
mod types;
mod actions;
mod scripts;

use cicd::diagnostics::{Diagnostics, Severity};
use cicd::lint::settings::Options;
use cicd::lint::{File, FileKind, Group, Named, Rule, all, lint, lint_for, named};
use cicd::source::{Source, Sources};

use crate::common::Repo;

/// Holds the findings of a text against its marks, `# RULE` or `# RULE: words of the message`
/// behind the line, several with `; `.
#[track_caller]
fn judge(kind: FileKind, text: &str) {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("file.yml", text).unwrap());
    let file = File {
        id,
        kind,
        repository: String::new(),
        path: "file.yml".to_owned(),
        wanted: true,
        absent: Vec::new(),
    };
    let mut found = lint(&sources, &[file]).into_iter().collect::<Vec<_>>();
    let known = |one: &cicd::diagnostics::Diagnostic| all().iter().any(|rule| rule.id == one.code);
    assert!(found.iter().all(known), "{found:#?}");
    // What GitHub takes as it is counts where a mark names it.
    found.retain(|one| is_correctness(one.code) || text.contains(one.code));
    let mut found: Vec<(u32, String)> = found
        .iter()
        .filter(|one| !is_policy(one.code))
        .map(|one| {
            let (_, start, _) = sources.resolve(one.primary.unwrap()).unwrap();
            (start.line, format!("{}: {}", one.code, one.message))
        })
        .collect();
    for (line, number) in text.lines().zip(1..) {
        let Some((_, marks)) = line.split_once("# ") else {
            continue;
        };
        for mark in marks.split("; ") {
            let (rule, words) = mark.split_once(": ").unwrap_or((mark, ""));
            let fits = |(at, said): &(u32, String)| {
                *at == number && said.starts_with(&format!("{rule}: ")) && said.contains(words)
            };
            let Some(position) = found.iter().position(fits) else {
                panic!("line {number} has no {mark}: {found:#?}");
            };
            found.remove(position);
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// Whether a finding counts in the example of a rule: what GitHub refuses, and what the rule's
/// group is about.
fn counts(id: &str, of: &Rule) -> bool {
    let group = all().iter().find(|rule| rule.id == id);
    group.is_none_or(|rule| {
        rule.group == Group::Correctness || (rule.group == of.group && !is_policy(id))
    })
}

/// Whether a rule says what GitHub refuses or does not do as it is written.
fn is_correctness(id: &str) -> bool {
    let mut rules = all().iter();
    rules.any(|rule| rule.id == id && rule.group == Group::Correctness)
}

/// Whether a rule is only for those who ask for it.
fn is_policy(id: &str) -> bool {
    let mut rules = all().iter();
    rules.any(|rule| rule.id == id && rule.group == Group::Policy)
}

/// Notes what files name and is not among the paths. Of files that are no workflow and no action
/// only an example tells that has one.
fn absent(files: &mut [File], sources: &Sources, paths: &[&str]) {
    let is_whole = paths.iter().any(|path| FileKind::of(path).is_none());
    for file in files {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for one in named(sources.get(file.id).unwrap().text(), file.kind) {
            let (path, is_told) = match &one {
                Named::Action(path) if path.is_empty() => ("action.yml".to_owned(), true),
                Named::Action(path) => (format!("{path}/action.yml"), true),
                Named::File(path) if folder.is_empty() => (path.to_string(), is_whole),
                Named::File(path) => (format!("{folder}/{path}"), is_whole),
            };
            if is_told && !paths.contains(&&*path) {
                file.absent.push(one.into_path());
            }
        }
    }
}

/// The findings of an example's files by rule.
fn example(text: &str) -> Vec<(&'static str, Severity)> {
    let (sources, files) = files_of(text);
    let found = lint(&sources, &files);
    found.iter().map(|one| (one.code, one.severity)).collect()
}

/// The files of an example.
fn files_of(text: &str) -> (Sources, Vec<File>) {
    let mut sources = Sources::new();
    let (mut files, mut paths) = (Vec::new(), Vec::new());
    let first = (!text.starts_with("# file: "))
        .then(|| format!("# file: .github/workflows/example.yml\n{text}"));
    let text = first.as_deref().unwrap_or(text);
    for part in text.split("# file: ").skip(1) {
        let (path, text) = part.split_once('\n').unwrap();
        paths.push(path);
        let Some(kind) = FileKind::of(path) else {
            continue;
        };
        files.push(File {
            id: sources.add(Source::new(path, text).unwrap()),
            kind,
            repository: String::new(),
            path: path.to_owned(),
            wanted: true,
            absent: Vec::new(),
        });
    }
    absent(&mut files, &sources, &paths);
    (sources, files)
}

#[test]
fn a_rule_speaks_when_it_is_asked() {
    for rule in all().iter().filter(|rule| !rule.bad.is_empty()) {
        let (sources, files) = files_of(&rule.bad.concat());
        let tells = |options: &Options| {
            let found = lint_for(&sources, &files, options, Diagnostics::new());
            found.iter().any(|one| one.code == rule.id)
        };
        let by_itself = rule.group != Group::Policy;
        assert_eq!(tells(&Options::default()), by_itself, "{}", rule.id);
        for asked in [rule.id, rule.group.as_str()] {
            let select = vec![asked.to_owned()];
            let options = Options {
                select,
                ..Options::default()
            };
            assert!(tells(&options), "{} by {asked}", rule.id);
        }
        let ignore = vec![rule.id.to_owned()];
        let options = Options {
            ignore,
            ..Options::default()
        };
        assert!(!tells(&options), "{}", rule.id);
    }
}

#[test]
fn what_is_suppressed_is_looked_for_though_nobody_asks() {
    let text = "on: push\njobs:\n  # cicd: ignore[runner-latest, job-timeout] it is ours\n  \
                a: {runs-on: ubuntu-latest, steps: [{run: make}]}\n";
    let (sources, files) = files_of(text);
    let found = lint_for(&sources, &files, &Options::default(), Diagnostics::new());
    assert!(
        !found.iter().any(|one| one.code == "unused-ignore"),
        "{found:#?}"
    );
}

#[test]
fn every_rule_finds_its_bad_example_and_likes_its_good_one() {
    let mut ids = Vec::new();
    for rule in all() {
        ids.push(rule.id);
        if !rule.bad.is_empty() {
            let found = example(&rule.bad.concat());
            assert!(
                found.contains(&(rule.id, rule.severity)),
                "{}: {found:?}",
                rule.id
            );
            // All jobs wait only if one waits for what is not there, or in a ring.
            // An empty file is empty as well as unreadable.
            let implied = |id: &str| {
                matches!(
                    (rule.id, id),
                    ("needs-no-start", "needs-unknown") | ("action-meta-parse", "empty-section")
                )
            };
            let others = found
                .iter()
                .filter(|(id, _)| *id != rule.id && !implied(id) && counts(id, rule));
            assert_eq!(others.count(), 0, "{}: {found:?}", rule.id);
        }
        if !rule.good.is_empty() {
            let mut found = example(&rule.good.concat());
            found.retain(|(id, _)| *id == rule.id || counts(id, rule));
            assert!(found.is_empty(), "{}: {found:?}", rule.id);
        }
        assert!(
            !rule.finds.ends_with('.') && rule.why.ends_with('.'),
            "{}",
            rule.id
        );
    }
    let mut once = ids.clone();
    once.dedup();
    assert_eq!(ids, once);
}

#[test]
fn keys_and_values_are_those_of_github() {
    judge(
        FileKind::Workflow,
        "name: ci
on:
  push: {branches: main, branches-ignore: [x]} # event-filter-conflict: `push` has both
  pull_request: {types: [opned], tags: [v1]} # event-types: no activity `opned`; event-filter-availability: no filter `tags`
  workflw_dispatch: # event-unknown: no event `workflw_dispatch`
  workflow_run: {types: completed} # event-filter-availability: `workflow_run` has no `workflows`
permissions:
  contents: reed # permission-level: cannot be `reed`
  issue: write # permission-unknown: there is no permission `issue`
jobs:
  test:
    run-on: ubuntu-24.04 # unknown-key: unknown key `run-on`
    steps: []
  build:
    runs-on: ubuntu-24.04
    timeout-minutes: '5' # yaml-scalar-style: `timeout-minutes` is text, and a number is wanted
    continue-on-error: sure # wrong-type: `continue-on-error`
    env: # empty-section: `env` is empty
    steps:
      - run: make
        with: {a: b} # unknown-key: `with` cannot stand beside `run`
      - name: nothing # missing-key: has neither
      - uses: actions/checkout # uses-format: has no version
      - uses: ./local
        shell: bash # unknown-key: `shell` cannot stand beside `uses`
  call:
    uses: o/r/.github/workflows/a.yml@v1
    steps: [] # call-job-keys: `steps` cannot stand beside `uses`
  wrong:
    uses: o/r@v1 # call-uses-format: names no reusable workflow
",
    );
}

#[test]
fn expressions_are_read_where_they_stand() {
    judge(
        FileKind::Workflow,
        "on: push
env:
  A: ${{ secrets.A }}
  B: ${{ runner.os }} # expr-context-availability: the context `runner`
jobs:
  one:
    if: always() && githb.ref # expr-undefined-context: no context `githb`
    runs-on: ${{ matrix.os
    name: a ${{ hashFiles('x') }} # expr-function-availability: the function `hashFiles`
    timeout-minutes: ${{ fromJSON('5') }}
    steps:
      - if: success() && (  # expr-syntax: ends too early
        run: echo ${{ 'a' }} ${{ contains('a') }} # expr-call-args: `contains` needs 2
      - run: |
          echo first
          echo ${{ github.event.a + 1 }}
      - if: ${{ secrets.X }} # expr-context-availability: the context `secrets`
        uses: ${{ 'actions/checkout@v5' }}
      - uses: ${{ github.action }} # expr-context-availability: no expression can stand here
        shell: bash
"
        .replace("matrix.os\n", "matrix.os # expr-syntax: no `}}`\n")
        .replace(
            "event.a + 1 }}\n",
            "event.a + 1 }} # expr-syntax: `+` cannot stand here\n",
        )
        .replace("        shell: bash\n", "")
        .as_str(),
    );
}

#[test]
fn jobs_and_steps_name_each_other() {
    judge(
        FileKind::Workflow,
        "on: push
jobs:
  a:
    needs: [b, c, B] # needs-cycle: `a` → `b` → `a`; needs-duplicate; needs-unknown: no job `c`
    runs-on: x
    steps: [{run: a, id: s}, {run: b, id: S}] # id-duplicate: a step `s`
  b:
    needs: a
    runs-on: x
    steps: [{run: a, id: 1x}] # id-format: begins with `1`
  __d:  # id-format: begins with `__`
    runs-on: {group: some/group} # runner-group
    strategy: {matrix: {os: []}} # matrix-shape: `os` has no values
    steps: [{run: a}]
",
    );
}

#[test]
fn actions_have_a_grammar_of_their_own() {
    judge(
        FileKind::Action,
        "name: mine
description: does it
inputs: {a: {default: '${{ github.ref }}', deprecated: x}} # unused-definition
runs:
  using: composite
  steps:
    - run: make # shell-required: no `shell`
    - uses: actions/checkout@v5
      timeout-minutes: 5 # composite-steps: unknown key `timeout-minutes`
    - run: echo ${{ secrets.A }} # expr-context-availability: the context `secrets`
      shell: bash
branding: {icon: nosuch, color: blue} # action-meta-branding
",
    );
}

#[test]
fn tags_and_long_scripts_are_refused() {
    let script = "          echo\n".repeat(5000);
    judge(
        FileKind::Workflow,
        &format!(
            "on: push
jobs:
  a:
    runs-on: !!str x
    timeout-minutes: !!int 5
    continue-on-error: !!bool perhaps # yaml-tag: no `!!bool`; wrong-type
    steps:
      - name: !!timestamp 2026-01-01 # yaml-tag: does not know the tag
        run: | # text-limits: characters
{script}"
        ),
    );
}

#[test]
fn a_call_is_held_against_what_it_calls() {
    let repo = Repo::new();
    repo.write(
        ".github/workflows/called.yml",
        "on:
  workflow_call:
    inputs:
      size: {type: number, required: true}
      loud: {type: boolean}
      with-default: {type: string, required: true, default: x}
    secrets:
      TOKEN: {required: true}
permissions: {}
jobs:
  build:
    permissions: {contents: write}
    runs-on: x
    steps: [{run: a}]
",
    );
    repo.write(
        ".github/workflows/plain.yml",
        "on: push\njobs: {a: {runs-on: x, steps: [{run: a}]}}\n",
    );
    repo.write(
        ".github/workflows/caller.yml",
        "on: push
permissions: {contents: read}
jobs:
  good:
    permissions: {contents: write}
    uses: ./.github/workflows/called.yml
    with: {SIZE: 5, loud: '${{ github.ref_protected == true }}'}
    secrets: inherit
  bad:
    uses: ./.github/workflows/called.yml
    with:
      loud: very
      luod: true
    secrets: {TOKN: '${{ secrets.A }}'}
  none:
    uses: ./.github/workflows/nowhere.yml
  not:
    uses: ./.github/workflows/plain.yml
",
    );
    let run = repo.cicd(&["lint", ".github/workflows/caller.yml", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let found: Vec<_> = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {}", one["line"], one["rule"].as_str().unwrap()))
        .collect();
    assert_eq!(
        found,
        [
            "9 call-permissions",
            "10 call-missing-input",
            "10 call-missing-secret",
            "12 call-input-type",
            "13 call-unknown-input",
            "14 call-unknown-secret",
            "16 call-target-unreadable",
            "18 call-target-unreadable",
        ]
    );
}

#[test]
fn what_is_generated_is_clean() {
    let snapshots = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots");
    let repo = Repo::new();
    for entry in std::fs::read_dir(snapshots).unwrap() {
        let folder = entry.unwrap().path();
        let all = "correctness,security,hygiene,policy";
        let run = repo.cicd(&["lint", "--select", all, folder.to_str().unwrap()]);
        assert_eq!((run.code, &*run.out), (0, ""), "{}", folder.display());
    }
}

#[test]
fn findings_exit_with_1_and_standard_input_has_a_name() {
    let repo = Repo::new();
    repo.write(
        ".github/workflows/ci.yml",
        "on: push\npermissions: {}\njobs: {a: {runs-on: x, steps: [{run: a}]}}\n",
    );
    repo.write(".github/dependabot.yml", "version: 2\nupdates: []\n");
    assert_eq!(repo.cicd(&["lint"]).code, 0);
    repo.write(
        ".github/workflows/ci.yml",
        "on: push\npermissions: {}\njobs: {a: {runs-on: x, step: [{run: a}]}}\n",
    );
    let run = repo.cicd(&["lint", "--format", "json", "--offline"]);
    let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let finding = &document["findings"][0];
    assert_eq!(run.code, 1);
    assert_eq!(finding["rule"], "unknown-key");
    assert_eq!(
        (&finding["line"], &finding["column"]),
        (&3.into(), &24.into())
    );
    let run = repo.cicd(&["lint", "nowhere"]);
    assert_eq!((run.code, &*run.out), (2, ""));
    assert!(run.err.contains("there is no file `nowhere`"));
}
