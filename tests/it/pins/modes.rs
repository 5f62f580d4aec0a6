//! The manifest's `pins`: the same promises in each mode, and ways between them.

use super::*;

#[test]
fn tags_stand_in_workflows_and_pins() {
    let repo = generated("pins: tag\n");
    let tag = pin("actions/checkout").unwrap().tag;
    assert!(
        repo.read(PINS_PATH)
            .contains(&format!("    - uses: actions/checkout@{tag}\n"))
    );
    assert!(
        repo.read(CI)
            .contains(&format!("        uses: actions/checkout@{tag}\n"))
    );
    assert!(
        !repo
            .read(CI)
            .contains(&pin("actions/checkout").unwrap().sha)
    );
    assert_agreement(&repo);
}

#[test]
fn an_action_without_releases_stays_at_its_commit() {
    let repo = Repo::new();
    let manifest = MANIFEST.replace("github/codeql-action/init", "snyk/actions/setup");
    repo.write("cicd.yml", format!("{manifest}pins: tag\n"));
    let run = repo.cicd(&["generate"]);
    assert_eq!(run.code, 1, "{}", run.err);
    let pin = pin("snyk/actions/setup").unwrap();
    if cicd::lock::Release::parse(&pin.tag).is_none() {
        assert!(repo.read(CI).contains(&shipped("snyk/actions/setup")));
    }
    assert_agreement(&repo);
}

#[test]
fn a_bump_of_a_tag_reaches_the_workflows() {
    let repo = generated("pins: tag\n");
    let tag = pin("actions/checkout").unwrap().tag;
    edit(
        &repo,
        PINS_PATH,
        &format!("actions/checkout@{tag}"),
        "actions/checkout@v99.1.0",
    );
    assert_eq!(repo.cicd(&["pins"]).code, 1);
    assert_eq!(repo.cicd(&["generate"]).code, 1);
    assert!(
        repo.read(NIGHTLY)
            .contains("uses: actions/checkout@v99.1.0\n")
    );
    assert_agreement(&repo);
}

