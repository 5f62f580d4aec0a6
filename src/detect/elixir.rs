//! Elixir with Mix. Projects below another one without a lock file of their own belong to it.

use super::model::{Component, Evidence, Found, Kind, Language};
use super::read::{assignment, between};
use super::repo::{Findings, Repo};
use super::tree::{folder_of, is_within, join};
use super::versions::plain_version;

/// Finds the components of Elixir.
pub(super) fn detect(repo: &Repo<'_>, found: &mut Findings) {
    let all: Vec<&str> = repo.manifests("mix.exs").collect();
    for path in &all {
        let folder = folder_of(path);
        let outer = all
            .iter()
            .filter(|other| folder_of(other) != folder && is_within(folder, folder_of(other)))
            .max_by_key(|other| other.len());
        if let Some(outer) = outer {
            let relative =
                folder[folder_of(outer).len().min(folder.len())..].trim_start_matches('/');
            let relative = if folder_of(outer) == "." {
                folder
            } else {
                relative
            };
            let text = repo.tree.text(outer).unwrap_or_default();
            let compiled_in = text.contains(&format!("\"{relative}/lib"))
                || text.contains(&format!("path: \"{relative}\""));
            if compiled_in || repo.tree.file_in(folder, "mix.lock").is_none() {
                found.note(*path, "part of the project above it");
                continue;
            }
        }
        found.components.push(component(repo, path));
    }
}

fn component(repo: &Repo<'_>, path: &str) -> Component {
    let folder = folder_of(path);
    let text = repo.tree.text(path).unwrap_or_default();
    let depends = |name: &str| text.contains(&format!("{{:{name},"));
    let is_phoenix = depends("phoenix");
    let kind = if is_phoenix {
        Kind::App
    } else if text.contains("package:") {
        Kind::Library
    } else if text.contains("escript:") {
        Kind::Cli
    } else {
        Kind::Service
    };
    let mut component = Component::new(
        folder,
        Language::Elixir,
        kind,
        Evidence::new(path, "Mix project"),
    );
    component.name = between(text, "app: :", ",").map(|name| name.trim().to_owned());
    component.framework = is_phoenix.then(|| Found::new("phoenix", path, "dependency `phoenix`"));
    component.package_manager = Some(Found::new("mix", path, "manifest"));
    component.lockfile = repo.tree.file_in(folder, "mix.lock").map(str::to_owned);
    if let Some(range) = assignment(text, "elixir") {
        component.version =
            plain_version(range).map(|version| Found::new(version, path, "mix.exs"));
        component.version_range = Some(Found::new(range, path, "mix.exs"));
    }
    let test = repo
        .tree
        .below(folder)
        .find(|path| path.ends_with("_test.exs"));
    component.test_command = test.map(|path| Found::new("mix test", path, "test file"));
    if depends("credo") {
        component.lint.push(Found::new("credo", path, "dependency"));
    }
    if let Some(config) = repo.tree.file_in(folder, ".formatter.exs") {
        component
            .format
            .push(Found::new("mix format", config, "configuration"));
    }
    if depends("dialyxir") {
        component
            .typecheck
            .push(Found::new("dialyzer", path, "dependency"));
    }
    let migration = repo
        .tree
        .below(&join(folder, "priv"))
        .find(|path| path.contains("/migrations/"));
    component.migrations = migration.map(|path| Found::new("ecto", path, "migration"));
    component
}
