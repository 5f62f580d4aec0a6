//! Scanners: each looks for one kind of finding and leaves a SARIF report.
//!
//! No scanner judges what it found: all reports go through one severity policy
//! (`templates/scripts/severity-policy.sh`). A step here fails only when the
//! scanner itself could not do its work.
//!
//! To add one: its file beside this one, a `mod` line and its line in [`ALL`].

mod bandit;
mod bundler_audit;
mod cargo_audit;
mod cargo_licenses;
mod checkov;
mod codeql;
mod composer_audit;
mod conftest;
mod deno_audit;
mod dependency_check;
mod docker_scout;
mod dotnet_audit;
mod eslint_security;
mod gitleaks;
mod go_licenses;
mod gosec;
mod govulncheck;
mod govulncheck_binary;
mod grype;
mod hadolint;
mod kind;
mod kube_linter;
mod npm_audit;
mod npm_licenses;
mod osv_scanner;
mod pip_audit;
mod pip_licenses;
mod safety;
mod scan;
mod semgrep;
mod snyk;
mod sonarqube;
mod syft;
#[cfg(test)]
mod tests;
mod trivy;
mod trivy_config;
mod trivy_licenses;
mod trufflehog;
pub mod zap;

use crate::knowledge::tools;
use crate::pipeline::Step;

pub use kind::Kind;
pub use scan::{BinaryScope, Image, ImageScope, Scan, Scope};
pub use syft::SBOM;

use super::language::Component;
use scan::{each, licenses_to_sarif, reports, to_sarif, together};

/// Every scanner, by name.
pub static ALL: &[&Scanner] = &[
    &bandit::SCANNER,
    &bundler_audit::SCANNER,
    &cargo_audit::SCANNER,
    &cargo_licenses::SCANNER,
    &checkov::SCANNER,
    &codeql::SCANNER,
    &composer_audit::SCANNER,
    &conftest::SCANNER,
    &deno_audit::SCANNER,
    &dependency_check::SCANNER,
    &docker_scout::SCANNER,
    &dotnet_audit::SCANNER,
    &eslint_security::SCANNER,
    &gitleaks::SCANNER,
    &go_licenses::SCANNER,
    &gosec::SCANNER,
    &govulncheck::SCANNER,
    &govulncheck_binary::SCANNER,
    &grype::SCANNER,
    &hadolint::SCANNER,
    &kube_linter::SCANNER,
    &npm_audit::SCANNER,
    &npm_licenses::SCANNER,
    &osv_scanner::SCANNER,
    &pip_audit::SCANNER,
    &pip_licenses::SCANNER,
    &safety::SCANNER,
    &semgrep::SCANNER,
    &snyk::SCANNER,
    &sonarqube::SCANNER,
    &syft::SCANNER,
    &trivy::SCANNER,
    &trivy_config::SCANNER,
    &trivy_licenses::SCANNER,
    &trufflehog::SCANNER,
];

/// General words of manifests: which kind of scanner they mean, and which one looks at
/// languages that have none of their own.
pub const WORDS: [(&str, Kind, &str); 3] = [
    ("code", Kind::Code, "semgrep"),
    ("dependencies", Kind::Dependencies, "osv-scanner"),
    ("licenses", Kind::Licenses, "trivy-licenses"),
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
    /// What it does with programs, if anything.
    pub binaries: Option<fn(&BinaryScope<'_>) -> Scan>,
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
        binaries: None,
    };
}

/// The scanner of this name.
pub fn find(name: &str) -> Option<&'static Scanner> {
    ALL.iter().copied().find(|scanner| scanner.name == name)
}

/// A program that `taiki-e/install-action` holds against its checksum.
fn released(tool: &str) -> Step {
    let named = format!("{tool}@{}", tools::version(tool));
    Step::uses(format!("Install {tool}"), "taiki-e/install-action").with("tool", named)
}

/// A Go program, built from what Go's database of checksums vouches for. It may need
/// a newer Go than the project has.
fn go_install(tool: &str, module: &str) -> String {
    format!(
        "GOTOOLCHAIN=auto go install {module}@v{}",
        tools::version(tool)
    )
}

/// A Python tool in an environment of its own, at the version that we ship.
fn pipx(tool: &str) -> String {
    format!("pipx install {tool}=={}", tools::version(tool))
}
