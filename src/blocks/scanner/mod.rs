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
mod gitleaks;
mod npm_audit;
mod pip_audit;
mod pip_licenses;
mod safety;
mod semgrep;
mod snyk;
mod trivy;
mod trufflehog;

use super::language::{Component, Folder};
use crate::knowledge::tools;
use crate::pipeline::{Expression, Step, Text};

/// Every scanner, by name.
pub static ALL: &[&Scanner] = &[
    &bandit::SCANNER,
    &checkov::SCANNER,
    &codeql::SCANNER,
    &gitleaks::SCANNER,
    &npm_audit::SCANNER,
    &pip_audit::SCANNER,
    &pip_licenses::SCANNER,
    &safety::SCANNER,
    &semgrep::SCANNER,
    &snyk::SCANNER,
    &trivy::SCANNER,
    &trufflehog::SCANNER,
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
    /// Whether it reads the whole history rather than the newest commit.
    pub history: bool,
    /// Whether the dependencies must be installed beside it.
    pub installed: bool,
    /// How severe its findings are if it does not rate them.
    pub unrated: Option<&'static str>,
    /// What it does on the runner.
    pub scan: fn(&Scope<'_>) -> Scan,
}

/// The run of a scanner.
#[derive(Debug)]
pub struct Scan {
    /// Whose run it is.
    pub scanner: &'static Scanner,
    /// Its steps.
    pub steps: Vec<Step>,
    /// The SARIF file that they leave, or a folder of such files.
    pub report: String,
}

impl Scan {
    /// A run that leaves the SARIF file of the scanner's name.
    fn new(scanner: &'static Scanner, steps: Vec<Step>) -> Self {
        Self {
            scanner,
            steps,
            report: scanner.report(),
        }
    }
}

impl Scanner {
    /// The SARIF file of its name.
    fn report(&self) -> String {
        format!("{}/{}.sarif", self.kind.reports(), self.name)
    }
}

/// What a scanner looks for. Gates speak of these kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Vulnerable dependencies.
    Dependencies,
    /// Dangerous code, by rules for one language.
    Code,
    /// Vulnerable images.
    Container,
    /// Secrets in the repository.
    Secrets,
    /// Dangerous code, by data flow over many languages.
    Sast,
    /// Licences of dependencies.
    Licenses,
    /// Broken rules of Dockerfiles, Compose files and workflows.
    Policy,
}

impl Kind {
    /// The folder of its reports. What one gate judges lies in one folder.
    pub fn reports(self) -> &'static str {
        match self {
            Self::Dependencies | Self::Container => "reports/vulnerabilities",
            Self::Code | Self::Sast => "reports/code",
            Self::Secrets => "reports/secrets",
            Self::Licenses => "reports/licenses",
            Self::Policy => "reports/policy",
        }
    }

    /// Every kind with its job's id and name.
    pub const JOBS: [(Self, &'static str, &'static str); 7] = [
        (Self::Dependencies, "dependency-scan", "Dependencies"),
        (Self::Code, "code-scan", "Code"),
        (Self::Container, "container-scan", "Container"),
        (Self::Secrets, "secret-scan", "Secrets"),
        (Self::Sast, "sast-scan", "Static analysis"),
        (Self::Licenses, "license-scan", "Licences"),
        (Self::Policy, "policy-scan", "Policy"),
    ];
}

/// What is scanned.
pub struct Scope<'a> {
    /// The components of a language that the scanner understands.
    pub components: Vec<Component<'a>>,
    /// Licences that are allowed.
    pub licenses: Vec<String>,
}

/// The scanner of this name.
pub fn find(name: &str) -> Option<&'static Scanner> {
    ALL.iter().copied().find(|scanner| scanner.name == name)
}

/// A Python tool in an environment of its own, at the version that we ship.
fn pipx(tool: &str) -> String {
    format!("pipx install {tool}=={}", tools::version(tool))
}

/// A JSON report of a scanner that knows no SARIF.
struct JsonReport {
    /// Its path.
    path: String,
    /// The file that its findings point at, unless they know better.
    about: String,
}

impl JsonReport {
    /// The report on one component, in a file of its own.
    fn of(scanner: &Scanner, component: &Component<'_>, about: String) -> Self {
        let part = match component.path {
            Folder::Fixed(".") | Folder::Matrix => String::new(),
            Folder::Fixed(path) => format!("-{}", path.replace('/', "-")),
        };
        let path = format!("{}/{}{part}.json", scanner.kind.reports(), scanner.name);
        Self { path, about }
    }
}

/// Makes one SARIF file of all reports of a scanner: GitHub refuses two of the same tool.
fn to_sarif(scanner: &Scanner, reports: &[JsonReport]) -> Step {
    let lines: Vec<_> = reports
        .iter()
        .map(|report| format!("{} {}", report.path, report.about))
        .collect();
    Step::script(
        format!("Convert the report ({})", scanner.name),
        "report-to-sarif",
    )
    .env("TOOL", scanner.name)
    .env("REPORTS", lines.join("\n"))
    .env("SARIF", scanner.report())
}

/// Scans an image that was built in this job.
pub fn image(image: Text) -> Scan {
    trivy::image(image)
}

/// Not where the token of a fork or of Dependabot may not upload.
pub fn may_upload() -> Expression {
    Expression::new(
        "github.event_name != 'pull_request' || \
         (github.event.pull_request.head.repo.full_name == github.repository && \
         github.event.pull_request.user.login != 'dependabot[bot]')",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_by_name() {
        assert!(ALL.is_sorted_by_key(|scanner| scanner.name));
    }

    #[test]
    fn every_scanner_leaves_a_report_of_its_name() {
        let component = Component {
            path: Folder::Fixed("services/api"),
            source: "src",
            version: "3.12".into(),
            package_manager: None,
            dependencies: &[],
            lockfile: crate::blocks::language::Lockfile::Usual,
            install: None,
            tools: Vec::new(),
            cached: true,
        };
        for scanner in ALL {
            let scope = Scope {
                components: vec![component.clone()],
                licenses: vec!["MIT".to_owned()],
            };
            let scan = (scanner.scan)(&scope);
            let expected = format!("{}/{}", scanner.kind.reports(), scanner.name);
            assert!(scan.report.starts_with(&expected), "{}", scan.report);
            let written = format!("{:?}", scan.steps);
            assert!(
                written.contains(&scan.report),
                "{}: {written}",
                scanner.name
            );
            assert!(std::ptr::eq(scan.scanner, *scanner));
        }
    }
}
