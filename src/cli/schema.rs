//! The words of `cicd schema`.

use clap::Args;

/// Print the JSON Schema of manifests
///
/// Editors complete and check `cicd.yml` with it, and no network is needed.
#[derive(Debug, Args)]
#[command(after_help = "Example: cicd schema > cicd.schema.json")]
pub(super) struct Flags {}
