//! The words of `cicd explain`.

use clap::Args;

/// Say what a rule of the linter finds, and why
#[derive(Debug, Args)]
#[command(after_help = "Example: cicd explain needs-cycle")]
pub(super) struct Flags {
    /// The rule; left out, all are listed
    #[arg(value_name = "RULE")]
    pub(super) rule: Option<String>,
}
