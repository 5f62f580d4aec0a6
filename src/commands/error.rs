//! How a command ends: a status for the shell, or a failure with what to tell the user.

use std::io;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::source::Sources;

/// How a command that did its work ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// All is as it should be.
    Clean,
    /// There is drift, there are findings, or files were changed.
    Changed,
    /// The work was refused or could not be done; what is wrong has been said.
    Failed,
}

impl Status {
    /// Returns the exit code.
    pub const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Changed => 1,
            Self::Failed => 2,
        }
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// What is wrong, with the texts that the places are in.
    Reported(Box<Report>),
    /// The output could not be written; a closed pipe among others.
    Output(io::Error),
}

/// Diagnostics with the texts that they point into.
#[derive(Debug, Default)]
pub struct Report {
    /// What is wrong.
    pub diagnostics: Diagnostics,
    /// The texts.
    pub sources: Sources,
}

impl Report {
    /// Adds what another one says.
    pub(crate) fn append(&mut self, other: Self) {
        let by = self.sources.append(other.sources);
        let moved = other.diagnostics.into_iter().map(|one| one.moved(by));
        self.diagnostics.extend(moved);
    }
}

impl Failure {
    /// Returns the failure of diagnostics that point into `sources`.
    pub fn new(diagnostics: impl Into<Diagnostics>, sources: Sources) -> Self {
        Self::Reported(Box::new(Report {
            diagnostics: diagnostics.into(),
            sources,
        }))
    }

    /// Returns the failure of one access to the disk: `verb` as in "cannot write".
    pub(crate) fn disk(verb: &str, path: &str, error: &io::Error) -> Self {
        let diagnostic = Diagnostic::error("disk", format!("cannot {verb} `{path}`"));
        let diagnostic = diagnostic.note(reason(error));
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => diagnostic
                .help("make the file and its folder writable for you")
                .into(),
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => diagnostic
                .help("make room on the disk; no file was changed")
                .into(),
            _ => diagnostic.into(),
        }
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::new(diagnostic, Sources::new())
    }
}

impl From<Box<Diagnostic>> for Failure {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        (*diagnostic).into()
    }
}

impl From<io::Error> for Failure {
    /// Only writes of output may be passed on with `?`; a file's errors need its path.
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// The system's words in our form: lowercase, without the error's number.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}
