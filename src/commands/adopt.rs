//! `adopt`: hand-written workflows become entries of the manifest, and stay what they are.
//!
//! What becomes of each file is decided and proved first, on the files that the new
//! manifest renders; then manifest, outputs and lock are written in one step.

mod files;
mod judge;
mod own_jobs;
mod proposal;
mod shapes;
mod tell;

use std::path::PathBuf;

pub(crate) use files::within;
pub use judge::{Fate, Known, Own, Planned, What};
pub use proposal::{Proposal, propose};

use crate::commands::apply::{Mode, Outcome};
use crate::commands::{Failure, Status, Terminal, Unanswered};
use crate::source::Sources;

/// What `adopt` is asked to do.
#[derive(Debug, Clone)]
pub struct Options {
    /// The workflows; none for all that are written by hand.
    pub files: Vec<PathBuf>,
    /// The manifest, which need not exist.
    pub manifest: PathBuf,
    /// Whether to write nothing.
    pub dry_run: bool,
    /// Whether to write without asking.
    pub yes: bool,
    /// Whether planned workflows replace those that differ from them.
    pub accept_differences: bool,
}

/// Adopts.
pub fn run(options: &Options, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    let mut proposal = propose(options)?;
    if !options.accept_differences && proposal.differs() && asks(options, terminal) {
        proposal.show_differences(terminal.out)?;
        let question = "Take the planned workflows in their place?";
        if terminal.confirmed(question, Unanswered::No)? {
            let accepting = Options {
                accept_differences: true,
                ..options.clone()
            };
            proposal = propose(&accepting)?;
        }
    }
    let check = written(&proposal, Mode::Check)?;
    if !proposal.adopts() || options.dry_run {
        tell::tell(terminal, &proposal, &check)?;
        return Ok(status(options, &proposal));
    }
    // Told before anything is written: one refusal stops all of it.
    if !check.refusals().is_empty() {
        return Err(Failure::new(check.refusals(), Sources::new()));
    }
    if asks(options, terminal) {
        tell::tell(terminal, &proposal, &check)?;
        let question = format!(
            "Write this into `{}`, with its files?",
            proposal.manifest_shown
        );
        if !terminal.confirmed(&question, Unanswered::Yes)? {
            writeln!(terminal.out, "Nothing was written.")?;
            return Ok(Status::Clean);
        }
        written(&proposal, Mode::Write)?;
        writeln!(terminal.out, "Written.")?;
        return Ok(status(options, &proposal));
    }
    let outcome = written(&proposal, Mode::Write)?;
    tell::tell(terminal, &proposal, &outcome)?;
    Ok(status(options, &proposal))
}

fn written(proposal: &Proposal, mode: Mode) -> Result<Outcome, Failure> {
    proposal.project.transfer(mode, &proposal.transfer)
}

/// What is refused is told by the exit code, too: the work that was asked for by name was not done.
fn status(options: &Options, proposal: &Proposal) -> Status {
    let refused = |fate: &Fate| match fate.what {
        What::Foreign(_) => !options.files.is_empty(),
        ref other => other.is_refused(),
    };
    match proposal.fates.iter().any(refused) {
        true if options.files.is_empty() => Status::Changed,
        true => Status::Failed,
        false => Status::Clean,
    }
}

fn asks(options: &Options, terminal: &Terminal<'_>) -> bool {
    terminal.can_ask() && !options.yes && !options.dry_run
}
