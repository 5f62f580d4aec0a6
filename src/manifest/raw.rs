//! The manifest as it is written: every key with its meaning, everything optional.
//!
//! The published JSON Schema is made from these types: doc comments become the
//! descriptions that editors show. Nothing is defaulted here; the validation
//! does that last, when all layers are known.

mod database;
mod environment;
mod gates;
mod image;
mod linting;
mod monitor;
mod people;
mod rollback;
mod stack;
mod start;
mod suite;
mod web;
mod workflow;

pub use database::{Backup, Host, Migrations, Moment};
pub use environment::{
    Artifacts, Deploy, DeployTests, EndToEnd, Environment, LiveTest, Part, Verify,
};
pub use gates::{Effect, Gates, Scanner, Severities};
pub use image::{BuildMoment, Image, Platform};
pub use linting::{Linting, Server, Weight};
pub use monitor::{Limit, Limits, Monitor, Prometheus, Source};
pub use people::{
    Approval, Changes, Datadog, Email, Emergency, Event, Notify, PagerDuty, Role, Sentry, Slack,
    Via,
};
pub use rollback::{Rollback, RollbackApproval, RollbackMode};
pub use stack::{Component, Lint, Member, Service};
pub use start::{After, Naming, Window};
pub use suite::{Coverage, Critical, Load, Minutes, Suite, Tests};
pub use web::{Binaries, Budget, Build, Lighthouse, Playwright, System};
pub use workflow::{Ejected, Field, QuickScan, Split, Workflow, WorkflowKind};

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use crate::blocks::shape::{Flexible, OneOrMany};
pub use crate::blocks::target::Strategy;
use crate::blocks::words::{Line, Name, Url};
use crate::lock::PinMode;

/// What a project is, where it runs, what must hold before it ships and who must say yes.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Raw {
    /// Version of the manifest's format: 1.
    pub version: FormatVersion,
    /// Manifests that this one builds on: shipped presets by name, files by path. Later ones win.
    #[serde(default)]
    pub extends: OneOrMany<Line>,
    /// The project's name, used for Compose projects and in messages.
    pub name: Option<Name>,
    /// Facts about the repository on GitHub that change what is right.
    #[serde(default)]
    pub repository: Repository,
    /// How workflows name the actions that they use; the pins file does so, too. Default: `sha`.
    #[serde(default)]
    pub pins: PinMode,
    /// What the project is made of.
    #[serde(default)]
    pub stack: IndexMap<Name, Component>,
    /// What must hold before a release.
    #[serde(default)]
    pub gates: Gates,
    /// What all environments have in common; each is merged onto it as onto a layer below.
    pub environment_defaults: Option<Environment>,
    /// Where the project runs.
    #[serde(default)]
    pub environments: IndexMap<Name, Environment>,
    /// Who must say yes before an environment is deployed to; as `security-review`, who
    /// decides on findings that the gates leave to a person.
    #[serde(default)]
    pub approvals: IndexMap<Name, Approval>,
    /// Who is told what.
    #[serde(default)]
    pub notify: Notify,
    /// Places to show in messages, such as a dashboard: label and address.
    #[serde(default)]
    pub links: IndexMap<Line, Url>,
    /// The workflow files. Left out, there is one for checks and one for each environment.
    #[serde(default)]
    pub workflows: IndexMap<Name, Flexible<Workflow>>,
    /// How `cicd lint` judges the repository's workflows and actions.
    #[serde(default)]
    pub lint: Linting,
}

/// The number 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FormatVersion;

impl<'de> Deserialize<'de> for FormatVersion {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Number(number) if number.as_u64() == Some(1) => Ok(Self),
            other => Err(serde::de::Error::custom(format!(
                "{other} is not a known format version"
            ))),
        }
    }
}

#[cfg(test)]
impl schemars::JsonSchema for FormatVersion {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FormatVersion".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"title": "the format version", "type": "integer", "enum": [1]})
    }
}

/// Facts about the repository on GitHub that change what is right.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Repository {
    /// The branch that everything is merged into. Default: `main`.
    pub default_branch: Option<Line>,
    /// Who can see it. Required reviewers need a public repository or GitHub Enterprise.
    pub visibility: Option<Visibility>,
    /// What is paid for.
    pub plan: Option<Plan>,
    /// Where images are published. Default: `ghcr.io`.
    pub registry: Option<Line>,
    /// The runner of all jobs. Default: `ubuntu-24.04`.
    #[serde(default)]
    pub runner: OneOrMany<Line>,
    /// Whether scan results may be uploaded to GitHub's code scanning. Default: yes for
    /// public repositories and with GitHub Enterprise, no for other private ones; where
    /// the visibility is not given, each run decides by the repository it runs in.
    pub code_scanning: Option<bool>,
    /// How often Dependabot looks for updates of actions, packages and base images; a
    /// repository that configures it or Renovate itself keeps its own. Default: `weekly`.
    pub dependabot: Option<UpdateInterval>,
}

/// How often a bot looks for updates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum UpdateInterval {
    /// On working days.
    Daily,
    /// On Mondays.
    Weekly,
    /// On the first of the month.
    Monthly,
    /// Not at all, and no file is written for it.
    Never,
}

/// Who can see a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Visibility {
    Public,
    Internal,
    Private,
}

/// GitHub's plans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Plan {
    Free,
    Pro,
    Team,
    Enterprise,
}
