//! What a planner asks of a target, and what every target answers.

use serde::Deserialize;

use crate::blocks::backup::Database;
use crate::blocks::migration::Migration;
use crate::pipeline::{Access, Expression, Scope, Step, Text};

/// A release on its way to an environment, with every choice made.
#[derive(Debug, Clone)]
pub struct Delivery<'a> {
    /// The environment's name.
    pub environment: &'a str,
    /// Its environment on GitHub.
    pub github_environment: &'a str,
    /// The part of the environment, if it is deployed by itself.
    pub part: Option<&'a str>,
    /// The project's name in small letters.
    pub project: &'a str,
    /// The registry of the images.
    pub registry: &'a str,
    /// What is deployed.
    pub version: Text,
    /// The commit that it is made from.
    pub commit: Text,
    /// The images by the variables that name them, each with the address of its tag.
    pub images: Vec<(String, Text)>,
    /// The same with digests, lines `NAME=image@sha256:…`, once they are found out.
    pub digests: Text,
    /// How it takes the place of the release before.
    pub strategy: Strategy,
    /// What is true of a run that asks for a canary, where runs can.
    pub canary: Option<Expression>,
    /// The query by which a release is judged while it has some of the traffic.
    pub prometheus: Option<Query<'a>>,
    /// The folder of the component that the target names; nothing for the root.
    pub folder: Option<&'a str>,
    /// The steps that set up and build that component, for a preview or a roll-back that does so.
    pub rebuild: Vec<Step>,
    /// The job that shows the deployment's effect before anybody is asked.
    pub preview_job: String,
    /// The address of the environment.
    pub url: Option<&'a str>,
    /// The address whose health is asked for.
    pub health_url: Option<String>,
    /// Where the version is named in that answer.
    pub version_from: Option<&'a str>,
    /// Where the roll-back script lies, for targets that people roll back on the spot.
    pub rollback_script: &'a str,
    /// The database that the target dumps first, next to the application.
    pub backup: Option<Database<'a>>,
    /// What migrates the database in a container of the new image.
    pub migrate: Option<Migrate<'a>>,
}

impl Delivery<'_> {
    /// Records which commit is live, by GitHub's own list of deployments.
    pub(super) fn record_commit(&self) -> Step {
        Step::script("Record what is live", "deployed-commit")
            .id("record")
            .env("ENVIRONMENT", self.github_environment)
            .env("GH_TOKEN", Expression::new("github.token"))
            .allow(
                Scope::Deployments,
                Access::Read,
                "find the commit that is live",
            )
    }

    /// The step that migrates in the new image, before or after the release takes over.
    pub(super) fn migrations(
        &self,
        step: impl Fn(Migrate<'_>) -> Step,
    ) -> (Option<Step>, Option<Step>) {
        match self.migrate {
            Some(migrate) if migrate.after => (None, Some(step(migrate))),
            Some(migrate) => (Some(step(migrate)), None),
            None => (None, None),
        }
    }

    /// Runs a step in the folder of the component that the target names.
    pub(super) fn in_folder(&self, step: Step) -> Step {
        match self.folder {
            Some(folder) => step.folder(folder),
            None => step,
        }
    }
}

/// Checks a commit out; the token is not kept in the work tree.
pub(super) fn check_out(commit: Text) -> Step {
    Step::uses("Check out what was live", "actions/checkout")
        .with("persist-credentials", "false")
        .with("ref", commit)
        .allow(Scope::Contents, Access::Read, "check out")
}

/// The last step of a roll-back that rebuilds a commit: tells which one is live again.
pub(super) fn is_live_again(commit: Text) -> Step {
    let told = "echo \"version=$COMMIT\" >> \"$GITHUB_OUTPUT\"\necho \"$COMMIT is live again\"";
    Step::run("Tell what is live", told)
        .id("rollback")
        .env("COMMIT", commit)
}

/// What shows a deployment's effect before anybody is asked for approval: steps of a
/// job that has checked out the release, and its outputs. The component that the target
/// names is built there if it is at all, and not by the deployment.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// Its steps.
    pub steps: Vec<Step>,
    /// Its outputs.
    pub outputs: Vec<(&'static str, Expression)>,
    /// Whether the steps read secrets of the environment.
    pub secrets: bool,
}

/// A query of Prometheus, with the number above which it is bad.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// The address of the server.
    pub url: &'a str,
    /// The query; it gives one number.
    pub query: &'a str,
    /// The limit.
    pub limit: f64,
}

/// How a release takes the place of the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// In its place.
    #[default]
    Direct,
    /// In its place, one service or pod after the other, each once the one before is healthy.
    Rolling,
    /// Beside it; the traffic is switched when it is healthy.
    BlueGreen,
    /// Beside it; it gets more and more of the traffic while it does well.
    Canary,
}

impl Strategy {
    /// Its name in manifests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Rolling => "rolling",
            Self::BlueGreen => "blue-green",
            Self::Canary => "canary",
        }
    }
}

/// What migrates a database in a container of the new image.
#[derive(Debug, Clone, Copy)]
pub struct Migrate<'a> {
    /// The command that goes forward.
    pub forward: &'a str,
    /// The tool, if it is a known one.
    pub tool: Option<&'static Migration>,
    /// Whether it waits until the release is live.
    pub after: bool,
}

/// The steps of a deployment. The job checks out the release before, builds the component
/// that the target names, and logs in to AWS if the manifest names an account. Backups and
/// migrations from the runner come between `record` and `bring`; the public health and the
/// smoke tests between `bring` and `finish`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stages {
    /// Connects and records what is live. The step `record` gives the output
    /// `previous_version`, where the target knows it.
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
