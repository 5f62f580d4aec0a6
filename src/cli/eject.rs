//! The words of `cicd eject`.

use clap::Args;

use crate::cli::{FormatFlag, ManifestFlag};
use crate::commands::eject::Options;

/// Give a generated file back to you
///
/// It stays as it is on disk, without our header, and is yours from then on. What
/// the manifest and the lock say of it goes, or the manifest says that it is yours.
#[derive(Debug, Args)]
#[command(after_help = "Example: cicd eject .github/workflows/ci.yml")]
pub(super) struct Flags {
    /// The file
    #[arg(value_name = "FILE")]
    file: std::path::PathBuf,

    #[command(flatten)]
    manifest: ManifestFlag,

    /// Write nothing; show what would change
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    pub(super) format: FormatFlag,
}

impl From<Flags> for Options {
    fn from(flags: Flags) -> Self {
        Self {
            file: flags.file,
            manifest: flags.manifest.manifest,
            dry_run: flags.dry_run,
        }
    }
}
