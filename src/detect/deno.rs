//! JavaScript and TypeScript with Deno.

use super::model::{Component, Evidence, Found, Kind, Language, Runtime};
use super::read::{json, text_at, value_at};
use super::repo::{Findings, Repo};
use super::tree::{extension, file_name, folder_of, join};

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
        let language = if repo.count(folder, &["ts", "tsx"]) >= repo.count(folder, &["js", "jsx"]) {
            Language::TypeScript
        } else {
            Language::JavaScript
        };
        let kind = if says("exports") {
            Kind::Library
        } else {
            Kind::App
        };
        let mut component = Component::new(
            folder,
            language,
            kind,
            Evidence::new(path, "Deno configuration"),
        );
        component.runtime = Some(Runtime::Deno);
        component.name = text_at(&value, &["name"]);
        component.package_manager = Some(Found::new("deno", path, "configuration"));
        component.lockfile = repo.tree.file_in(folder, "deno.lock").map(str::to_owned);
        let imports = value
            .get("imports")
            .map(ToString::to_string)
            .unwrap_or_default();
        component.framework = [
            ("@fresh/core", "fresh"),
            ("$fresh/", "fresh"),
            ("@oak/oak", "oak"),
            ("@hono/hono", "hono"),
        ]
        .iter()
        .find(|(import, _)| imports.contains(import) && component.name.as_deref() != Some(import))
        .map(|(import, name)| Found::new(*name, path, format!("imports `{import}`")));
        component.test_command = if value_at(&value, &["tasks", "test"]).is_some() {
            Some(Found::new("deno task test", path, "task `test`"))
        } else {
            test_file(repo, folder).map(|test| Found::new("deno test", test, "test file"))
        };
        for (command, lints) in [("deno lint", true), ("deno fmt", false)] {
            let key = if lints { "lint" } else { "fmt" };
            let evidence = if says(key) {
                Some(path.to_owned())
            } else {
                repo.command_with(command).map(|(path, _)| path.to_owned())
            };
            let list = if lints {
                &mut component.lint
            } else {
                &mut component.format
            };
            list.extend(evidence.map(|path| Found::new(command, path, "chosen here")));
        }
        found.components.push(component);
    }
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
