//! The manifest after validation: every reference resolved, every default made.

mod component;
mod environment;
mod workflow;

pub use component::{Binaries, Build, Component, Image, Lint, Part, Suite};
pub use environment::{
    Approval, Deployment, Emergency, Environment, Place, Role, Rollback, RollbackApproval, Scope,
};
pub use workflow::{Hatches, Own, OwnName, OwnSteps, Workflow};

use indexmap::IndexMap;

use super::raw::{
    Datadog, Effect, Email, Event, PagerDuty, QuickScan, Sentry, Slack, WorkflowKind,
};
use crate::blocks::scanner::Scanner;
use crate::blocks::words::{Line, Reviewer, Url};
use crate::lock::PinMode;
use crate::pipeline::OwnWorkflow;

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
