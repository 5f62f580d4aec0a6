//! `cicd lint --baseline`: only what is new is told.

use crate::common::Repo;
use crate::lint_files::places;

const JOBS: &str = "jobs:\n  a: {runs-on: ubuntu-24.04, steps: [{run: a}]}\n  \
                    b: {runs-on: ubuntu-24.04, needs: [a, a], steps: [{run: a}]}\npermissions: {}\n";
const CI: &str = ".github/workflows/ci.yml";

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write(CI, format!("on: push\n{JOBS}"));
    repo.write(".github/workflows/old.yml", "on: push\njobs: {}\nnam: x\n");
    repo
}

fn lint(repo: &Repo, more: &[&str]) -> crate::common::Run {
    let usual = ["lint", "--format", "oneline", "--baseline", "known.json"];
    repo.cicd(&[&usual, more].concat())
}

#[test]
fn what_was_there_is_not_told_wherever_it_moves() {
    let repo = repo();
    assert_eq!(lint(&repo, &[]).code, 2);
    let written = lint(&repo, &["--write-baseline"]);
    assert_eq!((written.code, &*written.out), (0, ""));
    let before = repo.read("known.json");
    assert!(before.contains("\"rule\":\"needs-duplicate\""), "{before}");
    repo.write(CI, format!("# more\n\nname: ci\non: push\n{JOBS}"));
    let run = lint(&repo, &[]);
    assert_eq!((run.code, &*run.out), (0, ""));
    assert!(
        run.err.contains("are in `known.json` and not told"),
        "{}",
        run.err
    );
    let new = JOBS.replace("steps: [{run: a}]}\n  b", "step: [{run: a}]}\n  b");
    repo.write(CI, format!("# more\nname: ci\non: push\n{new}"));
    let run = lint(&repo, &[]);
    assert_eq!(run.code, 1);
    assert!(
        places(&run)
            .iter()
            .all(|one| !one.ends_with("needs-duplicate")),
        "{}",
        run.out
    );
    assert!(run.out.contains("unknown-key"), "{}", run.out);
    // Nothing was written by only looking.
    assert_eq!(repo.read("known.json"), before);
}

#[test]
fn what_is_mended_is_told_until_the_file_shrinks() {
    let repo = repo();
    lint(&repo, &["--write-baseline"]);
    repo.write(CI, format!("on: push\n{}", JOBS.replace("[a, a]", "[a]")));
    std::fs::remove_file(repo.path(".github/workflows/old.yml")).unwrap();
    let run = lint(&repo, &[]);
    assert_eq!((run.code, &*run.out), (0, ""));
    assert!(
        run.err.contains("of `known.json` are mended"),
        "{}",
        run.err
    );
    assert!(
        run.err
            .contains("`needs-duplicate` in `.github/workflows/ci.yml`"),
        "{}",
        run.err
    );
    lint(&repo, &["--write-baseline"]);
    assert_eq!(
        repo.read("known.json"),
        "{\n  \"version\": 1,\n  \"findings\": []\n}\n"
    );
    let run = lint(&repo, &[]);
    assert_eq!((run.code, &*run.err), (0, ""));
}

#[test]
fn a_run_over_some_files_says_nothing_of_the_others() {
    let repo = repo();
    lint(&repo, &["--write-baseline"]);
    let before = repo.read("known.json");
    let run = lint(&repo, &[CI]);
    assert_eq!((run.code, &*run.out), (0, ""));
    assert!(!run.err.contains("mended"), "{}", run.err);
    lint(&repo, &[CI, "--write-baseline"]);
    assert_eq!(repo.read("known.json"), before);
}
