//! The planned workflows as plain data.
//!
//! A [`Pipeline`] is everything that will be written, with every choice made:
//! the renderer only lays it out. It knows neither the manifest it came from
//! nor YAML. The types live below the building blocks, so that a block can
//! contribute jobs and steps from one file.

mod expression;
mod job;
mod own;
mod permission;
mod phase;
mod rename;
mod step;
mod support;
mod text;
mod trigger;
mod updates;

pub use expression::Expression;
pub use job::{Concurrency, Environment, Job, Matrix, ReusableCall, Runner, Service};
pub use own::{OwnWorkflow, Unpinned};
pub use permission::{Access, Permissions, Scope};
pub use phase::Phase;
pub use step::{Action, Script, Step, Work};
pub use support::{Advice, Care, SupportFile, Upkeep};
pub use text::{Part, Text};
pub use trigger::{DispatchInput, InputKind, PushFilter, Trigger};
pub use updates::Updates;

use crate::knowledge::WORKFLOWS;

/// Everything that one manifest becomes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pipeline {
    /// The workflow files, in the order in which they are written.
    pub workflows: Vec<Workflow>,
    /// Those that are the user's own, as they are written in the manifest.
    pub own: Vec<OwnWorkflow>,
    /// Other files that the workflows need.
    pub support: Vec<SupportFile>,
    /// What a bot keeps up to date; nothing if it is not asked to.
    pub updates: Vec<Updates>,
    /// The GitHub environments that the jobs name, with the protection that
    /// only the repository's settings can give them.
    pub environments: Vec<EnvironmentSettings>,
}

/// One workflow file.
#[derive(Debug, Clone, PartialEq)]
pub struct Workflow {
    /// File name without folder and extension; a validated identifier.
    pub file: String,
    /// The name shown on GitHub.
    pub name: String,
    /// What a reader should know first; lines of a comment, may be empty.
    pub about: Vec<String>,
    /// The name of each run, if it should say more than the commit's title.
    pub run_name: Option<Text>,
    /// What starts it.
    pub triggers: Vec<Trigger>,
    /// Variables of all jobs. Never secrets: every step would see them.
    pub env: Vec<(String, Text)>,
    /// Concurrency of whole runs. Deploys have it at job level instead.
    pub concurrency: Option<Concurrency>,
    /// The jobs, in reading order.
    pub jobs: Vec<Job>,
}

impl Workflow {
    /// The path of the file within the repository.
    pub fn path(&self) -> String {
        format!("{WORKFLOWS}{}.yml", self.file)
    }

    /// The job with this id.
    pub fn job(&self, id: &str) -> Option<&Job> {
        self.jobs.iter().find(|job| job.id == id)
    }

    /// The ids of the jobs of a phase, in order.
    pub fn ids_of(&self, phase: Phase) -> Vec<String> {
        let of_phase = self.jobs.iter().filter(|job| job.phase == phase);
        of_phase.map(|job| job.id.clone()).collect()
    }
}

/// What GitHub must be told about an environment, since no workflow can say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentSettings {
    /// The environment's name.
    pub name: String,
    /// Users and teams of whom one must approve; empty: nobody has to.
    pub reviewers: Vec<String>,
    /// Branch patterns that may deploy; both lists empty: any ref.
    pub branches: Vec<String>,
    /// Tag patterns that may deploy.
    pub tags: Vec<String>,
    /// Why the environment exists, for the person who sets it up.
    pub purpose: String,
}
