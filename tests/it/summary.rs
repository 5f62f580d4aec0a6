//! What a change of a workflow means: of any workflow, and through `diff` and
//! `generate --diff`.

use cicd::drift::summary;

use crate::common::Repo;

const PATH: &str = ".github/workflows/ci.yml";

fn lines(old: &str, new: &str) -> Vec<String> {
    summary(PATH, Some(old), Some(new)).lines
}

/// A hand-written workflow whose parts the tests replace.
const WORKFLOW: &str = "\
name: Ship
on:
  push: {branches: [main, 'rel/*']}
  schedule: [{cron: '0 3 * * *'}]
  workflow_dispatch:
    inputs:
      version: {type: string, default: latest}
permissions: {contents: read}
concurrency: {group: ship, cancel-in-progress: false}
env: {A: 1}
jobs:
  test:
    runs-on: ubuntu-22.04
    timeout-minutes: 10
    strategy: {matrix: {os: [linux, mac], node: [20, 22]}}
    services: {db: {image: 'postgres:15'}}
    steps:
      - uses: actions/checkout@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa # v4.2.1
      - name: Install
        run: npm ci
      - name: Unit tests
        id: unit
        run: npm test
  approve:
    needs: test
    runs-on: ubuntu-22.04
    environment: approval
    steps:
      - run: 'true'
  deploy:
    needs: [approve]
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-22.04
    environment: {name: production, url: 'https://a.example'}
    permissions: {contents: read, packages: write}
    steps:
      - name: Send
        env: {TOKEN: '${{ secrets.DEPLOY_TOKEN }}'}
        run: ./send
";

/// The lines for one replaced text, or several.
fn changed(replaced: &[(&str, &str)]) -> Vec<String> {
    let mut new = WORKFLOW.to_owned();
    for (from, to) in replaced {
        assert!(new.contains(from), "{from}");
        new = new.replacen(from, to, 1);
    }
    lines(WORKFLOW, &new)
}

#[test]
fn a_whole_workflow_is_one_line() {
    let told = summary(PATH, None, Some(WORKFLOW));
    let wanted = "workflow `Ship` is new: starts on `push` (branches `main`, `rel/*`), \
                  `schedule` (`0 3 * * *`), `workflow_dispatch`; jobs `test`, `approve`, `deploy`";
    assert_eq!(told.lines, [wanted]);
    let gone = summary(PATH, Some("on: push\njobs: {a: {}}\n"), None);
    assert_eq!(gone.lines, ["workflow is gone: started on `push`; job `a`"]);
}

#[test]
fn permissions_and_gates_come_first() {
    let told = changed(&[
        ("timeout-minutes: 10", "timeout-minutes: 20"),
        ("- name: Install", "- name: Install all"),
        ("branches: [main", "branches: [develop, main"),
        ("secrets.DEPLOY_TOKEN", "secrets.OTHER"),
        ("needs: [approve]", "needs: [test]"),
        ("{contents: read, packages: write}", "{contents: write}"),
    ]);
    let wanted = [
        "permissions raised: job `deploy` to `contents: write`, was `read`",
        "`deploy` no longer waits for `approve`",
        "secret `OTHER` newly read by job `deploy`",
        "secret `DEPLOY_TOKEN` no longer read by job `deploy`",
        "permissions lowered: job `deploy` to `packages: none`, was `write`",
        "branches of `push`: now with `develop`",
        "`timeout-minutes` of job `test` set to `20`, was `10`",
        "`deploy` now names `test` under `needs` itself",
        "step `Install all` in job `test` was called `Install`",
        "variable `TOKEN` of step `Send` in job `deploy` set to `${{ secrets.OTHER }}`, was `${{ secrets.DEPLOY_TOKEN }}`",
    ];
    assert_eq!(told, wanted);
}

