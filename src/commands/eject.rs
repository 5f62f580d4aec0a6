//! `eject`: one generated file goes back to its user, as it is on disk.

use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::adopt::{give_back, mark_ejected};
use crate::commands::adopt::within;
use crate::commands::apply::{Beside, Mode, Transfer, lock_of};
use crate::commands::disk::Repository;
use crate::commands::project::{self, Project};
use crate::commands::{Failure, Status, Terminal};
use crate::diagnostics::Diagnostic;
use crate::lock::{LOCK_PATH, PINS_PATH};
use crate::pipeline::Upkeep;
use crate::render::without_header;
use crate::report::Format;

/// Grows when a field changes its meaning or goes away.
const VERSION: u32 = 1;

/// What `eject` is asked to do.
#[derive(Debug)]
pub struct Options {
    /// The file.
    pub file: PathBuf,
    /// The manifest.
    pub manifest: PathBuf,
    /// Whether to write nothing.
    pub dry_run: bool,
}

/// What the manifest says of a file that is given back.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    /// Its entry holds it, and goes.
    Own(String),
    /// It follows from the manifest, which says now that it is the user's.
    Planned(String),
    /// The repository may have its own instead.
    Shared,
    /// Nothing: an earlier run was stopped half-way, or the entry is gone.
    Gone,
}

/// Gives a file back.
pub fn run(options: &Options, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    let project = project::load(&options.manifest)?;
    let repository = Repository::open(&project.root)?;
    let path = within(&project.root, &options.file)?;
    let locked = lock_of(&repository)?.is_some_and(|lock| lock.outputs.contains_key(&path));
    let entry = entry(&path, locked, &project)?;
    let bytes = repository.read(&path)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let manifest = manifest(options, &repository, &entry)?;
    let after = match &manifest {
        Some(manifest) => {
            let shown = options.manifest.display().to_string();
            project::build(&project.root, &shown, manifest.after.clone())?
        }
        None => project::load(&options.manifest)?,
    };
    if entry != Entry::Shared && after.rendered.iter().any(|file| file.path == path) {
        return Err(still_planned(&path).into());
    }
    // The file comes first: while the manifest still plans it, it counts as edited, and nothing
    // is written over it.
    let bare = without_header(&text).map(|bare| bare.as_bytes().to_vec());
    let file = bare.map(|after| Beside {
        path: path.clone(),
        before: Some(bytes.clone()),
        after,
    });
    let transfer = Transfer {
        given: vec![path.clone()],
        first: file.into_iter().chain(manifest).collect(),
        ..Transfer::default()
    };
    let mode = if options.dry_run {
        Mode::Check
    } else {
        Mode::Write
    };
    let outcome = after.transfer(mode, &transfer)?;
    let refusals = outcome.refusals();
    if !refusals.is_empty() {
        return Err(Failure::new(refusals, crate::source::Sources::new()));
    }
    tell(options, terminal, &path, &entry)?;
    Ok(Status::Clean)
}

/// What the manifest says of a path, or why it cannot be given back.
fn entry(path: &str, locked: bool, project: &Project) -> Result<Entry, Failure> {
    if path == PINS_PATH || path == LOCK_PATH {
        let message = format!("`{path}` belongs to `cicd`");
        return Err(Diagnostic::error("not-yours", message)
            .note("all workflows that are generated here depend on it")
            .help("eject the workflows one by one, then remove `.github/cicd`")
            .into());
    }
    let manifest = &project.manifest;
    if let Some(own) = manifest.own.iter().find(|own| own.path() == path) {
        return Ok(Entry::Own(own.name.clone()));
    }
    let planned = project
        .pipeline
        .workflows
        .iter()
        .find(|one| one.path() == path);
    if let Some(planned) = planned {
        return Ok(Entry::Planned(planned.file.clone()));
    }
    let rendered = project.rendered.iter().find(|file| file.path == path);
    match rendered
        .and_then(|file| file.care())
        .map(|care| care.upkeep)
    {
        Some(Upkeep::Exclusive) => {
            let message = format!("`{path}` is used by the workflows as it is generated");
            Err(Diagnostic::error("not-yours", message)
                .note("they run it by what it takes and does, so another one in its place would not do")
                .help("change what asks for it in the manifest")
                .into())
        }
        Some(Upkeep::Ours) if locked => Ok(Entry::Shared),
        None if locked => Ok(Entry::Gone),
        _ => {
            let message = format!("`{path}` is yours already");
            Err(Diagnostic::error("already-yours", message)
                .help("`cicd generate --check` lists the files that are generated")
                .into())
        }
    }
}

