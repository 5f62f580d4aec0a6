//! The manifest as it is written: every key with its meaning, everything optional.
//!
//! The published JSON Schema is made from these types: doc comments become the
//! descriptions that editors show. Nothing is defaulted here; the validation
//! does that last, when all layers are known.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use crate::blocks::shape::{Flexible, OneOrMany, ShortForm};
use crate::blocks::target::TargetKeys;
use crate::blocks::words::{
    Command, Duration, Line, Mailbox, Name, Percent, RepoPath, Reviewer, SettingName, Size, Url,
    UrlPath, Versioned,
};

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
    /// What the project is made of.
    #[serde(default)]
    pub stack: IndexMap<Name, Component>,
    /// What must hold before a release.
    #[serde(default)]
    pub gates: Gates,
    /// Where the project runs.
    #[serde(default)]
    pub environments: IndexMap<Name, Environment>,
    /// Who must say yes before an environment is deployed to.
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
    pub workflows: IndexMap<Name, Workflow>,
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
    /// Whether scan results may be uploaded to GitHub's code scanning. Default: true
    /// unless the repository is known to be private without GitHub Enterprise.
    pub code_scanning: Option<bool>,
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

/// A part of the project that is built and tested by itself.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Component {
    /// Its folder. Default: the root of the repository.
    pub path: Option<RepoPath>,
    /// The folder of its source within `path`, for linters and coverage. Default: all of it.
    pub source: Option<RepoPath>,
    /// Its language with the version, such as `python@3.12`; several versions make a matrix.
    #[serde(default)]
    pub language: OneOrMany<Versioned>,
    /// The tool that installs its dependencies, with a version if one is needed: `pnpm@9`.
    pub package_manager: Option<Versioned>,
    /// Its framework: `django`, `fastapi`, `next`, …
    pub framework: Option<Name>,
    /// Files that list dependencies, within `path`. Default: the usual one of the language.
    #[serde(default)]
    pub dependencies: OneOrMany<RepoPath>,
    /// Its lock file from the root of the repository, or `none`. Default: the usual one in its folder.
    pub lockfile: Option<RepoPath>,
    /// The command that installs the dependencies, if the usual one does not.
    pub install: Option<Command>,
    /// What its tests need beside them: `postgres@15`, `redis@7`, …
    #[serde(default)]
    pub services: Vec<Versioned>,
    /// Linters, formatters and type checkers: a known tool, `{tool: arguments}`, or a command line.
    #[serde(default)]
    pub lint: Vec<Lint>,
    /// Its tests: the command of the unit tests, or a command for each suite.
    #[serde(default)]
    pub test: Flexible<Tests>,
    /// The command that builds it, if it is built at all beside its image.
    pub build: Option<Command>,
    /// Variables of its lint, test and build steps.
    #[serde(default)]
    pub env: IndexMap<SettingName, Line>,
    /// Whether it becomes a container image, and how.
    #[serde(default)]
    pub image: Flexible<Image>,
    /// Parts that share all of the above and differ in their folder.
    #[serde(default)]
    pub members: IndexMap<Name, Member>,
}

/// A part of a component with members.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Member {
    /// Its folder.
    pub path: Option<RepoPath>,
    /// Whether it becomes a container image, and how. Default: as the component says.
    pub image: Option<Flexible<Image>>,
}

/// A static check.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Lint {
    /// A known tool by its name, or a command line (with a blank in it).
    Word(Command),
    /// A known tool with the arguments it gets before the folder.
    Arguments(IndexMap<Name, Line>),
}

/// The suites of tests.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tests {
    /// Fast tests of single parts.
    pub unit: Option<Flexible<Suite>>,
    /// Tests of parts together with their services.
    pub integration: Option<Flexible<Suite>>,
    /// Tests through the user's door.
    pub e2e: Option<Flexible<Suite>>,
    /// Benchmarks and load tests.
    pub performance: Option<Flexible<Suite>>,
    /// Tests of what once broke.
    pub regression: Option<Flexible<Suite>>,
}

impl ShortForm for Tests {
    type Short = Command;