#[test]
fn an_approval_lost_on_the_way_is_told_of_what_it_guarded() {
    let told = changed(&[("    needs: test\n", "")]);
    let wanted = [
        "`approve` no longer waits for `test`",
        "`deploy` no longer waits for `test`",
    ];
    assert_eq!(told, wanted);
    let old =
        "on: push\njobs: {ok: {}, build: {needs: ok}, ship: {needs: build, environment: p}}\n";
    let new = "on: push\njobs: {build: {}, ship: {needs: build, environment: p}}\n";
    let wanted = [
        "`build` no longer waits for `ok`, which is gone",
        "`ship` no longer waits for `ok`, which is gone",
        "job `ok` is gone",
    ];
    assert_eq!(lines(old, new), wanted);
}

#[test]
fn conditions_and_environments_are_gates() {
    let told = changed(&[
        ("    if: github.ref == 'refs/heads/main'\n", ""),
        ("environment: approval", "environment: aproval"),
        ("url: 'https://a.example'", "url: 'https://b.example'"),
    ]);
    let wanted = [
        "`approve` runs in environment `aproval`, was `approval`",
        "`deploy` no longer runs only if `github.ref == 'refs/heads/main'`",
        "`url` of the environment of job `deploy` changed",
    ];
    assert_eq!(told, wanted);
    let told = changed(&[("    environment: approval\n", "")]);
    assert_eq!(told, ["`approve` no longer runs in environment `approval`"]);
}

#[test]
fn permissions_are_compared_as_they_hold() {
    let of = |old: &str, new: &str| {
        let text = |permissions: &str| format!("on: push\n{permissions}jobs: {{a: {{}}}}\n");
        lines(&text(old), &text(new))
    };
    let unset = "permissions raised: the workflow to the default of the repository, was nothing";
    assert_eq!(of("permissions: {}\n", ""), [unset]);
    assert_eq!(
        of(
            "permissions: read-all\n",
            "permissions: {contents: write}\n"
        ),
        [
            "permissions raised: the workflow to `contents: write`, was `read`",
            "permissions lowered: the workflow to `contents: write`, was `read-all`",
        ]
    );
    assert_eq!(
        of(
            "permissions: {id-token: none}\n",
            "permissions: {id-token: write}\n"
        ),
        ["permissions raised: the workflow to `id-token: write`, was `none`"]
    );
    let moved = "on: push\njobs: {a: {permissions: {contents: read}}}\n";
    let told = lines(
        "on: push\npermissions: {contents: read}\njobs: {a: {}}\n",
        moved,
    );
    assert!(
        told.iter().all(|line| !line.contains("`a`")),
        "the job may what it could: {told:?}"
    );
}

#[test]
fn triggers_are_told_by_what_starts_the_workflow() {
    let told = changed(&[
        (
            "  push: {branches: [main, 'rel/*']}\n",
            "  pull_request_target:\n",
        ),
        ("0 3 * * *", "0 4 * * *"),
        (
            "type: string, default: latest",
            "type: string, default: none, required: true",
        ),
    ]);
    let wanted = [
        "now starts on `pull_request_target`",
        "no longer starts on `push` (branches `main`, `rel/*`)",
        "now starts at `0 4 * * *`",
        "no longer starts at `0 3 * * *`",
        "`default` of input `version` is `none`, was `latest`",
        "`required` of input `version` has changed",
    ];
    assert_eq!(told, wanted);
    assert_eq!(
        lines("on: push\n", "on: [push, pull_request]\n"),
        ["now starts on `pull_request`"]
    );
    assert!(lines("on: push\n", "on: {push: }\n").is_empty());
    let order = lines(
        "on: {push: {paths: [a, '!b']}}\n",
        "on: {push: {paths: ['!b', a]}}\n",
    );
    assert_eq!(order, ["paths of `push` stand in another order"]);
}

#[test]
fn what_jobs_share_is_one_line() {
    let new = WORKFLOW.replace("ubuntu-22.04", "ubuntu-24.04");
    let wanted =
        "`runs-on` of jobs `test`, `approve`, `deploy` set to `ubuntu-24.04`, was `ubuntu-22.04`";
    assert_eq!(lines(WORKFLOW, &new), [wanted]);
}

