//! The files below folders, on all cores.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::commands::Failure;
use crate::commands::lint::load::{self, Input, is_root};
use crate::commands::lint::settings::MANIFEST;
use crate::diagnostics::Diagnostic;
use crate::lint::FileKind;
use crate::parallel;

/// The files that a path stands for, sorted.
pub(super) fn of_path(path: &Path, inputs: &mut Vec<Input>) -> Result<(), Failure> {
    if !path.is_dir() {
        // A link to nowhere is there, too, and cannot be read.
        if path.symlink_metadata().is_ok() {
            inputs.push(Input::new(path));
            return Ok(());
        }
        let shown = path.display();
        let missing = Diagnostic::error("no-such-file", format!("there is no file `{shown}`"));
        return Err(missing
            .help("name a workflow file, or a folder with some")
            .into());
    }
    let Found {
        mut known,
        other,
        configured,
    } = Found::below(path);
    // A folder with nothing that lies where GitHub looks is one of workflows themselves,
    // unless it is a repository, which then has none.
    let is_repository = is_root(path) || path.join(".github").is_dir();
    if known.is_empty() && !is_repository {
        known = other.iter().map(|path| Input::new(path)).collect();
    }
    known.sort_by(in_order);
    let root = load::shown(path);
    for input in &mut known {
        let repository = Path::new(&input.repository);
        input.with_others = repository.starts_with(&root);
        input.may_be_configured = !input.with_others || configured.contains(repository);
    }
    inputs.extend(known);
    Ok(())
}

/// Whether what others wrote lies in a folder of this name.
fn is_of_others(name: Option<&OsStr>) -> bool {
    let name = name.and_then(OsStr::to_str);
    matches!(name, Some(".git" | "node_modules" | "target"))
}

/// The files below a folder.
#[derive(Default)]
struct Found {
    /// Those that lie where GitHub looks, and what cannot be looked into.
    known: Vec<Input>,
    /// Others in YAML.
    other: Vec<PathBuf>,
    /// Repositories with settings, if they are repositories.
    configured: HashSet<PathBuf>,
}

/// Of so many folders each core has its share, however different they are.
const ENOUGH: usize = 64;

impl Found {
    /// Looks for files below a folder, sorted.
    fn below(folder: &Path) -> Self {
        let mut found = Self::default();
        let mut folders = match is_of_others(folder.file_name()) {
            true => Vec::new(),
            false => vec![folder.to_owned()],
        };
        // Broad before deep, until there is work for all.
        while (1..ENOUGH).contains(&folders.len()) {
            let entries = folders.iter().flat_map(|folder| found.entries(folder));
            folders = entries.collect();
        }
        for more in parallel::map(&folders, |folder| Self::at(folder)) {
            found.known.extend(more.known);
            found.other.extend(more.other);
            found.configured.extend(more.configured);
        }
        found
    }

    /// Looks for files in a folder; returns the folders there.
    fn entries(&mut self, folder: &Path) -> Vec<PathBuf> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                self.known.push(Input::closed(folder, error));
                return Vec::new();
            }
        };
        let mut folders = Vec::new();
        for entry in entries.flatten() {
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if is_of_others(Some(&entry.file_name())) {
                continue;
            }
            match kind.is_dir() {
                true => folders.push(entry.path()),
                false => self.add(&entry.path(), kind),
            }
        }
        folders
    }

    /// Looks for files in a folder and below it.
    fn at(folder: &Path) -> Self {
        let mut found = Self::default();
        let walk = WalkDir::new(folder).into_iter();
        for entry in walk.filter_entry(|entry| !is_of_others(Some(entry.file_name()))) {
            match entry {
                Ok(entry) => found.add(entry.path(), entry.file_type()),
                Err(error) => found.known.extend(closed_folder(error)),
            }
        }
        found
    }

    fn add(&mut self, path: &Path, kind: FileType) {
        let name = path.file_name().unwrap_or_default();
        if let Some(repository) = configured(path, name, kind) {
            self.configured.insert(load::shown(repository).into());
        }
        // Nearly all files of a repository are of another kind.
        if !is_yaml(name) || !can_be_read(path, kind) {
            return;
        }
        match FileKind::of(&load::shown(path)) {
            Some(_) => self.known.push(Input::new(path)),
            None => self.other.push(path.to_owned()),
        }
    }
}

/// The repository that a file would be settings of, or a link that may lead to some.
fn configured<'p>(path: &'p Path, name: &OsStr, kind: FileType) -> Option<&'p Path> {
    let above = match name.to_str()? {
        MANIFEST => 1,
        "lint.yml" => 3,
        "cicd" if kind.is_symlink() => 2,
        ".github" if kind.is_symlink() => 1,
        _ => return None,
    };
    path.ancestors().nth(above)
}

/// Orders files as somebody meets them who reads the names of each folder one after the other.
fn in_order(one: &Input, other: &Input) -> Ordering {
    // A folder comes where its name does, whatever the next letter of longer names is.
    let end_first = |byte| if byte == b'/' { 0 } else { byte };
    let one = one.shown.bytes().map(end_first);
    one.cmp(other.shown.bytes().map(end_first))
}

/// Says whether reading it comes to an end: a pipe waits for ever. A link to nowhere is
/// something to tell.
fn can_be_read(path: &Path, kind: FileType) -> bool {
    let leads_to_file = || fs::metadata(path).map_or(true, |found| found.is_file());
    kind.is_file() || (kind.is_symlink() && leads_to_file())
}

fn is_yaml(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.ends_with(b".yml") || name.ends_with(b".yaml")
}

fn closed_folder(error: walkdir::Error) -> Option<Input> {
    let path = error.path()?.to_owned();
    Some(Input::closed(&path, error.into_io_error()?))
}
