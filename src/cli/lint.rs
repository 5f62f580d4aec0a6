//! The words of `cicd lint`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use crate::cli::FindingsFlag;
use crate::commands::lint::{self, Fixes, baseline::Task};
use crate::diagnostics::Applicability;

/// Find what is wrong in workflows and actions, whoever wrote them
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cicd lint\n  cicd lint .github/workflows/ci.yml --format json\n  \
                  cicd lint - --stdin-filename .github/workflows/ci.yml < ci.yml\n  \
                  cicd lint --diff --unsafe-fixes",
    group(ArgGroup::new("fixing").args(["fix", "diff"]).multiple(true))
)]
pub(super) struct Flags {
    /// Files and folders; a folder stands for its workflows and actions, - for standard input.
    /// Default: the repository
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// The name by which standard input is judged and told of
    #[arg(long, value_name = "FILE")]
    stdin_filename: Option<String>,

    /// Groups or rules to tell of, such as `correctness` or `needs-cycle`. Default: all but `policy`
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    select: Vec<String>,

    /// Fix what can be fixed without a doubt, in the files; exits with 1 if one changed
    #[arg(long)]
    fix: bool,

    /// Fix also what a person should look at afterwards
    #[arg(long, requires = "fixing")]
    unsafe_fixes: bool,

    /// Show as a diff what `--fix` would change, and write nothing
    #[arg(long)]
    diff: bool,

    /// Groups or rules not to tell of
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    ignore: Vec<String>,

    /// Tell only what is not in this file of known findings
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// Write what is found into the file of known findings
    #[arg(long, requires = "baseline")]
    write_baseline: bool,

    /// Print the settings of actionlint and zizmor as ours instead of linting
    #[arg(long, conflicts_with_all = ["select", "ignore", "baseline", "format"])]
    import_config: bool,

    /// Ask nobody over the network, which is what happens anyway
    #[arg(long)]
    offline: bool,

    /// Leave scripts unread by ShellCheck, which reads them if it is installed
    #[arg(long)]
    no_shellcheck: bool,

    #[command(flatten)]
    pub(super) format: FindingsFlag,
}

impl From<Flags> for lint::Options {
    fn from(flags: Flags) -> Self {
        let up_to = if flags.unsafe_fixes {
            Applicability::Unsafe
        } else {
            Applicability::Safe
        };
        Self {
            fix: (flags.fix || flags.diff).then_some(Fixes {
                up_to,
                diff: flags.diff,
            }),
            paths: flags.paths,
            stdin_name: flags.stdin_filename,
            select: flags.select,
            ignore: flags.ignore,
            import_config: flags.import_config,
            baseline: flags.baseline.map(|file| match flags.write_baseline {
                true => (file, Task::Write),
                false => (file, Task::Use),
            }),
            shellcheck: !flags.no_shellcheck,
        }
    }
}