#[test]
fn jobs_are_told_by_what_they_need_and_may() {
    let told = changed(&[
        ("os: [linux, mac]", "os: [linux]"),
        ("postgres:15", "postgres:16"),
        ("cancel-in-progress: false", "cancel-in-progress: true"),
        ("env: {A: 1}", "env: {A: 2}"),
        (
            "  approve:\n",
            "  scan:\n    needs: test\n    permissions: {security-events: write}\n    \
             uses: o/r/.github/workflows/x.yml@v1\n    secrets: inherit\n  approve:\n",
        ),
    ]);
    let wanted = [
        "permissions raised: job `scan` to `security-events: write`",
        "`cancel-in-progress` of the concurrency of the workflow set to `true`, was `false`",
        "all secrets passed on by job `scan`",
        "job `scan` is new: after `test`, calls `o/r/.github/workflows/x.yml`",
        "`o/r/.github/workflows/x.yml` is used now, at v1",
        "variable `A` of the workflow changed",
        "matrix of job `test` set to 2 runs, was 4",
        "service `db` of job `test` set to `postgres:16`, was `postgres:15`",
    ];
    assert_eq!(told, wanted);
}

#[test]
fn steps_are_matched_by_name_and_id() {
    let told = changed(&[
        ("run: npm ci", "run: npm ci --ignore-scripts"),
        ("- name: Unit tests", "- name: Tests"),
        (
            "        run: ./send",
            "        if: always()\n        run: ./send",
        ),
    ]);
    let wanted = [
        "the script of step `Install` in job `test` changed",
        "step `Tests` in job `test` was called `Unit tests`",
        "`if` of step `Send` in job `deploy` set to `always()`",
    ];
    assert_eq!(told, wanted);
    let steps = |names: &str| {
        let steps = names
            .chars()
            .map(|name| format!("{{name: {name}, run: x}}"));
        let steps = steps.collect::<Vec<_>>().join(", ");
        format!("on: push\njobs: {{a: {{steps: [{steps}]}}}}\n")
    };
    assert_eq!(
        lines(&steps("abcd"), &steps("bcda")),
        ["step `a` in job `a` has moved"]
    );
    assert_eq!(
        lines(&steps("aab"), &steps("ab")),
        ["step `a` in job `a` is gone"]
    );
    assert!(lines(&steps("abab"), &steps("abab")).is_empty());
}

#[test]
fn pins_are_told_by_version() {
    let (old, new) = ("a".repeat(40), "b".repeat(40));
    let of = |to: &str| changed(&[(&format!("{old} # v4.2.1"), to)]);
    assert_eq!(
        of(&format!("{new} # v4.3.0")),
        ["`actions/checkout` v4.2.1 → v4.3.0"]
    );
    // The same tag at another commit is what an attack looks like.
    assert_eq!(
        of(&format!("{new} # v4.2.1")),
        ["`actions/checkout` v4.2.1 is another commit: `aaaaaaa` → `bbbbbbb`"]
    );
    assert_eq!(
        of("v4"),
        [
            "`actions/checkout` is no longer pinned to a commit",
            "`actions/checkout` v4.2.1 → v4",
        ]
    );
    let pins = |sha: &str, tag: &str| format!("runs:\n  steps:\n    - uses: a/b@{sha} # {tag}\n");
    let told = summary(
        ".github/cicd/action.yml",
        Some(&pins(&old, "v1.0.0")),
        Some(&pins(&new, "v1.1.0")),
    );
    assert_eq!(told.lines, ["`a/b` v1.0.0 → v1.1.0"]);
}

#[test]
fn what_means_the_same_gives_no_line() {
    let reordered = "jobs: {a: {steps: [{run: x, name: n}]}}\n# a comment\non: {push: {}}\n";
    assert!(
        lines(
            "on: {push: {}}\njobs: {a: {steps: [{name: n, run: x}]}}\n",
            reordered
        )
        .is_empty()
    );
    assert!(lines(WORKFLOW, WORKFLOW).is_empty());
}

