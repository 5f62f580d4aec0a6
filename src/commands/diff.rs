//! `diff`: the change that `generate` would make, first what it means, then line by line.

use std::path::PathBuf;

use crate::commands::apply::Mode;
use crate::commands::generate::warn;
use crate::commands::outcome::{Patch, tell};
use crate::commands::{Failure, Status, Terminal, project};

/// What `diff` is asked to do.
#[derive(Debug)]
pub struct Options {
    /// The manifest.
    pub manifest: PathBuf,
}

/// Compares and shows; writes nothing.
pub fn run(options: &Options, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    let project = project::load(&options.manifest)?;
    warn(&project, terminal)?;
    let outcome = project.apply(Mode::Check, &[])?;
    tell(terminal, &outcome, Mode::Check, Patch::Shown)?;
    Ok(outcome.status(Mode::Check))
}
