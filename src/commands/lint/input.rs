//! A file to lint before it is read, and what is read of it.

use std::cell::RefCell;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use memchr::memmem;

use crate::knowledge::WORKFLOWS;
use crate::lint::{self, FileKind, Named};
use crate::source::{MAX_BYTES, Source, SourceError};

/// A file before it is read.
pub(super) struct Input {
    /// Where it is, as it is told.
    pub(super) shown: String,
    /// What leads to its repository, empty or with a `/` at its end.
    pub(super) repository: String,
    /// Its path there, with `/` between folders.
    pub(super) path: String,
    /// Whether all other workflows of its repository were looked for, too.
    pub(super) with_others: bool,
    /// Whether its repository may say something about findings.
    pub(super) may_be_configured: bool,
    /// Its text, if it has been read; why it cannot be.
    pub(super) bytes: Option<io::Result<Vec<u8>>>,
}

/// What is read of a file.
pub(super) struct Content {
    pub(super) source: io::Result<Result<Source, SourceError>>,
    /// What it names, if it lies where that counts.
    pub(super) named: Vec<Named<'static>>,
    /// Whether it may say something of other workflows.
    pub(super) is_about_others: bool,
}

/// Whether a workflow may say something of others: it calls one, or waits for events that
/// others cause.
fn is_about_others(text: &str) -> bool {
    text.contains("/.github/workflows/")
        || names_event(text, "workflow_run")
        || names_event(text, "release")
}

/// Whether a line of little indentation has the name of an event; what stands deeper is no
/// trigger.
fn names_event(text: &str, event: &str) -> bool {
    memmem::find_iter(text.as_bytes(), event).any(|at| {
        let line = memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |end| end + 1);
        let rest = &text[line..];
        rest.len() - rest.trim_start().len() <= 4
    })
}

/// What a file at a path of a repository is for.
pub(super) fn kind(path: &str) -> FileKind {
    FileKind::of(path).unwrap_or(FileKind::Workflow)
}

/// Reads a file as far as it would be looked at.
fn of_file(path: &Path) -> io::Result<Vec<u8>> {
    bounded(std::fs::File::open(path)?)
}

/// Reads as much as would be looked at, and one byte more to know that there is more.
pub(super) fn bounded(from: impl Read) -> io::Result<Vec<u8>> {
    // Where there is room for most files, nobody has to ask how long one is.
    thread_local! {
        static ROOM: RefCell<Vec<u8>> = RefCell::new(Vec::with_capacity(32 * 1024));
    }
    ROOM.with_borrow_mut(|room| {
        room.clear();
        from.take(MAX_BYTES as u64 + 1).read_to_end(room)?;
        Ok(room.clone())
    })
}

impl Input {
    pub(super) fn new(path: &Path) -> Self {
        Self::shown(shown(path))
    }

    pub(super) fn shown(shown: String) -> Self {
        let (repository, path) = place(&shown);
        Self::at(shown, repository, path)
    }

    pub(super) fn at(shown: String, repository: String, path: String) -> Self {
        Self {
            shown,
            repository,
            path,
            with_others: false,
            may_be_configured: true,
            bytes: None,
        }
    }

    pub(super) fn read(&self) -> Content {
        self.content(of_file(Path::new(&self.shown)))
    }

    /// Looks through what was read of the file.
    pub(super) fn content(&self, bytes: io::Result<Vec<u8>>) -> Content {
        let source = bytes.map(|bytes| Source::from_bytes(&*self.shown, bytes));
        let text = match &source {
            Ok(Ok(source)) => source.text(),
            _ => "",
        };
        let kind = kind(&self.path);
        let is_placed = self.path.starts_with(".github/") || kind == FileKind::Action;
        let named = is_placed.then(|| lint::named(text, kind));
        let named = named.into_iter().flatten().map(Named::into_owned);
        let is_asked = !self.with_others && self.path.starts_with(WORKFLOWS);
        Content {
            named: named.collect(),
            is_about_others: is_asked && is_about_others(text),
            source,
        }
    }

    /// A folder that cannot be looked into, as a file that cannot be read.
    pub(super) fn closed(path: &Path, error: io::Error) -> Self {
        let mut input = Self::new(path);
        input.bytes = Some(Err(error));
        input
    }
}

/// A path without steps that lead nowhere, with `/` between folders.
pub(super) fn shown(path: &Path) -> String {
    if let Some(plain) = path.to_str().filter(|text| is_plain(text)) {
        return plain.to_owned();
    }
    let steps = path.components().filter(|step| *step != Component::CurDir);
    let path: PathBuf = steps.collect();
    let shown = path.into_os_string().into_string();
    let shown = shown.unwrap_or_else(|odd| odd.to_string_lossy().into_owned());
    match shown.contains('\\') {
        true => shown.replace('\\', "/"),
        false => shown,
    }
}

/// Whether each step of a path leads somewhere.
fn is_plain(path: &str) -> bool {
    let mut steps = path.strip_prefix('/').unwrap_or(path).split('/');
    !path.contains('\\') && steps.all(|step| !matches!(step, "" | "."))
}

/// A path to a folder, so that the name of what lies there can follow it.
pub(super) fn shown_folder(path: &Path) -> String {
    let mut shown = shown(path);
    if !shown.is_empty() && !shown.ends_with('/') {
        shown.push('/');
    }
    shown
}

/// Splits a path into what leads to its repository and its path there.
fn place(shown: &str) -> (String, String) {
    let split = |at: usize| (shown[..at].to_owned(), shown[at..].to_owned());
    // Where `.github` lies is the root, whatever else is there.
    if let Some(at) = shown.rfind("/.github/") {
        return split(at + 1);
    }
    if shown.starts_with(".github/") {
        return split(0);
    }
    let folders = shown.match_indices('/').map(|(at, _)| at + 1);
    let inner = folders.rev().find(|at| is_root(Path::new(&shown[..*at])));
    if let Some(at) = inner {
        return split(at);
    }
    if shown.starts_with('/') || is_root(Path::new(".")) {
        return split(0);
    }
    match above() {
        Some((up, down)) => (up, format!("{down}{shown}")),
        None => split(0),
    }
}

pub(super) fn is_root(folder: &Path) -> bool {
    folder.join(".git").exists()
}

/// The way up to the repository that this folder lies in, and down again: `../`, `docs/`.
fn above() -> Option<(String, String)> {
    let here = std::env::current_dir().ok()?;
    let root = here.ancestors().skip(1).find(|folder| is_root(folder))?;
    let down = here.strip_prefix(root).ok()?;
    let up = "../".repeat(down.components().count());
    Some((up, format!("{}/", shown(down))))
}

/// The root of the repository that this folder lies in; else this folder.
pub(super) fn repository_root() -> PathBuf {
    if is_root(Path::new(".")) || Path::new(WORKFLOWS).is_dir() {
        return PathBuf::from(".");
    }
    above().map_or_else(|| PathBuf::from("."), |(up, _)| PathBuf::from(up))
}
