//! Workspaces of npm, Yarn, pnpm, Bun and Lerna.

use serde_json::Value;

use super::super::model::{Evidence, Found, Workspace};
use super::super::read::{strings, text_at, value_at, yaml};
use super::super::repo::Repo;
use super::super::tree::{folder_of, is_within, join};
use super::package::{Package, depends, manager};
use super::{checks, scripts};
use crate::glob;

/// The root of a workspace.
#[derive(Debug)]
pub(super) struct Root {
    pub(super) folder: String,
    /// The file that says so.
    pub(super) path: String,
    /// Its `package.json`.
    pub(super) value: Option<Value>,
    globs: Vec<String>,
}

impl Root {
    /// Whether the package in `folder` is a member.
    pub(super) fn has_member(&self, folder: &str) -> bool {
        if folder == self.folder || !is_within(folder, &self.folder) {
            return false;
        }
        let relative = if self.folder == "." {
            folder
        } else {
            &folder[self.folder.len() + 1..]
        };
        let matches = |glob: &str| glob::matches(glob, relative);
        let excluded = self
            .globs
            .iter()
            .filter_map(|glob| glob.strip_prefix('!'))
            .any(matches);
        !excluded && self.globs.iter().any(|glob| matches(glob))
    }

    /// Whether the root package depends on `name`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.value
            .as_ref()
            .is_some_and(|value| depends(value, name))
    }
}

/// Finds the roots, the innermost first.
pub(super) fn roots(repo: &Repo<'_>, packages: &[Package]) -> Vec<Root> {
    let mut roots: Vec<Root> = Vec::new();
    for package in packages {
        let key = package.value.get("workspaces");
        let globs = key
            .map(|value| strings(value.get("packages").unwrap_or(value)))
            .unwrap_or_default();
        if !globs.is_empty() {
            roots.push(root(
                &package.folder,
                &package.path,
                Some(&package.value),
                globs,
            ));
        }
    }
    for path in repo.manifests("pnpm-workspace.yaml") {
        let folder = folder_of(path);
        let globs = repo
            .tree
            .text(path)
            .and_then(yaml)
            .and_then(|value| value.get("packages").map(strings))
            .unwrap_or_default();
        if !globs.is_empty() && roots.iter().all(|root| root.folder != folder) {
            let value = repo.json_in(folder, "package.json");
            roots.push(root(folder, path, value.as_ref(), globs));
        }
    }
    for path in repo
        .manifests("lerna.json")
        .chain(repo.manifests("nx.json"))
    {
        let folder = folder_of(path);
        if roots.iter().any(|root| root.folder == folder) {
            continue;
        }
        let value = repo.json_in(folder, "package.json");
        let globs = repo
            .tree
            .text(path)
            .and_then(super::super::read::json)
            .and_then(|value| value.get("packages").map(strings))
            .unwrap_or_else(|| {
                let nx = path.ends_with("nx.json");
                if nx {
                    vec!["**".to_owned()]
                } else {
                    vec!["packages/*".to_owned()]
                }
            });
        // An Nx workspace of packages that each have a lock file is none of a package manager.
        if value.is_some() && packages.iter().any(|package| package.folder != folder) {
            roots.push(root(folder, path, value.as_ref(), globs));
        }
    }
    // `pnpm-workspace.yaml` and `lerna.json` also hold settings of a package alone.
    roots.retain(|root| {
        packages
            .iter()
            .any(|package| root.has_member(&package.folder))
    });
    roots.sort_by_key(|root| std::cmp::Reverse(root.folder.len()));
    roots
}

fn root(folder: &str, path: &str, value: Option<&Value>, globs: Vec<String>) -> Root {
    Root {
        folder: folder.to_owned(),
        path: path.to_owned(),
        value: value.cloned(),
        globs,
    }
}

/// The workspace as a fact, with the commands that its root runs for all members.
pub(super) fn describe(repo: &Repo<'_>, root: &Root, packages: &[Package]) -> Workspace {
    let package = Package {
        folder: root.folder.clone(),
        path: join(&root.folder, "package.json"),
        value: root.value.clone().unwrap_or(Value::Null),
    };
    let manager = manager(repo, &package, Some(root));
    let name = manager.name.value.clone();
    let runner = [
        ("nx.json", "nx"),
        ("turbo.json", "turbo"),
        ("lerna.json", "lerna"),
        ("rush.json", "rush"),
    ]
    .iter()
    .find(|(file, _)| repo.tree.file_in(&root.folder, file).is_some());
    let project = scripts::Project {
        repo,
        package: &package,
        root: None,
        manager: &name,
    };
    let by_nx = runner.is_some_and(|(_, tool)| *tool == "nx");
    let nx_test = by_nx.then(|| {
        let command = format!("{} run-many -t test", scripts::run_binary(&name, "nx"));
        Found::new(command, join(&root.folder, "nx.json"), "Nx workspace")
    });
    Workspace {
        path: root.folder.clone(),
        tool: runner.map_or_else(|| name.clone(), |(_, tool)| format!("{name}+{tool}")),
        members: packages
            .iter()
            .filter(|package| root.has_member(&package.folder))
            .map(|package| package.folder.clone())
            .collect(),
        lockfile: manager.lockfile,
        test_command: nx_test.or_else(|| scripts::test(&project)),
        lint_command: scripts::lint(&project),
        checks: checks::all(&project),
        evidence: Evidence::new(&root.path, "workspace"),
    }
}

/// What a project of Nx calls itself.
pub(super) fn nx_name(repo: &Repo<'_>, folder: &str) -> Option<String> {
    text_at(&repo.json_in(folder, "project.json")?, &["name"])
}

/// Whether a project of Nx has the target.
pub(super) fn nx_target(repo: &Repo<'_>, folder: &str, target: &str) -> bool {
    repo.json_in(folder, "project.json")
        .is_some_and(|value| value_at(&value, &["targets", target]).is_some())
}
