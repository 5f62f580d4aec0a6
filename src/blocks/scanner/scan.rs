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
    /// The languages of those components, by their usual names.
    pub languages: Vec<&'static str>,
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

    /// Reports on each component, about a file or folder in it.
    pub(super) fn json_of_each(&self, about: &str) -> Vec<JsonReport> {
        let each = self.components.iter();
        each.map(|component| self.json_of(component, about))
            .collect()
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

/// Programs as a scanner sees them.
pub struct BinaryScope<'a> {
    /// Whose report it is.
    pub scanner: &'static Scanner,
    /// The folder of its reports.
    pub reports: &'a str,
    /// The folder of the programs.
    pub folder: Text,
    /// The file that says what they are made of, for findings to point at.
    pub about: String,
    /// As for a repository.
    pub cached: bool,
}

impl BinaryScope<'_> {
    /// The SARIF file of the scanner's name.
    pub fn sarif(&self) -> String {
        format!("{}/{}-binaries.sarif", self.reports, self.scanner.name)
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

/// A command for each report, made of its path and of what it is about.
pub(super) fn each(reports: &[JsonReport], command: impl Fn(&str, &str) -> String) -> String {
    let commands = reports.iter();
    let commands = commands.map(|report| command(&report.path, &report.about));
    commands.collect::<Vec<_>>().join("\n")
}

/// The reports as scripts read them.
pub(super) fn reports(reports: &[JsonReport]) -> String {
    let lines = reports.iter();
    let lines = lines.map(|report| format!("{} {}", report.path, report.about));
    lines.collect::<Vec<_>>().join("\n")
}

/// Makes one SARIF file of all JSON reports of a scanner: GitHub refuses two of the same tool.
pub(super) fn to_sarif(scope: &Scope<'_>, script: &'static str, parts: &[JsonReport]) -> Step {
    Step::script(
        format!("Convert the report ({})", scope.scanner.name),
        script,
    )
    .env("REPORTS", reports(parts))
    .env("SARIF", scope.sarif())
}

/// The same of reports that are SARIF already.
pub(super) fn together(scope: &Scope<'_>, parts: &[JsonReport]) -> Step {
    to_sarif(scope, "sarif-together", parts).env("TOOL", scope.scanner.name)
}

/// The same of lists of packages with their licences.
pub(super) fn licenses_to_sarif(scope: &Scope<'_>, parts: &[JsonReport]) -> Step {
    to_sarif(scope, "licenses-to-sarif", parts)
        .env("TOOL", scope.scanner.name)
        .env("ALLOWED_LICENSES", scope.licenses.join("\n"))
}
