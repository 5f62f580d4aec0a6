//! `lint --fix`: fixed texts onto the disk, as a diff, or to standard output.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use crate::commands::disk::Repository;
use crate::commands::{Failure, Terminal, write};
use crate::diagnostics::{Applicability, Diagnostic, Diagnostics};
use crate::drift;
use crate::knowledge::WORKFLOWS;
use crate::lint::settings::Options;
use crate::lint::{self, File, Fixing, Judge};
use crate::lock::{LOCK_PATH, Lock};
use crate::source::{Source, SourceId, Sources};

/// Which fixes are made, and where the texts go.
#[derive(Debug, Clone, Copy)]
pub struct Fixes {
    /// The least certain ones that are made.
    pub up_to: Applicability,
    /// Whether the change is only shown.
    pub diff: bool,
}

/// Fixes files and returns what is left to find, and in how many files something changed.
///
/// `stdin` is the text that was read from standard input; it is written to standard output.
pub(super) fn run(
    sources: &mut Sources,
    files: &[File],
    asked: &Options,
    fixes: Fixes,
    stdin: Option<SourceId>,
    terminal: &mut Terminal<'_>,
) -> Result<(Diagnostics, usize), Failure> {
    let before = sources.clone();
    let generated = generated(&before, files);
    let judge = Judge::new(files, asked);
    let wanted = |one: &Diagnostic| {
        let fits = |fix: &crate::diagnostics::Fix| fix.applicability <= fixes.up_to;
        one.fix.as_ref().is_some_and(fits) && judge.weigh(one).is_some()
    };
    let of = |one: &Diagnostic| one.primary.map(|place| place.source);
    let ours = |one: &Diagnostic| of(one).is_some_and(|id| generated.contains_key(&id));
    let Fixing { found, fixed } = lint::fix(sources, files, &asked.settings, &|one| {
        wanted(one) && !ours(one)
    });

    for (id, source) in sources.iter() {
        let text = before.get(id).map_or("", Source::text);
        let changed = fixed.contains_key(&id);
        if fixes.diff && changed {
            let path = source.name().trim_start_matches("./");
            drift::write_lines(path, text, source.text(), terminal.out)?;
        } else if !fixes.diff && stdin == Some(id) {
            terminal.out.write_all(source.text().as_bytes())?;
        } else if !fixes.diff && changed {
            put(files, id, text, source)?;
        }
    }
    terminal.out.flush()?;
    let left: Diagnostics = generated
        .iter()
        .filter(|(id, _)| found.iter().any(|one| wanted(one) && of(one) == Some(**id)))
        .map(|(_, path)| not_here(path))
        .collect();
    if !left.is_empty() {
        crate::report::write(
            terminal.err,
            crate::report::Format::Text,
            crate::report::Color::Always,
            &left,
            &Sources::new(),
            &[],
        )?;
    }
    tell(terminal.err, &fixed, fixes)?;
    Ok((found, fixed.len()))
}

/// Says how much was fixed, or would be.
fn tell(err: &mut dyn Write, fixed: &BTreeMap<SourceId, usize>, fixes: Fixes) -> io::Result<()> {
    let count = |number: usize, one: &str| match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {one}s"),
    };
    if fixed.is_empty() {
        return Ok(());
    }
    let verb = if fixes.diff { "would fix" } else { "fixed" };
    let findings = count(fixed.values().sum(), "finding");
    writeln!(err, "{verb} {findings} in {}", count(fixed.len(), "file"))
}

/// Writes a file as a whole; never through a link, and not if it changed meanwhile.
fn put(files: &[File], id: SourceId, before: &str, after: &Source) -> Result<(), Failure> {
    let file = files.iter().find(|file| file.id == id);
    let (root, path) = match file.filter(|file| file.path.starts_with(WORKFLOWS)) {
        Some(file) => (Path::new(&file.repository), file.path.clone()),
        None => {
            let path = Path::new(after.name());
            let name = path.file_name().unwrap_or_default();
            let folder = path.parent().unwrap_or(Path::new(""));
            (folder, name.to_string_lossy().into_owned())
        }
    };
    let root = if root.as_os_str().is_empty() {
        Path::new(".")
    } else {
        root
    };
    let repository = Repository::open(root)?;
    write::replace(
        &repository,
        &path,
        before.as_bytes(),
        after.text().as_bytes(),
    )
}

/// The files that `cicd generate` writes, with their names.
fn generated(sources: &Sources, files: &[File]) -> BTreeMap<SourceId, String> {
    let mut locks = BTreeMap::new();
    let wanted = files.iter().filter(|file| file.wanted);
    let names = wanted.filter_map(|file| Some((file.id, sources.get(file.id)?.name())));
    names
        .filter(|(_, name)| is_generated(Path::new(name), &mut locks))
        .map(|(id, name)| (id, name.to_owned()))
        .collect()
}

type Locks = BTreeMap<std::path::PathBuf, Option<Lock>>;

/// Whether the lock of the nearest folder above that has one names a file.
fn is_generated(path: &Path, locks: &mut Locks) -> bool {
    let Ok(full) = std::path::absolute(path) else {
        return false;
    };
    for root in full.ancestors().skip(1) {
        let lock = locks
            .entry(root.to_owned())
            .or_insert_with(|| read_lock(&root.join(LOCK_PATH)));
        if let Some(lock) = lock {
            let within = full.strip_prefix(root).unwrap_or(&full);
            let within = within.to_string_lossy().replace('\\', "/");
            return lock.outputs.contains_key(&within);
        }
    }
    false
}

/// A lock that cannot be read vouches for nothing.
fn read_lock(path: &Path) -> Option<Lock> {
    let bytes = std::fs::read(path).ok()?;
    let source = Source::from_bytes("cicd.lock", bytes).ok()?;
    Lock::parse(&source, SourceId(0)).ok()
}

fn not_here(path: &str) -> Diagnostic {
    Diagnostic::warning(
        "generated-file",
        format!("`{path}` is generated, and was left as it is"),
    )
    .note("the next `cicd generate` would undo what is fixed here")
    .help("fix the manifest instead")
}
