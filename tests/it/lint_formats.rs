//! `cicd lint` and `cicd generate --check` in the forms that other programs read.

use serde_json::Value as Json;

use crate::common::Repo;

fn faulty() -> Repo {
    let repo = Repo::new();
    repo.write(
        ".github/workflows/ci.yml",
        "on: push\njobs:\n  ü: {runs-on: ubuntu-24.04, step: [{run: a}]}\n",
    );
    repo
}

fn judged(document: &Json) {
    let schema = include_str!("../fixtures/schemas/sarif-2.1.0.schema.json");
    // The one pattern that only lenient readers take for a regular expression.
    let schema = schema.replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}$");
    let schema: Json = serde_json::from_str(&schema).unwrap();
    let judge = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<_> = judge
        .iter_errors(document)
        .map(|one| one.to_string())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn sarif_says_where_and_which_rule() {
    let repo = faulty();
    let run = repo.cicd(&["lint", "--format", "sarif"]);
    assert_eq!((run.code, &*run.err), (1, ""));
    let document: Json = serde_json::from_str(&run.out).unwrap();
    judged(&document);
    let result = document["runs"][0]["results"]
        .as_array()
        .unwrap()
        .iter()
        .find(|result| result["ruleId"] == "unknown-key")
        .unwrap();
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], ".github/workflows/ci.yml");
    // Columns count characters, of which `ü` is one.
    assert_eq!(place["region"]["startColumn"], 30);
    assert_eq!(place["region"]["endColumn"], 34);
    let rules = document["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    let rule = rules
        .iter()
        .find(|rule| rule["id"] == "unknown-key")
        .unwrap();
    assert!(
        rule["help"]["markdown"]
            .as_str()
            .unwrap()
            .contains("```yaml\n")
    );
}

#[test]
fn sarif_without_findings_is_a_run_without_results() {
    let repo = Repo::new();
    let run = repo.cicd(&["lint", "--format", "sarif"]);
    let document: Json = serde_json::from_str(&run.out).unwrap();
    judged(&document);
    assert_eq!(
        (run.code, &document["runs"][0]["results"]),
        (0, &Json::Array(Vec::new()))
    );
}

#[test]
fn a_failure_is_told_in_the_form_that_was_asked_for() {
    let repo = faulty();
    let failed = ["lint", "nowhere", "--format"];
    let sarif = repo.cicd(&[&failed[..], &["sarif"]].concat());
    judged(&serde_json::from_str(&sarif.out).unwrap());
    assert_eq!((sarif.code, &*sarif.err), (2, ""));
    let github = repo.cicd(&[&failed[..], &["github"]].concat());
    assert!(
        github
            .out
            .starts_with("::error title=no-such-file::there is no file"),
        "{}",
        github.out
    );
    let oneline = repo.cicd(&[&failed[..], &["oneline"]].concat());
    assert_eq!((oneline.code, &*oneline.out), (2, ""));
    assert_eq!(
        oneline.err,
        "error[no-such-file] there is no file `nowhere`\n"
    );
}

#[test]
fn annotations_and_junit_name_the_rule_and_the_place() {
    let repo = faulty();
    let github = repo.cicd(&["lint", "--format", "github"]).out;
    let start = "::error file=.github/workflows/ci.yml,line=3,endLine=3,col=30,endColumn=34,title=unknown-key::";
    assert!(
        github.lines().any(|line| line.starts_with(start)),
        "{github}"
    );
    let junit = repo.cicd(&["lint", "--format", "junit"]).out;
    assert!(
        junit.contains("<testcase name=\"unknown-key at 3:30\""),
        "{junit}"
    );
}

#[test]
fn a_check_tells_drift_in_the_same_forms() {
    let repo = Repo::new();
    repo.write("cicd.yml", "version: 1\nname: shop\nextends: go-library\n");
    assert_eq!(repo.cicd(&["generate", "--exit-zero"]).code, 0);
    let clean = repo.cicd(&["generate", "--check", "--format", "github"]);
    assert_eq!((clean.code, &*clean.out), (0, ""));
    let ci = repo.read(".github/workflows/ci.yml");
    repo.write(
        ".github/workflows/ci.yml",
        ci.replace("ubuntu-24.04", "ubuntu-22.04"),
    );
    std::fs::remove_file(repo.path(".github/cicd/action.yml")).unwrap();
    let run = repo.cicd(&["generate", "--check", "--format", "github"]);
    let lines: Vec<_> = run.out.lines().collect();
    assert_eq!((run.code, lines.len()), (1, 2), "{lines:#?}");
    assert!(
        lines[0].starts_with(
            "::error file=.github/cicd/action.yml,line=1,endLine=1,col=1,endColumn=1,title=missing::\
             `.github/cicd/action.yml` is missing"
        ),
        "{lines:#?}"
    );
    assert!(lines[1].contains("title=edited::`.github/workflows/ci.yml` was edited by hand"));
    let sarif = repo.cicd(&["generate", "--check", "--format", "sarif"]);
    judged(&serde_json::from_str(&sarif.out).unwrap());
}
