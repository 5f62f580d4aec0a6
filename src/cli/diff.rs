//! The words of `cicd diff`.

use clap::Args;

use crate::cli::{FormatFlag, ManifestFlag};
use crate::commands::diff::Options;

/// Show what `generate` would change
///
/// First what it means to jobs, triggers and permissions, then line by line in a
/// form that `git apply` takes. Exits with 1 if there is a change.
#[derive(Debug, Args)]
#[command(after_help = "Example: cicd diff --manifest services/api/cicd.yml")]
pub(super) struct Flags {
    #[command(flatten)]
    manifest: ManifestFlag,

    #[command(flatten)]
    pub(super) format: FormatFlag,
}

impl From<Flags> for Options {
    fn from(flags: Flags) -> Self {
        Self {
            manifest: flags.manifest.manifest,
        }
    }
}
