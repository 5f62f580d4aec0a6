//! Workflows: those that are planned, and what users add to them.

use crate::manifest::Value;
use crate::manifest::model::Choice;
use crate::manifest::raw::{Effect, Split, WorkflowKind};
use crate::pipeline::{DispatchInput, Phase, Trigger};
use crate::source::Location;

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
