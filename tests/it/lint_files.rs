//! Which files `cicd lint` reads, how they are called, and what it makes of bad ones.

use std::process::Stdio;

use crate::common::{Repo, Run, program};

const GOOD: &str =
    "on: push\njobs: {a: {runs-on: ubuntu-24.04, steps: [{run: a}]}}\npermissions: {}\n";
const BAD: &str =
    "on: push\njobs: {a: {runs-on: ubuntu-24.04, step: [{run: a}]}}\npermissions: {}\n";

/// The findings as `path:line:column rule`.
pub(crate) fn places(run: &Run) -> Vec<String> {
    let lines = run.out.lines();
    let short = lines.map(|line| {
        let (place, rest) = line.split_once(": ").unwrap();
        let rule = rest.split(['[', ']']).nth(1).unwrap();
        format!("{place} {rule}")
    });
    short.collect()
}

#[test]
fn one_bad_file_does_not_keep_the_others_from_being_linted() {
    let repo = Repo::new();
    repo.write(".github/workflows/a.yml", b"on: push\nname: \xff\n");
    repo.write(".github/workflows/b.yml", BAD);
    std::os::unix::fs::symlink("nowhere", repo.path(".github/workflows/c.yml")).unwrap();
    let run = repo.cicd(&["lint", "--format", "oneline"]);
    assert_eq!(
        places(&run),
        [
            ".github/workflows/a.yml:2:7 not-utf8",
            ".github/workflows/b.yml:2:35 unknown-key",
            ".github/workflows/c.yml:1:1 unreadable-file",
        ]
    );
    assert_eq!(run.code, 1);
    let text = repo.cicd(&["lint", ".github/workflows/c.yml"]).out;
    assert!(text.contains("no such file or directory"), "{text}");
}

#[test]
fn paths_are_told_without_steps_that_lead_nowhere() {
    let repo = Repo::new();
    repo.write(".github/workflows/ci.yml", BAD);
    for path in [".", "./.github/workflows", "./.github/./workflows/ci.yml"] {
        let run = repo.cicd(&["lint", path, "--format", "oneline"]);
        assert_eq!(
            places(&run),
            [".github/workflows/ci.yml:2:35 unknown-key"],
            "{path}"
        );
    }
    let twice = [
        "lint",
        ".",
        ".github/workflows/ci.yml",
        "--format",
        "oneline",
    ];
    assert_eq!(places(&repo.cicd(&twice)).len(), 1);
}

#[test]
fn without_a_path_the_repository_is_linted_from_wherever_one_stands() {
    let repo = Repo::new();
    repo.write(".git/HEAD", "");
    repo.write(".github/workflows/ci.yml", BAD);
    repo.write("deep/down/action.yml", "name: x\n");
    let mut inside = program();
    inside.args(["lint", "--format", "oneline"]);
    let run = Run::of(inside.current_dir(repo.path("deep/down")));
    let found = places(&run);
    assert_eq!(found[0], "../../.github/workflows/ci.yml:2:35 unknown-key");
    assert!(
        found[1].starts_with("../../deep/down/action.yml:"),
        "{found:?}"
    );
}

#[test]
fn nothing_to_lint_is_said_and_no_failure() {
    let repo = Repo::new();
    let run = repo.cicd(&["lint"]);
    assert_eq!((run.code, &*run.out), (0, ""));
    assert!(
        run.err.contains("there are no workflows or actions here"),
        "{}",
        run.err
    );
}

#[test]
fn standard_input_is_called_and_placed_as_asked() {
    let repo = Repo::new();
    let called = "on: {workflow_call: {inputs: {a: {type: string, required: true}}}}\n\
                  jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: a}]}}\n";
    repo.write(".github/workflows/called.yml", called);
    repo.write(".github/workflows/ci.yml", GOOD);
    let mut linting = program();
    linting.args(["lint", "-", "--stdin-filename", ".github/workflows/ci.yml"]);
    linting
        .args(["--format", "oneline"])
        .current_dir(repo.root());
    let mut running = linting
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let text = "on: push\njobs: {a: {uses: ./.github/workflows/called.yml}}\npermissions: {}\n";
    std::io::Write::write_all(&mut running.stdin.take().unwrap(), text.as_bytes()).unwrap();
    let out = String::from_utf8(running.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(
        out,
        ".github/workflows/ci.yml:2:18: error[call-missing-input] the required input `a` is missing\n"
    );
}

#[test]
fn many_files_are_told_in_their_order() {
    let repo = Repo::new();
    let names: Vec<_> = (100..200)
        .map(|n| format!(".github/workflows/{n}.yml"))
        .collect();
    for name in &names {
        repo.write(name, BAD);
    }
    let expected: Vec<_> = names
        .iter()
        .map(|name| format!("{name}:2:35 unknown-key"))
        .collect();
    for _ in 0..5 {
        assert_eq!(
            places(&repo.cicd(&["lint", "--format", "oneline"])),
            expected
        );
    }
}

#[test]
fn a_folder_comes_where_its_name_does() {
    let repo = Repo::new();
    let folders = ["a", "a/b", "a-b", "a.b", "ab", "b"];
    for folder in folders {
        repo.write(&format!("{folder}/.github/workflows/ci.yml"), BAD);
    }
    let told = places(&repo.cicd(&["lint", ".", "--format", "oneline"]));
    let told: Vec<_> = told
        .iter()
        .map(|one| one.split("/.g").next().unwrap())
        .collect();
    assert_eq!(told, folders);
}

#[test]
fn what_is_no_file_is_not_waited_for() {
    let repo = Repo::new();
    repo.write(".github/workflows/ci.yml", GOOD);
    let pipe = repo.path(".github/workflows/pipe.yml");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    std::os::unix::fs::symlink(".", repo.path(".github/workflows/loop.yml")).unwrap();
    let run = repo.cicd(&["lint"]);
    assert_eq!((run.code, &*run.out), (0, ""));
}
