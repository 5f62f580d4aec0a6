//! The words of `cicd schema`.

use clap::Args;

use crate::commands::schema::Of;

/// Print the JSON Schema of manifests, or of the linter's settings
///
/// Editors complete and check `cicd.yml` with it, and no network is needed.
#[derive(Debug, Args)]
#[command(after_help = "Example: cicd schema > cicd.schema.json")]
pub(super) struct Flags {
    /// That of `.github/cicd/lint.yml`
    #[arg(long)]
    lint: bool,
}

impl Flags {
    pub(super) fn of(&self) -> Of {
        if self.lint { Of::Linting } else { Of::Manifest }
    }
}
