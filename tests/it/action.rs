//! `action.yml`: its programs, run as a runner would, and what the linter says of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::common::Repo;

const ACTION: &str = include_str!("../../action.yml");

/// The program of a step, by its name.
fn program(name: &str) -> String {
    let action: serde_yaml::Value = serde_yaml::from_str(ACTION).unwrap();
    let steps = action["runs"]["steps"].as_sequence().unwrap();
    let step = steps.iter().find(|step| step["name"] == name).unwrap();
    step["run"].as_str().unwrap().to_owned()
}

/// A runner: its folders, and where steps leave what they say.
struct Runner {
    repo: Repo,
    place: Repo,
}

struct Ended {
    code: i32,
    out: String,
    outputs: BTreeMap<String, String>,
    summary: String,
}

impl Runner {
    fn new() -> Self {
        Self {
            repo: Repo::new(),
            place: Repo::new(),
        }
    }

    fn run(&self, step: &str, env: &[(&str, &str)]) -> Ended {
        for file in ["output", "summary", "path"] {
            self.place.write(file, "");
        }
        let path = |name: &str| self.place.path(name);
        let done = Command::new("bash")
            .args([
                "--noprofile",
                "--norc",
                "-eo",
                "pipefail",
                "-c",
                &program(step),
            ])
            .current_dir(self.repo.root())
            .env("GITHUB_OUTPUT", path("output"))
            .env("GITHUB_STEP_SUMMARY", path("summary"))
            .env("GITHUB_PATH", path("path"))
            .env("RUNNER_TEMP", self.place.root())
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", "X64")
            .env("GITHUB_ACTION_PATH", env!("CARGO_MANIFEST_DIR"))
            .envs(env.iter().copied())
            .output()
            .unwrap();
        let outputs = self.place.read("output");
        let outputs = outputs.lines().filter_map(|line| line.split_once('='));
        Ended {
            code: done.status.code().unwrap(),
            out: String::from_utf8_lossy(&done.stdout).into_owned(),
            outputs: outputs
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            summary: self.place.read("summary"),
        }
    }

    /// Checks with the program of these tests in the place of an installed one.
    fn check(&self, check: &str) -> Ended {
        let folder = self.place.path("installed");
        self.place.write("installed/bin/.keep", "");
        let program = folder.join("bin/cicd");
        let _ = std::fs::remove_file(&program);
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_cicd"), &program).unwrap();
        let folder = folder.to_str().unwrap();
        let ended = self.run(
            "Check",
            &[
                ("FOLDER", folder),
                ("CHECK", check),
                ("MANIFEST", "cicd.yml"),
            ],
        );
        assert_eq!(self.place.read("path").trim_end(), format!("{folder}/bin"));
        ended
    }
}

fn generated() -> Runner {
    let runner = Runner::new();
    let manifest =
        "version: 1\nname: shop\nstack: {api: {language: go@1.25, test: go test ./...}}\n";
    runner.repo.write("cicd.yml", manifest);
    assert_eq!(runner.repo.cicd(&["generate", "--exit-zero"]).code, 0);
    runner
}

#[test]
fn what_is_clean_passes_without_a_word() {
    let ended = generated().check("drift lint");
    assert_eq!((ended.code, &*ended.out), (0, ""));
    assert!(!ended.outputs.contains_key("patch"));
    assert!(
        ended.summary.contains("files are as generated"),
        "{}",
        ended.summary
    );
}

#[test]
fn what_has_drifted_fails_with_annotations_a_summary_a_report_and_a_patch() {
    let runner = generated();
    let ci = ".github/workflows/ci.yml";
    let text = runner.repo.read(ci);
    runner
        .repo
        .write(ci, text.replace("contents: read", "contents: write"));
    let ended = runner.check("drift lint");
    assert_eq!(ended.code, 1);
    assert!(
        ended.out.starts_with(&format!("::error file={ci},")),
        "{}",
        ended.out
    );
    assert!(
        ended.summary.contains("permissions raised"),
        "{}",
        ended.summary
    );
    let report = Path::new(&ended.outputs["sarif"]).join("drift.sarif");
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    assert_eq!(report["runs"][0]["results"][0]["ruleId"], "edited");
    let applied = Command::new("git")
        .args(["apply", &ended.outputs["patch"]])
        .current_dir(runner.repo.root())
        .status();
    assert!(applied.unwrap().success());
    assert_eq!(runner.repo.read(ci), text);
}

#[test]
fn a_check_that_cannot_be_done_fails() {
    let runner = Runner::new();
    let ended = runner.check("drift");
    assert_eq!(ended.code, 2);
    assert!(
        ended.out.contains("there is no manifest `cicd.yml`"),
        "{}",
        ended.out
    );
    let ended = generated().check("drfit");
    assert_eq!(ended.code, 2);
    assert!(ended.out.contains("not `drfit`"), "{}", ended.out);
    assert_eq!(generated().check("none").code, 0);
}

#[test]
fn a_build_is_found_again_by_what_it_is_made_from() {
    let runner = Runner::new();
    let outputs = runner.run("Find out which build is wanted", &[]).outputs;
    assert_eq!(outputs["rust"], env!("CARGO_PKG_RUST_VERSION"));
    let key = &outputs["key"];
    assert!(
        key.starts_with(&format!("cicd-Linux-X64-{}-", outputs["rust"])),
        "{key}"
    );
    assert_eq!(key.rsplit('-').next().unwrap().len(), 40);
    let again = runner.run("Find out which build is wanted", &[]);
    assert_eq!(&again.outputs["key"], key);
}

#[test]
fn the_build_is_of_the_version_that_the_project_asks_for() {
    let runner = Runner::new();
    for tool in ["rustup", "cargo"] {
        let file = format!("bin/{tool}");
        runner
            .place
            .write(&file, format!("#!/bin/sh\necho {tool} \"$@\"\npwd\n"));
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(runner.place.path(&file), mode).unwrap();
    }
    let path = format!("{}:/usr/bin:/bin", runner.place.path("bin").display());
    let ended = runner.run(
        "Build",
        &[("PATH", &path), ("FOLDER", "/where"), ("RUST", "1.95")],
    );
    assert_eq!(ended.code, 0);
    let project = env!("CARGO_MANIFEST_DIR");
    let temporary = runner.place.root().display();
    assert_eq!(
        ended.out.lines().collect::<Vec<_>>()[0..4],
        [
            "rustup toolchain install 1.95 --profile minimal --no-self-update",
            &runner.repo.root().display().to_string(),
            &format!(
                "cargo +1.95 install --locked --path . --root /where --target-dir {temporary}/cicd-target"
            ),
            project,
        ]
    );
}

#[test]
fn the_linter_has_nothing_to_say_of_it() {
    let repo = Repo::new();
    repo.write("action.yml", ACTION);
    let groups = ["correctness", "security", "hygiene", "policy"];
    let groups = groups.iter().flat_map(|group| ["--select", group]);
    let words: Vec<_> = ["lint", "action.yml"].into_iter().chain(groups).collect();
    let run = repo.cicd(&words);
    assert_eq!((run.code, &*run.out), (0, ""));
}