#[test]
fn broken_and_odd_texts_are_no_failure() {
    for odd in [
        "a: [",
        "",
        "- 1\n- 2\n",
        "x",
        "on: 1\njobs: 2\n",
        "jobs: [a]\non: [[]]\n",
        "\t\u{0}",
    ] {
        for (old, new) in [(odd, WORKFLOW), (WORKFLOW, odd), (odd, odd)] {
            // Whatever is said, it is said in single lines that a terminal can show.
            for line in lines(old, new) {
                assert!(!line.contains(char::is_control), "{line:?}");
            }
        }
    }
    assert!(
        lines("a: [", WORKFLOW).is_empty(),
        "nothing is known of the old one"
    );
    let hostile = "on: push\njobs: {a: {name: \"\\e[2J\\r\\nx\", runs-on: x}}\n";
    let told = lines("on: push\njobs: {a: {name: b, runs-on: x}}\n", hostile);
    assert_eq!(told, ["`name` of job `a` changed"]);
}

/// So many that nobody would wait for an answer if each were compared with all others.
#[test]
fn ten_thousand_jobs_and_steps_are_compared() {
    let jobs = |environment: &str| {
        let mut text = String::from("on: push\njobs:\n");
        for job in 1..=10_000 {
            text += &format!(
                "  j{job}: {{needs: [j{}], environment: {environment}}}\n",
                job - 1
            );
        }
        text
    };
    assert_eq!(lines(&jobs("a"), &jobs("b")).len(), 10_000);
    let same_name = |run: &str| {
        let steps = format!("{{name: a, run: {run}}}, ").repeat(20_000);
        format!("on: push\njobs: {{a: {{steps: [{steps}]}}}}\n")
    };
    let wanted = "the script of step `a` in job `a` changed";
    assert_eq!(lines(&same_name("x"), &same_name("y")), [wanted]);
}

const MANIFEST: &str =
    "version: 1\nname: shop\nstack:\n  backend: {path: ., language: python@3.12, test: pytest}\n";

#[test]
fn the_program_tells_people_and_programs_the_same() {
    let repo = Repo::new();
    repo.write("cicd.yml", MANIFEST);
    assert_eq!(repo.cicd(&["generate"]).code, 1);
    let changed = MANIFEST.replace("3.12", "3.13");
    repo.write(
        "cicd.yml",
        format!("{changed}workflows: {{ci: {{on: [pull-request]}}}}\n"),
    );
    let diff = repo.cicd(&["diff"]);
    assert_eq!(diff.code, 1);
    let (told, patch) = diff.out.split_once("diff --git").unwrap();
    let trigger = "no longer starts on `push` (branches `main`)";
    assert!(
        told.starts_with("update .github/workflows/ci.yml\n"),
        "{told}"
    );
    assert!(told.contains(&format!("\n  {trigger}\n")), "{told}");
    assert!(patch.contains("-  push:"), "{patch}");

    let json = repo.cicd(&["diff", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let change = document["changes"].as_array().unwrap().iter();
    let summary = change
        .filter(|change| change["change"] == "update")
        .find_map(|change| change["summary"].as_array());
    let summary: Vec<_> = summary
        .unwrap()
        .iter()
        .map(|line| format!("  {}\n", line.as_str().unwrap()))
        .collect();
    let (_, told) = told.split_once('\n').unwrap();
    assert_eq!(summary.concat(), told);

    let quiet = repo.cicd(&["generate", "--check"]);
    assert!(!quiet.out.contains(trigger), "{}", quiet.out);
    let loud = repo.cicd(&["generate", "--diff"]);
    assert!(loud.out.contains(trigger), "{}", loud.out);
}

#[test]
fn of_an_edited_file_the_summary_is_what_writing_would_mean() {
    let repo = Repo::new();
    repo.write("cicd.yml", MANIFEST);
    repo.cicd(&["generate"]);
    let text = repo.read(PATH).replace("contents: read", "contents: write");
    repo.write(PATH, text);
    let diff = repo.cicd(&["diff"]);
    let wanted = "refused .github/workflows/ci.yml (edited); writing it would mean:\n  permissions lowered: ";
    assert!(diff.out.starts_with(wanted), "{}", diff.out);
}
