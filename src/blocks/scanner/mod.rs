//! Scanners: each looks for one kind of finding and leaves a SARIF report.
//!
//! No scanner judges what it found: all reports go through one severity policy
//! (`templates/scripts/severity-policy.sh`). A step here fails only when the
//! scanner itself could not do its work.
//!
//! To add one: its file beside this one, a `mod` line and its line in [`ALL`].

mod bandit;
mod checkov;
mod codeql;
mod docker_scout;
mod gitleaks;
mod grype;
mod kind;
mod npm_audit;
mod pip_audit;
mod pip_licenses;
mod safety;
mod scan;
mod semgrep;
mod snyk;
mod syft;
#[cfg(test)]
mod tests;
mod trivy;
mod trivy_config;
mod trufflehog;

use crate::knowledge::tools;

pub use kind::Kind;
pub use scan::{Image, ImageScope, Scan, Scope};

use super::language::Component;
use scan::{licenses_to_sarif, to_sarif};

/// Every scanner, by name.
pub static ALL: &[&Scanner] = &[
    &bandit::SCANNER,
    &checkov::SCANNER,
    &codeql::SCANNER,
    &docker_scout::SCANNER,
    &gitleaks::SCANNER,
    &grype::SCANNER,
    &npm_audit::SCANNER,
    &pip_audit::SCANNER,
    &pip_licenses::SCANNER,
    &safety::SCANNER,
    &semgrep::SCANNER,
    &snyk::SCANNER,
    &syft::SCANNER,
    &trivy::SCANNER,
    &trivy_config::SCANNER,
    &trufflehog::SCANNER,
];

/// General words of manifests: which kind of scanner they mean, and which one looks at
/// languages that have none of their own.
pub const WORDS: [(&str, Kind, &str); 3] = [
    ("code", Kind::Code, "semgrep"),
    ("dependencies", Kind::Dependencies, "trivy"),
    ("licenses", Kind::Licenses, "pip-licenses"),
];

/// The folder of all reports.
pub const REPORTS: &str = "reports";

/// What is known of a scanner.
#[derive(Debug)]
pub struct Scanner {
    /// Its name in manifests.
    pub name: &'static str,
    /// What it looks for.
    pub kind: Kind,
    /// Languages it understands; empty: any.
    pub languages: &'static [&'static str],
    /// Whether a general word such as `dependencies` means it for its languages.
    pub usual: bool,
    /// Package managers whose lock files it reads; empty: any.
    pub managers: &'static [&'static str],
    /// Whether it reads the whole history rather than the newest commit.
    pub history: bool,
    /// Whether the dependencies must be installed beside it.
    pub installed: bool,
    /// Secrets without which it is skipped.
    pub secrets: &'static [&'static str],
    /// How many minutes it may take.
    pub minutes: u32,
    /// How severe its findings are if it does not rate them.
    pub unrated: Option<&'static str>,
    /// What it does with a repository, if anything.
    pub repository: Option<fn(&Scope<'_>) -> Scan>,
    /// What it does with an image, if anything.
    pub image: Option<fn(&ImageScope<'_>) -> Scan>,
}

impl Scanner {
    /// What most scanners are like.
    const USUAL: Self = Self {
        name: "",
        kind: Kind::Dependencies,
        languages: &[],
        usual: false,
        managers: &[],
        history: false,
        installed: false,
        secrets: &[],
        minutes: 10,
        unrated: None,
        repository: None,
        image: None,
    };
}

/// The scanner of this name.
pub fn find(name: &str) -> Option<&'static Scanner> {
    ALL.iter().copied().find(|scanner| scanner.name == name)
}

/// A Python tool in an environment of its own, at the version that we ship.
fn pipx(tool: &str) -> String {
    format!("pipx install {tool}=={}", tools::version(tool))
}
