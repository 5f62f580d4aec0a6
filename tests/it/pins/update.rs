//! `pins update`: newer releases from repositories on this disk.

use super::*;

/// Repositories of all actions of the manifest, without anything newer than what ships.
fn server() -> Server {
    let server = Server::new();
    server.release("actions/checkout", "2024-01-01", &["v7.0.0"]);
    server.release("actions/setup-go", "2024-01-01", &["v6.9.0"]);
    server.release("github/codeql-action", "2024-01-01", &["v4.36.0"]);
    server
}

fn today() -> String {
    // The commit that is made now bears the time of now, whatever the clock says.
    let output = Command::new("date")
        .args(["-u", "+%Y-%m-%d"])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn newer_releases_reach_the_pins_and_the_workflows_in_one_run() {
    let (repo, server) = (generated(""), server());
    let checkout = server.release(
        "actions/checkout",
        "2024-02-01",
        &["+v7.2.0", "v7", "v7.3.0-rc.1"],
    );
    let codeql = server.release(
        "github/codeql-action",
        "2024-02-01",
        &["v4.37.0", "bundle-v9.9.9"],
    );
    server.release("actions/checkout", "2024-03-01", &["v8.0.0"]);
    let before = repo.read(PINS_PATH);
    let run = update(&repo, &server, &[]);
    assert_eq!((run.code, &*run.err), (1, ""), "{}", run.out);
    assert!(
        run.out
            .contains("actions/checkout v7.0.1 → v7.2.0; v8.0.0 is there with `--major`\n"),
        "{}",
        run.out
    );
    assert!(
        run.out
            .contains("github/codeql-action/init v4.36.2 → v4.37.0\n"),
        "{}",
        run.out
    );
    let wanted = before
        .replace(
            &shipped("actions/checkout"),
            &format!("actions/checkout@{checkout} # v7.2.0"),
        )
        .replace(
            &shipped("github/codeql-action/init"),
            &format!("github/codeql-action/init@{codeql} # v4.37.0"),
        )
        .replace(
            &shipped("github/codeql-action/analyze"),
            &format!("github/codeql-action/analyze@{codeql} # v4.37.0"),
        );
    assert_eq!(repo.read(PINS_PATH), wanted);
    assert!(
        repo.read(NIGHTLY)
            .contains(&format!("actions/checkout@{checkout} # v7.2.0\n"))
    );
    assert_agreement(&repo);
    let run = update(&repo, &server, &[]);
    assert_eq!((run.code, &*run.err), (0, ""), "{}", run.out);
}

#[test]
fn major_versions_come_only_if_asked_for() {
    let (repo, server) = (generated(""), server());
    let new = server.release("actions/setup-go", "2024-02-01", &["v8.0.0", "v8"]);
    assert_eq!(update(&repo, &server, &[]).code, 0);
    let run = update(&repo, &server, &["actions/setup-go", "--major"]);
    assert_eq!(run.code, 1);
    assert!(
        repo.read(PINS_PATH)
            .contains(&format!("actions/setup-go@{new} # v8.0.0\n"))
    );
}

#[test]
fn a_young_release_waits_and_an_older_one_is_taken() {
    let (repo, server) = (generated(""), server());
    let old = server.release("actions/checkout", "2024-02-01", &["v7.1.0"]);
    // The commit is old; the tag with its text is not.
    server.release("actions/checkout", "2024-03-01", &[]);
    let folder = server.folder("actions/checkout");
    git(&folder, &today(), &["tag", "-a", "-m", "x", "v7.2.0"]);
    let run = update(&repo, &server, &[]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(
        run.out
            .contains("actions/checkout v7.0.1 → v7.1.0; v7.2.0 is too young\n"),
        "{}",
        run.out
    );
    assert!(
        repo.read(PINS_PATH)
            .contains(&format!("actions/checkout@{old} # v7.1.0\n"))
    );
    let run = update(&repo, &server, &["--min-age", "0"]);
    assert!(
        run.out.contains("actions/checkout v7.1.0 → v7.2.0\n"),
        "{}",
        run.out
    );
}

#[test]
fn nothing_is_written_without_need_and_nothing_goes_back() {
    let (repo, server) = (generated(""), Server::new());
    for name in [
        "actions/checkout",
        "actions/setup-go",
        "github/codeql-action",
    ] {
        server.release(name, "2024-01-01", &["v1.0.0", "v3.9.9"]);
    }
    let before = repo.snapshot();
    let run = update(&repo, &server, &["--major"]);
    assert_eq!((run.code, &*run.err), (0, ""), "{}", run.out);
    assert_eq!(repo.snapshot(), before);
}

#[test]
fn dry_runs_tell_and_write_nothing() {
    let (repo, server) = (generated(""), server());
    server.release("actions/checkout", "2024-02-01", &["v7.2.0"]);
    let before = repo.snapshot();
    let run = update(&repo, &server, &["--dry-run"]);
    assert_eq!(run.code, 1);
    assert!(
        run.out
            .ends_with("1 action would be raised; nothing was written\n"),
        "{}",
        run.out
    );
    let run = update(&repo, &server, &["--dry-run", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(document["written"], false);
    assert_eq!(document["actions"][0]["to"]["release"], "v7.2.0");
    assert_eq!(repo.snapshot(), before);
}

#[test]
fn a_repository_that_does_not_answer_is_told_and_the_rest_goes_on() {
    let (repo, server) = (generated(""), server());
    server.release("actions/checkout", "2024-02-01", &["v7.2.0"]);
    std::fs::remove_dir_all(server.folder("actions/setup-go")).unwrap();
    let run = update(&repo, &server, &[]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(
        run.err
            .contains("the repository `actions/setup-go` does not answer"),
        "{}",
        run.err
    );
    assert!(run.err.contains("setup-go' does not appear"), "{}", run.err);
    assert!(repo.read(PINS_PATH).contains("# v7.2.0"));
    assert_agreement(&repo);
}

#[test]
fn an_action_that_nobody_knows_is_looked_up() {
    let (repo, server) = (Repo::new(), server());
    let new = server.release("acme/tools", "2024-02-01", &["v1.0.0", "v1.4.0"]);
    repo.write(
        "cicd.yml",
        MANIFEST.replace("github/codeql-action/init", "acme/tools/lint"),
    );
    let run = repo.cicd(&["generate"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("run `cicd pins update acme/tools/lint`"),
        "{}",
        run.err
    );
    let run = update(&repo, &server, &["acme/tools/lint"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(
        run.out.contains("acme/tools/lint v1.4.0 (new)\n"),
        "{}",
        run.out
    );
    assert!(
        repo.read(PINS_PATH)
            .contains(&format!("acme/tools/lint@{new} # v1.4.0\n"))
    );
    assert_agreement(&repo);
}

#[test]
fn a_comment_that_stayed_behind_is_put_right() {
    let (repo, server) = (generated(""), server());
    let new = server.release("actions/checkout", "2024-02-01", &["v7.2.0"]);
    let tag = pin("actions/checkout").unwrap().tag;
    edit(
        &repo,
        PINS_PATH,
        &shipped("actions/checkout"),
        &format!("actions/checkout@{new} # {tag}"),
    );
    let run = update(&repo, &server, &["actions/checkout"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(
        repo.read(PINS_PATH)
            .contains(&format!("actions/checkout@{new} # v7.2.0\n"))
    );
    assert_agreement(&repo);
}

#[test]
fn an_action_whose_release_moved_is_raised_only_by_its_name() {
    let (repo, server) = (generated(""), server());
    // The real one is another commit.
    server.release("actions/checkout", "2024-02-01", &["v7.0.1"]);
    let new = server.release("actions/checkout", "2024-02-02", &["v7.2.0"]);
    let run = update(&repo, &server, &[]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(
        run.err
            .contains("the release `v7.0.1` of `actions/checkout` is now another commit"),
        "{}",
        run.err
    );
    assert!(repo.read(PINS_PATH).contains(&shipped("actions/checkout")));
    let run = update(&repo, &server, &["actions/checkout"]);
    assert_eq!(run.code, 1, "{}", run.out);
    assert!(run.err.contains("is now another commit"), "{}", run.err);
    assert!(
        repo.read(PINS_PATH)
            .contains(&format!("actions/checkout@{new} # v7.2.0\n"))
    );
}

#[test]
fn an_edited_workflow_stops_the_update() {
    let (repo, server) = (generated(""), server());
    server.release("actions/checkout", "2024-02-01", &["v7.2.0"]);
    edit(&repo, CI, "timeout-minutes: 5", "timeout-minutes: 6");
    let before = repo.snapshot();
    let run = update(&repo, &server, &[]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("was edited by hand"), "{}", run.err);
    assert_eq!(repo.snapshot(), before);
}

#[test]
fn wrong_words_are_refused_before_anybody_is_asked() {
    let (repo, server) = (generated(""), Server::new());
    let run = update(&repo, &server, &["actions/chekout"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("did you mean `actions/checkout`?"),
        "{}",
        run.err
    );
    assert_eq!(update(&repo, &server, &["--min-age", "soon"]).code, 2);
}
