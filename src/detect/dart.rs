//! Dart and Flutter with pub.

use serde_json::Value;

use super::model::{Component, Evidence, Found, Kind, Language, Workspace};
use super::read::{strings, text_at, value_at, yaml};
use super::repo::{Findings, Repo};
use super::tree::{folder_of, is_within, join};
use super::versions::plain_version;
use crate::glob;

struct Package {
    folder: String,
    path: String,
    value: Value,
}

impl Package {
    fn depends(&self, name: &str) -> bool {
        ["dependencies", "dev_dependencies"]
            .iter()
            .any(|key| value_at(&self.value, &[key, name]).is_some())
    }

    fn members(&self) -> Vec<String> {
        self.value.get("workspace").map(strings).unwrap_or_default()
    }
}

/// Finds the components of Dart.
pub(super) fn detect(repo: &Repo<'_>, found: &mut Findings) {
    let packages: Vec<Package> = repo
        .manifests("pubspec.yaml")
        .filter_map(|path| {
            Some(Package {
                folder: folder_of(path).to_owned(),
                path: path.to_owned(),
                value: yaml(repo.tree.text(path)?)?,
            })
        })
        .collect();
    let root = packages
        .iter()
        .find(|package| !package.members().is_empty());
    let belongs = |package: &Package| {
        root.is_some_and(|root| {
            root.members()
                .iter()
                .any(|glob| glob::matches(&join(&root.folder, glob), &package.folder))
        })
    };
    for package in &packages {
        let is_root = root.is_some_and(|root| root.folder == package.folder);
        let has_sources = ["lib", "bin"]
            .iter()
            .any(|name| repo.tree.has_folder(&join(&package.folder, name)));
        if is_root && !has_sources {
            found.note(
                &package.path,
                "the root of a workspace, not a component itself",
            );
        } else if let (Some(root), false, false) = (root, is_root, belongs(package)) {
            if is_within(&package.folder, &root.folder) {
                found.note(&package.path, "no member of the workspace around it");
            }
        } else if !has_sources {
            found.note(&package.path, "a package without Dart sources");
        } else {
            found
                .components
                .push(component(repo, package, root.filter(|_| belongs(package))));
        }
    }
    if let Some(root) = root {
        found.workspaces.push(Workspace {
            path: root.folder.clone(),
            tool: "pub".to_owned(),
            members: packages
                .iter()
                .filter(|package| belongs(package))
                .map(|package| package.folder.clone())
                .collect(),
            lockfile: repo
                .tree
                .file_in(&root.folder, "pubspec.lock")
                .map(str::to_owned),
            test_command: None,
            lint_command: None,
            checks: Vec::new(),
            evidence: Evidence::new(&root.path, "workspace"),
        });
    }
}

fn component(repo: &Repo<'_>, package: &Package, root: Option<&Package>) -> Component {
    let folder = &package.folder;
    let path = &package.path;
    let is_flutter = package.depends("flutter");
    let has_platform = ["android", "ios", "web", "linux", "macos", "windows"]
        .iter()
        .any(|name| repo.tree.has_folder(&join(folder, name)));
    let is_plugin = value_at(&package.value, &["flutter", "plugin"]).is_some();
    let kind = match (
        is_flutter && has_platform && !is_plugin,
        repo.tree.has_folder(&join(folder, "bin")),
    ) {
        (true, _) => Kind::Mobile,
        (false, true) => Kind::Cli,
        (false, false) => Kind::Library,
    };
    let mut component =
        Component::new(folder, Language::Dart, kind, Evidence::new(path, "package"));
    component.name = text_at(&package.value, &["name"]);
    component.framework = is_flutter.then(|| Found::new("flutter", path, "dependency `flutter`"));
    component.package_manager = Some(Found::new("pub", path, "manifest"));
    component.workspace = root.map(|root| root.folder.clone());
    component.lockfile = [Some(folder), root.map(|root| &root.folder)]
        .into_iter()
        .flatten()
        .find_map(|folder| repo.tree.file_in(folder, "pubspec.lock"))
        .map(str::to_owned);
    let key = if is_flutter { "flutter" } else { "sdk" };
    if let Some(range) = text_at(&package.value, &["environment", key]) {
        component.version =
            plain_version(&range).map(|version| Found::new(version, path, "environment"));
        component.version_range = Some(Found::new(range, path, "environment"));
    }
    let test = repo
        .tree
        .below(&join(folder, "test"))
        .find(|path| path.ends_with("_test.dart"));
    let command = if is_flutter {
        "flutter test"
    } else {
        "dart test"
    };
    component.test_command = test.map(|test| Found::new(command, test, "test file"));
    let options = [folder.as_str(), "."]
        .iter()
        .find_map(|folder| repo.tree.file_in(folder, "analysis_options.yaml"));
    let analyze = if is_flutter {
        "flutter analyze"
    } else {
        "dart analyze"
    };
    component
        .lint
        .extend(options.map(|path| Found::new(analyze, path, "configuration")));
    let formats = repo
        .command_with("dart format")
        .map(|(path, _)| path.to_owned());
    component
        .format
        .extend(formats.map(|path| Found::new("dart format", path, "command of a workflow")));
    component
}
