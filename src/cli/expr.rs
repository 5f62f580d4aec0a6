//! The words of `cicd expr`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::commands::expr;

/// Evaluate expressions of GitHub Actions
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cicd expr eval \"contains('v1.2.3-rc1', '-rc')\"\n  \
                  cicd expr eval --context contexts.json \"github.ref_name || 'main'\""
)]
pub(super) struct Flags {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print the value of an expression as JSON, by GitHub's own rules
    Eval {
        /// The expression, with or without ${{ }}
        #[arg(
            required_unless_present = "batch",
            value_name = "EXPRESSION",
            allow_hyphen_values = true
        )]
        text: Option<String>,

        /// A JSON file with the contexts, such as {"github": {"ref": "refs/heads/main"}}; - for standard input
        #[arg(long, value_name = "FILE", conflicts_with = "batch")]
        context: Option<PathBuf>,

        /// Read lines {"expr": …, "context": {…}} and answer each with {"result": …} or {"error": …}
        #[arg(long, conflicts_with = "text")]
        batch: bool,
    },
}

impl From<Flags> for expr::Options {
    fn from(flags: Flags) -> Self {
        let What::Eval { text, context, .. } = flags.what;
        match text {
            Some(text) => Self::One { text, context },
            None => Self::Batch,
        }
    }
}
