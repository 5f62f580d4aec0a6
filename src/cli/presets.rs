//! The words of `cicd presets`.

use clap::{Args, Subcommand};

use crate::cli::{FormatFlag, ManifestFlag};
use crate::commands::{Failure, Status, Terminal, presets};

/// List and show what manifests can build on
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cicd presets list\n  cicd presets show node-library\n  cicd presets show --resolved"
)]
pub(super) struct Flags {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the presets that ship
    List {
        #[command(flatten)]
        format: FormatFlag,
    },
    /// Print a preset, or a manifest with all that it builds on
    Show {
        /// The preset
        #[arg(required_unless_present = "resolved")]
        name: Option<String>,

        /// Print the manifest with all of its layers, each value with the place it comes from
        #[arg(long, conflicts_with = "name")]
        resolved: bool,

        #[command(flatten)]
        manifest: ManifestFlag,

        /// For people or for programs, who get the values of a resolved manifest
        #[arg(
            long,
            value_name = "FORMAT",
            default_value = "text",
            requires = "resolved"
        )]
        format: super::Format,
    },
}

impl Flags {
    pub(super) fn format(&self) -> crate::report::Format {
        match &self.what {
            What::List { format } => format.format.into(),
            What::Show { format, .. } => (*format).into(),
        }
    }

    pub(super) fn run(self, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
        match self.what {
            What::List { .. } => presets::list(terminal),
            What::Show {
                name: Some(name), ..
            } => presets::show(&name, terminal),
            What::Show { manifest, .. } => presets::show_resolved(&manifest.manifest, terminal),
        }
    }
}