    fn from_short(short: Command) -> Self {
        Self {
            unit: Some(Flexible(Suite::from_short(short))),
            ..Self::default()
        }
    }
}

/// A suite of tests.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Suite {
    /// Its command. Default: the usual one of the language.
    pub run: Option<Command>,
    /// Least share of covered lines, below which the suite fails.
    pub coverage: Option<Percent>,
    /// Whether the services of the component run beside it. Default: true.
    pub services: Option<bool>,
    /// Compose files that start the system under test.
    #[serde(default)]
    pub compose: OneOrMany<RepoPath>,
    /// The Compose service in which the command runs. Default: on the runner.
    pub service: Option<Name>,
    /// Minutes after which it is ended.
    pub timeout: Option<Minutes>,
    /// The benchmark results that it writes; kept and compared with those before.
    pub benchmark: Option<RepoPath>,
    /// A load test with its limits.
    pub load: Option<Load>,
}

impl ShortForm for Suite {
    type Short = Command;

    fn from_short(short: Command) -> Self {
        Self {
            run: Some(short),
            ..Self::default()
        }
    }
}

/// A number of minutes, 1 to 360.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u32")]
pub struct Minutes(pub u32);

impl TryFrom<u32> for Minutes {
    type Error = String;

    fn try_from(number: u32) -> Result<Self, String> {
        let fits = (1..=360).contains(&number);
        fits.then_some(Self(number))
            .ok_or_else(|| format!("{number} is not within 1 to 360 minutes"))
    }
}

#[cfg(test)]
impl schemars::JsonSchema for Minutes {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Minutes".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "title": "a number of minutes, 1 to 360", "type": "integer", "minimum": 1, "maximum": 360,
        })
    }
}

/// A load test of the running system, with limits that fail the job.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Load {
    /// The k6 script. It finds the system at the variable `BASE_URL`.
    pub script: RepoPath,
    /// Where the system answers while the suite's Compose files run.
    pub url: Url,
    /// Limit of the 95th percentile of response times.
    pub response: Option<Duration>,
    /// Limit of the share of failed requests.
    pub errors: Option<Percent>,
    /// Limit of the mean time of the slowest database statement (needs pg_stat_statements).
    pub query: Option<Duration>,
    /// Limit of memory of each container.
    pub memory: Option<Size>,
    /// Limit of the mean CPU use of each container.
    pub cpu: Option<Percent>,
    /// The Compose service of the database, for `query`. Default: `db`.
    pub database_service: Option<Name>,
    /// The database that `query` is about. Default: the user's.
    pub database: Option<Name>,
}

/// A container image.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Image {
    /// Whether there is one; `image: true` is short for an image with defaults.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// The Dockerfile. Default: `Dockerfile` in the component's folder.
    pub dockerfile: Option<RepoPath>,
    /// The folder sent to the build. Default: the component's.
    pub context: Option<RepoPath>,
    /// Its name behind `registry/owner/repository/`. Default: the component's.
    pub name: Option<Name>,
    /// The build stage of each environment. Default: the last stage for all.
    #[serde(default)]
    pub stages: IndexMap<Name, Name>,
    /// When it is built: with the checks, for deployments. Default: both.
    #[serde(default)]
    pub build: OneOrMany<BuildMoment>,
    /// The largest size that passes.
    pub max_size: Option<Size>,
    /// The variable by which Compose files name it. Default: the name, as `BACKEND_IMAGE`.
    pub variable: Option<SettingName>,
}

fn yes() -> bool {
    true
}

impl ShortForm for Image {
    type Short = bool;

    fn from_short(enabled: bool) -> Self {
        Self {
            enabled,
            ..Self::default()
        }
    }
}

/// When an image is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum BuildMoment {
    /// With the checks, to see that it can be built.
    Checks,
    /// For deployments.
    Deploy,
}

