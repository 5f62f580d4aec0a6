//! Why a file is not as rendered: one cause each, by what the files were made from.

use crate::diagnostics::Severity;
use crate::drift::{Change, ChangeKind};
use crate::lock::{Inputs, PINS_PATH};

/// Why a file is not as rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// It is as rendered.
    Clean,
    /// Somebody changed what it means, or what it says in comments.
    Edited,
    /// The manifest has changed since.
    ManifestChanged,
    /// Another `cicd` wrote it.
    GeneratorChanged,
    /// The pins file has other commits of actions since.
    PinsChanged,
    /// Somebody changed its layout only.
    FormatOnly,
    /// It has other line ends only.
    EolOnly,
    /// It is not there.
    Missing,
    /// It is there, and nothing asks for it any more.
    Orphan,
    /// It is not ours, and stands where one of ours belongs.
    Foreign,
}

impl Cause {
    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Edited => "edited",
            Self::ManifestChanged => "manifest-changed",
            Self::GeneratorChanged => "generator-changed",
            Self::PinsChanged => "pins-changed",
            Self::FormatOnly => "format-only",
            Self::EolOnly => "eol-only",
            Self::Missing => "missing",
            Self::Orphan => "orphan",
            Self::Foreign => "foreign",
        }
    }

    /// Returns how much it weighs: what means the same is no fault.
    pub const fn severity(self) -> Severity {
        match self {
            Self::Clean | Self::FormatOnly | Self::EolOnly => Severity::Note,
            _ => Severity::Error,
        }
    }
}

/// What all outputs were made from, last time and now.
#[derive(Debug, Clone, Copy)]
pub struct Made<'a> {
    /// What the lock says; nothing without one.
    pub last: Option<&'a Inputs>,
    /// What was read in this run.
    pub now: &'a Inputs,
}

impl Made<'_> {
    /// Returns what wrote the files and what writes them now, if the manifest is the same and
    /// they are not.
    pub fn generators(self) -> Option<(String, String)> {
        let last = self
            .last
            .filter(|last| last.manifest == self.now.manifest)?;
        let named = |version: &str| format!("`cicd` {}", version.escape_debug());
        let now = named(&self.now.tool);
        if last.tool != self.now.tool {
            return Some((named(&last.tool), now));
        }
        (last.templates != self.now.templates).then(|| (format!("another build of {now}"), now))
    }
}

/// Returns why a file is not as rendered; nothing for one that is not ours to judge.
pub(super) fn cause(change: &Change, made: Made<'_>) -> Option<Cause> {
    Some(match change.kind {
        ChangeKind::Unchanged => Cause::Clean,
        ChangeKind::Theirs => return None,
        ChangeKind::LineEnds => Cause::EolOnly,
        ChangeKind::Layout => Cause::FormatOnly,
        ChangeKind::Create => Cause::Missing,
        ChangeKind::Remove | ChangeKind::OrphanEdited => Cause::Orphan,
        ChangeKind::Foreign(_) => Cause::Foreign,
        ChangeKind::Edited => Cause::Edited,
        ChangeKind::Update => of_update(change, made),
    })
}

/// A file that is as it was written, so one of the things it is made from has changed.
fn of_update(change: &Change, made: Made<'_>) -> Cause {
    if change.refs_moved {
        return Cause::PinsChanged;
    }
    match made.last {
        Some(last) if last.manifest != made.now.manifest => Cause::ManifestChanged,
        // What a bot wrote there is what is rendered, so somebody wrote something else.
        Some(last) if change.path == PINS_PATH && same_generator(last, made.now) => Cause::Edited,
        // A build of the same version may have other templates, or only other code.
        Some(last) if last.pins == made.now.pins || !same_generator(last, made.now) => {
            Cause::GeneratorChanged
        }
        Some(_) => Cause::PinsChanged,
        // Only an interrupted run knows the file, so nobody has ever vouched for the rest.
        None => Cause::ManifestChanged,
    }
}

fn same_generator(last: &Inputs, now: &Inputs) -> bool {
    last.tool == now.tool && last.templates == now.templates
}
