//! JavaScript and TypeScript with Deno.

use serde_json::Value;

use super::model::{Component, Evidence, Found, Kind, Language, Runtime};
use super::read::{json, text_at, value_at};
use super::repo::{Findings, Repo};
use super::tree::{extension, file_name, folder_of, join};

const FRAMEWORKS: &[(&str, &str)] = &[
    ("@fresh/core", "fresh"),
    ("$fresh/", "fresh"),
    ("@oak/oak", "oak"),
    ("@hono/hono", "hono"),
];

/// Finds the components of Deno; a folder that has a `package.json` with Node.js is none.
pub(super) fn detect(repo: &Repo<'_>, found: &mut Findings) {
    for path in repo
        .manifests("deno.json")
        .chain(repo.manifests("deno.jsonc"))
    {
        let folder = folder_of(path);
        if repo.tree.file_in(folder, "package.json").is_some() {
            found.note(path, "beside a `package.json`, which was taken");
            continue;
        }
        let Some(value) = repo.tree.text(path).and_then(json) else {
            continue;
        };
        let says = |key: &str| value.get(key).is_some();
        if repo.count(folder, &["ts", "tsx", "js", "jsx"]) == 0
            || says("workspace") && !says("tasks")
        {
            found.note(path, "no sources of its own");
            continue;
        }
        found.components.push(component(repo, path, &value));
    }
}

fn component(repo: &Repo<'_>, path: &str, value: &Value) -> Component {
    let folder = folder_of(path);
    let language = if repo.count(folder, &["ts", "tsx"]) >= repo.count(folder, &["js", "jsx"]) {
        Language::TypeScript
    } else {
        Language::JavaScript
    };
    let is_published = value.get("exports").is_some();
    let kind = if is_published {
        Kind::Library
    } else {
        Kind::App
    };
    let evidence = Evidence::new(path, "Deno configuration");
    let mut component = Component::new(folder, language, kind, evidence);
    component.runtime = Some(Runtime::Deno);
    component.name = text_at(value, &["name"]);
    component.package_manager = Some(Found::new("deno", path, "configuration"));
    component.lockfile = repo.tree.file_in(folder, "deno.lock").map(str::to_owned);
    let imports = value
        .get("imports")
        .map(ToString::to_string)
        .unwrap_or_default();
    component.framework = FRAMEWORKS
        .iter()
        .find(|(import, _)| imports.contains(import) && component.name.as_deref() != Some(import))
        .map(|(import, name)| Found::new(*name, path, format!("imports `{import}`")));
    component.test_command = if value_at(value, &["tasks", "test"]).is_some() {
        Some(Found::new("deno task test", path, "task `test`"))
    } else {
        test_file(repo, folder).map(|test| Found::new("deno test", test, "test file"))
    };
    let chosen = |key: &str, command: &str| {
        let own = value.get(key).map(|_| path);
        let path = own.or_else(|| repo.command_with(command).map(|(path, _)| path))?;
        Some(Found::new(command, path, "chosen here"))
    };
    component.lint.extend(chosen("lint", "deno lint"));
    component.format.extend(chosen("fmt", "deno fmt"));
    component
}

fn test_file(repo: &Repo<'_>, folder: &str) -> Option<String> {
    repo.tree
        .below(folder)
        .find(|path| {
            let name = file_name(path);
            matches!(extension(name), "ts" | "tsx" | "js")
                && (name.contains("_test.") || name.contains(".test."))
        })
        .map(|path| join(".", path))
}
