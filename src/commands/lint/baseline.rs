//! The file with known findings: read, held against what is found, written.

use std::collections::BTreeMap;
use std::path::Path;

use crate::commands::{Failure, Terminal};
use crate::diagnostics::{self, Diagnostic, Diagnostics, Severity};
use crate::lint::File;
use crate::lint::baseline::{Baseline, Rest};
use crate::source::{SourceId, Sources};

/// Whether a baseline is used or made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Known findings are not told.
    Use,
    /// All findings become known.
    Write,
}

/// More names than these help nobody.
const MAX_NAMED: usize = 10;

/// Takes the known findings away, or makes all of them known.
pub(super) fn apply(
    (path, task): (&Path, Task),
    found: Diagnostics,
    sources: &Sources,
    files: &[File],
    terminal: &mut Terminal<'_>,
) -> Result<Diagnostics, Failure> {
    let paths: BTreeMap<SourceId, &str> = files
        .iter()
        .filter(|file| file.wanted)
        .map(|file| (file.id, file.path.as_str()))
        .collect();
    let path_of = |id: SourceId| paths.get(&id).copied();
    // A file that is gone was looked for in vain.
    let was_looked_at = |path: &str| {
        let mut all = files.iter().filter(|file| file.wanted);
        all.any(|file| file.path == path) || is_gone(files, path)
    };
    let known = read(path, task)?;
    let shown = path.display().to_string();
    if task == Task::Write {
        let mut next = Baseline::of(&found, sources, &path_of);
        next.keep(&known, &was_looked_at);
        std::fs::write(path, next.write())
            .map_err(|error| Failure::disk("write", &shown, &error))?;
        let (before, after) = (known.len(), next.len());
        writeln!(
            terminal.err,
            "{after} findings are in `{shown}`, {before} were"
        )?;
        return Ok(Diagnostics::new());
    }
    let rest = known.subtract(found, sources, &path_of, &was_looked_at);
    if rest.known > 0 {
        writeln!(
            terminal.err,
            "{} findings are in `{shown}` and not told",
            rest.known
        )?;
    }
    if let Some(missed) = missed(&rest, &shown) {
        super::say(terminal, &missed.into(), &Sources::new())?;
    }
    Ok(rest.new)
}

fn read(path: &Path, task: Task) -> Result<Baseline, Failure> {
    let shown = path.display().to_string();
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if task == Task::Write {
                return Ok(Baseline::default());
            }
            let missing = Diagnostic::error("baseline", format!("there is no baseline `{shown}`"));
            return Err(missing
                .help("write it with `--write-baseline` beside `--baseline`")
                .into());
        }
        Err(error) => return Err(Failure::disk("read", &shown, &error)),
    };
    let mut sources = Sources::new();
    let read = diagnostics::load(&mut sources, &shown, bytes)
        .map(|id| sources.get(id).map(|source| Baseline::read(source, id)));
    match read {
        Ok(Some(Ok(baseline))) => Ok(baseline),
        Ok(Some(Err(refused))) | Err(refused) => Err(Failure::new(*refused, sources)),
        Ok(None) => Ok(Baseline::default()),
    }
}

/// Says whether no repository of these files has a file any more.
fn is_gone(files: &[File], path: &str) -> bool {
    let mut roots: Vec<_> = files.iter().map(|file| &file.repository).collect();
    roots.dedup();
    !roots.iter().any(|root| Path::new(root).join(path).exists())
}

/// What became of findings that were known.
fn missed(rest: &Rest, shown: &str) -> Option<Diagnostic> {
    let count: usize = rest.missed.iter().map(|(_, count)| count).sum();
    if count == 0 {
        return None;
    }
    let message = format!("{count} findings of `{shown}` are mended");
    let note = Diagnostic::new(Severity::Note, "baseline", message)
        .help("drop them by running this again with `--write-baseline`");
    let named = rest.missed.iter().take(MAX_NAMED);
    let note = named.fold(note, |note, (entry, _)| {
        note.note(format!("`{}` in `{}`", entry.rule, entry.path))
    });
    Some(match rest.missed.len().checked_sub(MAX_NAMED) {
        None | Some(0) => note,
        Some(more) => note.note(format!("and {more} more")),
    })
}
