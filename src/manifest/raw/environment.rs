//! Where the project runs, and how a release gets there.

use indexmap::IndexMap;
use serde::Deserialize;

use super::{After, Backup, Effect, Lighthouse, Migrations, Monitor, Naming, Rollback, Window};
use crate::blocks::aws::Aws;
use crate::blocks::infrastructure::Infrastructure;
use crate::blocks::maintenance::Maintenance;
use crate::blocks::purge::Purge;
use crate::blocks::shape::{Flexible, OneOrMany, ShortForm};
use crate::blocks::target::{Strategy, TargetKeys};
use crate::blocks::words::{Command, Line, Name, PathPattern, Url, UrlPath};

/// Where the project runs.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Environment {
    /// Its public address. Default: that of its last part.
    pub url: Option<Url>,
    /// How a release gets there. Left out, nothing is deployed.
    pub deploy: Option<Deploy>,
    /// How one knows that it arrived.
    #[serde(default)]
    pub verify: Verify,
    /// What happens when it did not: `automatic`, `manual`, or the long form.
    #[serde(default)]
    pub rollback: Flexible<Rollback>,
    /// Whether a GitHub release is published after a good deployment. Default: false.
    pub release: Option<bool>,
    /// How long what its deployments are made of is kept. Default: 7 days for builds.
    pub artifacts: Option<Artifacts>,
    /// What people do after a good deployment: an issue that lists it. Default: no issue.
    #[serde(default)]
    pub follow_up: Vec<Line>,
    /// What it is made of, if its parts are deployed by themselves, one after the other.
    /// Each says its own `target` and what goes with it; `deploy` and `verify` beside them
    /// are for all parts together.
    #[serde(default)]
    pub parts: IndexMap<Name, Part>,
}

/// How long the artifacts of deployments are kept.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Artifacts {
    /// How many days; GitHub keeps them for up to 90 in public repositories.
    pub days: Option<u16>,
    /// How many of the newest builds stay when a deployment has gone well. Default: all of them.
    pub keep: Option<u16>,
}

/// A part of an environment that is deployed by itself, after the parts before it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Part {
    /// Its environment on GitHub, with its secrets. Default: the environment's name and the part's,
    /// as in `production-backend`.
    pub environment: Option<Name>,
    /// Its public address.
    pub url: Option<Url>,
    /// How a release gets there: `target`, `strategy`, `backup`, `migrate`, `terraform`, `purge`,
    /// `maintenance` and `aws`, which is that of the environment unless it is said. A target that runs images gets those of the component with the part's name, or all if there is none.
    pub deploy: Deploy,
    /// How one knows that it arrived, before the next part follows.
    #[serde(default)]
    pub verify: Verify,
}

/// How a release gets to an environment.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Deploy {
    /// What starts it: `branch develop`, `tag v*.*.*`, `dispatch`, or the success of another
    /// workflow, `after ci on develop`.
    #[serde(default)]
    pub on: OneOrMany<Line>,
    /// Workflow files that must have succeeded for the same commit, such as `ci`.
    #[serde(default)]
    pub requires: OneOrMany<Name>,
    /// Whether a run by hand must give a reason, with the input `reason`. Default: false.
    #[serde(default)]
    pub reason: bool,
    /// When it should begin: `mon-thu 08:00-17:00`, or the long form. Default: at any time.
    pub window: Option<Flexible<Window>>,
    /// The environment that should have had the release before; a warning if it had not.
    /// In a workflow of the kind `pipeline`, the deployment waits for that one.
    pub after: Option<Flexible<After>>,
    /// In a workflow of the kind `pipeline`: the phases it waits for, such as `test`, with an
    /// image of its own. Default: all of them.
    #[serde(default)]
    pub needs: OneOrMany<Name>,
    /// What the tags of its own images begin with. Default: the environment's name.
    pub tag: Option<Name>,
    /// Where it goes. Every deployment has one, of its own or from the defaults.
    pub target: Option<TargetKeys>,
    /// How it takes the place of the release before. Default: `direct`.
    #[serde(default)]
    pub strategy: Strategy,
    /// Paths whose changes need no deployment, such as `docs/**`. What differs from the commit that is
    /// deployed counts; a manual run may deploy all the same.
    #[serde(default)]
    pub skip: OneOrMany<PathPattern>,
    /// What a release is called that no tag names. Default: `sha`.
    #[serde(default)]
    pub version: Naming,
    /// Which tests run again before images are published. Default: `none`.
    #[serde(default)]
    pub tests: DeployTests,
    /// Whether the scanners run before it. Default: true if there are any, and `requires`
    /// names no workflow of the kind `security`.
    pub scan: Option<bool>,
    /// What migrates the database: `prisma`, `django` and others by name, a command line, or the long form.
    pub migrate: Option<Flexible<Migrations>>,
    /// The database that is backed up first.
    pub backup: Option<Flexible<Backup>>,
    /// The account on AWS that the target, its database or its cache need: a region, or the long form.
    pub aws: Option<Flexible<Aws>>,
    /// Infrastructure that is planned first: the folder of its configuration, or the long form.
    pub terraform: Option<Flexible<Infrastructure>>,
    /// Caches that forget what they keep, once the release is live.
    pub purge: Option<Purge>,
    /// The maintenance mode, on until the release is healthy: a command, or the long form.
    pub maintenance: Option<Flexible<Maintenance>>,
}