/// The manifest without the entry, or with the word that the file is the user's.
fn manifest(
    options: &Options,
    repository: &Repository,
    entry: &Entry,
) -> Result<Option<Beside>, Failure> {
    let file = options
        .manifest
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    let before = repository.read(&file)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&before);
    let after = match entry {
        Entry::Own(name) => give_back(&text, name).ok_or_else(|| {
            cannot_edit(
                name,
                format!("remove the entry `workflows.{name}` yourself, then run it again"),
            )
        })?,
        Entry::Planned(name) => mark_ejected(&text, name).ok_or_else(|| {
            cannot_edit(
                name,
                format!(
                    "write `workflows: {{{name}: {{ejected: true}}}}` yourself, then run it again"
                ),
            )
        })?,
        Entry::Shared | Entry::Gone => return Ok(None),
    };
    Ok(Some(Beside {
        path: file.into_owned(),
        after: after.into_bytes(),
        before: Some(before),
    }))
}

fn cannot_edit(name: &str, help: String) -> Diagnostic {
    let message = format!("the entry `workflows.{name}` cannot be changed as it is written");
    Diagnostic::error("no-block", message)
        .note("it comes from a file below, or is written with aliases")
        .help(help)
}

fn still_planned(path: &str) -> Diagnostic {
    Diagnostic::error(
        "still-planned",
        format!("`{path}` would still be generated"),
    )
    .note("another layer of the manifest asks for it, too")
    .help("remove its entry there")
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    written: bool,
    path: &'a str,
    /// The entry that the manifest had, or has now.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<String>,
    /// What the manifest says of it now.
    #[serde(skip_serializing_if = "Option::is_none")]
    says: Option<&'static str>,
}

fn tell(
    options: &Options,
    terminal: &mut Terminal<'_>,
    path: &str,
    entry: &Entry,
) -> io::Result<()> {
    let out = &mut *terminal.out;
    let manifest = options
        .manifest
        .file_name()
        .unwrap_or(Path::new("cicd.yml").as_os_str());
    let manifest = manifest.to_string_lossy();
    if terminal.format == Format::Json {
        let (name, says) = match entry {
            Entry::Own(name) => (Some(name), None),
            Entry::Planned(name) => (Some(name), Some("ejected")),
            Entry::Shared | Entry::Gone => (None, None),
        };
        let document = Document {
            version: VERSION,
            written: !options.dry_run,
            path,
            entry: name.map(|name| format!("workflows.{name}")),
            says,
        };
        serde_json::to_writer_pretty(&mut *out, &document)?;
        return writeln!(out);
    }
    let (is, goes, says) = if options.dry_run {
        ("would be", "would go", "would say")
    } else {
        ("is", "went", "says")
    };
    writeln!(out, "{path} {is} yours, as it is without our first line")?;
    match entry {
        Entry::Own(name) => writeln!(out, "its entry `workflows.{name}` in {manifest} {goes}"),
        Entry::Planned(name) => writeln!(
            out,
            "{manifest} {says} `ejected` under `workflows.{name}`: without it, `cicd generate` would write the file again"
        ),
        Entry::Shared => writeln!(
            out,
            "{manifest} stays: a file of your own is used instead of ours"
        ),
        Entry::Gone => writeln!(out, "{manifest} had no entry for it"),
    }
}
