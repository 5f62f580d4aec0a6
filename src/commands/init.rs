//! `init`: a repository that has no manifest yet gets one, and the workflows with it.

mod scan;
mod summary;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::assets;
use crate::commands::apply::{Mode, Outcome};
use crate::commands::project::{self, Project};
use crate::commands::{Failure, Status, Terminal, Unanswered};
use crate::detect::{self, Detection};
use crate::diagnostics::Diagnostic;
use crate::scaffold::{self, Scaffold};

pub(crate) use scan::name_of;

/// The manifest's name.
const MANIFEST: &str = "cicd.yml";

/// What `init` is asked to do.
#[derive(Debug)]
pub struct Options {
    /// The repository.
    pub folder: PathBuf,
    /// The preset to begin with, instead of what is detected.
    pub preset: Option<String>,
    /// Whether to write without asking.
    pub yes: bool,
    /// Whether to write nothing.
    pub dry_run: bool,
}

/// Proposes a manifest, and writes it with its workflows.
pub fn run(options: &Options, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    let root = options.folder.as_path();
    let manifest_path = root.join(MANIFEST);
    if std::fs::symlink_metadata(&manifest_path).is_ok() {
        let error = Diagnostic::error(
            "manifest-exists",
            format!("`{}` exists already", manifest_path.display()),
        );
        return Err(error
            .help("change it and run `cicd generate`, or remove it first")
            .into());
    }
    let proposal = match &options.preset {
        Some(name) => preset(name)?,
        None => detected(root)?,
    };
    let text = proposal.scaffold.manifest.clone();
    let shown = manifest_path.display().to_string();
    let project = project::build(root, &shown, text.clone().into_bytes())?;
    let check = preview(&project, root)?;
    if options.dry_run {
        summary::tell(terminal, &proposal, &project, &check, summary::Tense::Would)?;
        return Ok(Status::Clean);
    }
    if !agreed(options, terminal, &proposal, &check)? {
        return Ok(Status::Clean);
    }
    // Refused files are told before anything is written, the manifest included.
    if !check.refusals().is_empty() {
        return Err(Failure::new(
            check.refusals(),
            crate::source::Sources::new(),
        ));
    }
    std::fs::create_dir_all(root)
        .map_err(|error| Failure::disk("make", &root.display().to_string(), &error))?;
    new_file(&manifest_path, &text)?;
    let written = project.apply(Mode::Write, &[])?;
    summary::tell(terminal, &proposal, &project, &written, summary::Tense::Did)?;
    Ok(Status::Clean)
}

/// Writes a file that does not exist, whole or not at all.
fn new_file(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::disk("write", &path.display().to_string(), &error);
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist_noclobber(path)
        .map_err(|error| failed(error.error))?;
    Ok(())
}

/// A manifest and what it was made from.
struct Proposal {
    scaffold: Scaffold,
    /// What was detected; nothing for a preset.
    detection: Option<Detection>,
    preset: Option<String>,
}

fn preset(name: &str) -> Result<Proposal, Failure> {
    let Some(text) = assets::preset(name) else {
        return Err(super::presets::unknown(name, "--preset "));
    };
    let scaffold = Scaffold {
        manifest: text.to_owned(),
        preset: None,
        notes: Vec::new(),
    };
    Ok(Proposal {
        scaffold,
        detection: None,
        preset: Some(name.to_owned()),
    })
}

fn detected(root: &Path) -> Result<Proposal, Failure> {
    let tree = scan::read(root)?;
    let detection = detect::detect(&tree);
    let name = scan::name_of(root);
    let scaffold = scaffold::write(&detection, &tree, &name);
    Ok(Proposal {
        scaffold,
        detection: Some(detection),
        preset: None,
    })
}

/// What would be written; a folder that does not exist yet is empty.
fn preview(project: &Project, root: &Path) -> Result<Outcome, Failure> {
    if root.exists() {
        return project.apply(Mode::Check, &[]);
    }
    let empty =
        tempfile::tempdir().map_err(|error| Failure::disk("make", "a temporary folder", &error))?;
    project.apply_in(empty.path(), Mode::Check, &[])
}

/// Asks, where somebody could answer.
fn agreed(
    options: &Options,
    terminal: &mut Terminal<'_>,
    proposal: &Proposal,
    check: &Outcome,
) -> Result<bool, Failure> {
    if options.yes || !terminal.can_ask() {
        return Ok(true);
    }
    writeln!(terminal.out, "{}", proposal.scaffold.manifest)?;
    let question = format!(
        "Write this manifest and {} files into {}?",
        check.changes.len(),
        options.folder.display()
    );
    let yes = terminal.confirmed(&question, Unanswered::Yes)?;
    if !yes {
        writeln!(terminal.out, "Nothing was written.")?;
    }
    Ok(yes)
}
