//! Commands out of the scripts of a package.

use super::super::model::Found;
use super::super::repo::Repo;
use super::super::tree::{extension, file_name, join};
use super::package::Package;
use super::workspace::{Root, nx_name, nx_target};

/// What a command is looked for in.
pub(super) struct Project<'p> {
    pub(super) repo: &'p Repo<'p>,
    pub(super) package: &'p Package,
    pub(super) root: Option<&'p Root>,
    pub(super) manager: &'p str,
}

/// Scripts that test without the running system, the best name first.
const TESTS: &[&str] = &[
    "test",
    "test:unit",
    "test:run",
    "test:ci",
    "test-ci",
    "unit",
    "test:integration",
    "vitest",
    "jest",
];

/// Scripts that test the running system; those that surely end come first.
const E2E_TESTS: &[&str] = &[
    "test:e2e:run",
    "test:e2e:ci",
    "e2e:ci",
    "e2e:run",
    "test:e2e",
    "test-e2e",
    "e2e",
    "test:playwright",
    "playwright",
    "playwright:test",
    "cy:run",
    "cypress:run",
    "test:cypress",
];

/// The command that runs the tests of a package once.
pub(super) fn test(project: &Project<'_>) -> Option<Found> {
    let package = project.package;
    let names: Vec<&str> = TESTS
        .iter()
        .copied()
        .filter(|name| {
            package
                .script(name)
                .is_some_and(|script| !is_e2e(package, script))
        })
        .collect();
    let once = names
        .iter()
        .find(|name| !package.script(name).is_some_and(is_watching));
    if let Some(name) = once.or(names.first()) {
        return Some(script(project, name));
    }
    nx_test(project).or_else(|| bun_test(project))
}

/// The command that tests the running system.
pub(super) fn e2e(project: &Project<'_>) -> Option<Found> {
    let package = project.package;
    let named = E2E_TESTS
        .iter()
        .find(|name| package.script(name).is_some())
        .copied();
    let tests = package
        .script("test")
        .filter(|script| is_e2e(package, script))
        .map(|_| "test");
    if let Some(name) = named.or(tests) {
        return Some(script(project, name));
    }
    if let Some(found) = nx_e2e(project) {
        return Some(found);
    }
    let config = project
        .repo
        .tree
        .names_in(&package.folder)
        .find(|name| name.starts_with("playwright.config."))?;
    let command = format!("{} test", run_binary(project.manager, "playwright"));
    Some(Found::new(
        command,
        join(&package.folder, config),
        "Playwright configuration",
    ))
}

/// The script that builds the package, if nothing speaks against running it anywhere: a
/// server that is rendered while it is built wants the settings that an example lists.
pub(super) fn build(project: &Project<'_>) -> Option<Found> {
    const RENDERED: &[&str] = &["next", "nuxt", "astro", "@sveltejs/kit"];
    const SETTINGS: &[&str] = &[".env.example", ".env.sample", ".env.template"];
    let (package, tree) = (project.package, project.repo.tree);
    package.script("build")?;
    let is_rendered = RENDERED.iter().any(|name| package.has(name));
    let wants_settings = tree.first_in(&package.folder, SETTINGS).is_some();
    (!is_rendered || !wants_settings).then(|| script(project, "build"))
}

/// The script that lints.
pub(super) fn lint(project: &Project<'_>) -> Option<Found> {
    ["lint", "lint:check", "lint:ci"]
        .iter()
        .find(|name| project.package.script(name).is_some())
        .map(|name| script(project, name))
}

pub(super) fn script(project: &Project<'_>, name: &str) -> Found {
    let command = match (project.manager, name) {
        ("npm", "test") => "npm test".to_owned(),
        ("npm" | "bun", name) => format!("{} run {name}", project.manager),
        (manager, name) => format!("{manager} {name}"),
    };
    Found::new(command, &project.package.path, format!("script `{name}`"))
}

/// Runs a program out of the installed packages.
pub(super) fn run_binary(manager: &str, binary: &str) -> String {
    match manager {
        "yarn" => format!("yarn {binary}"),
        "pnpm" => format!("pnpm exec {binary}"),
        "bun" => format!("bunx {binary}"),
        _ => format!("npx {binary}"),
    }
}

fn is_e2e(package: &Package, script: &str) -> bool {
    let drives_browser = |script: &str| {
        [
            "playwright",
            "cypress",
            "wdio",
            "testcafe",
            "nightwatch",
            "detox",
        ]
        .iter()
        .any(|tool| script.contains(tool))
            && !script.contains("vitest")
            && !script.contains("jest")
    };
    // A script that only calls another is what that one is.
    let called = script
        .split_whitespace()
        .last()
        .filter(|_| script.split_whitespace().count() <= 3 && !script.contains('&'))
        .and_then(|name| package.script(name));
    drives_browser(script) || called.is_some_and(drives_browser)
}

fn is_watching(script: &str) -> bool {
    script.split_whitespace().any(|word| {
        matches!(
            word,
            "--watch" | "--watchAll" | "watch" | "--watch=true" | "--ui"
        )
    })
}

/// Nx infers test targets from configuration files.
fn nx_test(project: &Project<'_>) -> Option<Found> {
    let root = project.root?;
    let folder = &project.package.folder;
    project.repo.tree.file_in(&root.folder, "nx.json")?;
    let name = nx_name(project.repo, folder)?;
    let config = project
        .repo
        .tree
        .names_in(folder)
        .any(|file| file.starts_with("jest.config.") || file.starts_with("vitest.config."));
    if !config && !nx_target(project.repo, folder, "test") {
        return None;
    }
    let command = format!("{} test {name}", run_binary(project.manager, "nx"));
    Some(Found::new(
        command,
        join(folder, "project.json"),
        "Nx project",
    ))
}

/// The customary project `<name>-e2e` beside an app of Nx.
fn nx_e2e(project: &Project<'_>) -> Option<Found> {
    let root = project.root?;
    project.repo.tree.file_in(&root.folder, "nx.json")?;
    let name = nx_name(project.repo, &project.package.folder)?;
    let folder = format!("{}-e2e", project.package.folder);
    let path = project.repo.tree.file_in(&folder, "project.json")?;
    let command = format!("{} e2e {name}-e2e", run_binary(project.manager, "nx"));
    Some(Found::new(command, path, "Nx project"))
}

/// Bun finds tests by their names without a script.
fn bun_test(project: &Project<'_>) -> Option<Found> {
    if project.manager != "bun" || project.package.script("test").is_some() {
        return None;
    }
    let path = project
        .repo
        .tree
        .below(&project.package.folder)
        .find(|path| {
            let name = file_name(path);
            let is_source = matches!(extension(name), "ts" | "tsx" | "js" | "jsx");
            is_source && (name.contains(".test.") || name.contains("_test."))
        })?;
    let other = ["vitest", "jest", "@playwright/test"];
    let own = !other.iter().any(|name| project.package.has(name));
    own.then(|| Found::new("bun test", path, "test file"))
}
