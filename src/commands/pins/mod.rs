//! `pins`: whether everything agrees about the actions, which newer releases there are,
//! and what somebody moved in a workflow.

mod absorb;
mod check;
mod git;
mod update;

use std::path::Path;

use crate::commands::disk::Repository;
use crate::commands::project::{Planned, Project};
use crate::commands::{Failure, Terminal, project};
use crate::diagnostics::{Diagnostic, Diagnostics, Severity, load};
use crate::lock::PinMode;
use crate::pins::{NATIVE_PATH, check_native};
use crate::render::FileKind;
use crate::report::{Color, Format, write};
use crate::source::{Source, SourceId, Sources};

pub use absorb::{Options as Absorb, run as absorb};
pub use check::run as check;
pub use update::{Options as Update, run as update};

/// Plans a manifest, and tells people what is odd about one that works.
fn plan(manifest: &Path, terminal: &mut Terminal<'_>) -> Result<Planned, Failure> {
    let mut planned = project::plan(manifest)?;
    if planned.report.diagnostics.has_errors() {
        return Err(Failure::Reported(Box::new(planned.report)));
    }
    let odd = std::mem::take(&mut planned.report.diagnostics);
    say(terminal, &odd, &planned.report.sources)?;
    Ok(planned)
}

/// Tells people whether GitHub's own lock still has all that the workflows use, where the
/// manifest relies on it. Who generates cannot write it, so this is no failure.
pub(super) fn remind(project: &Project, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    if project.manifest.pins != PinMode::Lock || terminal.format != Format::Text {
        return Ok(());
    }
    let repository = Repository::open(&project.root)?;
    let (mut sources, mut said) = (Sources::new(), Diagnostics::new());
    let native = read(&repository, NATIVE_PATH, &mut sources, &mut said)?;
    let mut workflows = Vec::new();
    for file in &project.rendered {
        if let (FileKind::Workflow, Ok(text)) =
            (file.kind, Source::new(&file.path, file.text.as_str()))
        {
            workflows.push((file.path.as_str(), sources.add(text)));
        }
    }
    said.extend(check_native(&sources, native, &workflows));
    let mut weighing = said.iter().filter(|one| one.severity != Severity::Note);
    let Some(first) = weighing.next() else {
        return Ok(());
    };
    let behind = format!(
        "`{NATIVE_PATH}` does not fit the workflows: {}",
        first.message
    );
    let warning = Diagnostic::warning("actions-lock", behind)
        .note("GitHub does not start a workflow whose lock lacks one of its actions")
        .help(
            "run `gh actions-lock` and commit what it writes; `cicd pins` tells all that is amiss",
        );
    Ok(say(terminal, &warning.into(), &Sources::new())?)
}

/// Reads a file among the sources; nothing if there is none or it is no text, which is told.
fn read(
    repository: &Repository,
    path: &str,
    sources: &mut Sources,
    said: &mut Diagnostics,
) -> Result<Option<SourceId>, Failure> {
    let Some(bytes) = repository.read(path)? else {
        return Ok(None);
    };
    Ok(match load(sources, path, bytes) {
        Ok(id) => Some(id),
        Err(refused) => {
            said.push(refused);
            None
        }
    })
}

/// Says what people should know besides the results.
fn say(terminal: &mut Terminal<'_>, said: &Diagnostics, sources: &Sources) -> std::io::Result<()> {
    terminal.out.flush()?;
    write(
        terminal.err,
        Format::Text,
        Color::Always,
        said,
        sources,
        &[],
    )
}
