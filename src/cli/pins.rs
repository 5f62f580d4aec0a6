//! The words of `cicd pins`.

use std::time::Duration;

use clap::{Args, Subcommand};

use crate::cli::generate::portable;
use crate::cli::{FindingsFlag, FormatFlag, ManifestFlag};
use crate::commands::{Failure, Status, Terminal, pins};
use crate::pins::Reach;

/// Check and raise the commits and releases at which actions are used
///
/// Alone it does what `check` does.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  cicd pins\n  cicd pins update --min-age 14d\n  cicd pins update actions/checkout --major\n  cicd pins absorb"
)]
pub(super) struct Flags {
    #[command(flatten)]
    check: Check,

    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Args)]
struct Check {
    #[command(flatten)]
    manifest: ManifestFlag,

    #[command(flatten)]
    format: FindingsFlag,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Hold the pins file, the workflows, their comments and the locks against each other
    ///
    /// Offline. Each finding says where it is and which command mends it. With
    /// `pins: lock` in the manifest, GitHub's own `actions.lock` is verified, too.
    #[command(after_help = "Example: cicd pins check --format github")]
    Check(Check),

    /// Look for newer releases, and write them into the pins file and the workflows
    ///
    /// Asks each repository with `git ls-remote`. Pre-releases are left out, and nothing
    /// goes back. A release must be some days old, by the later of the times that its tag
    /// and its commit bear; both were set by whoever made it.
    #[command(
        after_help = "Examples:\n  cicd pins update --dry-run\n  cicd pins update actions/checkout --major"
    )]
    Update {
        /// Only these: `owner/name` for all actions of a repository, or one with its path
        #[arg(value_name = "ACTION")]
        actions: Vec<String>,

        #[command(flatten)]
        manifest: ManifestFlag,

        /// How old a release must be, in hours, days or weeks; 0 takes any
        #[arg(long, value_name = "AGE", default_value = "7d", value_parser = age)]
        min_age: Duration,

        /// Take new major versions, too
        #[arg(long)]
        major: bool,

        /// Write nothing; exit with 1 if there is something newer
        #[arg(long)]
        dry_run: bool,

        /// Where the repositories of the actions are, such as a GitHub Enterprise Server
        #[arg(long, value_name = "URL", default_value = "https://github.com")]
        server: String,

        #[command(flatten)]
        format: FormatFlag,
    },

    /// Take refs that were moved in generated workflows into the pins file
    ///
    /// For what a bot or a person did to a workflow in place of the pins. Refuses
    /// everything else that was edited; then nothing is written. Exits with 1 when it
    /// took something.
    #[command(after_help = "Example: cicd pins absorb .github/workflows/ci.yml")]
    Absorb {
        /// The workflows to look at; all by default
        #[arg(value_name = "FILE")]
        files: Vec<String>,

        #[command(flatten)]
        manifest: ManifestFlag,

        #[command(flatten)]
        format: FormatFlag,
    },
}

impl Flags {
    pub(super) fn format(&self) -> crate::report::Format {
        match &self.what {
            None => self.check.format.format.into(),
            Some(What::Check(check)) => check.format.format.into(),
            Some(What::Update { format, .. } | What::Absorb { format, .. }) => format.format.into(),
        }
    }

    pub(super) fn run(self, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
        match self.what {
            None => pins::check(&self.check.manifest.manifest, terminal),
            Some(What::Check(check)) => pins::check(&check.manifest.manifest, terminal),
            Some(What::Update {
                actions,
                manifest,
                min_age,
                major,
                dry_run,
                server,
                ..
            }) => {
                let options = pins::Update {
                    manifest: manifest.manifest,
                    actions,
                    min_age,
                    reach: if major { Reach::Any } else { Reach::Major },
                    dry_run,
                    server,
                };
                pins::update(&options, terminal)
            }
            Some(What::Absorb {
                files, manifest, ..
            }) => {
                let options = pins::Absorb {
                    manifest: manifest.manifest,
                    files: files.iter().map(|path| portable(path)).collect(),
                };
                pins::absorb(&options, terminal)
            }
        }
    }
}

/// `7d`, `36h`, `2w` or `0`.
fn age(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no age; write it like `7d`, `36h` or `2w`");
    let hour = 60 * 60;
    let (number, unit) = match text.char_indices().last() {
        Some((at, 'h')) => (&text[..at], hour),
        Some((at, 'd')) => (&text[..at], 24 * hour),
        Some((at, 'w')) => (&text[..at], 7 * 24 * hour),
        _ if text == "0" => (text, 0),
        _ => return Err(wrong()),
    };
    let number: u32 = number.parse().map_err(|_| wrong())?;
    Ok(Duration::from_secs(u64::from(number) * unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_a_unit() {
        let days = |days: u64| Duration::from_secs(days * 24 * 60 * 60);
        assert_eq!(age("7d"), Ok(days(7)));
        assert_eq!(age("2w"), Ok(days(14)));
        assert_eq!(age("48h"), Ok(days(2)));
        assert_eq!(age("0"), Ok(Duration::ZERO));
        for wrong in ["", "7", "d", "-1d", "1.5d", "7days", "99999999999d"] {
            assert!(age(wrong).is_err(), "{wrong}");
        }
    }
}
