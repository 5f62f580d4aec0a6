//! One `package.json` with its dependencies, and what installs them.

use serde_json::Value;

use super::super::model::Found;
use super::super::read::{json, text_at};
use super::super::repo::Repo;
use super::super::tree::{folder_of, join, upwards};
use super::Root;

/// A package as its manifest says it.
#[derive(Debug)]
pub(super) struct Package {
    /// Its folder.
    pub(super) folder: String,
    /// Its manifest.
    pub(super) path: String,
    /// The text of the manifest as a value.
    pub(super) value: Value,
}

impl Package {
    /// The text at a path of keys.
    pub(super) fn text(&self, keys: &[&str]) -> Option<String> {
        text_at(&self.value, keys)
    }

    /// Whether it depends on `name`, to run or to develop.
    pub(super) fn has(&self, name: &str) -> bool {
        depends(&self.value, name)
    }

    /// Whether it depends on `name` to run.
    pub(super) fn runs_with(&self, name: &str) -> bool {
        self.value
            .get("dependencies")
            .is_some_and(|list| list.get(name).is_some())
    }

    /// The script with that name, unless it does nothing.
    pub(super) fn script(&self, name: &str) -> Option<&str> {
        let script = self.value.get("scripts")?.get(name)?.as_str()?.trim();
        (!is_idle(script)).then_some(script)
    }

    /// All scripts that do something.
    pub(super) fn scripts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.value
            .get("scripts")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter_map(|(name, script)| Some((name.as_str(), script.as_str()?)))
            .filter(|(_, script)| !is_idle(script))
    }

    /// Whether it says that it is never published.
    pub(super) fn is_private(&self) -> bool {
        self.value.get("private") == Some(&Value::Bool(true))
    }

    /// Whether it has the key.
    pub(super) fn says(&self, key: &str) -> bool {
        self.value.get(key).is_some()
    }
}

/// Whether a manifest depends on `name`, to run or to develop.
pub(super) fn depends(manifest: &Value, name: &str) -> bool {
    ["dependencies", "devDependencies", "peerDependencies"]
        .iter()
        .any(|key| {
            manifest
                .get(*key)
                .is_some_and(|list| list.get(name).is_some())
        })
}

/// A script that only says something or does nothing, as npm's default `test`.
fn is_idle(script: &str) -> bool {
    let script = script.trim();
    let only_speaks = |part: &str| {
        let part = part.trim();
        part.is_empty()
            || part.starts_with("echo ")
            || part.starts_with("exit ")
            || part == "true"
            || part == ":"
    };
    script.contains("no test specified")
        || script
            .split("&&")
            .flat_map(|p| p.split(';'))
            .all(only_speaks)
}

/// Reads the manifests that may make a component.
pub(super) fn all(repo: &Repo<'_>) -> Vec<Package> {
    let mut packages: Vec<Package> = repo
        .manifests("package.json")
        .filter_map(|path| {
            let value = json(repo.tree.text(path)?)?;
            value.is_object().then(|| Package {
                folder: folder_of(path).to_owned(),
                path: path.to_owned(),
                value,
            })
        })
        .collect();
    packages.extend(nx_projects(repo, &packages));
    packages
}

/// Applications of an Nx workspace that have a `project.json` and no package of their own.
fn nx_projects(repo: &Repo<'_>, packages: &[Package]) -> Vec<Package> {
    if !repo.tree.has("nx.json") {
        return Vec::new();
    }
    repo.manifests("project.json")
        .filter(|path| {
            packages
                .iter()
                .all(|package| package.folder != folder_of(path))
        })
        .filter_map(|path| {
            let value = json(repo.tree.text(path)?)?;
            let is_application =
                text_at(&value, &["projectType"]).as_deref() == Some("application");
            let has_sources = repo.count(folder_of(path), &["ts", "tsx", "js", "jsx"]) > 0;
            let foreign = [
                "pom.xml",
                "go.mod",
                "Cargo.toml",
                "pyproject.toml",
                "build.gradle",
            ];
            let is_foreign = repo.tree.first_in(folder_of(path), &foreign).is_some();
            (is_application && has_sources && !is_foreign).then(|| Package {
                folder: folder_of(path).to_owned(),
                path: path.to_owned(),
                value: serde_json::json!({ "name": text_at(&value, &["name"]), "private": true }),
            })
        })
        .collect()
}

/// What installs a package's dependencies.
pub(super) struct Manager {
    pub(super) name: Found,
    pub(super) lockfile: Option<String>,
}

const LOCK_FILES: &[(&str, &str)] = &[
    ("pnpm-lock.yaml", "pnpm"),
    ("bun.lock", "bun"),
    ("bun.lockb", "bun"),
    ("yarn.lock", "yarn"),
    ("package-lock.json", "npm"),
    ("npm-shrinkwrap.json", "npm"),
];

/// The package manager: what the manifest says or the lock file beside the
/// package, then the same of the folders around it up to the root.
///
/// A lock file counts in the package's folder and at the root of its workspace.
pub(super) fn manager(repo: &Repo<'_>, package: &Package, root: Option<&Root>) -> Manager {
    let mut name: Option<Found> = None;
    for folder in upwards(&package.folder) {
        let locks: Vec<(&str, &str)> = LOCK_FILES
            .iter()
            .filter_map(|(file, name)| Some((repo.tree.file_in(folder, file)?, *name)))
            .collect();
        let said = || said_manager(repo, folder);
        let locked = || {
            locks
                .first()
                .map(|(path, name)| Found::new(*name, *path, "lock file"))
        };
        name = name.or_else(said).or_else(locked);
        let is_shared = root.is_some_and(|root| root.folder == folder);
        if let Some(found) = name.take_if(|_| folder == package.folder || is_shared) {
            // Of two lock files the one counts that fits.
            let lock = locks.iter().find(|(_, name)| *name == found.value);
            let is_last = root.is_none() || is_shared;
            if lock.is_some() || is_last {
                return Manager {
                    lockfile: lock.map(|(path, _)| (*path).to_owned()),
                    name: found,
                };
            }
            name = Some(found);
        }
    }
    Manager {
        name: name.unwrap_or_else(|| Found::new("npm", &package.path, "no lock file")),
        lockfile: None,
    }
}

/// Whether Yarn is the first one, whose options are others: the nearest `packageManager`
/// says so, or neither that nor a file of settings speaks of a later one. Yarn looks for
/// both in all folders above.
pub(super) fn is_classic_yarn(repo: &Repo<'_>, folder: &str) -> bool {
    let said = upwards(folder).find_map(|folder| {
        let value = repo.json_in(folder, "package.json")?;
        text_at(&value, &["packageManager"])
    });
    match said {
        Some(said) => said.starts_with("yarn@1."),
        None => upwards(folder).all(|folder| repo.tree.file_in(folder, ".yarnrc.yml").is_none()),
    }
}

fn said_manager(repo: &Repo<'_>, folder: &str) -> Option<Found> {
    let path = join(folder, "package.json");
    let value = repo.json_in(folder, "package.json");
    let said = value.as_ref().and_then(|value| {
        text_at(value, &["packageManager"])
            .or_else(|| text_at(value, &["devEngines", "packageManager", "name"]))
    });
    if let Some(said) = said {
        let name = said.split('@').next().unwrap_or_default().to_owned();
        if LOCK_FILES.iter().any(|(_, known)| *known == name) {
            return Some(Found::new(name, path, "packageManager"));
        }
    }
    repo.tree
        .file_in(folder, "pnpm-workspace.yaml")
        .map(|path| Found::new("pnpm", path, "workspace file"))
}
