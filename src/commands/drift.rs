//! `drift`: which generated files are not as the manifest asks, why, and what mends each.

mod tell;

use std::path::{Path, PathBuf};

use crate::commands::apply::{Mode, Outcome};
use crate::commands::drift::tell::tell;
use crate::commands::outcome::write_patches;
use crate::commands::{Failure, Report, Status, Terminal, project};
use crate::parallel;

/// What `drift` is asked to do.
#[derive(Debug)]
pub struct Options {
    /// Manifests, or folders that hold one.
    pub manifests: Vec<PathBuf>,
    /// Whether a patch is wanted instead of what is to be said.
    pub patch: bool,
}

/// Compares and tells; writes no file.
///
/// A project that cannot be compared is told of, and the others are compared all the same.
pub fn run(options: &Options, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    let looked = parallel::map(&options.manifests, |path| look(path));
    let (mut outcomes, mut failed) = (Vec::new(), None::<Report>);
    for result in looked {
        match result {
            Ok(outcome) => outcomes.push(outcome),
            Err(Failure::Reported(report)) => failed.get_or_insert_default().append(*report),
            Err(other) => return Err(other),
        }
    }
    if options.patch {
        for outcome in &outcomes {
            write_patches(terminal.out, &outcome.changes, &outcome.spoken.folder)?;
        }
    } else if failed.is_none() || !outcomes.is_empty() {
        tell(terminal, &outcomes)?;
    }
    match failed {
        Some(report) => Err(Failure::Reported(Box::new(report))),
        None if outcomes.iter().any(has_drifted) => Ok(Status::Changed),
        None => Ok(Status::Clean),
    }
}

fn look(path: &Path) -> Result<Outcome, Failure> {
    let folder = path.is_dir();
    let inside = path.join("cicd.yml");
    let project = project::load(if folder { &inside } else { path })?;
    project.apply(Mode::Check, &[])
}

fn has_drifted(outcome: &Outcome) -> bool {
    outcome
        .verdicts()
        .iter()
        .any(|(verdict, _)| verdict.is_error())
}
