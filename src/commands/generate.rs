//! `generate`: the manifest's files onto the disk, or the proof that they are there.

use std::io::{self, Write};
use std::path::PathBuf;

use crate::commands::apply::{Mode, Outcome};
use crate::commands::outcome::{Patch, tell};
use crate::commands::project::{self, Project};
use crate::commands::{Failure, Status, Terminal, git, reason};
use crate::diagnostics::Diagnostic;
use crate::lock::LOCK_PATH;
use crate::render::RenderedFile;
use crate::source::Sources;

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
    /// Whether git must have been told of all files.
    pub tracked: bool,
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
    super::pins::remind(&project, terminal)?;
    let status = match outcome.status(mode) {
        Status::Changed => options.changed,
        status => status,
    };
    if options.tracked && status == Status::Clean {
        return tracked(&project, &outcome, terminal);
    }
    Ok(status)
}

/// Tells of files that a commit would leave out: whoever commits has not looked at them yet.
fn tracked(
    project: &Project,
    outcome: &Outcome,
    terminal: &mut Terminal<'_>,
) -> Result<Status, Failure> {
    let ours = outcome
        .changes
        .iter()
        .filter(|change| change.after.is_some());
    let paths: Vec<_> = ours
        .map(|change| change.path.as_str())
        .chain([LOCK_PATH])
        .collect();
    let unknown = git::untracked(&project.root, &paths).map_err(|error| {
        Diagnostic::error("git", "git cannot tell which files it knows")
            .note(reason(&error))
            .help("run this in a git repository, or without `--tracked`")
    })?;
    if unknown.is_empty() {
        return Ok(Status::Clean);
    }
    let paths: Vec<_> = unknown
        .iter()
        .map(|path| project.spoken.path(path))
        .collect();
    let told = unknown.iter().map(|path| {
        let message = format!("`{}` is not in git yet", project.spoken.path(path));
        Diagnostic::error("untracked", message)
            .note("the commit would leave it out")
            .help(format!("run `git add {}`", paths.join(" ")))
    });
    terminal.report(&told.collect(), &Sources::new())?;
    Ok(Status::Changed)
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
