//! The words of `cicd adopt`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::{FormatFlag, ManifestFlag};
use crate::commands::adopt::Options;

/// Take hand-written workflows under management
///
/// Each becomes an entry of the manifest, with its comments and its layout, and is
/// written again below our header: its tree stays the same, which is proved before
/// anything is written. Pins that all agree on move into the pins file. Workflows of
/// other generators are left alone.
///
/// Where the manifest has no stack and the shape of a workflow is known, such as install,
/// lint and test, it also shows what a stack would plan in its place. Asks before it writes when it runs on a terminal.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cicd adopt --dry-run\n  cicd adopt .github/workflows/labeler.yml\n  cicd adopt --accept-differences"
)]
pub(super) struct Flags {
    /// The workflows; all that are written by hand if none is named
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    #[command(flatten)]
    manifest: ManifestFlag,

    /// Write nothing; show what would become of each
    #[arg(long)]
    dry_run: bool,

    /// Write without asking
    #[arg(long)]
    yes: bool,

    /// Take what the manifest plans, or can plan, in place of a workflow, although they differ
    #[arg(long)]
    accept_differences: bool,

    /// Answer in JSON, for programs
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    format: FormatFlag,
}

impl Flags {
    pub(super) fn format(&self) -> crate::report::Format {
        if self.json {
            crate::report::Format::Json
        } else {
            self.format.format.into()
        }
    }
}

impl From<Flags> for Options {
    fn from(flags: Flags) -> Self {
        Self {
            files: flags.files,
            manifest: flags.manifest.manifest,
            dry_run: flags.dry_run,
            yes: flags.yes,
            accept_differences: flags.accept_differences,
        }
    }
}
