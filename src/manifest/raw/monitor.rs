//! How long a release is watched, and within which limits.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::blocks::shape::{Flexible, ShortForm};
use crate::blocks::words::{Duration, Line, Percent, Share, Url};

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
    /// Where the measurements come from that `limits` speaks of. Default: the probes themselves.
    pub source: Option<Source>,
    /// What warns, and what takes the release back.
    #[serde(default)]
    pub limits: Limits,
}

/// Where measurements come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The requests for the health that the watch itself makes.
    #[default]
    Probes,
    /// The counters at the path `metrics`, from the first look to the last one. They must be
    /// those of one instance, or of all together.
    Metrics,
    /// A Prometheus server, with a `query` for each limit.
    Prometheus,
    /// Datadog, with a `query` for each limit, `DATADOG_API_KEY` and `DATADOG_APP_KEY`.
    Datadog,
    /// CloudWatch, with a `query` for each limit: an expression of metric math that gives one series,
    /// such as `AVG(SEARCH(…))`, or a query of Metrics Insights. It needs `aws` under `deploy`.
    Cloudwatch,
}

/// Limits of what is measured, each with a level that warns and one that rolls back.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Limits {
    /// Share of requests that fail.
    pub errors: Option<Flexible<Limit<Share>>>,
    /// Share of requests that do not fail, at least.
    pub availability: Option<Flexible<Limit<Share>>>,
    /// Time in which 95 of 100 requests are answered.
    pub p95: Option<Flexible<Limit<Duration>>>,
    /// Time in which 99 of 100 requests are answered.
    pub p99: Option<Flexible<Limit<Duration>>>,
    /// Share of lookups that a cache answers, at least.
    pub cache_hits: Option<Flexible<Limit<Share>>>,
}

/// A limit; written as one value, it rolls back.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(
    rename_all = "kebab-case",
    deny_unknown_fields,
    bound = "T: DeserializeOwned"
)]
pub struct Limit<T> {
    /// Beyond this it warns.
    pub warn: Option<T>,
    /// Beyond this the release goes back.
    pub roll_back: Option<T>,
    /// What the source is asked for percent or seconds; for `metrics`, the names of the counters or of the histogram.
    /// Default there: `http_requests_total`, `http_request_duration_seconds`,
    /// `cache_hits_total cache_misses_total`.
    pub query: Option<Line>,
}

impl<T: DeserializeOwned> ShortForm for Limit<T> {
    type Short = T;

    fn from_short(limit: T) -> Self {
        Self {
            warn: None,
            roll_back: Some(limit),
            query: None,
        }
    }
}

impl ShortForm for Monitor {
    type Short = Duration;

    fn from_short(length: Duration) -> Self {
        Self {
            length,
            every: None,
            errors: None,
            prometheus: None,
            source: None,
            limits: Limits::default(),
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
    /// The query; it must give one number. Needed unless `source: prometheus` asks for all.
    pub query: Option<Line>,
    /// The number above which a look counts as failed. Default: 0.05.
    pub limit: Option<f64>,
}
