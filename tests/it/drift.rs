//! `cicd drift`: every cause, told in every form, with the command that mends it.

use std::process::Command;

use serde_json::Value as Json;

use crate::common::{Repo, Run, program};

const MANIFEST: &str = "\
version: 1
name: shop
stack:
  api: {language: node@24, lint: [eslint], test: npm test}
environments:
  staging:
    url: https://staging.example.com
    deploy: {on: branch main, target: {custom: {deploy: ci/deploy.sh, record: ci/live.sh, rollback: ci/back.sh}}}
    verify: {health: /health}
";
const CI: &str = ".github/workflows/ci.yml";
const STAGING: &str = ".github/workflows/deploy-staging.yml";
const PINS: &str = ".github/cicd/action.yml";
const LOCK: &str = ".github/cicd/cicd.lock";
/// A commit that is not pinned here.
const OTHER: &str = "0123456789abcdef0123456789abcdef01234567";

/// A repository in which all is as generated.
fn generated() -> Repo {
    let repo = Repo::new();
    repo.write("cicd.yml", MANIFEST);
    repo.write("ci/deploy.sh", "#!/bin/sh\n");
    let run = repo.cicd(&["generate", "--exit-zero"]);
    assert_eq!(run.code, 0, "{run:?}");
    repo
}

fn edit(repo: &Repo, path: &str, old: &str, new: &str) {
    let text = repo.read(path);
    assert!(text.contains(old), "{path} has no {old}:\n{text}");
    repo.write(path, text.replace(old, new));
}

/// The files that are not clean, each as `path cause severity`, and the exit code.
fn drifted(repo: &Repo) -> (i32, Vec<String>) {
    let run = repo.cicd(&["drift", "--format", "json"]);
    let files = document(&run);
    let files = files.iter().filter(|file| file["cause"] != "clean");
    let told = files.map(|file| {
        format!(
            "{} {} {}",
            text(file, "path"),
            text(file, "cause"),
            text(file, "severity")
        )
    });
    (run.code, told.collect())
}

fn document(run: &Run) -> Vec<Json> {
    let document: Json = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{run:?}"));
    assert_eq!(document["version"], 1);
    document["files"].as_array().unwrap().clone()
}

fn text(file: &Json, key: &str) -> String {
    file[key].as_str().unwrap_or_default().to_owned()
}

/// What is told of one file.
fn of(repo: &Repo, path: &str) -> Json {
    let run = repo.cicd(&["drift", "--format", "json"]);
    let mut files = document(&run).into_iter();
    files
        .find(|file| file["path"] == path)
        .unwrap_or_else(|| panic!("{run:?}"))
}

fn changes(file: &Json) -> Vec<String> {
    let all = file["changes"].as_array().unwrap().iter();
    all.map(|line| line.as_str().unwrap().to_owned()).collect()
}

/// Runs what is told to mend a file, as it stands.
fn mend(repo: &Repo, path: &str) -> Run {
    let remedy = text(&of(repo, path), "remedy");
    let words: Vec<_> = remedy.split(' ').collect();
    assert_eq!(words[0], "cicd", "{remedy}");
    repo.cicd(&words[1..])
}

#[track_caller]
fn is_clean(repo: &Repo) {
    assert_eq!(drifted(repo), (0, vec![]));
    assert_eq!(repo.cicd(&["generate", "--check"]).code, 0);
}

#[test]
fn what_was_just_generated_is_clean() {
    let repo = generated();
    is_clean(&repo);
    let run = repo.cicd(&["drift", "--format", "json"]);
    let causes: Vec<_> = document(&run)
        .iter()
        .map(|file| text(file, "cause"))
        .collect();
    assert!(causes.len() > 3 && causes.iter().all(|cause| cause == "clean"));
    for format in ["oneline", "github", "patch"] {
        assert_eq!(
            repo.cicd(&["drift", "--format", format]).out,
            "",
            "{format}"
        );
    }
}

#[test]
fn an_edit_is_told_by_what_it_does() {
    let repo = generated();
    edit(&repo, CI, "contents: read", "contents: write");
    assert_eq!(drifted(&repo), (1, vec![format!("{CI} edited error")]));
    let file = of(&repo, CI);
    assert_eq!(file["tells"], "edit");
    let told = changes(&file);
    assert!(told[0].starts_with("permissions raised: "), "{told:?}");
    assert!(
        told[0].contains("to `contents: write`, was `read`"),
        "{told:?}"
    );
    assert_eq!(mend(&repo, CI).code, 1);
    is_clean(&repo);
}

