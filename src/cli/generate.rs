//! The words of `cicd generate`.

use clap::Args;

use crate::cli::{FindingsFlag, ManifestFlag};
use crate::commands::Status;
use crate::commands::generate::{Options, Task};
use crate::commands::outcome::Patch;

/// Write the workflows that the manifest asks for
///
/// Writes only files that changed, all of them or none, and never one that it
/// did not write itself. Exits with 1 when it changed something.
#[derive(Debug, Args)]
#[command(after_help = "Example: cicd generate --check --diff")]
pub(super) struct Flags {
    #[command(flatten)]
    manifest: ManifestFlag,

    /// Write nothing; exit with 1 if a file differs
    #[arg(long)]
    check: bool,

    /// Show the changes line by line
    #[arg(long)]
    diff: bool,

    /// Print the files instead of writing them
    #[arg(long, conflicts_with_all = ["check", "diff", "force", "format", "tracked"])]
    stdout: bool,

    /// Overwrite or remove this file even if it was edited or is not ours; may be repeated
    #[arg(long, value_name = "PATH", conflicts_with = "check")]
    force: Vec<String>,

    /// Exit with 0 when files were changed, too
    #[arg(long, conflicts_with = "check")]
    exit_zero: bool,

    /// Exit with 1, too, if git was never told of a generated file
    #[arg(long, conflicts_with_all = ["check", "format"])]
    tracked: bool,

    #[command(flatten)]
    pub(super) format: FindingsFlag,
}

impl From<Flags> for Options {
    fn from(flags: Flags) -> Self {
        Self {
            manifest: flags.manifest.manifest,
            task: match flags {
                Flags { stdout: true, .. } => Task::Print,
                Flags { check: true, .. } => Task::Check,
                _ => Task::Write,
            },
            patch: if flags.diff {
                Patch::Shown
            } else {
                Patch::Hidden
            },
            tracked: flags.tracked,
            force: flags.force.iter().map(|path| portable(path)).collect(),
            changed: if flags.exit_zero {
                Status::Clean
            } else {
                Status::Changed
            },
        }
    }
}

/// A path as people type it, in the form that the lock has.
pub(super) fn portable(path: &str) -> String {
    let path = if cfg!(windows) {
        path.replace('\\', "/")
    } else {
        path.to_owned()
    };
    path.strip_prefix("./").map(str::to_owned).unwrap_or(path)
}
