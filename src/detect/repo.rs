//! What every part of the detection looks at: the tree with its pipelines,
//! Compose files and Dockerfiles read once.

use std::collections::BTreeMap;

use serde_json::Value;

use super::ci::{self, Job};
use super::compose::{self, Compose};
use super::model::{Component, Evidence, Workspace};
use super::read::{self, Dockerfile};
use super::skip::{self, Reason};
use super::tree::{FileTree, extension, file_name, folder_of, folders};

/// The repository as the detectors see it.
pub(super) struct Repo<'t> {
    pub(super) tree: &'t FileTree,
    pub(super) jobs: Vec<Job>,
    pub(super) composes: Vec<Compose>,
    pub(super) dockerfiles: BTreeMap<String, Dockerfile>,
}

/// What the detectors of the languages add to.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) components: Vec<Component>,
    pub(super) workspaces: Vec<Workspace>,
    pub(super) notes: Vec<Evidence>,
}

impl Findings {
    /// Notes why something is left out or doubtful.
    pub(super) fn note(&mut self, path: impl Into<String>, what: impl Into<String>) {
        self.notes.push(Evidence::new(path, what));
    }
}

impl<'t> Repo<'t> {
    /// Reads what all detectors need.
    pub(super) fn new(tree: &'t FileTree) -> Self {
        let dockerfiles = tree
            .paths()
            .filter(|path| is_dockerfile(path))
            .filter_map(|path| Some((path.to_owned(), read::dockerfile(tree.text(path)?))))
            .collect();
        Self {
            tree,
            jobs: ci::jobs(tree),
            composes: compose::read_all(tree),
            dockerfiles,
        }
    }

    /// The files with that name that may make a component.
    pub(super) fn manifests(&self, name: &str) -> impl Iterator<Item = &'t str> {
        self.tree
            .named(name)
            .filter(|path| skip_reason(path).is_none())
    }

    /// The files directly in `folder` whose names begin and end so.
    pub(super) fn files_like(
        &self,
        folder: &str,
        start: &'static str,
        end: &'static str,
    ) -> Vec<String> {
        self.tree
            .names_in(folder)
            .filter(|name| name.starts_with(start) && name.ends_with(end))
            .map(|name| super::tree::join(folder, name))
            .collect()
    }

    /// The text of `name` in `folder`.
    pub(super) fn text_in(&self, folder: &str, name: &str) -> Option<&'t str> {
        self.tree.text(self.tree.file_in(folder, name)?)
    }

    /// `name` in `folder` as JSON.
    pub(super) fn json_in(&self, folder: &str, name: &str) -> Option<Value> {
        read::json(self.text_in(folder, name)?)
    }

    /// `name` in `folder` as TOML.
    pub(super) fn toml_in(&self, folder: &str, name: &str) -> Option<Value> {
        read::toml(self.text_in(folder, name)?)
    }

    /// Counts the source files below `folder` with one of the extensions.
    pub(super) fn count(&self, folder: &str, extensions: &[&str]) -> usize {
        self.tree
            .below(folder)
            .filter(|path| extensions.contains(&extension(path)))
            .count()
    }

    /// Whether a command line that begins so stands in a workflow; returns it with its file.
    pub(super) fn command_with(&self, start: &str) -> Option<(&str, &str)> {
        self.jobs.iter().find_map(|job| {
            let line = job.commands.iter().find(|line| line.starts_with(start))?;
            Some((job.path.as_str(), line.as_str()))
        })
    }
}

/// Why nothing in the folders of `path` makes a component: the folder and the reason.
pub(super) fn skip_reason(path: &str) -> Option<(&str, Reason)> {
    folders(path).find_map(|folder| {
        let reason = skip::reason(file_name(folder)).or_else(|| skip::reason_at_top(folder))?;
        Some((folder, reason))
    })
}

/// Whether a file is a Dockerfile by its name.
pub(super) fn is_dockerfile(path: &str) -> bool {
    let name = file_name(path);
    let plain = name == "Dockerfile" || name == "Containerfile";
    let suffixed = name
        .strip_prefix("Dockerfile")
        .is_some_and(|rest| rest.starts_with(['.', '-', '_']));
    let ignored = name.ends_with(".dockerignore")
        || name.ends_with(".j2")
        || name.ends_with(".tmpl")
        || name.ends_with(".tpl")
        || name.ends_with(".erb");
    (plain || suffixed || name.ends_with(".Dockerfile") || name.ends_with(".dockerfile"))
        && !ignored
}

/// Whether something in this folder is hidden from the images of components: editors' containers.
pub(super) fn is_hidden(path: &str) -> bool {
    folder_of(path)
        .split('/')
        .any(|part| part.len() > 1 && part.starts_with('.'))
}
