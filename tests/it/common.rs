//! Temporary repositories and runs of the program, shared by all tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder that is a repository for one test, removed at its end.
pub(crate) struct Repo {
    folder: tempfile::TempDir,
}

impl Repo {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// Writes a file, making its folders.
    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// All files in the order of their paths, `/` between the parts.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = walkdir::WalkDir::new(self.root()).into_iter();
        let mut files: Vec<_> = entries
            .map(|entry| entry.unwrap())
            .filter(|entry| !entry.file_type().is_dir())
            .map(|entry| {
                let path = entry.path().strip_prefix(self.root()).unwrap();
                path.to_str().unwrap().replace('\\', "/")
            })
            .collect();
        files.sort();
        files
    }

    /// Every file with its bytes, to show that nothing has changed.
    pub(crate) fn snapshot(&self) -> Vec<(String, Vec<u8>)> {
        let read = |path: String| {
            let bytes = fs::read(self.path(&path)).unwrap();
            (path, bytes)
        };
        self.files().into_iter().map(read).collect()
    }

    /// Runs the program in this folder.
    pub(crate) fn cicd(&self, arguments: &[&str]) -> Run {
        Run::of(program().args(arguments).current_dir(self.root()))
    }
}

/// The program, deaf to the environment of whoever runs the tests.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cicd"));
    command.env_clear().env("NO_COLOR", "1");
    command
}

/// What a run of the program said and how it ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn of(command: &mut Command) -> Self {
        let Output {
            status,
            stdout,
            stderr,
        } = command.output().unwrap();
        Self {
            code: status.code().unwrap_or(-1),
            out: String::from_utf8(stdout).unwrap(),
            err: String::from_utf8(stderr).unwrap(),
        }
    }
}