/// What must hold before a release.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Gates {
    /// Least share of lines covered by all suites together.
    pub coverage: Option<Percent>,
    /// What a vulnerability of each severity does. Default: critical and high block, medium warns.
    #[serde(default)]
    pub vulnerabilities: Severities,
    /// What a secret in the repository does. Default: block.
    pub secrets: Option<Effect>,
    /// What a broken rule for Dockerfiles and the like does. Default: block.
    pub policy: Option<Effect>,
    /// Whether Codecov shows the coverage, with the secret `CODECOV_TOKEN`. Default: false.
    #[serde(default)]
    pub codecov: bool,
    /// Licences that dependencies may have; any other blocks.
    #[serde(default)]
    pub licenses: Vec<Line>,
    /// What an image that runs as root does. Default: not checked.
    pub root_user: Option<Effect>,
    /// The scanners to run.
    #[serde(default)]
    pub scanners: Vec<Name>,
}

/// What a vulnerability does, by severity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Severities {
    pub critical: Option<Effect>,
    pub high: Option<Effect>,
    pub medium: Option<Effect>,
    pub low: Option<Effect>,
}

/// What a finding does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// It fails the job.
    Block,
    /// It waits for a person, in the environment `security-review`.
    Review,
    /// It is shown as a warning.
    Warn,
    /// It is only in the report.
    Log,
}

/// Where the project runs.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Environment {
    /// Its public address.
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
}

/// How a release gets to an environment.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Deploy {
    /// What starts it: `branch develop`, `tag v*.*.*`, `dispatch`.
    #[serde(default)]
    pub on: OneOrMany<Line>,
    /// Workflow files that must have succeeded for the same commit, such as `ci`.
    #[serde(default)]
    pub requires: OneOrMany<Name>,
    /// The environment that should have had the release before; a warning if it had not.
    pub after: Option<Name>,
    /// Where it goes.
    pub target: TargetKeys,
    /// How it takes the place of the release before. Default: `direct`.
    #[serde(default)]
    pub strategy: Strategy,
    /// Which tests run again before images are published. Default: `none`.
    #[serde(default)]
    pub tests: DeployTests,
    /// Whether the scanners run before it. Default: true if there are any.
    pub scan: Option<bool>,
    /// The tool that migrates the database: `django`, `alembic`, or a command line.
    pub migrate: Option<Command>,
    /// The database that is dumped before migrations.
    pub backup: Option<Flexible<Backup>>,
}

/// How a release takes the place of the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// In its place.
    #[default]
    Direct,
    /// Beside it; the traffic is switched when it is healthy.
    BlueGreen,
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

/// A database on the server.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Backup {
    /// Name of the database.
    pub database: Option<Name>,
    /// Its user. Default: `postgres`.
    pub user: Option<Name>,
    /// Its Compose service. Default: `db`.
    pub service: Option<Name>,
    /// The Compose project that runs it. Default: the project's name.
    pub project: Option<Name>,
    /// How many dumps are kept. Default: 7.
    pub keep: Option<u16>,
}

impl ShortForm for Backup {
    type Short = Name;

    fn from_short(database: Name) -> Self {
        Self {
            database: Some(database),
            ..Self::default()
        }
    }
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
    /// Paths to request once it is live, `/path` or `/path 302`, or the command of a smoke suite.
    #[serde(default)]
    pub smoke: OneOrMany<Command>,
    /// Whether the smoke tests are a job of their own. Default: a step of the deployment.
    pub smoke_job: Option<bool>,
    /// A window in which the release is watched.
    pub monitor: Option<Flexible<Monitor>>,
}

/// A window in which a release is watched.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Monitor {
    /// How long.
    #[serde(rename = "for")]
    pub length: Duration,
    /// Time between two looks. Default: 30s.
    pub every: Option<Duration>,
    /// Largest share of failed checks. Default: 5%.
    pub errors: Option<Percent>,
    /// A Prometheus query that is asked at each look, such as an error rate.
    pub prometheus: Option<Prometheus>,
}

impl ShortForm for Monitor {
    type Short = Duration;

    fn from_short(length: Duration) -> Self {
        Self {
            length,
            every: None,
            errors: None,
            prometheus: None,
        }
    }
}

/// A Prometheus query with its limit.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Prometheus {
    /// Address of the server.
    pub url: Url,
    /// The query; it must give one number.
    pub query: Line,
    /// The number above which a look counts as failed. Default: 0.05.
    pub limit: Option<f64>,
}

