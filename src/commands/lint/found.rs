//! The files below folders, on all cores.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashSet};
use std::ffi::OsStr;
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};

use crate::commands::Failure;
use crate::commands::lint::input::{self, Input, bounded, is_root, repository_root};
use crate::commands::lint::settings::MANIFEST;
use crate::diagnostics::Diagnostic;
use crate::lint::FileKind;
use crate::parallel;

/// Returns the files that paths stand for, each once, in the order of the paths.
pub(super) fn inputs(paths: &[PathBuf], stdin: Option<&str>) -> Result<Vec<Input>, Failure> {
    let root = [repository_root()];
    let paths = if paths.is_empty() { &root } else { paths };
    let mut inputs = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            let name = stdin.unwrap_or(".github/workflows/stdin.yml");
            let mut input = Input::new(Path::new(name));
            input.bytes = Some(bounded(io::stdin().lock()));
            inputs.push(input);
        } else {
            of_path(path, &mut inputs)?;
        }
    }
    // A single path leads to nothing twice.
    if paths.len() > 1 {
        let mut seen = BTreeSet::new();
        inputs.retain(|input| seen.insert(input.shown.clone()));
    }
    Ok(inputs)
}

/// The files that a path stands for, sorted.
fn of_path(path: &Path, inputs: &mut Vec<Input>) -> Result<(), Failure> {
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
    let root = input::shown_folder(path);
    for input in &mut known {
        // Of a folder within a repository the way up to it is no way below the folder.
        let below = input.repository.strip_prefix(&*root);
        input.with_others = below.is_some_and(|below| !below.starts_with("../"));
        input.may_be_configured = !input.with_others || configured.contains(&input.repository);
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
    /// What leads to repositories with settings, if they are repositories.
    configured: HashSet<String>,
}

impl Found {
    /// Looks for files in a folder and below it.
    fn below(folder: &Path) -> Self {
        let mut found = Self::default();
        let mut folders = match is_of_others(folder.file_name()) {
            true => Vec::new(),
            false => vec![folder.to_owned()],
        };
        // Level by level, since on each the folders can be looked into at once.
        while !folders.is_empty() {
            let looked = parallel::map(&folders, |folder| Self::at(folder));
            folders = Vec::new();
            for (here, below) in looked {
                found.known.extend(here.known);
                found.other.extend(here.other);
                found.configured.extend(here.configured);
                folders.extend(below);
            }
        }
        found
    }

    /// Looks for files in a folder; returns the folders there. Links lead to none.
    fn at(folder: &Path) -> (Self, Vec<PathBuf>) {
        let (mut found, mut folders) = (Self::default(), Vec::new());
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                found.known.push(Input::closed(folder, error));
                return (found, folders);
            }
        };
        for entry in entries {
            let looked = entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?)));
            match looked {
                Ok((name, _)) if is_of_others(Some(&name)) => {}
                Ok((name, kind)) if kind.is_dir() => folders.push(folder.join(name)),
                Ok((name, kind)) => found.add(folder, &name, kind),
                Err(error) => found.known.push(Input::closed(folder, error)),
            }
        }
        (found, folders)
    }

    fn add(&mut self, folder: &Path, name: &OsStr, kind: FileType) {
        if let Some(repository) = configured(folder, name, kind) {
            self.configured.insert(input::shown_folder(repository));
        }
        // Nearly all files of a repository are of another kind.
        if !is_yaml(name) {
            return;
        }
        let path = folder.join(name);
        if !can_be_read(&path, kind) {
            return;
        }
        let shown = input::shown(&path);
        match FileKind::of(&shown) {
            Some(_) => self.known.push(Input::shown(shown)),
            None => self.other.push(path),
        }
    }
}

/// The repository that a file in this folder would be settings of, or a link that may lead to
/// some.
fn configured<'p>(folder: &'p Path, name: &OsStr, kind: FileType) -> Option<&'p Path> {
    let above = match name.to_str()? {
        MANIFEST => 0,
        "lint.yml" => 2,
        "cicd" if kind.is_symlink() => 1,
        ".github" if kind.is_symlink() => 0,
        _ => return None,
    };
    folder.ancestors().nth(above)
}

/// Orders files as somebody meets them who reads the names of each folder one after the other.
fn in_order(one: &Input, other: &Input) -> Ordering {
    let (one, other) = (one.shown.as_bytes(), other.shown.as_bytes());
    // Most of the way is the same, and compared in steps.
    let steps = one.as_chunks::<16>().0.iter().zip(other.as_chunks().0);
    let same = 16 * steps.take_while(|(one, other)| one == other).count();
    // A folder comes where its name does, whatever the next letter of longer names is.
    let end_first = |byte: &u8| if *byte == b'/' { 0 } else { *byte };
    let [one, other] = [one, other].map(|way| way[same..].iter().map(end_first));
    one.cmp(other)
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
