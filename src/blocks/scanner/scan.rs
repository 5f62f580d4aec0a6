//! What a scanner is given, and what it answers.

use super::Scanner;
use crate::blocks::language::{Component, Folder};
use crate::pipeline::{Step, Text};

/// A repository as a scanner sees it.
pub struct Scope<'a> {
    /// Whose report it is.
    pub scanner: &'static Scanner,
    /// The folder of its reports.
    pub reports: &'a str,
    /// The components of a language that the scanner understands.
    pub components: Vec<Component<'a>>,
    /// Licences that are allowed.
    pub licenses: &'a [String],
    /// Whether databases are kept for the next run. Never where a release is made:
    /// whoever can write to the cache could hide a finding.
    pub cached: bool,
}

impl Scope<'_> {
    /// The SARIF file of the scanner's name.
    pub fn sarif(&self) -> String {
        format!("{}/{}.sarif", self.reports, self.scanner.name)
    }

    /// A JSON report on everything, of a scanner that knows no SARIF.
    pub(super) fn json(&self, about: String) -> JsonReport {
        JsonReport {
            path: format!("{}/{}.json", self.reports, self.scanner.name),
            about,
        }
    }

    /// The same on one component, in a file of its own.
    pub(super) fn json_of(&self, component: &Component<'_>, about: &str) -> JsonReport {
        let part = match component.path {
            Folder::Fixed(".") | Folder::Matrix => String::new(),
            Folder::Fixed(path) => format!("-{}", path.replace('/', "-")),
        };
        JsonReport {
            path: format!("{}/{}{part}.json", self.reports, self.scanner.name),
            about: component.fixed_file(about),
        }
    }
}

/// An image to scan.
#[derive(Debug, Clone)]
pub struct Image {
    /// A tag in the local Docker, or an address with a digest.
    pub reference: Text,
    /// Whether it is in the local Docker. Otherwise the job has logged in to its registry.
    pub local: bool,
}

/// An image as a scanner sees it.
pub struct ImageScope<'a> {
    /// Whose report it is.
    pub scanner: &'static Scanner,
    /// The folder of its reports.
    pub reports: &'a str,
    /// The image.
    pub image: &'a Image,
    /// As for a repository.
    pub cached: bool,
}

impl ImageScope<'_> {
    /// The SARIF file of the scanner's name.
    pub fn sarif(&self) -> String {
        format!("{}/{}-image.sarif", self.reports, self.scanner.name)
    }
}

/// The run of a scanner.
#[derive(Debug)]
pub struct Scan {
    /// Its steps.
    pub steps: Vec<Step>,
    /// The SARIF file that they leave, or a folder of such files; nothing if there is
    /// nothing to judge.
    pub report: Option<String>,
}

impl Scan {
    /// A run that leaves this SARIF file.
    pub(super) fn new(report: String, steps: Vec<Step>) -> Self {
        Self {
            steps,
            report: Some(report),
        }
    }
}

/// A JSON report of a scanner that knows no SARIF.
pub(super) struct JsonReport {
    /// Its path.
    pub(super) path: String,
    /// The file that its findings point at, unless they know better.
    pub(super) about: String,
}

/// Makes one SARIF file of all reports of a scanner: GitHub refuses two of the same tool.
pub(super) fn to_sarif(scope: &Scope<'_>, script: &'static str, reports: &[JsonReport]) -> Step {
    let lines: Vec<_> = reports
        .iter()
        .map(|report| format!("{} {}", report.path, report.about))
        .collect();
    Step::script(
        format!("Convert the report ({})", scope.scanner.name),
        script,
    )
    .env("REPORTS", lines.join("\n"))
    .env("SARIF", scope.sarif())
}

/// The same of lists of packages with their licences.
pub(super) fn licenses_to_sarif(scope: &Scope<'_>, reports: &[JsonReport]) -> Step {
    to_sarif(scope, "licenses-to-sarif", reports)
        .env("TOOL", scope.scanner.name)
        .env("ALLOWED_LICENSES", scope.licenses.join("\n"))
}
