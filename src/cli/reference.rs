//! The words of `cicd reference`.

use clap::Args;

use crate::commands::reference::Options;

/// Tell about the manifest: its keys, and the languages, scanners and targets it can name
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cicd reference gates\n  cicd reference stack.test\n  cicd reference coverage\n  cicd reference scanners\n  cicd reference > manifest.md"
)]
pub(super) struct Flags {
    /// A key, a path of keys, or a table such as `languages`; the whole page if left out
    topic: Option<String>,
}

impl From<Flags> for Options {
    fn from(flags: Flags) -> Self {
        Self { topic: flags.topic }
    }
}
