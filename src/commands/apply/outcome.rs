//! What a run found and did, as values to be told.

use crate::commands::Status;
use crate::commands::apply::Mode;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::drift::{Change, Made, Spoken, Verdict, Words};
use crate::lock::Inputs;
use crate::source::{Location, Source, Sources, Span};

/// What was found, and done if it was asked for.
#[derive(Debug)]
pub struct Outcome {
    /// One change per path, in the order of the paths.
    pub changes: Vec<Change>,
    /// Whether the lock is behind.
    pub lock_changes: bool,
    /// Whether an earlier run was interrupted; writing mends what it left.
    pub interrupted: bool,
    /// Whether the changes were written.
    pub written: bool,
    /// Whether the lock is in the middle of a merge.
    pub merged: bool,
    /// What the files were made from when they were last written.
    pub last: Option<Inputs>,
    /// What they are made from now.
    pub now: Inputs,
    /// How the project is spoken of.
    pub spoken: Spoken,
}

impl Outcome {
    /// Says whether all is as rendered.
    pub fn is_clean(&self) -> bool {
        !self.lock_changes
            && !self
                .changes
                .iter()
                .any(|c| c.kind.writes() || c.kind.is_refused())
    }

    /// Returns the messages for the files that were left alone.
    pub fn refusals(&self) -> Diagnostics {
        let refusals = self.changes.iter();
        refusals
            .filter_map(|change| change.refusal(&self.spoken))
            .collect()
    }

    /// Returns what the owners of files that are used instead of ours should know.
    pub fn advice(&self) -> Diagnostics {
        self.changes.iter().filter_map(Change::advised).collect()
    }

    /// Returns what wrote the files and what writes them now, if that alone has changed some.
    pub fn upgrade(&self) -> Option<(String, String)> {
        let changed = self.changes.iter().any(|change| change.kind.writes());
        self.words().made.generators().filter(|_| changed)
    }

    /// Returns what is told of each file that is ours to judge, in the order of the paths.
    pub fn verdicts(&self) -> Vec<(Verdict, Option<&Change>)> {
        let words = self.words();
        let of = |change| Verdict::of(change, words).map(|verdict| (verdict, Some(change)));
        let mut verdicts: Vec<_> = self.changes.iter().filter_map(of).collect();
        let drifted = verdicts.iter().any(|(verdict, _)| verdict.is_error());
        if self.lock_changes && !drifted {
            let lock = Verdict::of_lock(self.merged, words);
            let at = verdicts.partition_point(|(verdict, _)| verdict.path < lock.path);
            verdicts.insert(at, (lock, None));
        }
        verdicts
    }

    /// Returns all of this as findings, each in its file: what a check found
    /// to differ, what stopped a write, and what owners should know.
    pub fn findings(&self, mode: Mode) -> (Diagnostics, Sources) {
        let (mut found, mut sources) = (Diagnostics::new(), Sources::new());
        let mut place = |mut one: Diagnostic, change: Option<&Change>| {
            one.primary =
                change.and_then(|change| place(change, &self.spoken.folder, &mut sources));
            found.push(one);
        };
        match mode {
            Mode::Check => {
                for (verdict, change) in self.verdicts() {
                    if let Some(one) = verdict.diagnostic() {
                        place(one, change);
                    }
                }
            }
            Mode::Write => self.each(|change| change.refusal(&self.spoken), &mut place),
        }
        self.each(Change::advised, &mut place);
        (found, sources)
    }

    fn each(
        &self,
        say: impl Fn(&Change) -> Option<Diagnostic>,
        place: &mut impl FnMut(Diagnostic, Option<&Change>),
    ) {
        for change in &self.changes {
            if let Some(one) = say(change) {
                place(one, Some(change));
            }
        }
    }

    fn words(&self) -> Words<'_> {
        let (last, now) = (self.last.as_ref(), &self.now);
        Words {
            made: Made { last, now },
            spoken: &self.spoken,
        }
    }

    /// Returns how the command ends: refused files are drift to a check, but stop a write.
    pub fn status(&self, mode: Mode) -> Status {
        let refused = self.changes.iter().any(|change| change.kind.is_refused());
        match mode {
            Mode::Write if refused => Status::Failed,
            _ if self.is_clean() => Status::Clean,
            _ => Status::Changed,
        }
    }
}

/// The first place in a file where it is not as rendered; its head, if it is not there.
fn place(change: &Change, folder: &str, sources: &mut Sources) -> Option<Location> {
    let text = String::from_utf8_lossy(change.before.as_deref().unwrap_or_default());
    let span = first_difference(&text, change.after.as_deref().unwrap_or_default());
    let source = Source::new(format!("{folder}{}", change.path), text).ok()?;
    Some(Location::new(sources.add(source), span))
}

/// The first line of a text that another has not in that place.
fn first_difference(text: &str, other: &str) -> Span {
    let mut start = 0;
    let mut others = other.lines();
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        if others.next() != Some(bare) {
            let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            let blank = bare.len() - bare.trim_start().len();
            return Span::new(offset(start + blank), offset(start + bare.len()));
        }
        start += line.len();
    }
    Span::at(0)
}
