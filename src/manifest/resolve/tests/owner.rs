//! Whose the workflow files are.

use super::messages;
use crate::manifest::{self, Manifest};
use crate::source::{Source, Sources};

const STACK: &str = "stack: {app: {language: go, test: go test}}\n";

/// What a manifest means.
fn resolved(rest: &str) -> Manifest {
    let text = format!("version: 1\nname: shop\n{STACK}{rest}");
    let mut sources = Sources::new();
    let main = sources.add(Source::new("cicd.yml", &text).unwrap());
    let mut fetch = |_: &str| Err("there are no other files".to_owned());
    let document = manifest::read(&mut sources, main, &mut fetch).document;
    let (manifest, _) = manifest::resolve(&document.unwrap(), &|_| true);
    manifest.unwrap()
}

/// The files that are written.
fn files(rest: &str) -> Vec<String> {
    let manifest = resolved(rest);
    let ours = manifest.workflows.iter().filter(|one| !one.ejected);
    let ours = ours.map(|one| format!("{}.yml", one.file));
    ours.chain(manifest.own.iter().map(|own| own.file.clone()))
        .collect()
}

#[test]
fn own_workflows_stand_beside_what_follows_from_the_rest() {
    let own = "{own: {on: push, jobs: {}}, file: A b.yaml}";
    assert_eq!(
        files(&format!("workflows: {{a: {own}}}\n")),
        ["ci.yml", "A b.yaml"]
    );
    assert_eq!(
        files("workflows: {ci: {own: {on: push, jobs: {}}}}\n"),
        ["ci.yml"],
        "the user's, in the place of ours"
    );
}

#[test]
fn what_is_ejected_is_planned_and_not_written() {
    assert!(files("workflows: {ci: ejected}\n").is_empty());
    assert_eq!(
        files(
            "workflows: {ci: {name: Checks, ejected: true}, nightly: {on: schedule 0 3 * * *}}\n"
        ),
        ["nightly.yml"]
    );
    assert_eq!(
        messages(&format!("{STACK}workflows: {{c: ejected}}\n")),
        [
            "5 no workflow `c` follows from the rest of the manifest; remove the entry: the file is yours without it"
        ]
    );
}

#[test]
fn a_file_has_one_workflow() {
    assert_eq!(
        messages(&format!(
            "{STACK}workflows:\n  a: {{own: {{on: push}}, file: CI.yml}}\n  ci: {{}}\n  b: {{own: {{}}, name: x}}\n  \
             c: {{file: d.yml}}\n"
        )),
        [
            "6 two workflows are written to `CI.yml`; give one of them another name, or remove it",
            "8 `name` has no effect beside `own`; write it there in GitHub's syntax, or remove it",
            "9 only a workflow under `own` says which file it is for; remove `file`; the name of the entry is that of the file",
        ]
    );
}

#[test]
fn a_deployment_can_follow_a_workflow_of_the_users() {
    let after = |name: &str| {
        let live = "environments: {live: {deploy: {on: after ci on main, target: {ssh-compose: {compose: c.yml}}}}}\n";
        let own = format!("workflows: {{ci: {{own: {{{name}on: push}}}}}}\n");
        let manifest = resolved(&format!("{live}{own}"));
        format!("{:?}", manifest.environments[0].deploy)
    };
    assert!(after("name: My checks, ").contains("\"My checks\""));
    assert!(after("").contains("\".github/workflows/ci.yml\""));
}