/// Which tests run before a deployment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DeployTests {
    /// None: the checks of the commit did that.
    #[default]
    None,
    /// Unit and integration tests.
    Required,
    /// The same; a manual run may skip them in an emergency.
    Skippable,
}

/// How one knows that a release has arrived.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Verify {
    /// Paths that must answer with success.
    #[serde(default)]
    pub health: OneOrMany<UrlPath>,
    /// Where the first of them names its version: a jq filter such as `.version`, or `header:NAME`.
    pub version: Option<Line>,
    /// The path of metrics in the Prometheus format; a warning if they are missing.
    pub metrics: Option<UrlPath>,
    /// The most that findings of ZAP's baseline scan of the live site do: `block` or `warn`;
    /// `gates: vulnerabilities:` says which. Default: not scanned.
    pub zap: Option<Effect>,
    /// Paths to request once it is live, `/path` or `/path 302`, or the command of a smoke suite.
    #[serde(default)]
    pub smoke: OneOrMany<Command>,
    /// Whether the smoke tests are a job of their own. Default: a step of the deployment.
    pub smoke_job: Option<bool>,
    /// Whether the end-to-end tests of the stack run against it, or which of them.
    pub e2e: Option<Flexible<EndToEnd>>,
    /// More tests that run against it, by name: a command, with its component if that is not the
    /// first one, or beside the services of that component. They find it at `BASE_URL`.
    #[serde(default)]
    pub tests: IndexMap<Name, Flexible<LiveTest>>,
    /// What Lighthouse must say of it: `true` for the limits of the stack, or others on top of them.
    pub lighthouse: Option<Flexible<Lighthouse>>,
    /// Headers that it must send, such as `Strict-Transport-Security`; its certificate and the way from
    /// `http` are looked at with them.
    #[serde(default)]
    pub headers: OneOrMany<Name>,
    /// Whether a run by hand may skip that job, with the input `skip_smoke`. Default: false.
    pub skip_smoke: Option<bool>,
    /// A window in which the release is watched.
    pub monitor: Option<Flexible<Monitor>>,
}

/// A test of what is deployed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LiveTest {
    /// Its command.
    pub run: Command,
    /// The component whose toolchain it needs. Default: the first one.
    pub component: Option<Name>,
    /// Whether that component's services run beside it. Default: false.
    #[serde(default)]
    pub services: bool,
}

impl ShortForm for LiveTest {
    type Short = Command;

    fn from_short(run: Command) -> Self {
        Self {
            run,
            component: None,
            services: false,
        }
    }
}

/// End-to-end tests of a deployed release. They find it at the variable `BASE_URL`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EndToEnd {
    /// Whether they run; `e2e: true` is short for all of them.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// With Playwright: only tests whose titles match, such as `@critical`.
    pub grep: Option<Line>,
    /// With Playwright: only these projects.
    #[serde(default)]
    pub projects: OneOrMany<Name>,
}

fn yes() -> bool {
    true
}

impl ShortForm for EndToEnd {
    type Short = bool;

    fn from_short(enabled: bool) -> Self {
        Self {
            enabled,
            ..Self::default()
        }
    }
}
