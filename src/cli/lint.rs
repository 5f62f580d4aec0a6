//! The words of `cicd lint`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::FormatFlag;
use crate::commands::lint;

/// Find what is wrong in workflows and actions, whoever wrote them
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cicd lint\n  cicd lint .github/workflows/ci.yml --format json\n  \
                  cicd lint - --stdin-filename .github/workflows/ci.yml < ci.yml"
)]
pub(super) struct Flags {
    /// Files and folders; a folder stands for its workflows and actions, - for standard input
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,

    /// The name by which standard input is judged and told of
    #[arg(long, value_name = "FILE")]
    stdin_filename: Option<String>,

    /// Groups or rules to tell of, such as `correctness` or `needs-cycle`. Default: all
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    select: Vec<String>,

    /// Ask nobody over the network, which is what happens anyway
    #[arg(long)]
    offline: bool,

    /// Leave scripts unread by ShellCheck, which reads them if it is installed
    #[arg(long)]
    no_shellcheck: bool,

    #[command(flatten)]
    pub(super) format: FormatFlag,
}

impl From<Flags> for lint::Options {
    fn from(flags: Flags) -> Self {
        Self {
            paths: flags.paths,
            stdin_name: flags.stdin_filename,
            select: flags.select,
            shellcheck: !flags.no_shellcheck,
        }
    }
}
