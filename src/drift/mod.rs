//! Rendered files against the texts found on disk and the lock: what changed, and whose it is.
//!
//! Values in, one [`Change`] per path out, in the order of the paths. A file is
//! ours only if the lock, or the journal of an interrupted run, holds its hash;
//! all else is somebody's work and refused. [`explain`] adds what the changes mean.
//! No file is opened here.

mod cause;
mod foreign;
mod patch;
mod refs;
mod refusal;
mod summary;
mod verdict;

use std::collections::{BTreeMap, BTreeSet};

pub use cause::{Cause, Made};
pub use foreign::{OURS, generator};
pub use patch::{hunks, write_lines, write_patch};
pub use summary::{Summary, summary};
pub use verdict::{Spoken, Verdict, Words};

use crate::drift::refs::only_refs_differ;
use crate::lock::{Entry, Hash, Journal, Lock, PINS_PATH, Pins, comments, keep_remarks, tree_hash};
use crate::pipeline::{Advice, Upkeep};
use crate::render::{FileKind, RenderedFile};
use crate::source::Source;

/// What is known about the files of a repository before this run.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// What was last written; nothing on the first run.
    pub lock: Option<&'a Lock>,
    /// What an interrupted run may have written.
    pub journal: &'a Journal,
    /// The contents on disk, of every path that is rendered, in the lock or in the journal.
    pub disk: &'a BTreeMap<String, Vec<u8>>,
}

/// What happens to one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Relative to the repository's root.
    pub path: String,
    /// What happens.
    pub kind: ChangeKind,
    /// The bytes on disk.
    pub before: Option<Vec<u8>>,
    /// The text that is rendered.
    pub after: Option<String>,
    /// Whether nothing differs but versions of actions, all of which the pins hold.
    pub refs_moved: bool,
    /// Whether the file is run as a program.
    pub executable: bool,
    /// Whether the repository may have one of its own instead.
    pub shared: bool,
    /// What to tell the owner of a file that is used instead of ours.
    pub advice: Option<&'static Advice>,
    /// What the change means; see [`explain`].
    pub summary: Summary,
}

/// What happens to one path, or why nothing may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// The file is not there yet, or no longer.
    Create,
    /// The file is ours and gets another text.
    Update,
    /// The file is ours, untouched, and no longer rendered.
    Remove,
    /// The file is as rendered.
    Unchanged,
    /// The file is as rendered but for CRLF.
    LineEnds,
    /// The file is YAML of the same meaning in another layout.
    Layout,
    /// The file is somebody's own, and used as it is instead of ours.
    Theirs,
    /// Refused: the file is ours and was edited by hand.
    Edited,
    /// Refused: the file is not ours; of the generator whose mark it has, if known.
    Foreign(Option<&'static str>),
    /// Refused: the file is no longer rendered, but was edited by hand.
    OrphanEdited,
}

impl ChangeKind {
    /// Says whether the disk will be written.
    pub fn writes(self) -> bool {
        matches!(self, Self::Create | Self::Update | Self::Remove)
    }

    /// Says whether the file is somebody's work that must be settled first.
    pub fn is_refused(self) -> bool {
        matches!(self, Self::Edited | Self::Foreign(_) | Self::OrphanEdited)
    }

    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Remove => "remove",
            Self::Unchanged => "unchanged",
            Self::LineEnds => "eol-only",
            Self::Layout => "format-only",
            Self::Theirs => "theirs",
            Self::Edited => "edited",
            Self::Foreign(_) => "foreign",
            Self::OrphanEdited => "orphan-edited",
        }
    }
}

/// Compares all that is rendered, and all that once was, with the disk.
pub fn compare(rendered: &[RenderedFile], known: Known<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut wanted = BTreeSet::new();
    let pins = rendered.iter().find(|file| file.kind == FileKind::Pins);
    let held = pins.map_or_else(BTreeSet::new, |pins| actions_in(&pins.text));
    for file in rendered {
        match instead(file, known) {
            Some(theirs) => changes.push(theirs),
            None => {
                changes.push(of_rendered(file, known, &held));
                wanted.insert(file.path.as_str());
            }
        }
    }
    let orphans = known.disk.iter();
    changes.extend(
        orphans
            .filter(|(path, _)| !wanted.contains(path.as_str()))
            .filter_map(|(path, disk)| of_orphan(path, disk, known)),
    );
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    changes
}

