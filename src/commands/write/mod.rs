//! The transaction: all files of a run are written, or none.
//!
//! 1. The journal records the hashes that are about to appear and the names of
//!    the temporary files.
//! 2. Every file is written whole beside its place.
//! 3. Every file on disk is compared with what was read before.
//! 4. The files are renamed into place, orphans are removed, the lock comes last.
//! 5. The journal goes.
//!
//! An error before step 4 changes nothing, an error within it is rolled back. A
//! kill before step 4 leaves temporary files, which the next run removes because
//! the journal names them. A kill after that leaves files that the lock does not
//! know yet, but the journal does, so that the next run knows them as ours.

mod guard;
mod stage;

use std::collections::BTreeSet;
use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};

pub(crate) use guard::Guard;

use crate::commands::Failure;
use crate::commands::disk::Repository;
use crate::commands::write::stage::{Staged, sync_folder};
use crate::diagnostics::Diagnostic;
use crate::lock::{Hash, JOURNAL_PATH, Journal, temporary_beside};

/// One file to write or to remove.
#[derive(Debug)]
pub(crate) struct Write<'a> {
    /// Where, a checked path.
    pub(crate) path: &'a str,
    /// What was there when the change was planned.
    pub(crate) before: Option<&'a [u8]>,
    /// What shall be there.
    pub(crate) after: Option<&'a [u8]>,
    /// Whether the file is run as a program.
    pub(crate) executable: bool,
    /// Whether the journal vouches for it. It never may for a file of the user's, which the
    /// next run would take for an orphan of ours and remove.
    pub(crate) ours: bool,
}

/// Reads the journal that another run left or is writing.
pub(crate) fn read_journal(repository: &Repository) -> Result<Option<Journal>, Failure> {
    let text = repository.read(JOURNAL_PATH)?;
    Ok(text.map(|text| {
        let bound = text.len().min(guard::MAX_BYTES as usize);
        Journal::parse(&text[..bound])
    }))
}

/// Removes the temporary files that interrupted runs left.
pub(crate) fn sweep(repository: &Repository, journal: &Journal) -> Result<(), Failure> {
    for path in &journal.temporaries {
        if let Some(file) = repository.regular_file(path)? {
            fs::remove_file(file).map_err(|error| Failure::disk("remove", path, &error))?;
        }
    }
    Ok(())
}

/// Makes all the writes in their order, or none of them.
pub(crate) fn write(
    repository: &Repository,
    mut guard: Guard,
    writes: &[Write<'_>],
) -> Result<(), Failure> {
    let mut run = Run {
        repository,
        writes,
        nonce: RandomState::new().build_hasher().finish(),
        folders: Vec::new(),
    };
    match run.all(&mut guard) {
        Ok(()) => guard.finish(),
        Err(Stopped::Clean(failure)) => {
            guard.abandon();
            Err(failure)
        }
        // The journal stays, for the next run to mend what could not be put back.
        Err(Stopped::Halfway(failure)) => Err(failure),
    }
}

/// Puts a file in the place of one that is not ours, in one step and with its mode.
///
/// No journal is kept: a kill leaves the old or the new file, and at worst one beside it.
pub(crate) fn replace(
    repository: &Repository,
    path: &str,
    before: &[u8],
    after: &[u8],
) -> Result<(), Failure> {
    let write = Write {
        path,
        before: Some(before),
        after: Some(after),
        executable: false,
        ours: false,
    };
    let fail = |error| Failure::disk("write", path, &error);
    let place = repository.full(path);
    verify(repository, &write)?;
    let nonce = RandomState::new().build_hasher().finish();
    let temporary = repository.full(&temporary_beside(path, nonce));
    let mut staged = Staged::write(temporary, &place, after, false).map_err(fail)?;
    verify(repository, &write)?;
    staged.put(&place).map_err(fail)
}

/// Refuses a file that is no longer what the change was planned for.
fn verify(repository: &Repository, write: &Write<'_>) -> Result<(), Failure> {
    if repository.read(write.path)?.as_deref() == write.before {
        return Ok(());
    }
    let message = format!("`{}` changed while `cicd` was running", write.path);
    Err(Diagnostic::error("changed-meanwhile", message)
        .note("an editor or another program wrote it; nothing was changed")
        .help("run the command again")
        .into())
}

/// An error, and whether the files are as they were before.
enum Stopped {
    Clean(Failure),
    Halfway(Failure),
}

struct Run<'a> {
    repository: &'a Repository,
    writes: &'a [Write<'a>],
    nonce: u64,
    /// The folders that were made for the files.
    folders: Vec<PathBuf>,
}

