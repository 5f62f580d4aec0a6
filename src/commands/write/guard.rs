//! The journal on disk: one run at a time, and a trace of a run that was killed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use crate::commands::Failure;
use crate::commands::disk::Repository;
use crate::commands::write::stage::sync_folder;
use crate::diagnostics::Diagnostic;
use crate::lock::{JOURNAL_PATH, Journal};

/// Two hooks of one commit may run at once; nobody holds the journal for longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A journal larger than this was not written by us.
pub(super) const MAX_BYTES: u64 = 1 << 20;

/// The exclusive right to write into a repository.
///
/// It is a lock of the operating system on the journal, so a killed run loses
/// it and leaves the journal behind. Where the file system has no locks, two
/// runs at once may meet; each file is then still the one or the other.
pub(crate) struct Guard {
    file: File,
    path: PathBuf,
    /// What was in the journal.
    found: Vec<u8>,
    /// The folders that were made for it.
    folders: Vec<PathBuf>,
}

impl Guard {
    /// Waits for its turn and opens the journal.
    pub(crate) fn take(repository: &Repository) -> Result<Self, Failure> {
        let mut folders = Vec::new();
        let fail = |error| Failure::disk("write", JOURNAL_PATH, &error);
        let give_up = Instant::now() + PATIENCE;
        loop {
            repository.make_folder(JOURNAL_PATH, &mut folders)?;
            // Refuses a link; what is opened below cannot then be one of a commit.
            repository.regular_file(JOURNAL_PATH)?;
            let path = repository.full(JOURNAL_PATH);
            let mut options = OpenOptions::new();
            let mut file = options
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)
                .map_err(fail)?;
            // Whoever held it before may have removed the file that is locked here.
            if is_free(&file).map_err(fail)? && is_still_there(&file, &path).map_err(fail)? {
                let mut found = Vec::new();
                let mut bounded = (&mut file).take(MAX_BYTES);
                bounded.read_to_end(&mut found).map_err(fail)?;
                return Ok(Self {
                    file,
                    path,
                    found,
                    folders,
                });
            }
            if Instant::now() > give_up {
                return Err(busy());
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Returns what interrupted runs were about to do.
    pub(crate) fn interrupted(&self) -> Journal {
        Journal::parse(&self.found)
    }

    /// Records what is about to be written, and returns when it is safe on the disk.
    pub(super) fn record(&mut self, journal: &Journal) -> io::Result<()> {
        self.file.seek(SeekFrom::End(0))?;
        let lines = journal.append_to(&self.found);
        self.file.write_all(lines.as_bytes())?;
        self.file.sync_all()?;
        self.path.parent().map_or(Ok(()), sync_folder)
    }

    /// Ends a run that wrote all or nothing: there is nothing left to mend.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        // Removed while the lock is held, so that no one else's journal is.
        fs::remove_file(&self.path).map_err(|error| Failure::disk("remove", JOURNAL_PATH, &error))
    }

    /// Ends a run that wrote nothing, with the journal as it was found.
    pub(crate) fn abandon(self) {
        let was_empty = self.found.is_empty();
        let Self {
            file,
            path,
            folders,
            ..
        } = self;
        if was_empty && fs::remove_file(&path).is_ok() {
            // Fails, as it should, for a folder that holds something by now.
            folders
                .iter()
                .rev()
                .for_each(|folder| drop(fs::remove_dir(folder)));
        }
        drop(file);
    }
}

fn is_free(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(unix)]
fn is_still_there(file: &File, path: &PathBuf) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let open = file.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(named) => Ok(named.dev() == open.dev() && named.ino() == open.ino()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Elsewhere a file that is open cannot be replaced under its name.
#[cfg(not(unix))]
fn is_still_there(_: &File, path: &PathBuf) -> io::Result<bool> {
    path.try_exists()
}

fn busy() -> Failure {
    Diagnostic::error("busy", "another `cicd` is writing into this repository")
        .note(format!(
            "it has held `{JOURNAL_PATH}` for {} seconds",
            PATIENCE.as_secs()
        ))
        .help("wait for it to end, or stop it; what it began will be mended")
        .into()
}
