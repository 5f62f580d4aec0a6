//! The workflow files.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::Effect;
use crate::blocks::shape::{Flexible, OneOrMany, ShortForm};
use crate::blocks::words::{Line, Name, PathPattern, WorkflowFile};

/// A workflow file.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Workflow {
    /// What it is for. Default: `checks`.
    #[serde(default)]
    pub kind: WorkflowKind,
    /// The name shown on GitHub. Default: made from the file's name.
    pub name: Option<Line>,
    /// What starts it: `branch main`, `pull-request main develop`, `merge-group`, `schedule 0 2 * * *`, `dispatch`.
    #[serde(default)]
    pub on: OneOrMany<Line>,
    /// The environment, for the kinds `deploy` and `backup`.
    pub environment: Option<Name>,
    /// Paths whose changes on a branch start it, for the kind `database`: `drizzle/**`. A push migrates
    /// the first environment only, the others are migrated by hand.
    #[serde(default)]
    pub paths: Vec<PathPattern>,
    /// The environments, for the kind `pipeline`, each behind those it is `after`. Default:
    /// all that something is deployed to.
    #[serde(default)]
    pub environments: OneOrMany<Name>,
    /// Scanners that run with the checks.
    pub scan: Option<QuickScan>,
    /// How lint, unit tests and builds are split into jobs. Default: `phase`.
    #[serde(default)]
    pub split: Split,
    /// The suites that run. Default: all there are; regression only with the kind `tests`.
    #[serde(default)]
    pub suites: OneOrMany<Name>,
    /// Other ids for jobs, by phase: `images: build-push-production`.
    #[serde(default)]
    pub ids: IndexMap<Name, Name>,
    /// Other names for the fields of the form that starts it by hand: `version: tag`.
    #[serde(default)]
    pub inputs: IndexMap<Name, Name>,
    /// Fields of your own in that form, which your steps read as `inputs.NAME`: the options, of which
    /// the first one is the default, or the long form.
    #[serde(default)]
    pub ask: IndexMap<Name, Flexible<Field>>,
    /// Steps of your own at `before-PHASE` and `after-PHASE`, in GitHub's syntax.
    #[serde(default)]
    pub steps: IndexMap<Name, Vec<Value>>,
    /// Jobs of your own in GitHub's syntax; `before:` names jobs that wait for them.
    #[serde(default)]
    pub jobs: IndexMap<Name, Value>,
    /// Changes to generated jobs, by job id, in GitHub's syntax; `steps:` by step id or name.
    #[serde(default)]
    pub overlays: IndexMap<Name, Value>,
    /// The whole workflow in GitHub's own syntax, written into its file as it stands here, comments
    /// included; `uses: OWNER/ACTION` without a version has the one of the pins. Beside it stands
    /// nothing but `file`.
    pub own: Option<Map<String, Value>>,
    /// The file under `.github/workflows` that `own` is for. Default: the name and `.yml`.
    pub file: Option<WorkflowFile>,
    /// Whether the file is yours, as with `ci: ejected`: it is neither written nor compared, and
    /// whatever depends on the workflow still does. Default: false.
    #[serde(default)]
    pub ejected: bool,
}

impl Workflow {
    /// Says whether it only marks a workflow that follows from the rest as the user's.
    pub fn is_mark(&self) -> bool {
        *self == Self::from_short(Ejected::Ejected)
    }
}

/// The short form of a workflow whose file is the user's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Ejected {
    Ejected,
}

impl ShortForm for Workflow {
    type Short = Ejected;

    fn from_short(_: Ejected) -> Self {
        Self {
            ejected: true,
            ..Self::default()
        }
    }
}

/// A field of the form that starts a workflow by hand.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Field {
    /// What to enter. Default: its name.
    pub description: Option<Line>,
    /// What can be chosen; the first one is the default. Default: free text.
    #[serde(default)]
    pub options: Vec<Line>,
    /// What free text is if nothing is entered. Default: empty.
    pub default: Option<Line>,
    /// Whether free text must be entered. Default: false.
    #[serde(default)]
    pub required: bool,
}

impl ShortForm for Field {
    type Short = Vec<Line>;

    fn from_short(options: Vec<Line>) -> Self {
        Self {
            options,
            ..Self::default()
        }
    }
}

/// What a workflow is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum WorkflowKind {
    /// Lint, tests and builds of every change.
    #[default]
    Checks,
    /// The test suites, each by itself, and their coverage.
    Tests,
    /// All scanners, a job for each kind of finding.
    Security,
    /// Brings a release to its environment.
    Deploy,
    /// Everything: checks, scans, tests and images of every change, then each environment
    /// that the change is for. What it starts by is `on`, and `on` of the deployments.
    Pipeline,
    /// Goes back to the release before, by hand.
    Rollback,
    /// Migrates the databases of environments by themselves: plan, backup, migration, checks.
    Database,
    /// Backs up the database of its environment.
    Backup,
    /// Compares the infrastructure of each environment with what Terraform knows of it, by the
    /// clock, and opens an issue where it has changed. Default of `on`: each night, and by hand.
    Drift,
    /// Publishes the images of every push, which deployments then fetch by their commit.
    Images,
}

/// How work is split into jobs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Split {
    /// A job for each phase of a component.
    #[default]
    Phase,
    /// A job for each component, which goes through the phases.
    Component,
}

/// Scanners that run with the checks.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct QuickScan {
    /// Which of them.
    pub tools: OneOrMany<Name>,
    /// `block` as the gates say, or `warn` whatever is found. Default: block.
    pub effect: Option<Effect>,
}
