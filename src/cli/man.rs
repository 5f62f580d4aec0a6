//! `cicd man`: the manual pages, made from the same words as the help.

use clap::{Args, CommandFactory};

use crate::cli::Cli;
use crate::commands::{Failure, Status, Terminal};
use crate::diagnostics::{Diagnostic, nearest};

/// Print a manual page
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cicd man > ~/.local/share/man/man1/cicd.1
  cicd man drift > ~/.local/share/man/man1/cicd-drift.1")]
pub(super) struct Flags {
    /// The command that it is about, if not all of them
    command: Option<String>,
}

/// Prints the page; only clap knows the words, so no command does this.
pub(super) fn run(flags: &Flags, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    let mut all = Cli::command();
    all.build();
    let page = match &flags.command {
        None => all,
        Some(name) => match all.find_subcommand(name) {
            Some(found) => found.clone(),
            None => return Err(unknown(name, &all).into()),
        },
    };
    // Written to memory first, so that a closed pipe is told like any other.
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    terminal.out.write_all(&text)?;
    Ok(Status::Clean)
}

fn unknown(name: &str, all: &clap::Command) -> Diagnostic {
    let message = format!("there is no command `{}`", name.escape_debug());
    let unknown = Diagnostic::error("unknown-command", message);
    match nearest(name, all.get_subcommands().map(clap::Command::get_name)) {
        Some(near) => unknown.help(format!("did you mean `{near}`?")),
        None => unknown.help("`cicd --help` lists them"),
    }
}
