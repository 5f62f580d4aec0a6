//! What the README shows is what happens.

use cicd::commands::project;

const README: &str = include_str!("../../README.md");

/// The fenced blocks of a language.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    let starts = README.split(fence.as_str()).skip(1);
    starts
        .map(|rest| rest.split("\n```").next().unwrap())
        .collect()
}

fn build(manifest: &str) -> project::Project {
    let root = tempfile::tempdir().unwrap();
    let built = project::build(root.path(), "cicd.yml", manifest.as_bytes().to_vec());
    built.unwrap_or_else(|failure| panic!("{failure:?}"))
}

#[test]
fn the_manifest_becomes_the_files_of_the_table() {
    let manifest = blocks("yaml")[0];
    let project = build(manifest);
    let names: Vec<_> = project
        .pipeline
        .workflows
        .iter()
        .map(|workflow| format!("`{}.yml`", workflow.file))
        .collect();
    assert_eq!(
        names,
        ["`ci.yml`", "`deploy-production.yml`", "`rollback.yml`"]
    );
    for name in names {
        assert!(README.contains(&format!("| {name} |")), "{name}");
    }
    let lines = manifest
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .count();
    assert!(
        README.contains(&format!("these {lines} lines")),
        "the manifest has {lines} lines"
    );
}

#[test]
fn a_preset_takes_what_differs() {
    let project = build(blocks("yaml")[1]);
    let component = &project.manifest.components[0];
    assert_eq!(component.name, "library");
    assert_eq!(component.package_manager, Some(("pnpm".to_owned(), None)));
}

#[test]
fn the_presets_are_told() {
    for (name, _) in cicd::assets::PRESETS {
        assert!(README.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn the_ways_out_of_the_manifest_work() {
    let manifest = format!("{}\n{}\n", blocks("yaml")[0], blocks("yaml")[2]);
    let project = build(&manifest);
    let ci = project
        .pipeline
        .workflows
        .iter()
        .find(|workflow| workflow.file == "ci")
        .unwrap();
    let test = ci.job("test-backend").unwrap();
    assert_eq!(test.timeout, 30);
    let seed = test
        .steps
        .iter()
        .position(|step| step.name.to_string() == "Seed")
        .unwrap();
    assert_eq!(test.steps[seed - 1].name.to_string(), "Check out");
    assert!(
        ci.job("ci-status")
            .unwrap()
            .needs
            .contains(&"licence".to_owned())
    );
    let licence = project
        .rendered
        .iter()
        .find(|file| file.path.ends_with("/ci.yml"))
        .unwrap();
    assert!(licence.text.contains("run: make licences"));
}
