//! Components: what is checked, tested and built.

use crate::blocks::language::{Language, Tool};
use crate::blocks::scanner::Scanner;
use crate::blocks::service::Ready;
use crate::blocks::words::RepoPath;
use crate::manifest::raw::{Critical, Lighthouse, Load, Platform, Playwright, System};
use crate::pipeline::Phase;

/// A component, with all of its parts.
#[derive(Debug, Clone)]
pub struct Component {
    /// Its name.
    pub name: String,
    /// Its language.
    pub language: &'static Language,
    /// Versions of the language, at least one.
    pub versions: Vec<String>,
    /// Its package manager, with the version.
    pub package_manager: Option<(String, Option<String>)>,
    /// The folder of its source, within its folder.
    pub source: String,
    /// Files that list dependencies.
    pub dependencies: Vec<RepoPath>,
    /// Its lock file from the root; `none` if there is none.
    pub lockfile: Option<String>,
    /// The command that installs them, if the usual one does not.
    pub install: Option<String>,
    /// Packages of the runner's system that these and the tests need.
    pub system_packages: Vec<String>,
    /// What its tests need beside them.
    pub services: Vec<Ready>,
    /// Its static checks.
    pub lint: Vec<Lint>,
    /// Texts whose places in the sources are shown.
    pub warn_on: Vec<String>,
    /// The folder of its SQL migrations, from the root.
    pub migrations: Option<String>,
    /// Its suites, in the order in which they run.
    pub suites: Vec<Suite>,
    /// How it is built.
    pub build: Option<Build>,
    /// Its programs for several systems.
    pub binaries: Option<Binaries>,
    /// What Lighthouse must say of its pages.
    pub lighthouse: Option<Lighthouse>,
    /// Folders that its tests keep from run to run.
    pub cache: Vec<RepoPath>,
    /// Variables of its steps.
    pub env: Vec<(String, String)>,
    /// Its folders: one, or one for each member.
    pub parts: Vec<Part>,
}

impl Component {
    /// The suite of this name.
    pub fn suite(&self, name: &str) -> Option<&Suite> {
        self.suites.iter().find(|suite| suite.name == name)
    }

    /// Whether a scanner that looks at single languages looks at it; others look at all.
    pub fn understood_by(&self, scanner: &Scanner) -> bool {
        let names = self.language.names;
        let default = self.language.package_managers.first().copied();
        let named = self.package_manager.as_ref().map(|(name, _)| name.as_str());
        let manager = named.or(default).unwrap_or_default();
        (scanner.languages.is_empty() || names.iter().any(|name| scanner.languages.contains(name)))
            && (scanner.managers.is_empty() || scanner.managers.contains(&manager))
    }

    /// Its images with the parts they are made of.
    pub fn images(&self) -> impl Iterator<Item = (&Part, &Image)> {
        self.parts
            .iter()
            .filter_map(|part| part.image.as_ref().map(|image| (part, image)))
    }
}

/// How a component is built.
#[derive(Debug, Clone)]
pub struct Build {
    /// The command.
    pub run: String,
    /// The folder within the component's that it leaves.
    pub output: Option<String>,
    /// The command that looks into the build.
    pub analyze: Option<String>,
    /// The largest sizes in bytes, of `total` or of the files of a pattern.
    pub budget: Vec<(String, u64)>,
}

/// Programs for several systems.
#[derive(Debug, Clone)]
pub struct Binaries {
    /// The command that builds them.
    pub run: String,
    /// The systems.
    pub platforms: Vec<System>,
}

/// A folder of a component.
#[derive(Debug, Clone)]
pub struct Part {
    /// The component's name, or the member's.
    pub name: String,
    /// The folder, `.` for the root.
    pub path: String,
    /// Its image.
    pub image: Option<Image>,
}

/// A container image.
#[derive(Debug, Clone)]
pub struct Image {
    /// Its name behind `registry/owner/repository/`.
    pub name: String,
    /// The Dockerfile, from the root.
    pub dockerfile: String,
    /// The folder sent to the build.
    pub context: String,
    /// The build stage of each environment.
    pub stages: Vec<(String, String)>,
    /// Whether it is built with the checks.
    pub with_checks: bool,
    /// Whether it is built for deployments.
    pub for_deploy: bool,
    /// The largest size, in megabytes.
    pub max_megabytes: Option<u64>,
    /// Whether a larger one only warns.
    pub size_warns: bool,
    /// The platforms that it is published for.
    pub platforms: Vec<Platform>,
    /// The variable by which Compose files name it.
    pub variable: String,
}

/// A static check.
#[derive(Debug, Clone)]
pub enum Lint {
    /// A known tool, with arguments of the user's.
    Tool(&'static Tool, Option<String>),
    /// A command line.
    Command(String),
}

/// A suite of tests.
#[derive(Debug, Clone)]
pub struct Suite {
    /// `unit`, `integration`, `e2e`, `performance` or `regression`.
    pub name: &'static str,
    /// Its command.
    pub run: Option<String>,
    /// Least coverage in percent.
    pub coverage: Option<u32>,
    /// Files that matter most, with their least coverage.
    pub critical: Option<Critical>,
    /// Least coverage of the lines that a pull request changes, in percent.
    pub changed: Option<u32>,
    /// Whether the component's services run beside it.
    pub services: bool,
    /// The command that fills them with the data of the tests.
    pub fixtures: Option<String>,
    /// Compose files of the system under test.
    pub compose: Vec<RepoPath>,
    /// The Compose service in which the command runs.
    pub service: Option<String>,
    /// Minutes after which it is ended.
    pub timeout: u32,
    /// The benchmark results that it writes.
    pub benchmark: Option<RepoPath>,
    /// A load test.
    pub load: Option<Load>,
    /// Playwright's projects, if it runs the suite.
    pub playwright: Option<Playwright>,
}

impl Suite {
    /// The phase of its job.
    pub fn phase(&self) -> Phase {
        match self.name {
            "unit" => Phase::Test,
            "integration" => Phase::Integration,
            "e2e" => Phase::EndToEnd,
            "performance" => Phase::Performance,
            _ => Phase::Regression,
        }
    }
}
