//! What a repository holds before a run: the lock, the journal, and every file that matters.

use std::collections::BTreeMap;

use crate::commands::Failure;
use crate::commands::disk::Repository;
use crate::commands::write::read_journal;
use crate::diagnostics::{Diagnostics, load};
use crate::lock::{Journal, LOCK_PATH, Lock};
use crate::pipeline::Upkeep;
use crate::render::RenderedFile;
use crate::source::Sources;

/// How often a repository is read anew because another run is writing into it.
const ATTEMPTS: usize = 20;

/// What a repository holds, all of it from one moment between two runs or within one.
pub(super) struct Found {
    pub(super) lock_bytes: Option<Vec<u8>>,
    pub(super) lock: Option<Lock>,
    pub(super) journal: Option<Journal>,
    pub(super) files: BTreeMap<String, Vec<u8>>,
}

impl Found {
    /// Reads without keeping other runs from writing, which a check may not do.
    ///
    /// A run writes the journal before any file and removes it after the lock.
    /// So with the journal read after the files, either it explains what is new
    /// among them, or the lock has changed meanwhile, and all is read again.
    pub(super) fn read(
        repository: &Repository,
        rendered: &[RenderedFile],
    ) -> Result<Self, Failure> {
        let mut lock_bytes = repository.read(LOCK_PATH)?;
        for _ in 1..ATTEMPTS {
            let found = Self::read_once(repository, rendered, lock_bytes)?;
            lock_bytes = repository.read(LOCK_PATH)?;
            if lock_bytes == found.lock_bytes {
                return Ok(found);
            }
        }
        Self::read_once(repository, rendered, lock_bytes)
    }

    fn read_once(
        repository: &Repository,
        rendered: &[RenderedFile],
        lock_bytes: Option<Vec<u8>>,
    ) -> Result<Self, Failure> {
        let lock = lock_bytes.clone().map(read_lock).transpose()?;
        let mut files = BTreeMap::new();
        read_others(repository, rendered, &mut files);
        let rendered = rendered.iter().map(|file| &file.path);
        let locked = lock.iter().flat_map(Lock::paths);
        read_files(repository, rendered.chain(locked), &mut files)?;
        let journal = read_journal(repository)?;
        let begun = journal.iter().flat_map(|journal| &journal.texts);
        // The lock is no output, although the journal names it as well.
        let begun = begun
            .map(|(path, _)| path)
            .filter(|path| *path != LOCK_PATH);
        read_files(repository, begun, &mut files)?;
        Ok(Self {
            lock_bytes,
            lock,
            journal,
            files,
        })
    }
}

/// Reads files that may be somebody's own. Whatever stands there is theirs, even what
/// we would not read, such as a link: it is not going to be written.
fn read_others(
    repository: &Repository,
    rendered: &[RenderedFile],
    files: &mut BTreeMap<String, Vec<u8>>,
) {
    for file in rendered {
        let Some(care) = file.care().filter(|care| care.upkeep != Upkeep::Exclusive) else {
            continue;
        };
        for path in care.instead.iter().copied().chain([file.path.as_str()]) {
            if let Some(bytes) = repository.read(path).unwrap_or_else(|_| Some(Vec::new())) {
                files.insert(path.to_owned(), bytes);
            }
        }
    }
}

fn read_files<'a>(
    repository: &Repository,
    paths: impl Iterator<Item = &'a String>,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), Failure> {
    for path in paths {
        if !files.contains_key(path)
            && let Some(bytes) = repository.read(path)?
        {
            files.insert(path.clone(), bytes);
        }
    }
    Ok(())
}

/// The lock of a repository, if there is one.
pub(crate) fn lock_of(repository: &Repository) -> Result<Option<Lock>, Failure> {
    repository.read(LOCK_PATH)?.map(read_lock).transpose()
}

fn read_lock(bytes: Vec<u8>) -> Result<Lock, Failure> {
    let mut sources = Sources::new();
    let id = match load(&mut sources, LOCK_PATH, bytes) {
        Ok(id) => id,
        Err(diagnostic) => return Err(Failure::new(*diagnostic, sources)),
    };
    let parsed = sources.get(id).map(|source| Lock::parse(source, id));
    let parsed = parsed.unwrap_or_else(|| Err(Diagnostics::new()));
    parsed.map_err(|diagnostics| Failure::new(diagnostics, sources))
}
