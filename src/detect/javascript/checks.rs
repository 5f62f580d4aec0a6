//! Scripts of a package that run its linters, formatters and type checkers.
//!
//! What a package calls `lint` names the files and the options that its people
//! agreed on, so it says more than the tool's name does. Only scripts that look
//! and leave the files alone count.

use super::super::model::{Check, Component, Found};
use super::super::tree::is_within;
use super::scripts::{self, Project};
use super::tools;

/// What a script would have to say for the tool to look and not write.
const LOOKS: &[(&str, &[&str])] = &[(
    "prettier",
    &["--check", "-c", "--list-different", "-l", "--l"],
)];

/// What makes a tool change files, or never end.
const WRITES: &[&str] = &[
    "--fix",
    "--fix-dry-run",
    "--write",
    "--apply",
    "--watch",
    "-w",
    "fmt",
];

/// Words that names of scripts that check have in them.
const CHECKS: &[&str] = &[
    "lint", "check", "type", "format", "fmt", "prettier", "style", "tsc", "code",
];

/// Names that package managers keep for themselves: Yarn has a `check` of its own.
const TAKEN: &[&str] = &["check"];

/// Finds for each chosen tool of the component the script that runs it. What only the root
/// of its workspace has chosen is the root's, if a script there runs it over all members.
pub(super) fn fill(project: &Project<'_>, of_root: &[Check], component: &mut Component) {
    let lists = [&component.lint, &component.format, &component.typecheck];
    let tools = lists.into_iter().flatten();
    component.checks = found(project, tools.map(|found| found.value.as_str()));
    let runs = |checks: &[Check], tool: &str| {
        let tools = checks.iter().flat_map(|check| &check.tools);
        tools.into_iter().any(|other| other == tool)
    };
    let own = std::mem::take(&mut component.checks);
    let folder = &project.package.folder;
    let stays = |found: &Found| {
        let inherited = !is_within(&found.from.path, folder) && !runs(&own, &found.value);
        !(inherited && runs(of_root, &found.value))
    };
    component.lint.retain(stays);
    component.format.retain(stays);
    component.checks = own;
}

/// The scripts of a package for all tools that are known.
pub(super) fn all(project: &Project<'_>) -> Vec<Check> {
    found(project, tools::names())
}

fn found<'a>(project: &Project<'_>, tools: impl Iterator<Item = &'a str>) -> Vec<Check> {
    let mut checks: Vec<Check> = Vec::new();
    for tool in tools {
        let known = |check: &Check| check.tools.iter().any(|other| other == tool);
        if !checks.iter().any(known) {
            checks.extend(of(project, tool));
        }
    }
    checks
}

/// The script that runs a tool: of several the one that does the least beside it.
fn of(project: &Project<'_>, tool: &str) -> Option<Check> {
    let mut scripts: Vec<(Vec<&str>, &str, &str)> = project
        .package
        .scripts()
        .filter(|(name, script)| is_check(name, script))
        .map(|(name, script)| (started_by(script), name, script))
        .filter(|(tools, ..)| tools.contains(&tool))
        .collect();
    scripts.sort_by_key(|(tools, name, _)| (tools.len(), name.len(), *name));
    let (tools, name, script) = scripts.into_iter().next()?;
    let mut command = scripts::script(project, name);
    if TAKEN.contains(&name) && project.manager == "yarn" {
        command.value = format!("yarn run {name}");
    }
    Some(Check {
        tools: tools.into_iter().map(str::to_owned).collect(),
        command,
        says: script.to_owned(),
    })
}

fn is_check(name: &str, script: &str) -> bool {
    let says = |words: &[&str]| script.split_whitespace().any(|word| words.contains(&word));
    let looks = LOOKS
        .iter()
        .all(|(tool, words)| !started_by(script).contains(tool) || says(words));
    let named = CHECKS.iter().any(|word| name.contains(word));
    // By itself the compiler writes what it compiles.
    let does_nothing_else = started_by(script)
        .iter()
        .all(|tool| tools::names().any(|known| known == *tool) && *tool != "tsc");
    let makes = name.starts_with("gen") || name.starts_with("build");
    (named || does_nothing_else) && looks && !says(WRITES) && !makes
}

/// The tools that a script starts, by the names that detection gives them.
fn started_by(script: &str) -> Vec<&str> {
    script
        .split("&&")
        .flat_map(|part| part.split(';'))
        .filter_map(started)
        .collect()
}

/// The tool that one command starts, if it is one.
fn started(command: &str) -> Option<&str> {
    let mut words = command
        .split_whitespace()
        .skip_while(|word| word.contains('=') || is_runner(word));
    match (words.next()?, words.next()) {
        ("next", Some("lint")) => Some("eslint"),
        ("astro", Some("check")) => Some("astro-check"),
        ("nuxt" | "nuxi", Some("typecheck")) => Some("vue-tsc"),
        (tool, _) => Some(tool),
    }
}

fn is_runner(word: &str) -> bool {
    matches!(
        word,
        "npx" | "bunx" | "pnpm" | "exec" | "yarn" | "cross-env" | "-s"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_that_writes_or_builds_is_no_check() {
        for (name, script, checks) in [
            ("lint", "eslint src --max-warnings 0", true),
            ("lint:fix", "eslint . --fix", false),
            ("format", "prettier --write .", false),
            ("format", "prettier .", false),
            ("format:check", "prettier --check src", true),
            ("build:types", "tsc", false),
            ("gen:types", "rimraf types && tsc", false),
            ("typecheck", "react-router typegen && tsc", true),
            ("test:other", "yarn prettier --list-different", true),
            ("start", "tsc", false),
            ("start", "eslint . && node .", false),
        ] {
            assert_eq!(is_check(name, script), checks, "{name}: {script}");
        }
    }

    #[test]
    fn the_tool_is_what_a_command_starts() {
        assert_eq!(started_by("next lint"), ["eslint"]);
        assert_eq!(
            started_by("react-router typegen && tsc"),
            ["react-router", "tsc"]
        );
        assert_eq!(started_by("NODE_ENV=test npx eslint ."), ["eslint"]);
    }
}