/// Gives in to every refusal of a path that the user named, and rewrites its layout.
pub fn force(changes: &mut [Change], paths: &[String]) {
    for change in changes
        .iter_mut()
        .filter(|change| paths.contains(&change.path))
    {
        change.kind = match change.kind {
            ChangeKind::Edited
            | ChangeKind::Foreign(_)
            | ChangeKind::Layout
            | ChangeKind::LineEnds => ChangeKind::Update,
            ChangeKind::Theirs if change.after.is_some() => ChangeKind::Update,
            ChangeKind::OrphanEdited => ChangeKind::Remove,
            other => other,
        };
    }
}

/// Fills in what each change means, for all that is written or would be.
pub fn explain(changes: &mut [Change]) {
    let told = |change: &&mut Change| change.kind.writes() || change.kind.is_refused();
    for change in changes.iter_mut().filter(told) {
        // What is no text has no meaning to compare with.
        let before = change
            .before
            .as_deref()
            .map(std::str::from_utf8)
            .transpose();
        if let Ok(before) = before {
            change.summary = summary(&change.path, before, change.after.as_deref());
        }
    }
}

/// The file of somebody's that makes a rendered one needless. Ours goes as an orphan,
/// if it was ever written.
fn instead(file: &RenderedFile, known: Known<'_>) -> Option<Change> {
    let others = file.care().map_or(&[][..], |care| care.instead);
    let (path, disk) = others
        .iter()
        .find_map(|path| known.disk.get_key_value(*path))?;
    Some(Change {
        path: path.clone(),
        kind: ChangeKind::Theirs,
        before: Some(disk.clone()),
        after: None,
        refs_moved: false,
        executable: false,
        shared: true,
        advice: advice(file, path, disk),
        summary: Summary::default(),
    })
}

/// What to tell the owner of a file that is used instead of ours, unless it is so already.
fn advice(file: &RenderedFile, path: &str, disk: &[u8]) -> Option<&'static Advice> {
    let mut advice = file.care()?.advice.iter();
    let advice = advice.find(|advice| advice.files.contains(&path))?;
    let text = String::from_utf8_lossy(disk);
    let heeded = advice.heeded.iter().any(|sign| text.contains(sign));
    (!heeded).then_some(advice)
}

fn of_rendered(file: &RenderedFile, known: Known<'_>, held: &BTreeSet<String>) -> Change {
    let before = known.disk.get(&file.path);
    let kind = before.map_or(ChangeKind::Create, |disk| kind_of(file, disk, known));
    let theirs = before.filter(|_| kind == ChangeKind::Theirs);
    Change {
        path: file.path.clone(),
        kind,
        before: before.cloned(),
        after: Some(text_of(file, kind, before)),
        refs_moved: matches!(kind, ChangeKind::Edited | ChangeKind::Update)
            && before.is_some_and(|disk| refs_moved(disk, file, held)),
        executable: file.care().is_some_and(|care| care.executable),
        shared: upkeep(file) != Upkeep::Exclusive,
        advice: theirs.and_then(|disk| advice(file, &file.path, disk)),
        summary: Summary::default(),
    }
}

/// The actions that a pins file holds, in lower case.
fn actions_in(pins: &str) -> BTreeSet<String> {
    let entries = pins.lines().filter_map(Entry::find);
    let names = entries.filter_map(|entry| entry.uses.split('@').next());
    names.map(str::to_ascii_lowercase).collect()
}

fn refs_moved(disk: &[u8], file: &RenderedFile, held: &BTreeSet<String>) -> bool {
    let held = |action: &str| held.contains(&action.to_ascii_lowercase());
    file.kind == FileKind::Workflow
        && std::str::from_utf8(disk).is_ok_and(|disk| only_refs_differ(disk, &file.text, held))
}

