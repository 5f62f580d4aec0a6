//! A repository's files, reached by checked paths only: no symbolic link is
//! followed, nothing but regular files is read, and nothing without a bound.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::commands::Failure;
use crate::diagnostics::Diagnostic;
use crate::lock::{below, check_path};

/// A file above this size was not written by us and is not compared.
const MAX_BYTES: u64 = 16 << 20;

/// The root folder of a repository.
#[derive(Debug)]
pub(crate) struct Repository {
    root: PathBuf,
}

impl Repository {
    /// Opens the folder; it may itself be reached through symbolic links.
    pub(crate) fn open(root: &Path) -> Result<Self, Failure> {
        let shown = root.display().to_string();
        let root = root
            .canonicalize()
            .map_err(|error| Failure::disk("open", &shown, &error))?;
        Ok(Self { root })
    }

    /// Returns the bytes of a file, nothing if there is none.
    pub(crate) fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Failure> {
        let Some(file) = self.regular_file(path)? else {
            return Ok(None);
        };
        let fail = |error| Failure::disk("read", path, &error);
        let mut bytes = Vec::new();
        let opened = match File::open(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(fail)?,
        };
        opened
            .take(MAX_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(fail)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(not_ours(path, "is larger than any file of ours"));
        }
        Ok(Some(bytes))
    }

    /// Returns where a checked path stands, whether or not a file is there.
    pub(crate) fn full(&self, path: &str) -> PathBuf {
        below(&self.root, path)
    }

    /// Returns the place of a regular file; nothing if there is none.
    pub(crate) fn regular_file(&self, path: &str) -> Result<Option<PathBuf>, Failure> {
        if !self.folder_exists(path)? {
            return Ok(None);
        }
        let file = self.full(path);
        match metadata(&file, path)? {
            None => Ok(None),
            Some(found) if found.is_file() => Ok(Some(file)),
            Some(found) if found.is_symlink() => Err(symbolic_link(path)),
            Some(_) => Err(not_ours(path, "is no file")),
        }
    }

    /// Makes the folders above a file, and records those that were not there.
    pub(crate) fn make_folder(&self, path: &str, made: &mut Vec<PathBuf>) -> Result<(), Failure> {
        if self.folder_exists(path)? {
            return Ok(());
        }
        for folder in folders(path) {
            let full = self.full(folder);
            match fs::create_dir(&full) {
                Ok(()) => made.push(full),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Failure::disk("make the folder", folder, &error)),
            }
        }
        // Whoever made a folder meanwhile may have made it a link.
        self.folder_exists(path).map(|_| ())
    }

    /// Says whether all folders above a file exist, and refuses links and files among them.
    fn folder_exists(&self, path: &str) -> Result<bool, Failure> {
        if let Err(problem) = check_path(path) {
            let message = format!("`{}` is no path inside the repository", path.escape_debug());
            let diagnostic = Diagnostic::error("path", message).note(problem.to_string());
            return Err(diagnostic.into());
        }
        for folder in folders(path) {
            match metadata(&self.full(folder), folder)? {
                None => return Ok(false),
                Some(found) if found.is_dir() => {}
                Some(found) if found.is_symlink() => return Err(symbolic_link(folder)),
                Some(_) => return Err(not_ours(folder, "is no folder")),
            }
        }
        Ok(true)
    }
}

/// The folders above a file, from the root down.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(slash, _)| &path[..slash])
}

/// What stands at a path itself, links not followed.
fn metadata(full: &Path, path: &str) -> Result<Option<fs::Metadata>, Failure> {
    match fs::symlink_metadata(full) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::disk("look at", path, &error)),
    }
}

fn symbolic_link(path: &str) -> Failure {
    Diagnostic::error("symbolic-link", format!("`{path}` is a symbolic link"))
        .note("files written through it could end up outside the repository")
        .help("put a real folder or file in its place")
        .into()
}

fn not_ours(path: &str, what: &str) -> Failure {
    Diagnostic::error("not-a-file", format!("`{}` {what}", path.escape_debug()))
        .note("a generated file belongs in this place")
        .help("move it away")
        .into()
}