impl Run<'_> {
    fn all(&mut self, guard: &mut Guard) -> Result<(), Stopped> {
        let prepared = self.prepare(guard);
        let staged = prepared
            .inspect_err(|_| self.remove_folders())
            .map_err(Stopped::Clean)?;
        self.commit(staged)
    }

    /// Steps 1 to 3; the files on disk stay as they are.
    fn prepare(&mut self, guard: &mut Guard) -> Result<Vec<Option<Staged>>, Failure> {
        let journal = self.journal();
        guard
            .record(&journal)
            .map_err(|error| Failure::disk("write", JOURNAL_PATH, &error))?;
        let staged = (0..self.writes.len())
            .map(|index| self.stage(index))
            .collect::<Result<_, _>>()?;
        self.writes
            .iter()
            .try_for_each(|write| verify(self.repository, write))?;
        Ok(staged)
    }

    fn journal(&self) -> Journal {
        let mut journal = Journal::default();
        for (index, write) in self.writes.iter().enumerate() {
            if let Some(after) = write.after {
                if write.ours {
                    let text = (write.path.to_owned(), Hash::of_text(after));
                    journal.texts.insert(text);
                }
                journal.temporaries.insert(self.temporary(index));
            }
        }
        journal
    }

    fn temporary(&self, index: usize) -> String {
        temporary_beside(
            self.writes[index].path,
            self.nonce.wrapping_add(index as u64),
        )
    }

    fn stage(&mut self, index: usize) -> Result<Option<Staged>, Failure> {
        let write = &self.writes[index];
        let Some(after) = write.after else {
            return Ok(None);
        };
        self.repository.make_folder(write.path, &mut self.folders)?;
        let temporary = self.repository.full(&self.temporary(index));
        let place = self.repository.full(write.path);
        Staged::write(temporary, &place, after, write.executable)
            .map(Some)
            .map_err(|error| Failure::disk("write", write.path, &error))
    }

    /// Step 4.
    fn commit(&self, mut staged: Vec<Option<Staged>>) -> Result<(), Stopped> {
        for (index, staged) in staged.iter_mut().enumerate() {
            let put = self.put(index, staged.as_mut());
            put.map_err(|failure| self.roll_back(index, failure))?;
        }
        // All is in place; a loss of power from here on is mended like a kill.
        let folders: BTreeSet<_> = self
            .writes
            .iter()
            .filter_map(|write| self.repository.full(write.path).parent().map(PathBuf::from))
            .collect();
        for folder in folders {
            sync_folder(&folder).map_err(|error| {
                Stopped::Halfway(Failure::disk("write", &folder.to_string_lossy(), &error))
            })?;
        }
        Ok(())
    }

    fn put(&self, index: usize, staged: Option<&mut Staged>) -> Result<(), Failure> {
        let write = &self.writes[index];
        verify(self.repository, write)?;
        let place = self.repository.full(write.path);
        match staged {
            Some(staged) => staged.put(&place),
            None => remove(&place),
        }
        .map_err(|error| Failure::disk("write", write.path, &error))
    }

    /// Puts back the first `done` files after an error.
    fn roll_back(&self, done: usize, failure: Failure) -> Stopped {
        for index in (0..done).rev() {
            if self.put_back(index).is_err() {
                return Stopped::Halfway(failure);
            }
        }
        self.remove_folders();
        Stopped::Clean(failure)
    }

    fn put_back(&self, index: usize) -> io::Result<()> {
        let write = &self.writes[index];
        let place = self.repository.full(write.path);
        match write.before {
            Some(before) => {
                let temporary = self.repository.full(&self.temporary(index));
                Staged::write(temporary, &place, before, write.executable)?.put(&place)
            }
            None => remove(&place),
        }
    }

    fn remove_folders(&self) {
        // Fails, as it should, for a folder that holds something by now.
        self.folders
            .iter()
            .rev()
            .for_each(|folder| drop(fs::remove_dir(folder)));
    }
}

fn remove(place: &Path) -> io::Result<()> {
    match fs::remove_file(place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests;
