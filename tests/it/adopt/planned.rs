//! Files that the manifest plans: taken as they are, or given back.

use super::{A, is_clean, steps};
use crate::common::Repo;

const CI: &str = ".github/workflows/ci.yml";
const MANIFEST: &str =
    "version: 1\nname: shop # ours\nstack: {app: {language: go, test: go test}}\n";

/// A repository whose manifest plans `ci.yml`, generated.
fn generated() -> Repo {
    let repo = Repo::new();
    repo.write("go.mod", "module x\n");
    repo.write("cicd.yml", MANIFEST);
    assert_eq!(repo.cicd(&["generate"]).code, 1);
    repo
}

/// The same, with the lock lost and the header gone: as if it were written by hand.
fn by_hand(change: impl Fn(String) -> String) -> Repo {
    let repo = generated();
    let text = repo.read(CI);
    std::fs::remove_dir_all(repo.path(".github/cicd")).unwrap();
    let (_, text) = text.split_once('\n').unwrap();
    repo.write(CI, change(text.to_owned()));
    repo
}

#[test]
fn a_workflow_that_the_manifest_plans_needs_no_entry() {
    let repo = by_hand(|text| text);
    assert_eq!(repo.cicd(&["generate"]).code, 2, "it is not ours yet");
    let run = repo.cicd(&["adopt"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(
        run.out
            .contains("ci.yml: structured, as the manifest plans it; the tree stays")
    );
    assert_eq!(repo.read("cicd.yml"), MANIFEST);
    is_clean(&repo);
}

#[test]
fn differences_are_shown_and_accepted_or_nothing_happens() {
    let repo = by_hand(|text| {
        let text = text.replace("runs-on: ubuntu-24.04", "runs-on: ubuntu-22.04");
        format!("# mine\n{text}")
    });
    let before = repo.snapshot();
    let run = repo.cicd(&["adopt"]);
    assert_eq!(
        (run.code, repo.snapshot()),
        (1, before),
        "{}{}",
        run.out,
        run.err
    );
    assert!(
        run.out
            .contains("ci.yml: refused: the manifest plans another one for this file\n  ")
    );
    assert!(
        run.out.contains("  the comment `# mine` goes\n"),
        "{}",
        run.out
    );
    assert!(run.out.contains("ubuntu-22.04"), "{}", run.out);
    assert!(run.err.contains("--accept-differences"), "{}", run.err);
    let run = repo.cicd(&["adopt", "--accept-differences"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(repo.read(CI).contains("ubuntu-24.04") && !repo.read(CI).contains("# mine"));
    is_clean(&repo);
}

#[test]
fn own_workflows_change_nothing_of_what_is_planned() {
    let repo = generated();
    let ci = repo.read(CI);
    repo.write(A, steps(&["run: x"]));
    assert_eq!(repo.cicd(&["adopt"]).code, 0);
    assert_eq!(repo.read(CI), ci);
    is_clean(&repo);
}

#[test]
fn a_planned_workflow_is_given_back_and_stays_away() {
    let repo = generated();
    let text = repo.read(CI).replace("Test", "My test");
    // An edit by hand is what most people eject for.
    repo.write(CI, &text);
    assert_eq!(repo.cicd(&["eject", CI, "--dry-run"]).code, 0);
    assert_eq!(
        (repo.read(CI), repo.read("cicd.yml").as_str()),
        (text.clone(), MANIFEST)
    );
    let run = repo.cicd(&["eject", CI]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(
        run.out
            .contains("cicd.yml says `ejected` under `workflows.ci`"),
        "{}",
        run.out
    );
    let (_, bare) = text.split_once('\n').unwrap();
    assert_eq!(repo.read(CI), bare);
    assert_eq!(
        repo.read("cicd.yml"),
        format!("{MANIFEST}workflows: {{ci: ejected}}\n")
    );
    is_clean(&repo);
    assert_eq!(repo.cicd(&["generate"]).code, 0);
    assert_eq!(repo.read(CI), bare);
    let run = repo.cicd(&["eject", CI]);
    assert!(
        run.code == 2 && run.err.contains("is yours already"),
        "{}",
        run.err
    );
    // And back again, in GitHub's own syntax, once the manifest does not plan it.
    repo.write("cicd.yml", "version: 1\nname: shop\n");
    let run = repo.cicd(&["adopt"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(repo.read(CI).ends_with(bare));
    is_clean(&repo);
}

#[test]
fn what_others_depend_on_holds_after_it_is_given_back() {
    let repo = generated();
    let live = "environments: {live: {deploy: {on: after ci on main, target: {ssh-compose: {compose: c.yml}}}}}\n";
    let workflows = "workflows:\n  ci: {name: My checks}\n";
    repo.write("cicd.yml", format!("{MANIFEST}{live}{workflows}"));
    assert_eq!(repo.cicd(&["generate"]).code, 1);
    let deploy = repo.read(".github/workflows/deploy-live.yml");
    assert_eq!(repo.cicd(&["eject", CI]).code, 0);
    assert!(
        repo.read("cicd.yml")
            .contains("ci: {name: My checks, ejected: true}")
    );
    assert_eq!(repo.read(".github/workflows/deploy-live.yml"), deploy);
    is_clean(&repo);
}

#[test]
fn other_files_are_given_back_if_the_repository_may_have_its_own() {
    let repo = generated();
    let path = ".github/dependabot.yml";
    assert_eq!(repo.cicd(&["eject", path]).code, 0);
    assert!(repo.read(path).starts_with("version: 2") || repo.read(path).starts_with('#'));
    assert!(
        !repo.read(path).contains("cicd generate"),
        "{}",
        repo.read(path)
    );
    assert_eq!(repo.read("cicd.yml"), MANIFEST);
    is_clean(&repo);
    for path in [".github/cicd/action.yml", ".github/cicd/cicd.lock"] {
        let run = repo.cicd(&["eject", path]);
        assert!(
            run.code == 2 && run.err.contains("belongs to `cicd`"),
            "{}",
            run.err
        );
    }
}

/// What a manifest has to say of its workflows so that `ci.yml` has a job `licence`.
const LICENCE: &str = "workflows:
  ci:
    jobs:
      licence:
        name: Licences
        runs-on: ubuntu-24.04
        timeout-minutes: 10
        steps: [{name: Look, run: make licences}]
";

#[test]
fn jobs_that_are_not_planned_stay_as_own_jobs() {
    let repo = generated();
    repo.write("cicd.yml", format!("{MANIFEST}{LICENCE}"));
    assert_eq!(repo.cicd(&["generate"]).code, 1);
    let whole = repo.read(CI);
    let (_, text) = whole.split_once('\n').unwrap();
    std::fs::remove_dir_all(repo.path(".github/cicd")).unwrap();
    repo.write("cicd.yml", MANIFEST);
    repo.write(CI, text);
    let run = repo.cicd(&["adopt"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    let said = "ci.yml: structured, as the manifest plans it, with licence under `workflows.ci.jobs`; the tree stays";
    assert!(run.out.contains(said), "{}", run.out);
    assert_eq!(repo.read(CI), whole);
    assert!(repo.read("cicd.yml").starts_with(MANIFEST));
    is_clean(&repo);
}

#[test]
fn jobs_stay_where_differences_are_accepted_if_they_can() {
    let repo = by_hand(|text| {
        let kept = "  kept:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make kept\n";
        let lost = "  lost:\n    runs-on: x\n    strategy: {matrix: {a: [1]}}\n    steps:\n      - run: make lost\n";
        format!("{text}{kept}{lost}")
    });
    assert_eq!(repo.cicd(&["adopt"]).code, 1);
    assert_eq!(repo.read("cicd.yml"), MANIFEST, "nothing was accepted");
    let run = repo.cicd(&["adopt", "--accept-differences", "--json"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    let told: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let file = &told["files"][0];
    assert_eq!(
        (&file["result"], &file["jobs"]),
        (&"structured".into(), &serde_json::json!(["kept"]))
    );
    let differences = file["differences"].to_string();
    assert!(
        differences.contains("lost") && !differences.contains("job removed: `kept`"),
        "{differences}"
    );
    let ci = repo.read(CI);
    assert!(
        ci.contains("make kept") && !ci.contains("make lost"),
        "{ci}"
    );
    is_clean(&repo);
}

#[test]
fn a_workflow_of_a_layer_below_is_given_back() {
    let repo = generated();
    repo.write(
        "base.yml",
        "version: 1\nworkflows:\n  ci: {name: Checks}\n  nightly: {on: schedule 0 3 * * *}\n",
    );
    repo.write("cicd.yml", format!("{MANIFEST}extends: ./base.yml\n"));
    assert_eq!(repo.cicd(&["generate"]).code, 1);
    let text = repo.read(CI);
    let run = repo.cicd(&["eject", CI]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    let manifest = repo.read("cicd.yml");
    assert!(
        manifest.ends_with("workflows: {ci: ejected}\n"),
        "{manifest}"
    );
    assert_eq!(
        Some(repo.read(CI).as_str()),
        text.split_once('\n').map(|(_, rest)| rest)
    );
    is_clean(&repo);
}
