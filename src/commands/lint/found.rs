//! The files below folders, on all cores.

use std::ffi::OsStr;
use std::path::Path;

use walkdir::WalkDir;

use crate::commands::Failure;
use crate::commands::lint::load::{Input, is_root};
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
    let mut found = Found::default();
    match std::fs::read_dir(path) {
        Ok(_) if is_of_others(path.file_name()) => {}
        Ok(entries) => {
            let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
            paths.sort();
            let below = parallel::map(&paths, |path| Found::at(path));
            below.into_iter().for_each(|below| found.extend(below));
        }
        Err(error) => found.known.push(Input::closed(path, error)),
    }
    let Found { known, other } = found;
    // A folder with nothing that lies where GitHub looks is one of workflows themselves,
    // unless it is a repository, which then has none.
    let is_repository = is_root(path) || path.join(".github").is_dir();
    let of_workflows = known.is_empty() && !is_repository;
    inputs.extend(if of_workflows { other } else { known });
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
    other: Vec<Input>,
}

impl Found {
    /// Looks for files at a path and below it, sorted.
    fn at(path: &Path) -> Self {
        let mut found = Self::default();
        let walk = WalkDir::new(path).follow_root_links(false);
        let walk = walk.sort_by_file_name().into_iter();
        for entry in walk.filter_entry(|entry| !is_of_others(Some(entry.file_name()))) {
            match entry {
                // Nearly all files of a repository are of another kind.
                Ok(entry) if !is_yaml(entry.file_name()) || !can_be_read(&entry) => {}
                Ok(entry) => {
                    let input = Input::new(entry.path());
                    match FileKind::of(&input.path) {
                        Some(_) => found.known.push(input),
                        None => found.other.push(input),
                    }
                }
                Err(error) => found.known.extend(closed_folder(error)),
            }
        }
        found
    }

    fn extend(&mut self, more: Self) {
        self.known.extend(more.known);
        self.other.extend(more.other);
    }
}

/// Says whether reading it comes to an end: a pipe waits for ever. A link to nowhere is
/// something to tell.
fn can_be_read(entry: &walkdir::DirEntry) -> bool {
    let found = entry.file_type();
    let leads_to_file = || std::fs::metadata(entry.path()).map_or(true, |found| found.is_file());
    found.is_file() || (found.is_symlink() && leads_to_file())
}

fn is_yaml(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.ends_with(b".yml") || name.ends_with(b".yaml")
}

fn closed_folder(error: walkdir::Error) -> Option<Input> {
    let path = error.path()?.to_owned();
    Some(Input::closed(&path, error.into_io_error()?))
}
