//! `pins absorb`: moved refs become pins, and nothing else is taken.

use super::*;

fn bumped(action: &str) -> String {
    format!("{action}@{NEW} # v99.0.0")
}

/// Refused: exit 2, these words, and not a byte is written.
fn assert_refused(repo: &Repo, words: &str) {
    let before = repo.snapshot();
    let run = repo.cicd(&["pins", "absorb"]);
    assert_eq!(run.code, 2, "{}{}", run.out, run.err);
    assert!(run.err.contains(words), "{}", run.err);
    assert_eq!(repo.snapshot(), before);
}

#[test]
fn a_bump_by_a_bot_goes_into_the_pins_and_everywhere_else() {
    let repo = generated("");
    edit(
        &repo,
        CI,
        &shipped("actions/checkout"),
        &bumped("actions/checkout"),
    );
    assert_eq!(repo.cicd(&["generate"]).code, 2, "an edit stops `generate`");
    let run = repo.cicd(&["pins", "absorb"]);
    assert_eq!((run.code, &*run.err), (1, ""), "{}", run.out);
    assert!(
        run.out.starts_with("actions/checkout v7.0.1 → v99.0.0\n"),
        "{}",
        run.out
    );
    let pinned = format!("    - uses: {}\n", bumped("actions/checkout"));
    assert!(repo.read(PINS_PATH).contains(&pinned));
    assert!(repo.read(NIGHTLY).contains(&bumped("actions/checkout")));
    assert_agreement(&repo);
    let run = repo.cicd(&["pins", "absorb"]);
    assert_eq!((run.code, &*run.out), (0, "nothing was moved\n"));
}

#[test]
fn both_workflows_may_have_moved_to_the_same() {
    let repo = generated("");
    for path in [CI, NIGHTLY] {
        edit(
            &repo,
            path,
            &shipped("actions/setup-go"),
            &bumped("actions/setup-go"),
        );
    }
    let run = repo.cicd(&["pins", "absorb", "--format", "json"]);
    assert_eq!(run.code, 1, "{}", run.err);
    let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(document["actions"][0]["to"]["commit"], NEW);
    assert_agreement(&repo);
}

#[test]
fn two_directions_are_refused() {
    let repo = generated("");
    edit(
        &repo,
        CI,
        &shipped("actions/checkout"),
        &bumped("actions/checkout"),
    );
    edit(
        &repo,
        NIGHTLY,
        &shipped("actions/checkout"),
        &format!("actions/checkout@{OTHER} # v98.0.0"),
    );
    assert_refused(&repo, "`actions/checkout` was moved to two places");
}

#[test]
fn every_other_edit_is_refused() {
    let repo = generated("");
    edit(
        &repo,
        CI,
        &shipped("actions/checkout"),
        &bumped("actions/checkout"),
    );
    edit(&repo, CI, "timeout-minutes: 5", "timeout-minutes: 6");
    assert_refused(&repo, "has other edits than moved refs");
    let run = repo.cicd(&["pins", "absorb", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let line = repo
        .read(CI)
        .lines()
        .position(|line| line.contains("minutes: 6"))
        .unwrap()
        + 1;
    assert_eq!(document["findings"][0]["line"], line);
}

#[test]
fn a_line_more_is_another_edit() {
    let repo = generated("");
    repo.write(CI, repo.read(CI) + "# mine\n");
    assert_refused(&repo, "has other edits than moved refs");
}

#[test]
fn branches_and_words_are_refused_where_commits_are_wanted() {
    for (to, words) in [
        (
            "actions/checkout@main",
            "`actions/checkout@main` is not at a full commit",
        ),
        ("actions/checkout@v99.0.0", "is not at a full commit"),
        (
            "actions/checkout@1234567 # v99.0.0",
            "is not at a full commit",
        ),
        (
            &*format!("actions/checkout@{NEW} # v99.0.0 until it is mended"),
            "says more than a release",
        ),
    ] {
        let repo = generated("");
        edit(&repo, CI, &shipped("actions/checkout"), to);
        assert_refused(&repo, words);
    }
}

#[test]
fn older_releases_are_refused() {
    let repo = generated("");
    edit(
        &repo,
        CI,
        &shipped("actions/checkout"),
        &format!("actions/checkout@{NEW} # v1.0.0"),
    );
    assert_refused(
        &repo,
        "`actions/checkout` would go back from `v7.0.1` to `v1.0.0`",
    );
}

#[test]
fn another_action_in_its_place_is_refused() {
    let repo = generated("");
    edit(
        &repo,
        CI,
        &shipped("actions/setup-go"),
        &format!("evil/setup-go@{NEW} # v7.0.0"),
    );
    assert_refused(&repo, "has an action whose version the pins do not hold");
}

#[test]
fn a_commit_without_its_comment_is_taken_and_told() {
    let repo = generated("");
    let half = shipped("actions/checkout").replace(&pin("actions/checkout").unwrap().sha, NEW);
    edit(&repo, CI, &shipped("actions/checkout"), &half);
    let run = repo.cicd(&["pins", "absorb"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(
        run.err.contains("no comment says which release"),
        "{}",
        run.err
    );
    assert!(
        repo.read(PINS_PATH)
            .contains(&format!("actions/checkout@{NEW}\n"))
    );
    assert!(repo.read(CI).contains(&format!("actions/checkout@{NEW}\n")));
    let run = repo.cicd(&["pins", "--format", "oneline"]);
    assert_eq!(
        findings(&run),
        [".github/cicd/action.yml:10 warning[pin-comment]"]
    );
}

#[test]
fn a_workflow_that_is_only_behind_has_moved_nothing() {
    let repo = generated("");
    edit(
        &repo,
        PINS_PATH,
        &shipped("actions/checkout"),
        &bumped("actions/checkout"),
    );
    let run = repo.cicd(&["pins", "absorb"]);
    assert_eq!((run.code, &*run.out), (0, "nothing was moved\n"));
}

#[test]
fn pins_and_workflow_may_have_moved_different_actions() {
    let repo = generated("");
    edit(
        &repo,
        PINS_PATH,
        &shipped("actions/checkout"),
        &bumped("actions/checkout"),
    );
    edit(
        &repo,
        CI,
        &shipped("actions/setup-go"),
        &bumped("actions/setup-go"),
    );
    let run = repo.cicd(&["pins", "absorb"]);
    assert_eq!(run.code, 1, "{}", run.err);
    let pins = repo.read(PINS_PATH);
    assert!(
        pins.contains(&bumped("actions/checkout")) && pins.contains(&bumped("actions/setup-go"))
    );
    assert_agreement(&repo);
}

#[test]
fn a_manifest_that_changed_as_well_does_not_hide_what_moved() {
    let repo = generated("");
    edit(
        &repo,
        CI,
        &shipped("actions/checkout"),
        &bumped("actions/checkout"),
    );
    edit(
        &repo,
        "cicd.yml",
        "timeout-minutes: 5",
        "timeout-minutes: 6",
    );
    let run = repo.cicd(&["pins", "absorb"]);
    assert_eq!(run.code, 1, "{}", run.err);
    let text = repo.read(CI);
    assert!(text.contains("timeout-minutes: 6") && text.contains(&bumped("actions/checkout")));
    assert_agreement(&repo);
}

#[test]
fn only_generated_workflows_can_be_named() {
    let repo = generated("");
    let run = repo.cicd(&["pins", "absorb", ".github/workflows/cii.yml"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("did you mean `.github/workflows/ci.yml`?"),
        "{}",
        run.err
    );
}
