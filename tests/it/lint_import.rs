//! `cicd lint --import-config`: the settings of other linters as ours.

use crate::common::Repo;

const ACTIONLINT: &str = "self-hosted-runner: {labels: [gpu-*]}\nconfig-variables: [REGION]\n\
                          paths: {'**/*.yml': {ignore: [SC2086]}}\n";

#[test]
fn what_is_printed_can_be_used_and_what_is_lost_is_told() {
    let repo = Repo::new();
    repo.write(".github/actionlint.yaml", ACTIONLINT);
    repo.write("zizmor.yml", "rules: {nonsense: {disable: true}}\n");
    let run = repo.cicd(&["lint", "--import-config"]);
    assert_eq!(run.code, 0);
    assert_eq!(
        run.out,
        "# From .github/actionlint.yaml and zizmor.yml; for .github/cicd/lint.yml\n\
         runners:\n- gpu-*\nvariables:\n- REGION\n"
    );
    for expected in [
        ".github/actionlint.yaml:3:31",
        "`SC2086` filters messages",
        "zizmor.yml:1:9",
    ] {
        assert!(run.err.contains(expected), "{expected}: {}", run.err);
    }
    repo.write(".github/cicd/lint.yml", &run.out);
    let used = repo.cicd(&["lint", "--format", "oneline"]);
    assert!(!used.err.contains("lint.yml"), "{}", used.err);
    assert_eq!(used.code, 0);
}

#[test]
fn with_a_manifest_it_is_for_the_manifest() {
    let repo = Repo::new();
    repo.write("cicd.yml", "version: 1\nname: shop\n");
    repo.write(".github/actionlint.yml", ACTIONLINT);
    let out = repo.cicd(&["lint", "--import-config"]).out;
    let expected = "; for cicd.yml\nlint:\n  runners:\n  - gpu-*\n  variables:\n  - REGION\n";
    assert!(out.ends_with(expected), "{out}");
}

#[test]
fn nothing_to_import_is_said() {
    let run = Repo::new().cicd(&["lint", "--import-config"]);
    assert_eq!((run.code, &*run.out), (2, ""));
    let expected = "no settings of actionlint or zizmor";
    assert!(run.err.contains(expected), "{}", run.err);
}
