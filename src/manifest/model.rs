//! The manifest after validation: every reference resolved, every default made.

mod environment;

pub use environment::{
    Approval, Deployment, Emergency, Environment, Place, Role, Rollback, RollbackApproval, Scope,
};

use indexmap::IndexMap;

use super::Value;
use super::raw::{
    Critical, Datadog, Effect, Email, Event, Lighthouse, Load, PagerDuty, Platform, Playwright,
    QuickScan, Sentry, Slack, Split, System, WorkflowKind,
};
use crate::blocks::language::{Language, Tool};
use crate::blocks::scanner::Scanner;
use crate::blocks::service::Ready;
use crate::blocks::words::{Line, RepoPath, Reviewer, Url};
use crate::lock::PinMode;
use crate::pipeline::{DispatchInput, OwnWorkflow, Phase, Trigger};
use crate::source::Location;

/// A valid manifest.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// The project's name in small letters, as Compose wants it.
    pub name: String,
    /// The branch that everything is merged into.
    pub default_branch: String,
    /// Where images are published.
    pub registry: String,
    /// Labels of the runner of all jobs.
    pub runner: Vec<String>,
    /// Whether scan results are uploaded to code scanning.
    pub code_scanning: CodeScanning,
    /// How often a bot looks for updates; nothing if it does not.
    pub updates: Option<&'static str>,
    /// How workflows name the actions that they use.
    pub pins: PinMode,
    /// What the project is made of.
    pub components: Vec<Component>,
    /// What must hold.
    pub gates: Gates,
    /// Where it runs.
    pub environments: Vec<Environment>,
    /// Who decides on findings that the gates leave to a person.
    pub security_reviewers: Vec<Reviewer>,
    /// Slack, if it is told something.
    pub slack: Option<Slack>,
    /// Datadog, if it is told something.
    pub datadog: Option<Datadog>,
    /// Mailboxes, if they are told something.
    pub email: Option<Email>,
    /// PagerDuty, if somebody is on call there.
    pub pagerduty: Option<PagerDuty>,
    /// Whether a roll-back opens an incident.
    pub incident: bool,
    /// Sentry, if it gets the releases.
    pub sentry: Option<Sentry>,
    /// Whether Uptime Robot watches what is deployed.
    pub uptime_robot: bool,
    /// Places to show in messages.
    pub links: IndexMap<Line, Url>,
    /// The workflow files.
    pub workflows: Vec<Workflow>,
    /// Those in GitHub's own syntax.
    pub own: Vec<OwnWorkflow>,
}

/// The environment whose reviewers decide on findings.
pub const REVIEW_ENVIRONMENT: &str = "security-review";

/// Whether scan results are uploaded to code scanning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeScanning {
    /// They are.
    On,
    /// They are not.
    Off,
    /// Where the repository turns out to be public: elsewhere it must be paid for.
    IfPublic,
}

impl Manifest {
    /// Whether a workflow of its own publishes the images, so that deployments only fetch them.
    pub fn publishes_images(&self) -> bool {
        self.workflows
            .iter()
            .any(|workflow| workflow.kind == WorkflowKind::Images)
    }

    /// The component of this name.
    pub fn component(&self, name: &str) -> Option<&Component> {
        self.components
            .iter()
            .find(|component| component.name == name)
    }
}

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

/// What must hold.
#[derive(Debug, Clone)]
pub struct Gates {
    /// Least coverage of all suites together, in percent.
    pub coverage: Option<u32>,
    /// Whether Codecov shows it.
    pub codecov: bool,
    /// What vulnerabilities do.
    pub vulnerabilities: BySeverity,
    /// What dangerous code does.
    pub code: BySeverity,
    /// What a secret does.
    pub secrets: BySeverity,
    /// What a broken policy does.
    pub policy: BySeverity,
    /// Licences that are allowed.
    pub licenses: Vec<String>,
    /// What an image that runs as root does.
    pub root_user: Option<Effect>,
    /// Whether images are signed where they are published, and verified before a deployment.
    pub provenance: bool,
    /// The action that compares generated files with the manifest.
    pub generated: Option<String>,
    /// The scanners.
    pub scanners: Vec<Choice>,
}

