//! The words of `cicd init`.

use clap::Args;

use crate::cli::Format;
use crate::commands::init::Options;

/// Write a manifest for this repository, and the workflows with it
///
/// Looks at what is there (languages, versions, tools, services, images) or begins
/// with a preset. Asks before it writes when it runs on a terminal; touches no file
/// that is not its own.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cicd init\n  cicd init --dry-run\n  cicd init --preset ecommerce --yes demo"
)]
pub(super) struct Flags {
    /// The repository; made if it does not exist
    #[arg(value_name = "DIR", default_value = ".")]
    folder: std::path::PathBuf,

    /// Begin with a shipped preset instead of what is detected
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,

    /// Write without asking
    #[arg(long)]
    yes: bool,

    /// Write nothing; show what would be written
    #[arg(long)]
    dry_run: bool,

    /// Answer in JSON, for programs
    #[arg(long)]
    json: bool,
}

impl Flags {
    pub(super) fn format(&self) -> Format {
        if self.json {
            Format::Json
        } else {
            Format::Text
        }
    }
}

impl From<Flags> for Options {
    fn from(flags: Flags) -> Self {
        Self {
            folder: flags.folder,
            preset: flags.preset,
            yes: flags.yes,
            dry_run: flags.dry_run,
        }
    }
}
