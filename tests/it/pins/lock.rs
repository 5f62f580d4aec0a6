//! `pins: lock`: GitHub's own lock is verified, and never written.

use super::*;

const NATIVE: &str = ".github/workflows/actions.lock";

/// A lock of everything that the manifest's workflows use.
fn native() -> String {
    let mut lock = String::from("version: 'v0.0.3'\nworkflows:\n");
    let name = |action: &str| {
        let repository: Vec<_> = action.split('/').take(2).collect();
        format!("{}@{}", repository.join("/"), pin(action).unwrap().tag)
    };
    let codeql = "github/codeql-action/init";
    let all = ["actions/checkout", "actions/setup-go", codeql];
    for (path, actions) in [(CI, &all[..]), (NIGHTLY, &all[..2])] {
        lock += &format!("    '{path}':\n");
        for action in actions {
            lock += &format!("        - '{}'\n", name(action));
        }
    }
    lock += "dependencies:\n";
    for action in all {
        let sha = pin(action).unwrap().sha;
        let tag = pin(action).unwrap().tag;
        lock += &format!(
            "    '{}':\n        ref: '{tag}'\n        commit: 'sha1-{sha}'\n        owner_id: 7\n        repo_id: 9\n",
            name(action)
        );
    }
    lock
}

/// The manifest and all that it becomes, without a lock of GitHub's.
fn unlocked() -> Repo {
    let repo = Repo::new();
    repo.write("cicd.yml", format!("{MANIFEST}pins: lock\n"));
    assert_eq!(repo.cicd(&["generate"]).code, 1);
    repo
}

fn locked() -> Repo {
    let repo = unlocked();
    repo.write(NATIVE, native());
    repo
}

#[test]
fn who_generates_is_reminded_of_the_lock() {
    let repo = unlocked();
    let run = repo.cicd(&["generate"]);
    assert_eq!(run.code, 0);
    assert!(run.err.contains("run `gh actions-lock`"), "{}", run.err);
    repo.write(NATIVE, native());
    let run = repo.cicd(&["generate"]);
    assert_eq!((run.code, &*run.err), (0, ""));
}

fn told(repo: &Repo) -> Vec<String> {
    let run = repo.cicd(&["pins", "--format", "oneline"]);
    assert_eq!(run.code, 1, "{}", run.out);
    assert!(
        run.out.lines().all(|line| line.contains("[actions-lock]")),
        "{}",
        run.out
    );
    let message = |line: &str| line.split("[actions-lock] ").nth(1).unwrap().to_owned();
    run.out.lines().map(message).collect()
}

#[test]
fn a_whole_lock_agrees_and_is_left_alone() {
    let repo = locked();
    assert_agreement(&repo);
    assert_eq!(repo.cicd(&["generate"]).code, 0);
    assert_eq!(repo.read(NATIVE), native());
}

#[test]
fn a_missing_lock_is_told_with_the_command_that_writes_it() {
    let repo = unlocked();
    assert_eq!(told(&repo), [format!("`{NATIVE}` is missing")]);
    let run = repo.cicd(&["pins"]);
    assert!(run.out.contains("gh actions-lock"), "{}", run.out);
    assert!(!repo.path(NATIVE).exists());
}

#[test]
fn what_a_workflow_uses_must_be_in_it() {
    let repo = locked();
    repo.write(
        NATIVE,
        native().replacen("        - 'actions/checkout@v7.0.1'\n", "", 1),
    );
    assert_eq!(
        told(&repo),
        ["`actions/checkout@v7.0.1` is not locked for this workflow"]
    );
    repo.write(
        NATIVE,
        native().replace(NIGHTLY, ".github/workflows/other.yml"),
    );
    assert_eq!(told(&repo), [format!("`{NIGHTLY}` is not in `{NATIVE}`")]);
}

#[test]
fn after_a_bump_the_lock_is_behind() {
    let repo = locked();
    edit(
        &repo,
        PINS_PATH,
        "actions/checkout@v7.0.1",
        "actions/checkout@v7.2.0",
    );
    assert_eq!(repo.cicd(&["generate"]).code, 1);
    let told = told(&repo);
    let missing = "`actions/checkout@v7.2.0` is not locked for this workflow";
    let stale =
        "`actions/checkout@v7.0.1` is locked, but `.github/workflows/ci.yml` does not use it";
    assert!(told.iter().any(|one| one == missing), "{told:?}");
    assert!(told.iter().any(|one| one == stale), "{told:?}");
}

#[test]
fn a_broken_lock_is_said_to_be_one() {
    for (from, to, words) in [
        ("version: 'v0.0.3'", "version: [", "the lock cannot be read"),
        (
            "version: 'v0.0.3'\n",
            "",
            "the lock does not say of which version it is",
        ),
        ("v0.0.3", "v0.1.0", "the lock is of version `v0.1.0`"),
        (
            "workflows:",
            "workflow:",
            "the lock has a key that GitHub does not know",
        ),
        ("sha1-", "sha1:", "has a `commit` that is none"),
        (
            "owner_id: 7",
            "owner_id: x",
            "has a `owner_id` that is no number",
        ),
        ("        repo_id: 9\n", "", "has no `repo_id`"),
        (
            "repo_id: 9",
            "repo_id: 9\n        branch: main",
            "has the key `branch`",
        ),
        (
            "dependencies:",
            "dependencies: {}\nx:",
            "is named, but has no commit",
        ),
    ] {
        let repo = locked();
        repo.write(NATIVE, native().replace(from, to));
        let told = told(&repo);
        assert!(
            told.iter().any(|one| one.contains(words)),
            "{words}: {told:?}"
        );
    }
}

#[test]
fn actions_of_actions_belong_to_the_lock() {
    let repo = locked();
    let inner = "        uses:\n            - 'actions/cache@v5.0.5'\n";
    let lock = native().replacen(
        "        repo_id: 9\n",
        &format!("        repo_id: 9\n{inner}"),
        1,
    );
    repo.write(NATIVE, &lock);
    assert_eq!(
        told(&repo),
        ["`actions/cache@v5.0.5` is named, but has no commit"]
    );
    let entry = "    'actions/cache@v5.0.5':\n        ref: 'v5.0.5'\n        commit: 'sha1-27d5ce7f107fe9357f9df03efb73ab90386fccae'\n        owner_id: 7\n        repo_id: 3\n";
    repo.write(NATIVE, lock + entry);
    assert_agreement(&repo);
}

#[test]
fn what_the_tool_would_rewrite_is_noted() {
    let repo = Repo::new();
    let manifest = MANIFEST.replace("github/codeql-action/init", "github/codeql-action/init@v4");
    repo.write("cicd.yml", format!("{manifest}pins: lock\n"));
    repo.write(NATIVE, native());
    assert_eq!(repo.cicd(&["generate"]).code, 1);
    let run = repo.cicd(&["pins", "--format", "oneline"]);
    let note = "note[actions-lock] `github/codeql-action/init@v4` moves";
    assert!(run.out.contains(note), "{}", run.out);
}
