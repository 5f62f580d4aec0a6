//! The words of `cicd drift`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::commands::drift::Options;
use crate::report;

/// Say which generated files have drifted from the manifest, why, and what mends each
///
/// Compares what the manifest asks for with what is there; reads nothing else, and
/// nothing from the network. Files that differ only in layout or line ends are told,
/// but are no fault.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Flags {
    /// Manifests, or folders with one
    #[arg(value_name = "MANIFEST", default_value = "cicd.yml")]
    manifests: Vec<PathBuf>,

    /// For people, for programs, or for whatever shows findings
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: DriftFormat,
}

const EXAMPLES: &str = "\
Examples:
  cicd drift                                                what has drifted, and why
  cicd drift --format github                                annotations in a run of GitHub Actions
  cicd drift --format markdown >> \"$GITHUB_STEP_SUMMARY\"   the same in the summary of the job
  cicd drift --format patch | git apply                     all files as generated";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DriftFormat {
    /// What it means, then the lines
    Text,
    /// A line for each: path:line:column: severity[cause] message
    Oneline,
    /// One document
    Json,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// Annotations in a run of GitHub Actions
    Github,
    /// JUnit's XML
    Junit,
    /// A table, for the summary of a job on GitHub
    Markdown,
    /// What `git apply` takes to make all files as generated
    Patch,
}

impl Flags {
    /// The form of messages; a patch is no message, and what is wrong is told to people.
    pub(super) fn format(&self) -> report::Format {
        match self.format {
            DriftFormat::Text | DriftFormat::Patch => report::Format::Text,
            DriftFormat::Oneline => report::Format::Oneline,
            DriftFormat::Json => report::Format::Json,
            DriftFormat::Sarif => report::Format::Sarif,
            DriftFormat::Github => report::Format::Github,
            DriftFormat::Junit => report::Format::Junit,
            DriftFormat::Markdown => report::Format::Markdown,
        }
    }
}

impl From<Flags> for Options {
    fn from(flags: Flags) -> Self {
        Self {
            patch: flags.format == DriftFormat::Patch,
            manifests: flags.manifests,
        }
    }
}
