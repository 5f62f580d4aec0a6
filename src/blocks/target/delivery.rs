//! What a planner asks of a target, and what every target answers.

use crate::blocks::migration::Migration;
use crate::pipeline::{Step, Text};

/// A release on its way to an environment, with every choice made.
#[derive(Debug, Clone)]
pub struct Delivery<'a> {
    /// The environment's name.
    pub environment: &'a str,
    /// The part of the environment, if it is deployed by itself.
    pub part: Option<&'a str>,
    /// The project's name in small letters.
    pub project: &'a str,
    /// The registry of the images.
    pub registry: &'a str,
    /// What is deployed.
    pub version: Text,
    /// The images by the variables that name them, each with the address of its tag.
    pub images: Vec<(String, Text)>,
    /// The same with digests, lines `NAME=image@sha256:…`, once they are found out.
    pub digests: Text,
    /// Whether two colours take turns.
    pub blue_green: bool,
    /// The steps that set up and build the component that the target names.
    pub prepare: Vec<Step>,
    /// The folder of that component; nothing for the root.
    pub folder: Option<&'a str>,
    /// The address of the environment.
    pub url: Option<&'a str>,
    /// The address whose health is asked for.
    pub health_url: Option<String>,
    /// Where the version is named in that answer.
    pub version_from: Option<&'a str>,
    /// Where the roll-back script lies, for targets that people roll back on the spot.
    pub rollback_script: &'a str,
    /// The database that is dumped first.
    pub backup: Option<Database<'a>>,
    /// What migrates the database.
    pub migrate: Option<Migrate<'a>>,
}

/// A database next to the application.
#[derive(Debug, Clone)]
pub struct Database<'a> {
    /// The project that runs it.
    pub project: &'a str,
    /// Its service.
    pub service: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its user.
    pub user: &'a str,
    /// How many dumps are kept.
    pub kept: u16,
}

/// What migrates a database.
#[derive(Debug, Clone, Copy)]
pub struct Migrate<'a> {
    /// The command that goes forward.
    pub forward: &'a str,
    /// The tool, if it is a known one.
    pub tool: Option<&'static Migration>,
}

impl Migrate<'_> {
    /// Returns the script that migrates from the runner, for tools that have one.
    pub(super) fn script(self) -> Option<&'static str> {
        self.tool?.from_runner
    }
}

/// The steps of a deployment. The job checks out the release before, and asks for
/// the public health and runs the smoke tests between `bring` and `finish`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stages {
    /// Connects and records what is live. The step `record` gives the output
    /// `previous_version`.
    pub record: Vec<Step>,
    /// Brings the release, up to the moment in which users meet it.
    pub bring: Vec<Step>,
    /// Tidies up when all tests have passed.
    pub finish: Vec<Step>,
    /// What a roll-back must know of this deployment: nothing until it has begun.
    pub undo: Text,
}

/// What a roll-back undoes.
#[derive(Debug, Clone)]
pub enum Undo {
    /// This deployment only, by what its stages gave as `undo`.
    Deployment(Text),
    /// Whatever is live, by hand; to the release with this name, where the target
    /// has no record of the one before.
    Live(Text),
}

/// A roll-back. The step `rollback` gives the output `version`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RollBack {
    /// Whether the repository must be checked out for it.
    pub checkout: bool,
    /// Its steps.
    pub steps: Vec<Step>,
    /// Whether `version` is what the application itself reports.
    pub reported: bool,
}