#[test]
fn a_moved_tag_is_absorbed_and_a_branch_is_not() {
    let repo = generated("pins: tag\n");
    let tag = pin("actions/checkout").unwrap().tag;
    edit(
        &repo,
        CI,
        &format!("actions/checkout@{tag}"),
        "actions/checkout@v99.1.0",
    );
    assert_eq!(repo.cicd(&["pins", "absorb"]).code, 1);
    assert!(repo.read(PINS_PATH).contains("actions/checkout@v99.1.0\n"));
    assert_agreement(&repo);
    edit(
        &repo,
        CI,
        "actions/checkout@v99.1.0",
        "actions/checkout@main",
    );
    let run = repo.cicd(&["pins", "absorb"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err
            .contains("`actions/checkout@main` is not at a release"),
        "{}",
        run.err
    );
}

#[test]
fn tags_are_updated_as_tags() {
    let (repo, server) = (generated("pins: tag\n"), Server::new());
    for (name, tag) in [
        ("actions/checkout", "v7.0.0"),
        ("actions/setup-go", "v6.9.0"),
        ("github/codeql-action", "v4.36.0"),
    ] {
        server.release(name, "2024-01-01", &[tag]);
    }
    let run = update(&repo, &server, &[]);
    assert_eq!(run.code, 0, "{}", run.out);
    server.release("actions/checkout", "2024-02-01", &["v7.2.0", "v7"]);
    let run = update(&repo, &server, &[]);
    assert_eq!(run.code, 1, "{}", run.out);
    assert!(repo.read(PINS_PATH).contains("actions/checkout@v7.2.0\n"));
    assert_agreement(&repo);
}

#[test]
fn the_way_from_commits_to_tags_and_back_keeps_the_releases() {
    let repo = generated("");
    let before = repo.read(PINS_PATH);
    repo.write("cicd.yml", format!("{MANIFEST}pins: tag\n"));
    assert!(
        repo.cicd(&["pins"])
            .out
            .contains("is not written as the manifest wants it")
    );
    assert_eq!(repo.cicd(&["generate"]).code, 1);
    assert_agreement(&repo);
    repo.write("cicd.yml", MANIFEST);
    assert_eq!(repo.cicd(&["generate"]).code, 1);
    assert_eq!(repo.read(PINS_PATH), before);
    assert_agreement(&repo);
}

#[test]
fn a_tag_that_does_not_ship_gets_its_commit_from_its_repository() {
    let (repo, server) = (generated("pins: tag\n"), Server::new());
    let new = server.release("actions/checkout", "2024-01-01", &["v99.1.0"]);
    let tag = pin("actions/checkout").unwrap().tag;
    edit(
        &repo,
        PINS_PATH,
        &format!("actions/checkout@{tag}"),
        "actions/checkout@v99.1.0",
    );
    repo.write("cicd.yml", MANIFEST);
    let run = repo.cicd(&["generate"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("run `cicd pins update actions/checkout`"),
        "{}",
        run.err
    );
    let run = update(&repo, &server, &["actions/checkout"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(
        repo.read(PINS_PATH)
            .contains(&format!("actions/checkout@{new} # v99.1.0\n"))
    );
    assert_agreement(&repo);
}

#[test]
fn commits_are_written_for_all_actions_or_for_none() {
    let (repo, server) = (generated("pins: tag\n"), Server::new());
    server.release("actions/checkout", "2024-01-01", &["v99.1.0"]);
    for action in ["actions/checkout", "actions/setup-go"] {
        let tag = pin(action).unwrap().tag;
        edit(
            &repo,
            PINS_PATH,
            &format!("{action}@{tag}"),
            &format!("{action}@v99.1.0"),
        );
    }
    repo.write("cicd.yml", MANIFEST);
    let before = repo.snapshot();
    let run = update(&repo, &server, &[]);
    assert_eq!(
        (run.code, repo.snapshot()),
        (2, before),
        "{}{}",
        run.out,
        run.err
    );
    for said in [
        "the repository `actions/setup-go` does not answer",
        "no commit is known for `actions/setup-go`; nothing was written",
    ] {
        assert!(run.err.contains(said), "{}", run.err);
    }
}

/// A workflow in GitHub's own syntax, beside the others.
const OWN: &str = "  release:
    own:
      on: workflow_dispatch
      permissions: {}
      jobs:
        release:
          runs-on: ubuntu-24.04
          timeout-minutes: 5
          steps:
            - uses: 'actions/checkout' # mine
              with: {persist-credentials: false}
            - {uses: actions/setup-go, with: {go-version: '1.24'}}
            - uses: actions/setup-go@v6
              with: {go-version: '1.23'}
";
const RELEASE: &str = ".github/workflows/release.yml";

#[test]
fn workflows_of_the_users_own_follow_the_pins_where_they_name_no_version() {
    for mode in ["sha", "tag"] {
        let repo = generated(&format!("{OWN}pins: {mode}\n"));
        assert!(repo.read(RELEASE).contains("uses: actions/setup-go@v6\n"));
        assert_agreement(&repo);
        let pins = repo.read(PINS_PATH);
        let line = pins
            .lines()
            .find(|line| line.contains("actions/setup-go@"))
            .unwrap();
        let (_, value) = line.split_once("uses: ").unwrap();
        let reference = value.split(['@', ' ']).nth(1).unwrap();
        let new = if mode == "sha" { NEW } else { "v99.0.0" };
        // One that stands among others on its line has no comment.
        edit(
            &repo,
            RELEASE,
            &format!("{{uses: actions/setup-go@{reference},"),
            &format!("{{uses: actions/setup-go@{new},"),
        );
        assert_eq!(repo.cicd(&["pins"]).code, 1);
        let run = repo.cicd(&["pins", "absorb"]);
        assert_eq!(run.code, 1, "{mode}: {}", run.err);
        assert!(
            repo.read(CI)
                .contains(&format!("uses: actions/setup-go@{new}"))
        );
        assert!(repo.read(RELEASE).contains("uses: actions/setup-go@v6\n"));
        assert_eq!(repo.cicd(&["generate", "--check"]).code, 0);
    }
}

#[test]
fn a_version_of_the_manifest_is_no_pin() {
    let repo = generated(OWN);
    edit(&repo, RELEASE, "actions/setup-go@v6", "actions/setup-go@v7");
    let run = repo.cicd(&["pins", "absorb"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err
            .contains("`actions/setup-go@v7` is not at a full commit")
            || run
                .err
                .contains("has an action whose version the pins do not hold"),
        "{}",
        run.err
    );
}