#[test]
fn a_changed_manifest_is_told_by_what_generating_does() {
    let repo = generated();
    edit(
        &repo,
        "cicd.yml",
        "lint: [eslint]",
        "lint: [eslint, prettier]",
    );
    assert_eq!(
        drifted(&repo),
        (1, vec![format!("{CI} manifest-changed error")])
    );
    let file = of(&repo, CI);
    assert_eq!(
        (text(&file, "tells"), text(&file, "remedy")),
        ("generate".into(), "cicd generate".into())
    );
    assert!(!changes(&file).is_empty());
    mend(&repo, CI);
    is_clean(&repo);
}

#[test]
fn a_manifest_that_changes_nothing_leaves_only_the_lock_behind() {
    let repo = generated();
    edit(
        &repo,
        "cicd.yml",
        "name: shop",
        "name: shop\nrepository: {visibility: private}",
    );
    assert_eq!(
        drifted(&repo),
        (1, vec![format!("{LOCK} manifest-changed error")])
    );
    mend(&repo, LOCK);
    is_clean(&repo);
}

/// As Dependabot and Renovate do it: commit and comment on one line.
fn bump(repo: &Repo, path: &str) {
    let text = repo.read(path);
    let lines = text
        .lines()
        .map(|line| match line.split_once("actions/checkout@") {
            Some((before, _)) => format!("{before}actions/checkout@{OTHER} # v99.1.0\n"),
            None => format!("{line}\n"),
        });
    repo.write(path, lines.collect::<String>());
}

#[test]
fn a_bump_of_the_pins_leaves_the_workflows_behind() {
    let repo = generated();
    bump(&repo, PINS);
    let (code, files) = drifted(&repo);
    assert_eq!(code, 1);
    let workflows = [CI, STAGING, ".github/workflows/rollback.yml"];
    assert_eq!(
        files,
        workflows.map(|path| format!("{path} pins-changed error"))
    );
    let told = changes(&of(&repo, CI));
    assert!(
        told.iter()
            .any(|line| line.contains("`actions/checkout`") && line.contains("v99.1.0")),
        "{told:?}"
    );
    mend(&repo, CI);
    is_clean(&repo);
    assert!(
        repo.read(CI)
            .contains(&format!("actions/checkout@{OTHER} # v99.1.0"))
    );
}

#[test]
fn what_somebody_writes_into_the_pins_besides_is_an_edit() {
    let repo = generated();
    let pins = repo.read(PINS);
    repo.write(
        PINS,
        format!("{pins}    - uses: octo-org/unused@{OTHER} # v1\n"),
    );
    assert_eq!(drifted(&repo), (1, vec![format!("{PINS} edited error")]));
    mend(&repo, PINS);
    assert_eq!(repo.read(PINS), pins);
    edit(&repo, PINS, "using: composite", "using: \"composite\"");
    assert_eq!(
        drifted(&repo),
        (0, vec![format!("{PINS} format-only note")])
    );
}

#[test]
fn reasons_for_a_pin_stay_when_another_action_comes() {
    let repo = generated();
    let reason = "    # Held back until the cache works again.\n    - uses: actions/checkout@";
    edit(&repo, PINS, "    - uses: actions/checkout@", reason);
    edit(
        &repo,
        "cicd.yml",
        "environments:",
        "gates: {scanners: [codeql]}\nenvironments:",
    );
    assert_eq!(repo.cicd(&["generate"]).code, 1);
    let pins = repo.read(PINS);
    assert!(
        pins.contains(reason) && pins.contains("github/codeql-action"),
        "{pins}"
    );
    assert_eq!(
        drifted(&repo),
        (0, vec![format!("{PINS} format-only note")])
    );
}

#[test]
fn a_bump_in_a_workflow_is_sent_to_the_pins() {
    let repo = generated();
    bump(&repo, CI);
    let file = of(&repo, CI);
    assert_eq!(
        (text(&file, "cause"), text(&file, "remedy")),
        ("edited".into(), format!("cicd pins absorb {CI}"))
    );
}

