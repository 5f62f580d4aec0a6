//! Rendered files onto the disk: read what is there, compare, write what changed.
//!
//! Everything that `generate`, `diff` and `init` do to a repository's files goes
//! through [`apply`]. It prints nothing; [`Outcome`] says what was done.

mod found;
mod outcome;
mod transfer;

use std::path::Path;

use crate::commands::apply::found::Found;
pub use crate::commands::apply::outcome::Outcome;
use crate::commands::disk::Repository;
use crate::commands::write::{Guard, Write, sweep, write};
use crate::commands::{Failure, Status};
use crate::diagnostics::{Diagnostic, nearest};
use crate::drift::{self, Change, ChangeKind, Known, Spoken};
use crate::lock::{
    Hash, Inputs, JOURNAL_PATH, LOCK_PATH, Lock, Output, PINS_PATH, check_path, tree_hash,
};
use crate::pipeline::Upkeep;
use crate::render::{FileKind, RenderedFile};

pub(crate) use found::lock_of;
pub use transfer::{Beside, Transfer};

/// Whether the disk is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Only compares.
    Check,
    /// Writes what changed, unless something is refused.
    Write,
}

/// What one run is asked to do.
#[derive(Debug, Clone)]
pub struct Options<'a> {
    /// Whether the disk is written.
    pub mode: Mode,
    /// Paths that may be overwritten or removed although they are not ours.
    pub force: &'a [String],
    /// The hash of all templates.
    pub templates: Hash,
    /// The hash of the resolved manifest.
    pub manifest: Hash,
    /// How the project is spoken of.
    pub spoken: &'a Spoken,
}

/// Compares rendered files with the repository at `root`, and writes what changed.
///
/// If anything is refused, nothing is written.
pub fn apply(
    root: &Path,
    rendered: &[RenderedFile],
    options: &Options<'_>,
) -> Result<Outcome, Failure> {
    apply_with(root, rendered, options, &Transfer::default())
}

/// The same, with files that change hands or are written beside the outputs, all in one step.
pub fn apply_with(
    root: &Path,
    rendered: &[RenderedFile],
    options: &Options<'_>,
    transfer: &Transfer,
) -> Result<Outcome, Failure> {
    let mut outcome = compare_and_write(root, rendered, options, transfer)?;
    drift::explain(&mut outcome.changes);
    Ok(outcome)
}

fn compare_and_write(
    root: &Path,
    rendered: &[RenderedFile],
    options: &Options<'_>,
    transfer: &Transfer,
) -> Result<Outcome, Failure> {
    let repository = Repository::open(root)?;
    let plan = Plan::make(&repository, rendered, options, transfer)?;
    let nothing_to_do =
        plan.outcome.is_clean() && !plan.outcome.interrupted && transfer.first.is_empty();
    let stopped = plan.outcome.status(options.mode) == Status::Failed;
    if options.mode == Mode::Check || nothing_to_do || stopped {
        return Ok(plan.outcome);
    }
    let guard = Guard::take(&repository)?;
    sweep(&repository, &guard.interrupted())?;
    // Another run may have written while this one waited for its turn.
    Plan::make(&repository, rendered, options, transfer)?.carry_out(&repository, guard)
}

/// What will be done, with the lock that records it.
struct Plan<'t> {
    transfer: &'t Transfer,
    outcome: Outcome,
    lock_before: Option<Vec<u8>>,
    lock_after: String,
}

impl<'t> Plan<'t> {
    fn make(
        repository: &Repository,
        rendered: &[RenderedFile],
        options: &Options<'_>,
        transfer: &'t Transfer,
    ) -> Result<Self, Failure> {
        rendered.iter().try_for_each(check_rendered)?;
        let found = Found::read(repository, rendered)?;
        let known = Known {
            lock: found.lock.as_ref(),
            journal: &found.journal.clone().unwrap_or_default(),
            disk: &found.files,
        };
        let mut changes = drift::compare(rendered, known);
        options
            .force
            .iter()
            .try_for_each(|path| check_forced(path, &changes))?;
        drift::force(&mut changes, options.force);
        transfer.settle(&mut changes)?;
        let next = next_lock(&owned(rendered, &changes), known.lock, options);
        let outcome = Outcome {
            changes,
            lock_changes: known.lock.is_none_or(|lock| !lock.is_same_work(&next)),
            interrupted: found.journal.is_some(),
            written: false,
            merged: known.lock.is_some_and(|lock| lock.other.is_some()),
            last: known.lock.map(|lock| lock.inputs.clone()),
            now: next.inputs.clone(),
            spoken: options.spoken.clone(),
        };
        Ok(Self {
            transfer,
            outcome,
            lock_before: found.lock_bytes,
            lock_after: next.to_string(),
        })
    }

