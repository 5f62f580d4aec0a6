//! What the project is made of.

use indexmap::IndexMap;
use serde::Deserialize;

use super::{Build, Effect, Lighthouse, Playwright};
use crate::blocks::shape::{Flexible, OneOrMany, ShortForm};
use crate::blocks::words::{
    Command, Duration, Line, Name, Percent, RepoPath, SettingName, Size, SystemPackage, Url,
    Versioned,
};

/// A part of the project that is built and tested by itself.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Component {
    /// Its folder. Default: the root of the repository.
    pub path: Option<RepoPath>,
    /// The folder of its source within `path`, for linters and coverage. Default: all of it.
    pub source: Option<RepoPath>,
    /// Its language with the version, such as `python@3.12`; several versions make a matrix, whose first one is what is released.
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
    /// Packages of the runner's system, Debian or Ubuntu, that its dependencies, checks and
    /// tests need: `libpq-dev`.
    #[serde(default)]
    pub system_packages: OneOrMany<SystemPackage>,
    /// What its tests need beside them: `postgres@15`, `redis@7`, or with what is fetched into
    /// it first, as in `{ollama: llama3.2:1b}`.
    #[serde(default)]
    pub services: Vec<Service>,
    /// Linters, formatters and type checkers: a known tool, `{tool: arguments}`, or a command line.
    #[serde(default)]
    pub lint: Vec<Lint>,
    /// Texts that should not be in its sources, such as `console.log`: the lint job shows each
    /// place as a warning.
    #[serde(default)]
    pub warn_on: OneOrMany<Line>,
    /// The folder of its SQL migrations, within `path`: the lint job warns of new ones that drop or
    /// rename columns, or delete data.
    pub migrations: Option<RepoPath>,
    /// Its tests: the command of the unit tests, or a command for each suite.
    #[serde(default)]
    pub test: Flexible<Tests>,
    /// The command that builds it, if it is built at all beside its image, and what is wanted of the result.
    pub build: Option<Flexible<Build>>,
    /// What Lighthouse must say of its pages, which are the `output` of its build.
    pub lighthouse: Option<Flexible<Lighthouse>>,
    /// Folders within `path` that its tests keep from run to run, such as `.pytest_cache`.
    /// Not where releases are made: what is released must not depend on an earlier run.
    #[serde(default)]
    pub cache: OneOrMany<RepoPath>,
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

/// A service beside the tests.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Service {
    /// A known service, with its version if that matters.
    Word(Versioned),
    /// A service with what is fetched into it before the tests, such as a model.
    Filled(IndexMap<Name, OneOrMany<Line>>),
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
    /// Least share of covered lines, below which the suite fails; or several of them.
    pub coverage: Option<Flexible<Coverage>>,
    /// Whether the services of the component run beside it. Default: true.
    pub services: Option<bool>,
    /// The command that fills the services with the data of the tests.
    pub fixtures: Option<Command>,
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
    /// Playwright's projects, if it is what runs the suite.
    pub playwright: Option<Flexible<Playwright>>,
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

/// Shares of covered lines, below which a suite fails.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Coverage {
    /// Of all lines.
    pub overall: Option<Percent>,
    /// Of the files that matter most.
    pub critical: Option<Critical>,
    /// Of the lines that a pull request adds or changes.
    pub changed: Option<Percent>,
}

impl ShortForm for Coverage {
    type Short = Percent;

    fn from_short(overall: Percent) -> Self {
        Self {
            overall: Some(overall),
            ..Self::default()
        }
    }
}

/// The files that matter most, and how much of them tests must cover.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Critical {
    /// Patterns of their paths within the component's folder.
    pub paths: OneOrMany<Line>,
    /// Least share of their lines.
    pub at_least: Percent,
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
    /// The k6 script. It finds the system at the variable `BASE_URL`. One to begin with is written where
    /// there is none.
    #[cfg_attr(test, schemars(example = "load/k6.js"))]
    pub script: RepoPath,
    /// Where the system answers while the suite's Compose files or its image run.
    pub url: Url,
    /// Whether the component's image runs beside its services, as the system under test. Default: false.
    #[serde(default)]
    pub image: bool,
    /// Scenarios that run each by itself; the script finds the name in the variable `SCENARIO`.
    #[serde(default)]
    pub scenarios: OneOrMany<Name>,
    /// Least requests in a second.
    pub throughput: Option<u32>,
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
    #[cfg_attr(test, schemars(example = "docker/backend.Dockerfile"))]
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
    /// The largest size that passes: `800MB`, or the long form.
    pub max_size: Option<Flexible<MaxSize>>,
    /// The platforms that workflows of the kinds `images` and `pipeline` publish it for:
    /// `linux/amd64`, `linux/arm64`. What one environment publishes for itself is for the
    /// runner's, or for the first one. Default: that of the runner.
    #[serde(default)]
    pub platforms: OneOrMany<Platform>,
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

/// The largest size of an image.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MaxSize {
    /// The size.
    pub size: Size,
    /// What a larger one does: `block` or `warn`. Default: block.
    pub effect: Option<Effect>,
}

impl ShortForm for MaxSize {
    type Short = Size;

    fn from_short(size: Size) -> Self {
        Self { size, effect: None }
    }
}

/// What an image runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[allow(missing_docs)]
pub enum Platform {
    #[serde(rename = "linux/amd64")]
    Amd64,
    #[serde(rename = "linux/arm64")]
    Arm64,
}

impl Platform {
    /// Its name, as Docker knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Amd64 => "linux/amd64",
            Self::Arm64 => "linux/arm64",
        }
    }

    /// Its processor, as Docker and Go know it.
    pub fn arch(self) -> &'static str {
        match self {
            Self::Amd64 => "amd64",
            Self::Arm64 => "arm64",
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
