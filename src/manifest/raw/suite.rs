//! Suites of tests: what runs, and what must hold.

use serde::Deserialize;

use super::Playwright;
use crate::blocks::shape::{Flexible, OneOrMany, ShortForm};
use crate::blocks::words::{Command, Duration, Line, Name, Percent, RepoPath, Size, Url};

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