/// What a file becomes; of the pins with what people wrote among them.
fn text_of(file: &RenderedFile, kind: ChangeKind, before: Option<&Vec<u8>>) -> String {
    let disk = before.and_then(|disk| std::str::from_utf8(disk).ok());
    match disk {
        Some(disk) if file.kind == FileKind::Pins && kind == ChangeKind::Update => {
            keep_remarks(&file.text, disk)
        }
        _ => file.text.clone(),
    }
}

fn of_orphan(path: &str, disk: &[u8], known: Known<'_>) -> Option<Change> {
    let hash = Hash::of_text(disk);
    let mut ours = known.lock.into_iter().flat_map(Lock::paths);
    let written = known.lock.is_some_and(|lock| lock.knows(path, hash));
    let kind = if written || known.journal.knows(path, hash) {
        ChangeKind::Remove
    } else {
        // What only the journal names was never ours for long, and is not now.
        ours.find(|ours| *ours == path)
            .map(|_| ChangeKind::OrphanEdited)?
    };
    Some(Change {
        path: path.to_owned(),
        kind,
        before: Some(disk.to_vec()),
        after: None,
        refs_moved: false,
        executable: false,
        shared: false,
        advice: None,
        summary: Summary::default(),
    })
}

/// Whose a file is once it is there; workflows are ours alone.
fn upkeep(file: &RenderedFile) -> Upkeep {
    file.care().map_or(Upkeep::Exclusive, |care| care.upkeep)
}

fn kind_of(file: &RenderedFile, disk: &[u8], known: Known<'_>) -> ChangeKind {
    let upkeep = upkeep(file);
    if upkeep == Upkeep::Starter {
        return ChangeKind::Theirs;
    }
    if disk == file.text.as_bytes() {
        return ChangeKind::Unchanged;
    }
    let hash = Hash::of_text(disk);
    if hash == Hash::of_bytes(file.text.as_bytes()) {
        return ChangeKind::LineEnds;
    }
    let entry = known.lock.and_then(|lock| lock.outputs.get(&file.path));
    let written = known.lock.is_some_and(|lock| lock.knows(&file.path, hash));
    if written || known.journal.knows(&file.path, hash) {
        return ChangeKind::Update;
    }
    let Some(entry) = entry else {
        let generator = foreign::generator(disk);
        // One of ours that no lock knows is no choice of the user's.
        return match upkeep {
            Upkeep::Ours if generator != Some(foreign::OURS) => ChangeKind::Theirs,
            _ => ChangeKind::Foreign(generator),
        };
    };
    let Ok(text) = std::str::from_utf8(disk) else {
        return ChangeKind::Edited;
    };
    let tree = tree_hash(&file.path, text);
    let same_tree = tree == tree_hash(&file.path, &file.text);
    if same_tree && (file.kind != FileKind::Pins || same_releases(text, &file.text)) {
        ChangeKind::Layout
    } else if file.kind == FileKind::Pins {
        // Bots edit this file, and what they wrote has been read from it already.
        ChangeKind::Update
    } else if tree == entry.tree && !adds_comments(file, text) {
        ChangeKind::Update
    } else {
        ChangeKind::Edited
    }
}

/// Says whether two texts of the pins file name the same releases, which are comments.
fn same_releases(one: &str, other: &str) -> bool {
    let named = |text: &str| {
        let source = Source::new(PINS_PATH, text).ok()?;
        let entries = Pins::entries(&source);
        let named = entries.map(|(entry, _)| entry.version().map(str::to_owned));
        Some(named.collect::<Vec<_>>())
    };
    named(one) == named(other)
}

/// Says whether a reformatted file has comments that rendering would lose.
///
/// What was rendered before is only known by its hash, so a comment of ours
/// that has changed since counts as well: rather refused than lost.
fn adds_comments(file: &RenderedFile, disk: &str) -> bool {
    let ours = comments(&file.path, &file.text).unwrap_or_default();
    let theirs = comments(&file.path, disk).unwrap_or_default();
    theirs.iter().any(|comment| !ours.contains(comment))
}

#[cfg(test)]
mod tests;