#[test]
fn a_version_that_the_manifest_names_is_not_sent_to_the_pins() {
    let repo = Repo::new();
    let own = "version: 1\nname: shop\nworkflows:\n  a:\n    own:\n      on: push\n      jobs:\n        \
               a:\n          runs-on: ubuntu-24.04\n          steps:\n            - uses: actions/cache@v4\n";
    repo.write("cicd.yml", own);
    repo.cicd(&["generate"]);
    let path = ".github/workflows/a.yml";
    edit(&repo, path, "@v4", "@v5");
    let file = of(&repo, path);
    assert_eq!(
        (text(&file, "cause"), text(&file, "remedy")),
        ("edited".into(), format!("cicd generate --force {path}"))
    );
    edit(&repo, path, "@v5", "@v4");
    edit(&repo, "cicd.yml", "@v4", "@v5");
    assert_eq!(of(&repo, path)["cause"], "manifest-changed");
}

#[test]
fn a_file_of_another_version_is_told_by_what_the_upgrade_changes() {
    let repo = generated();
    let new = repo.read(CI);
    let old = new
        .replace("contents: read", "contents: none")
        .replace("timeout-minutes: 10", "timeout-minutes: 9");
    let hash = |text: &str| cicd::lock::Hash::of_text(text.as_bytes()).to_string();
    repo.write(CI, &old);
    let lock = repo.read(LOCK);
    let version = format!("tool = \"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(lock.contains(&version));
    let lock = lock
        .replace(&version, "tool = \"0.0.1\"")
        .replace(&hash(&new), &hash(&old));
    repo.write(LOCK, lock);
    assert_eq!(
        drifted(&repo),
        (1, vec![format!("{CI} generator-changed error")])
    );
    let told = repo.cicd(&["drift"]);
    assert!(
        told.out.contains("was written by `cicd` 0.0.1"),
        "{}",
        told.out
    );
    let run = mend(&repo, CI);
    // What rises is told before anything else, asked for or not.
    let lines: Vec<_> = run.out.lines().collect();
    assert!(
        lines[0].ends_with("writes some files differently than `cicd` 0.0.1 did:"),
        "{lines:?}"
    );
    assert_eq!(lines[1], format!("update {CI}"));
    assert!(lines[2].starts_with("  permissions raised: "), "{lines:?}");
    assert!(
        lines[3..].iter().any(|line| line.contains("timeout")),
        "{lines:?}"
    );
    is_clean(&repo);
}

#[test]
fn rights_never_rise_silently() {
    let repo = generated();
    edit(
        &repo,
        "cicd.yml",
        "environments:",
        "gates: {scanners: [codeql]}\nenvironments:",
    );
    let run = repo.cicd(&["generate"]);
    assert!(
        run.out.contains("permissions raised: ") && run.out.contains("`security-events: write`"),
        "{}",
        run.out
    );
}

#[test]
fn another_layout_is_a_note() {
    let repo = generated();
    // What a formatter with another taste does.
    let text = repo.read(CI);
    let wide = text.replace(
        "    runs-on: ubuntu-24.04\n",
        "    \"runs-on\":   'ubuntu-24.04'\n\n",
    );
    assert_ne!(text, wide);
    repo.write(CI, wide);
    assert_eq!(drifted(&repo), (0, vec![format!("{CI} format-only note")]));
    assert_eq!(repo.cicd(&["generate"]).code, 0);
    mend(&repo, CI);
    assert_eq!(repo.read(CI), text);
}

#[test]
fn a_checkout_with_other_line_ends_is_a_note() {
    let repo = generated();
    let text = repo.read(CI);
    for path in repo.files() {
        let turned = repo.read(&path).replace('\n', "\r\n");
        repo.write(&path, turned);
    }
    let (code, files) = drifted(&repo);
    assert_eq!(code, 0, "{files:?}");
    assert!(
        files.iter().all(|file| file.ends_with(" eol-only note")),
        "{files:?}"
    );
    assert!(files.len() > 3, "{files:?}");
    mend(&repo, CI);
    assert_eq!(repo.read(CI), text);
}

#[test]
fn what_is_gone_is_missing() {
    let repo = generated();
    std::fs::remove_file(repo.path(CI)).unwrap();
    assert_eq!(drifted(&repo), (1, vec![format!("{CI} missing error")]));
    mend(&repo, CI);
    is_clean(&repo);
    std::fs::remove_file(repo.path(LOCK)).unwrap();
    assert_eq!(drifted(&repo), (1, vec![format!("{LOCK} missing error")]));
    mend(&repo, LOCK);
    is_clean(&repo);
}

#[test]
fn a_removed_environment_leaves_an_orphan() {
    let repo = generated();
    let manifest = repo.read("cicd.yml");
    let end = manifest.find("environments:").unwrap();
    repo.write("cicd.yml", &manifest[..end]);
    let (code, files) = drifted(&repo);
    assert_eq!(code, 1);
    assert!(
        files.contains(&format!("{STAGING} orphan error")),
        "{files:?}"
    );
    assert_eq!(of(&repo, STAGING)["remedy"], "cicd generate");
    mend(&repo, STAGING);
    assert!(!repo.path(STAGING).exists());
    is_clean(&repo);
}

#[test]
fn an_edited_orphan_is_not_removed_unasked() {
    let repo = generated();
    edit(&repo, STAGING, "contents: read", "contents: write");
    let manifest = repo.read("cicd.yml");
    let end = manifest.find("environments:").unwrap();
    repo.write("cicd.yml", &manifest[..end]);
    assert_eq!(of(&repo, STAGING)["cause"], "orphan");
    assert_eq!(repo.cicd(&["generate"]).code, 2);
    assert!(repo.path(STAGING).exists());
    mend(&repo, STAGING);
    assert!(!repo.path(STAGING).exists());
    is_clean(&repo);
}

#[test]
fn the_file_of_another_generator_is_foreign() {
    let repo = Repo::new();
    repo.write("cicd.yml", MANIFEST);
    repo.write(CI, "# ~~ Generated by projen. To modify, edit .projenrc.js and run \"npx projen\".\non: push\n");
    let before = repo.read(CI);
    assert_eq!(of(&repo, CI)["cause"], "foreign");
    let told = repo.cicd(&["drift"]).out;
    assert!(told.contains("is generated by projen"), "{told}");
    assert_eq!(repo.cicd(&["generate"]).code, 2);
    assert_eq!(repo.read(CI), before);
    mend(&repo, CI);
    is_clean(&repo);
}

#[test]
fn workflows_of_ones_own_are_no_drift() {
    let repo = generated();
    repo.write(".github/workflows/mine.yml", "on: push\n");
    is_clean(&repo);
}

#[test]
fn a_lock_in_the_middle_of_a_merge_is_mended_by_generating() {
    let repo = generated();
    let lock = repo.read(LOCK);
    let line = lock.lines().find(|line| line.contains("ci.yml")).unwrap();
    let other = line.replace('a', "b");
    assert_ne!(line, other);
    let conflict = format!("<<<<<<< HEAD\n{other}\n=======\n{line}\n>>>>>>> topic");
    repo.write(LOCK, lock.replace(line, &conflict));
    assert_eq!(drifted(&repo), (1, vec![format!("{LOCK} edited error")]));
    let told = repo.cicd(&["drift"]).out;
    assert!(told.contains("in the middle of a merge"), "{told}");
    mend(&repo, LOCK);
    assert_eq!(repo.read(LOCK), lock);
    is_clean(&repo);
}

#[test]
fn a_hostile_lock_is_refused() {
    let repo = generated();
    edit(
        &repo,
        LOCK,
        "\".github/workflows/ci.yml\"",
        "\"../../etc/passwd\"",
    );
    let run = repo.cicd(&["drift"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err
            .contains("the lock names `../../etc/passwd`, which is no path of an output"),
        "{}",
        run.err
    );
}

/// A cause, the file that has it, and what brings a clean repository there.
type Case = (&'static str, &'static str, fn(&Repo));

const CAUSES: [Case; 9] = [
    ("edited", CI, |repo| {
        edit(repo, CI, "contents: read", "contents: write");
    }),
    ("manifest-changed", CI, |repo| {
        edit(
            repo,
            "cicd.yml",
            "lint: [eslint]",
            "lint: [eslint, prettier]",
        );
    }),
    ("generator-changed", CI, |repo| {
        let new = repo.read(CI);
        let old = new.replace("timeout-minutes: 10", "timeout-minutes: 9");
        let hash = |text: &str| cicd::lock::Hash::of_text(text.as_bytes()).to_string();
        edit(repo, LOCK, &hash(&new), &hash(&old));
        repo.write(CI, &old);
    }),
    ("pins-changed", CI, |repo| bump(repo, PINS)),
    ("missing", CI, |repo| {
        std::fs::remove_file(repo.path(CI)).unwrap();
    }),
    ("orphan", STAGING, |repo| {
        let manifest = repo.read("cicd.yml");
        let end = manifest.find("environments:").unwrap();
        repo.write("cicd.yml", &manifest[..end]);
    }),
    ("foreign", CI, |repo| {
        let lock = repo.read(LOCK);
        let others = lock.lines().filter(|line| !line.contains("/ci.yml"));
        repo.write(
            LOCK,
            others.map(|line| format!("{line}\n")).collect::<String>(),
        );
        repo.write(CI, "on: push\n");
    }),
    ("format-only", CI, |repo| {
        edit(repo, CI, "runs-on: ubuntu-24.04", "runs-on: 'ubuntu-24.04'");
    }),
    ("eol-only", CI, |repo| {
        repo.write(CI, repo.read(CI).replace('\n', "\r\n"));
    }),
];

#[test]
fn every_cause_is_told_in_every_format() {
    for (cause, path, make) in CAUSES {
        let repo = generated();
        make(&repo);
        let code = i32::from(!cause.ends_with("-only"));
        assert_eq!(of(&repo, path)["cause"], cause);
        for format in [
            "text", "oneline", "json", "sarif", "github", "junit", "markdown",
        ] {
            let run = repo.cicd(&["drift", "--format", format]);
            assert_eq!((run.code, &*run.err), (code, ""), "{cause} as {format}");
            for word in [cause, path] {
                assert!(run.out.contains(word), "{cause} as {format}:\n{}", run.out);
            }
        }
        // A note needs no patch; all else is mended by it, or by the one command.
        let patch = repo.cicd(&["drift", "--format", "patch"]);
        assert_eq!(patch.out.is_empty(), code == 0, "{cause}:\n{}", patch.out);
        mend(&repo, path);
        assert_ne!(drifted(&repo).0, 1, "{cause}");
    }
}

/// A repository with a file for each cause that is an error, and one note.
fn drifting() -> Repo {
    let repo = generated();
    edit(&repo, CI, "contents: read", "contents: write");
    std::fs::remove_file(repo.path(PINS)).unwrap();
    let staging = repo.read(STAGING).replace('\n', "\r\n");
    repo.write(STAGING, staging);
    repo
}

#[test]
fn every_format_names_every_cause_and_ends_the_same() {
    let repo = drifting();
    for format in [
        "text", "oneline", "json", "sarif", "github", "junit", "markdown",
    ] {
        let run = repo.cicd(&["drift", "--format", format]);
        assert_eq!((run.code, &*run.err), (1, ""), "{format}");
        for word in [
            "edited",
            "missing",
            "eol-only",
            "permissions raised: ",
            CI,
            PINS,
            STAGING,
        ] {
            let one_line = format == "oneline" && word.contains("raised");
            assert_eq!(
                run.out.contains(word),
                !one_line,
                "{format} and {word}:\n{}",
                run.out
            );
        }
    }
}

#[test]
fn text_shows_what_it_means_before_the_lines() {
    let repo = drifting();
    let out = repo.cicd(&["drift"]).out;
    let (meaning, lines) = (
        out.find("permissions raised").unwrap(),
        out.find("+      contents: write").unwrap(),
    );
    assert!(meaning < lines, "{out}");
    assert!(
        out.trim_end()
            .ends_with("files have drifted: 1 edited, 1 missing"),
        "{out}"
    );
}

#[test]
fn annotations_stand_where_the_edit_is() {
    let repo = drifting();
    let out = repo.cicd(&["drift", "--format", "github"]).out;
    let line = repo
        .read(CI)
        .lines()
        .position(|line| line.contains("contents: write"))
        .unwrap()
        + 1;
    assert!(
        out.contains(&format!("::error file={CI},line={line},")),
        "{out}"
    );
    assert!(out.contains("::notice file="), "{out}");
}

#[test]
fn the_patch_makes_all_files_as_generated() {
    let repo = drifting();
    git(&repo, &["init", "-q"]);
    let patch = repo.cicd(&["drift", "--format", "patch"]);
    assert_eq!(patch.code, 1);
    repo.write("drift.patch", &patch.out);
    git(&repo, &["apply", "drift.patch"]);
    std::fs::remove_file(repo.path("drift.patch")).unwrap();
    assert_eq!(
        drifted(&repo),
        (0, vec![format!("{STAGING} eol-only note")])
    );
}

fn git(repo: &Repo, words: &[&str]) {
    let mut git = Command::new("git");
    let run = git
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
        .args(words);
    let done = run
        .current_dir(repo.root())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "git {words:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

#[test]
fn a_shallow_clone_on_another_branch_says_the_same() {
    let repo = drifting();
    git(&repo, &["init", "-q", "-b", "main"]);
    git(&repo, &["add", "."]);
    git(&repo, &["commit", "-qm", "one"]);
    git(&repo, &["commit", "-qm", "two", "--allow-empty"]);
    let clones = Repo::new();
    let from = format!("file://{}", repo.root().display());
    git(
        &clones,
        &["clone", "-q", "--depth", "1", &from, "elsewhere"],
    );
    let there = clones.path("elsewhere");
    Command::new("git")
        .args(["checkout", "-qb", "topic"])
        .current_dir(&there)
        .output()
        .unwrap();
    let run = Run::of(
        program()
            .args(["drift", "--format", "json"])
            .current_dir(&there)
            .env("CI", "true")
            .env("GITHUB_REPOSITORY", "fork/shop"),
    );
    assert_eq!(run, repo.cicd(&["drift", "--format", "json"]));
}

#[test]
fn many_projects_are_told_in_one_run_and_one_that_fails_hides_no_other() {
    let repo = Repo::new();
    for name in ["a", "b", "c"] {
        repo.write(&format!("{name}/cicd.yml"), MANIFEST);
        repo.write(&format!("{name}/ci/deploy.sh"), "#!/bin/sh\n");
        repo.cicd(&["generate", "--manifest", &format!("{name}/cicd.yml")]);
    }
    assert_eq!(repo.cicd(&["drift", "a", "b/cicd.yml", "c"]).code, 0);
    let inside = format!("b/{CI}");
    edit(&repo, &inside, "contents: read", "contents: write");
    let run = repo.cicd(&["drift", "a", "b/cicd.yml", "c", "--format", "json"]);
    assert_eq!(run.code, 1);
    let files = document(&run);
    let bad: Vec<_> = files
        .iter()
        .filter(|file| file["cause"] != "clean")
        .collect();
    assert_eq!(bad.len(), 1);
    assert_eq!(text(bad[0], "path"), inside);
    assert_eq!(
        text(bad[0], "remedy"),
        format!("cicd generate --manifest b/cicd.yml --force {CI}")
    );
    repo.write("a/cicd.yml", "version: 1\nnmae: x\n");
    let run = repo.cicd(&["drift", "a", "b", "c"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("a/cicd.yml") && run.err.contains("nmae"),
        "{}",
        run.err
    );
    assert!(
        run.out.contains(&format!("`{inside}` was edited by hand")),
        "{}",
        run.out
    );
}

#[test]
fn the_gate_compares_in_the_checks_and_needs_no_token_that_writes_the_repository() {
    let repo = generated();
    let action = format!("octo-org/cicd@{OTHER}");
    edit(
        &repo,
        "cicd.yml",
        "environments:",
        &format!("gates: {{generated: {action}}}\nenvironments:"),
    );
    assert_eq!(repo.cicd(&["generate"]).code, 1);
    let workflow: serde_yaml::Value = serde_yaml::from_str(&repo.read(CI)).unwrap();
    let job = &workflow["jobs"]["generated-files"];
    assert_eq!(job["permissions"]["contents"], "read");
    assert_eq!(job["steps"][1]["uses"].as_str(), Some(action.as_str()));
    let needs = workflow["jobs"]["ci-status"]["needs"]
        .as_sequence()
        .unwrap();
    assert!(needs.iter().any(|need| need == "generated-files"));
    let run = repo.cicd(&["lint", "--no-shellcheck"]);
    assert_eq!((run.code, &*run.out), (0, ""));
    edit(&repo, "cicd.yml", &action, "octo-org/cicd@v1");
    let refused = repo.cicd(&["generate"]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.err.contains("an action at a commit"),
        "{}",
        refused.err
    );
}

#[test]
fn files_that_git_was_never_told_of_are_named() {
    let repo = generated();
    git(&repo, &["init", "-q"]);
    let run = repo.cicd(&["generate", "--tracked"]);
    assert_eq!(run.code, 1);
    assert!(
        run.err.contains(&format!("`{CI}` is not in git yet")),
        "{}",
        run.err
    );
    git(&repo, &["add", "."]);
    assert_eq!(repo.cicd(&["generate", "--tracked"]).code, 0);
    let alone = Repo::new();
    alone.write(
        "cicd.yml",
        "version: 1\nname: shop\nstack: {api: {language: go@1.25, test: go test ./...}}\n",
    );
    alone.cicd(&["generate"]);
    let run = alone.cicd(&["generate", "--tracked"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("git cannot tell which files it knows"),
        "{}",
        run.err
    );
}
