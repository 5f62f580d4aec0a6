//! `generate`: the manifest's files onto the disk, or the proof that they are there.

use std::io::{self, Write};
use std::path::PathBuf;

use crate::commands::apply::Mode;
use crate::commands::outcome::{Patch, tell};
use crate::commands::project::{self, Project};
use crate::commands::{Failure, Status, Terminal};
use crate::render::RenderedFile;

/// What `generate` is asked to do.
#[derive(Debug)]
pub struct Options {
    /// The manifest.
    pub manifest: PathBuf,
    /// What happens to the files.
    pub task: Task,
    /// Whether changes are shown line by line.
    pub patch: Patch,
    /// Paths to overwrite or remove although they are not ours.
    pub force: Vec<String>,
    /// What changed files mean to the exit code.
    pub changed: Status,
}

/// What happens to the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// They are written.
    Write,
    /// They are compared.
    Check,
    /// They are printed.
    Print,
}

/// Generates.
pub fn run(options: &Options, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    let project = project::load(&options.manifest)?;
    warn(&project, terminal)?;
    let mode = match options.task {
        Task::Print => {
            print(&project.rendered, terminal.out)?;
            return Ok(Status::Clean);
        }
        Task::Check => Mode::Check,
        Task::Write => Mode::Write,
    };
    let outcome = project.apply(mode, &options.force)?;
    tell(terminal, &outcome, mode, options.patch)?;
    Ok(match outcome.status(mode) {
        Status::Changed => options.changed,
        status => status,
    })
}

/// Tells people what is odd about a manifest that works; programs ask for changes only.
pub(super) fn warn(project: &Project, terminal: &mut Terminal<'_>) -> io::Result<()> {
    use crate::report::{Color, Format, write};
    let report = &project.report;
    let (diagnostics, sources) = (&report.diagnostics, &report.sources);
    write(
        terminal.err,
        Format::Text,
        Color::Always,
        diagnostics,
        sources,
        &[],
    )
}

/// Prints the files one after the other, headed as `head` does it.
fn print(rendered: &[RenderedFile], out: &mut dyn Write) -> io::Result<()> {
    for (index, file) in rendered.iter().enumerate() {
        let gap = if index == 0 { "" } else { "\n" };
        write!(out, "{gap}==> {} <==\n{}", file.path, file.text)?;
    }
    Ok(())
}
