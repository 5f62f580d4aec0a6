//! The files of a repository: their paths, and the texts of those that matter.
//!
//! Built by the caller, who alone reads the disk; lookups only. Folders that
//! hold no code of this repository are dropped when the tree is built.

use std::collections::{BTreeMap, HashMap};

use super::skip;

/// Texts longer than this are not looked at: no manifest is that long.
pub const MAX_TEXT_BYTES: usize = 1024 * 1024;

/// The files of a repository with relative paths, `/` between folders.
#[derive(Debug, Default)]
pub struct FileTree {
    paths: Vec<String>,
    by_name: HashMap<String, Vec<usize>>,
    texts: BTreeMap<String, String>,
}

impl FileTree {
    /// Builds a tree from all file paths and the texts of the wanted ones.
    pub fn new(
        paths: impl IntoIterator<Item = String>,
        texts: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let mut paths: Vec<String> = paths
            .into_iter()
            .filter(|path| !folders(path).any(|folder| skip::is_pruned(file_name(folder))))
            .collect();
        paths.sort_unstable();
        paths.dedup();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, path) in paths.iter().enumerate() {
            by_name
                .entry(file_name(path).to_owned())
                .or_default()
                .push(index);
        }
        let texts = texts
            .into_iter()
            .filter(|(_, text)| text.len() <= MAX_TEXT_BYTES)
            .collect();
        Self {
            paths,
            by_name,
            texts,
        }
    }

    /// Builds a tree in which every text is known: for tests and small trees.
    pub fn from_texts<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let texts: Vec<(String, String)> = files
            .into_iter()
            .map(|(path, text)| (path.to_owned(), text.to_owned()))
            .collect();
        Self::new(
            texts
                .iter()
                .map(|(path, _)| path.clone())
                .collect::<Vec<_>>(),
            texts,
        )
    }

    /// All paths, sorted.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// Whether there is a file at `path`.
    pub fn has(&self, path: &str) -> bool {
        self.paths
            .binary_search_by(|candidate| candidate.as_str().cmp(path))
            .is_ok()
    }

    /// Whether the package at the root says how it is built: by a script of npm's, or
    /// by a build system of Python's.
    pub fn builds(&self) -> bool {
        let package = self.text("package.json").and_then(|text| {
            let package: serde_json::Value = serde_json::from_str(text).ok()?;
            Some(package["scripts"]["build"].is_string())
        });
        let python = self.text("pyproject.toml");
        package == Some(true) || python.is_some_and(|text| text.contains("[build-system]"))
    }

    /// The text at `path`, if the caller brought it.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// All files with that name, anywhere.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = &str> {
        self.by_name
            .get(name)
            .into_iter()
            .flatten()
            .map(|index| self.paths[*index].as_str())
    }

    /// All files below `folder`; `.` is everything.
    pub(super) fn below(&self, folder: &str) -> impl Iterator<Item = &str> {
        let prefix = if folder == "." {
            String::new()
        } else {
            format!("{folder}/")
        };
        let start = self.paths.partition_point(|path| *path < prefix);
        self.paths[start..]
            .iter()
            .take_while(move |path| path.starts_with(&prefix))
            .map(String::as_str)
    }

    /// The files directly in `folder`, by name.
    pub(super) fn names_in(&self, folder: &str) -> impl Iterator<Item = &str> {
        let skip = if folder == "." { 0 } else { folder.len() + 1 };
        self.below(folder)
            .map(move |path| &path[skip..])
            .filter(|rest| !rest.contains('/'))
    }

    /// The path of the file `name` in `folder`, if it is there.
    pub(super) fn file_in(&self, folder: &str, name: &str) -> Option<&str> {
        let path = join(folder, name);
        self.paths
            .binary_search(&path)
            .ok()
            .map(|index| self.paths[index].as_str())
    }

    /// The first of `names` that is in `folder`.
    pub(super) fn first_in(&self, folder: &str, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.file_in(folder, name))
    }

    /// Whether any file lies below `folder`.
    pub(super) fn has_folder(&self, folder: &str) -> bool {
        self.below(folder).next().is_some()
    }
}

/// The last part of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The folder of a path; `.` for the root.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(folder, _)| folder)
}

/// The part of a file name after its last dot, or nothing.
pub(super) fn extension(path: &str) -> &str {
    file_name(path).rsplit_once('.').map_or("", |(_, end)| end)
}

/// `name` in `folder`, without a leading `./`.
pub(super) fn join(folder: &str, name: &str) -> String {
    if folder == "." || folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// Resolves `relative` (which may hold `.` and `..`) against `folder`.
///
/// Returns nothing when it leaves the repository.
pub(super) fn resolve(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    Some(if parts.is_empty() {
        ".".to_owned()
    } else {
        parts.join("/")
    })
}

/// The folders that hold `path`, from the outermost in; not the root.
pub(super) fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// `folder` and the folders around it, from the inside out, the root last.
pub(super) fn upwards(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| {
        (*folder != ".").then(|| folder_of(folder))
    })
}

/// Whether `path` is `folder` or lies below it.
pub(super) fn is_within(path: &str, folder: &str) -> bool {
    folder == "."
        || path == folder
        || path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/'))
}