/// What happens when a deployment fails.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rollback {
    /// Whether the release before is restored without asking. Default: false.
    #[serde(default)]
    pub automatic: bool,
    /// Where the script lies that goes back on the server. Default: `deploy/rollback.sh`.
    pub script: Option<RepoPath>,
    /// How long the old release is watched afterwards.
    pub monitor: Option<Duration>,
}

impl ShortForm for Rollback {
    type Short = RollbackMode;

    fn from_short(short: RollbackMode) -> Self {
        Self {
            automatic: short == RollbackMode::Automatic,
            ..Self::default()
        }
    }
}

/// Short forms of `rollback`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum RollbackMode {
    Automatic,
    Manual,
}

/// Who must say yes before an environment is deployed to.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Approval {
    /// How many different people. Default: 1.
    pub required: Option<u8>,
    /// Who may: users and teams (`team/devops`).
    pub reviewers: OneOrMany<Reviewer>,
    /// By GitHub's environments, or by an issue that everyone can answer.
    pub via: Option<Via>,
    /// What the reviewers should have looked at, shown where they decide.
    #[serde(default)]
    pub checklist: Vec<Line>,
    /// How long it waits. Default: 6h.
    pub wait: Option<Duration>,
}

/// The kind of approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// Required reviewers of environments; public repositories or GitHub Enterprise.
    Environment,
    /// An issue; any plan.
    Issue,
}

/// Who is told what.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Notify {
    /// A Slack channel, through an incoming webhook.
    pub slack: Option<Slack>,
    /// Mailboxes, through an SMTP server.
    pub email: Option<Email>,
    /// Whether a roll-back opens an incident issue. Default: true.
    pub incident: Option<bool>,
}

/// A Slack channel.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Slack {
    /// The channel, for webhooks that may choose it.
    pub channel: Option<Line>,
    /// What it is told. Default: everything.
    #[serde(default)]
    pub on: OneOrMany<Event>,
    /// The secret with the webhook's address. Default: `SLACK_WEBHOOK_URL`.
    pub secret: Option<SettingName>,
}

/// Mailboxes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Email {
    /// Who gets it.
    pub to: OneOrMany<Mailbox>,
    /// The SMTP server, `host:port`. Port 465 speaks TLS from the start, others by STARTTLS.
    #[cfg_attr(test, schemars(example = "smtp.example.com:587"))]
    pub server: Line,
    /// What they are told. Default: failed, vulnerability, rolled-back.
    #[serde(default)]
    pub on: OneOrMany<Event>,
}

/// Something that people are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A deployment begins.
    Started,
    /// Somebody's approval is asked for.
    Approval,
    /// A deployment went well.
    Succeeded,
    /// A deployment failed.
    Failed,
    /// The release before was restored.
    RolledBack,
    /// A scan found something that blocks.
    Vulnerability,
}

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
    /// What starts it: `branch main`, `pull-request main develop`, `schedule 0 2 * * *`, `dispatch`.
    #[serde(default)]
    pub on: OneOrMany<Line>,
    /// The environment, for the kind `deploy`.
    pub environment: Option<Name>,
    /// Scanners that run with the checks.
    pub scan: Option<QuickScan>,
    /// The suites that run. Default: all there are; regression only with the kind `tests`.
    #[serde(default)]
    pub suites: OneOrMany<Name>,
    /// Other ids for jobs, by phase: `images: build-push-production`.
    #[serde(default)]
    pub ids: IndexMap<Name, Name>,
    /// Steps of your own at `before-PHASE` and `after-PHASE`, in GitHub's syntax.
    #[serde(default)]
    pub steps: IndexMap<Name, Vec<Value>>,
    /// Jobs of your own in GitHub's syntax; `before:` names jobs that wait for them.
    #[serde(default)]
    pub jobs: IndexMap<Name, Value>,
    /// Changes to generated jobs, by job id, in GitHub's syntax; `steps:` by step id or name.
    #[serde(default)]
    pub overlays: IndexMap<Name, Value>,
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
    /// Goes back to the release before, by hand.
    Rollback,
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
