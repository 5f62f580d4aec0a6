//! Files that change hands, or are the user's and written in the same step.

use std::collections::BTreeMap;

use crate::commands::Failure;
use crate::commands::write::Write;
use crate::diagnostics::Diagnostic;
use crate::drift::{self, Change, ChangeKind};

/// What happens beside the outputs of a run.
///
/// A kill may come between any two writes. The order is such that whatever is written
/// by then lets nothing be lost: the files here come first and are nobody's orphans,
/// since neither the lock nor the journal vouches for them.
#[derive(Debug, Default)]
pub struct Transfer {
    /// The user's files that become ours, each with the bytes that it was judged by.
    pub taken: BTreeMap<String, Vec<u8>>,
    /// The paths that are no longer ours; what stands there stays.
    pub given: Vec<String>,
    /// Files of the user's to write before all others, in this order.
    pub first: Vec<Beside>,
}

/// A file of the user's that is written, such as the manifest.
#[derive(Debug)]
pub struct Beside {
    /// Relative to the repository's root.
    pub path: String,
    /// What was there when its text was made.
    pub before: Option<Vec<u8>>,
    /// What shall be there.
    pub after: Vec<u8>,
}

impl Transfer {
    /// Gives in to the refusals of files that are taken, and leaves those alone that are given.
    pub(super) fn settle(&self, changes: &mut Vec<Change>) -> Result<(), Failure> {
        for change in &*changes {
            let judged = self.taken.get(&change.path);
            if judged.is_some() && judged != change.before.as_ref() {
                return Err(changed_meanwhile(&change.path));
            }
        }
        let taken: Vec<_> = self.taken.keys().cloned().collect();
        drift::force(changes, &taken);
        let is_given = |change: &Change| self.given.contains(&change.path);
        changes.retain(|change| change.after.is_some() || !is_given(change));
        for change in changes.iter_mut().filter(|change| is_given(change)) {
            change.kind = ChangeKind::Theirs;
        }
        Ok(())
    }

    /// Says whether files of the user's become ours.
    pub(super) fn takes(&self) -> bool {
        !self.taken.is_empty()
    }

    pub(super) fn writes(&self) -> Vec<Write<'_>> {
        self.first.iter().map(Beside::write).collect()
    }
}

impl Beside {
    fn write(&self) -> Write<'_> {
        Write {
            path: &self.path,
            before: self.before.as_deref(),
            after: Some(&self.after),
            executable: false,
            ours: false,
        }
    }
}

fn changed_meanwhile(path: &str) -> Failure {
    Diagnostic::error(
        "changed-meanwhile",
        format!("`{path}` changed while `cicd` was running"),
    )
    .note("what was shown is no longer what would be taken over; nothing was changed")
    .help("run the command again")
    .into()
}
