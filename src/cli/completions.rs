//! `cicd completions`: what a shell needs to complete the words of the program.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::cli::Cli;
use crate::commands::{Failure, Status, Terminal};

/// Print a script that completes the commands in your shell
#[derive(Debug, Args)]
#[command(
    after_help = "Example: cicd completions bash > ~/.local/share/bash-completion/completions/cicd"
)]
pub(super) struct Flags {
    /// The shell
    shell: Shell,
}

/// Prints the script; only clap knows the words, so no command does this.
pub(super) fn run(flags: &Flags, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    // Written to memory first, because the generator panics on a closed pipe.
    let mut script = Vec::new();
    clap_complete::generate(flags.shell, &mut Cli::command(), "cicd", &mut script);
    terminal.out.write_all(&script)?;
    Ok(Status::Clean)
}