/// What findings do, from critical to low.
pub type BySeverity = [(&'static str, Effect); 4];

/// A scanner that the manifest asks for.
#[derive(Debug, Clone, Copy)]
pub struct Choice {
    /// Which one.
    pub scanner: &'static Scanner,
    /// The most that its findings may do, whatever the gate says.
    pub at_most: Option<Effect>,
}

/// A workflow file.
#[derive(Debug, Clone)]
pub struct Workflow {
    /// Its file's name without extension.
    pub file: String,
    /// The name shown on GitHub.
    pub name: String,
    /// What it is for.
    pub kind: WorkflowKind,
    /// What starts it; for deployments, the environment says so.
    pub triggers: Vec<Trigger>,
    /// The environment of a deployment, as an index into the manifest's.
    pub environment: Option<usize>,
    /// The environments of a whole pipeline, in order, as indexes.
    pub environments: Vec<usize>,
    /// Scanners that run with the checks.
    pub scan: Option<(Vec<Choice>, Effect)>,
    /// The suites that run.
    pub suites: Vec<&'static str>,
    /// How work is split into jobs.
    pub split: Split,
    /// Other ids for jobs, by phase.
    pub ids: Vec<(Phase, String)>,
    /// Other names for the inputs of runs by hand.
    pub inputs: Vec<OwnName>,
    /// More inputs of runs by hand, each with the place where it is asked for.
    pub ask: Vec<(DispatchInput, Location)>,
    /// The user's own steps, jobs and changes.
    pub hatches: Hatches,
    /// Whether the file is the user's: others depend on it as on any other, and it is not written.
    pub ejected: bool,
    /// Where the manifest asks for it, or for what it follows from.
    pub place: Location,
}

impl Workflow {
    /// Whether it deploys to the environment with this index.
    pub fn deploys_to(&self, environment: usize) -> bool {
        self.environment == Some(environment) || self.environments.contains(&environment)
    }
}

/// A name that the user gives to something of ours.
#[derive(Debug, Clone)]
pub struct OwnName {
    /// What we call it.
    pub name: String,
    /// Where that is written.
    pub key: Location,
    /// What the user calls it.
    pub own: String,
    /// Where that is written.
    pub place: Location,
}

/// The user's own steps, jobs and changes, in GitHub's syntax, as they are written.
#[derive(Debug, Clone, Default)]
pub struct Hatches {
    /// Steps before or after a phase.
    pub steps: Vec<OwnSteps>,
    /// Jobs.
    pub jobs: Vec<Own>,
    /// Changes to generated jobs.
    pub overlays: Vec<Own>,
    /// Where other ids for jobs are written.
    pub ids: Vec<(String, Location)>,
}

/// Steps at an anchor.
#[derive(Debug, Clone)]
pub struct OwnSteps {
    /// Where the anchor is written.
    pub key: Location,
    /// Whether they come before the phase, or after it.
    pub before: bool,
    /// The phase.
    pub phase: Phase,
    /// The steps.
    pub steps: Vec<Value>,
}

/// A job, or a change of one.
#[derive(Debug, Clone)]
pub struct Own {
    /// The job's id.
    pub id: String,
    /// Where the id is written.
    pub key: Location,
    /// Its keys.
    pub value: Value,
}

/// The names of the scanners that a quick scan asks for, and what it does.
pub(super) fn quick_scan(scan: &QuickScan) -> Effect {
    scan.effect.unwrap_or(Effect::Block)
}

/// Whether somebody is told of this.
pub fn tells(on: &[Event], event: Event, default: &[Event]) -> bool {
    if on.is_empty() {
        default.contains(&event)
    } else {
        on.contains(&event)
    }
}
