//! `pins check`: each disagreement at its place, with the command that mends it.

use super::*;

fn check(repo: &Repo) -> Run {
    let run = repo.cicd(&["pins", "check", "--format", "oneline"]);
    assert_eq!(run.err, "");
    run
}

#[test]
fn what_was_generated_agrees() {
    let repo = generated("");
    assert_agreement(&repo);
    let run = repo.cicd(&["pins", "check"]);
    assert_eq!(run.out, "4 actions pinned in 2 workflows, and all agree\n");
    let run = repo.cicd(&["pins", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(
        (run.code, &document["findings"]),
        (0, &serde_json::json!([]))
    );
}

#[test]
fn a_bump_of_the_pins_is_mended_by_generate() {
    let repo = generated("");
    // As Dependabot writes it: the commit and the comment, nothing else.
    edit(
        &repo,
        PINS_PATH,
        &shipped("actions/checkout"),
        &format!("actions/checkout@{NEW} # v99.0.0"),
    );
    let run = check(&repo);
    assert_eq!(run.code, 1);
    assert_eq!(
        findings(&run),
        [
            ".github/workflows/ci.yml:29 error[ref-differs]",
            ".github/workflows/nightly.yml:37 error[ref-differs]",
            ".github/cicd/cicd.lock:7 error[lock-behind]",
        ],
        "{}",
        run.out
    );
    let run = repo.cicd(&["pins"]);
    assert_eq!(
        run.out.matches("help: run `cicd generate`").count(),
        3,
        "{}",
        run.out
    );
    assert!(
        run.out.contains(
            "`actions/checkout` is at `v7.0.1` (3d3c42e) here, and at `v99.0.0` (1234567)"
        ),
        "{}",
        run.out
    );

    let run = repo.cicd(&["generate"]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.out,
        format!("update {CI}\nupdate {NIGHTLY}\n2 files were changed\n")
    );
    assert!(
        repo.read(CI)
            .contains(&format!("actions/checkout@{NEW} # v99.0.0\n"))
    );
    assert_agreement(&repo);
}

#[test]
fn a_bump_of_a_workflow_is_mended_by_absorb() {
    let repo = generated("");
    edit(
        &repo,
        CI,
        &shipped("actions/setup-go"),
        &format!("actions/setup-go@{NEW} # v99.0.0"),
    );
    let run = check(&repo);
    assert_eq!(
        findings(&run),
        [".github/workflows/ci.yml:34 error[ref-differs]"]
    );
    let run = repo.cicd(&["pins"]);
    assert!(
        run.out
            .contains(&format!("help: run `cicd pins absorb {CI}`")),
        "{}",
        run.out
    );
}

#[test]
fn comments_that_the_catalogue_knows_better_are_told() {
    let repo = generated("");
    let tag = pin("actions/checkout").unwrap().tag;
    edit(
        &repo,
        PINS_PATH,
        &format!("# {tag}\n      with"),
        "# v99.0.0\n      with",
    );
    edit(
        &repo,
        PINS_PATH,
        &shipped("actions/setup-go"),
        &format!("actions/setup-go@{NEW} # v7.0.0"),
    );
    let run = repo.cicd(&["pins"]);
    let wrong = format!("the comment says `v99.0.0`, but the commit is that of `{tag}`");
    assert!(run.out.contains(&wrong), "{}", run.out);
    assert!(
        run.out
            .contains("the comment says `v7.0.0`, which is another commit"),
        "{}",
        run.out
    );
    assert!(
        run.out
            .contains("help: run `cicd pins update actions/setup-go`"),
        "{}",
        run.out
    );
}

#[test]
fn a_comment_may_say_less_than_the_release() {
    let repo = generated("");
    let tag = pin("actions/checkout").unwrap().tag;
    edit(
        &repo,
        PINS_PATH,
        &format!("# {tag}\n      with"),
        "# v7\n      with",
    );
    assert_eq!(repo.cicd(&["generate"]).code, 1);
    assert_agreement(&repo);
}

#[test]
fn what_is_missing_too_much_twice_or_broken_in_the_pins_file() {
    let repo = generated("");
    let checkout = shipped("actions/checkout");
    let text = repo.read(PINS_PATH);
    repo.write(
        PINS_PATH,
        text.replace(&shipped("actions/setup-go"), "actions/setup-go@main")
            .replace(
                &shipped("github/codeql-action/init"),
                &format!("a/unused@{NEW} # v1.0.0"),
            )
            .replace(
                &shipped("github/codeql-action/analyze"),
                &format!("github/codeql-action/analyze@{NEW}"),
            )
            + &format!("    - uses: {checkout}\n"),
    );
    let run = check(&repo);
    let pins: Vec<_> = findings(&run)
        .into_iter()
        .filter(|line| line.contains(PINS_PATH))
        .collect();
    assert_eq!(
        pins,
        [
            ".github/cicd/action.yml:1 error[pin-missing]",
            ".github/cicd/action.yml:13 error[pin-broken]",
            ".github/cicd/action.yml:14 warning[pin-comment]",
            ".github/cicd/action.yml:15 warning[pin-unused]",
            ".github/cicd/action.yml:16 error[pin-twice]",
        ],
        "{}",
        run.out
    );
}

#[test]
fn missing_files_are_told_and_a_broken_manifest_is_a_failure() {
    let repo = Repo::new();
    repo.write("cicd.yml", MANIFEST);
    let run = check(&repo);
    assert_eq!(run.code, 1);
    assert_eq!(run.out.matches("is missing").count(), 3, "{}", run.out);
    repo.write("cicd.yml", "version: 1\nname: [\n");
    assert_eq!(repo.cicd(&["pins"]).code, 2);
}

#[test]
fn a_pin_without_a_comment_leaves_no_blank_at_the_end_of_a_line() {
    let repo = generated("");
    edit(
        &repo,
        PINS_PATH,
        &shipped("actions/setup-go"),
        &format!("actions/setup-go@{NEW}"),
    );
    assert_eq!(repo.cicd(&["generate"]).code, 1);
    assert!(
        repo.read(CI)
            .contains(&format!("uses: actions/setup-go@{NEW}\n"))
    );
}

#[test]
fn words_of_somebodys_own_in_the_pins_file_are_left_there() {
    let repo = generated("");
    let text = repo
        .read(PINS_PATH)
        .replace("  steps:\n", "  steps:\n    # keep\n");
    repo.write(PINS_PATH, &text);
    assert_agreement(&repo);
    assert_eq!(repo.cicd(&["generate"]).code, 0);
    assert_eq!(repo.read(PINS_PATH), text);
}