    fn carry_out(mut self, repository: &Repository, guard: Guard) -> Result<Outcome, Failure> {
        let mode = Mode::Write;
        match self.outcome.status(mode) {
            Status::Failed => guard.abandon(),
            Status::Clean if self.transfer.first.is_empty() => guard.finish()?,
            Status::Clean | Status::Changed => {
                write(repository, guard, &self.writes())?;
                self.outcome.written = true;
            }
        }
        Ok(self.outcome)
    }

    /// The files in the order in which they are written: those of the user first, and the lock
    /// last, since it vouches for the others.
    fn writes(&self) -> Vec<Write<'_>> {
        let changes = self.outcome.changes.iter();
        let changes = changes.filter(|change| change.kind.writes());
        // A manifest with workflows that are taken may name actions that only the new pins have.
        let is_early = |change: &&Change| change.path == PINS_PATH && self.transfer.takes();
        let (early, late): (Vec<_>, Vec<_>) = changes.partition(is_early);
        let mut writes: Vec<_> = early.into_iter().map(of_change).collect();
        writes.extend(self.transfer.writes());
        writes.extend(late.into_iter().map(of_change));
        if self.outcome.lock_changes {
            writes.push(Write {
                path: LOCK_PATH,
                before: self.lock_before.as_deref(),
                after: Some(self.lock_after.as_bytes()),
                executable: false,
                ours: true,
            });
        }
        writes
    }
}

fn of_change(change: &Change) -> Write<'_> {
    Write {
        path: &change.path,
        before: change.before.as_deref(),
        after: change.after.as_ref().map(String::as_bytes),
        executable: change.executable,
        ours: true,
    }
}

/// Refuses what would be written outside the repository or over our own records.
fn check_rendered(file: &RenderedFile) -> Result<(), Failure> {
    let problem = match check_path(&file.path) {
        Ok(()) if file.path != LOCK_PATH && file.path != JOURNAL_PATH => return Ok(()),
        Ok(()) => "`cicd` keeps its own records there".to_owned(),
        Err(problem) => problem.to_string(),
    };
    let message = format!(
        "`{}` is no place for a generated file",
        file.path.escape_debug()
    );
    Err(Diagnostic::error("path", message).note(problem).into())
}

/// Refuses to force what is not at stake: the path is a slip, and a run without it would surprise.
fn check_forced(path: &str, changes: &[Change]) -> Result<(), Failure> {
    if changes.iter().any(|change| change.path == path) {
        return Ok(());
    }
    let message = format!(
        "`{}` is no file that is generated here",
        path.escape_debug()
    );
    let diagnostic = Diagnostic::error("force", message);
    let paths = changes.iter().map(|change| change.path.as_str());
    Err(match nearest(path, paths) {
        Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
        None => {
            diagnostic.help("give the path from the repository's root, as `cicd diff` shows it")
        }
    }
    .into())
}

/// The rendered files that are ours once this run is over: not those of which the
/// repository has its own, and no file to begin with.
fn owned<'a>(rendered: &'a [RenderedFile], changes: &[Change]) -> Vec<&'a RenderedFile> {
    let stays = |file: &RenderedFile| {
        let found = changes.binary_search_by(|change| change.path.as_str().cmp(&file.path));
        let change = found.ok().map(|index| &changes[index]);
        change.is_some_and(|change| change.after.is_some() && change.kind != ChangeKind::Theirs)
    };
    let starts = |file: &RenderedFile| {
        file.care()
            .is_some_and(|care| care.upkeep == Upkeep::Starter)
    };
    rendered
        .iter()
        .filter(|file| stays(file) && !starts(file))
        .collect()
}

/// The lock after this run. A tree is only hashed anew when its text is new, since that costs a parse.
fn next_lock(owned: &[&RenderedFile], old: Option<&Lock>, options: &Options<'_>) -> Lock {
    let output = |file: &&RenderedFile| {
        let text = Hash::of_text(file.text.as_bytes());
        let known = old.and_then(|old| old.outputs.get(&file.path));
        let known = known.filter(|output| output.text == text);
        let tree = known.map_or_else(|| tree_hash(&file.path, &file.text), |output| output.tree);
        (file.path.clone(), Output { text, tree })
    };
    let pins = owned.iter().find(|file| file.kind == FileKind::Pins);
    let pins = pins.map(|file| file.text.as_bytes()).unwrap_or_default();
    Lock {
        inputs: Inputs {
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            templates: options.templates,
            manifest: options.manifest,
            pins: Hash::of_text(pins),
        },
        outputs: owned.iter().map(output).collect(),
        other: None,
    }
}
