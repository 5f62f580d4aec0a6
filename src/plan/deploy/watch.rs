//! A watch over a release: its health, and what is measured meanwhile.

use serde_json::{Value, json};

use super::Release;
use super::bring::login;
use crate::blocks::shape::Flexible;
use crate::blocks::words::{Duration, Share};
use crate::manifest::model::Place;
use crate::manifest::raw::{Limit, Monitor, Source};
use crate::pipeline::{Environment, Job, Phase, Step, Text};
use crate::plan::settings::rollback_environment;
use crate::plan::shared::with_margin;

/// Time between two looks, in seconds.
const INTERVAL: u64 = 30;
/// The largest share of looks that may fail, in percent.
const ERRORS: u32 = 5;

pub(super) fn monitor_job(release: &Release<'_>) -> Option<Job> {
    let monitor = release.environment.monitor()?;
    let id = release.id(Phase::Monitor, "post-deployment-monitoring");
    let places: Vec<_> = release.deployment.places.iter().collect();
    let step = watch(release, &places, &monitor.length, "Watch the release")?;
    let job = Job::new(
        Phase::Monitor,
        id,
        release.name("Monitor the release"),
        with_margin(monitor.length.minutes()),
    );
    Some(watching(release, job).step(step))
}

/// Lets a job watch: where the measurements are on AWS, it takes on the role of the environment.
pub(crate) fn watching(release: &Release<'_>, mut job: Job) -> Job {
    let source = release.environment.monitor();
    let source = source.and_then(|monitor| monitor.source);
    let mut places = release.deployment.places.iter();
    let found = places.find_map(|place| Some((place, login(place)?)));
    let Some((place, login)) = found.filter(|_| source == Some(Source::Cloudwatch)) else {
        return job;
    };
    // Nobody is asked for a look.
    job.environment = Some(Environment {
        name: rollback_environment(release.environment, place).into(),
        url: None,
        deployment: false,
    });
    job.step(login)
}

/// A step that watches places for a while, by the limits of their environment.
pub(crate) fn watch(
    release: &Release<'_>,
    places: &[&Place],
    length: &Duration,
    name: &str,
) -> Option<Step> {
    let address = |place: &&Place| {
        let path = place.verify.health.first()?;
        Some(format!("{}{path}", place.url.as_ref()?))
    };
    let addresses: Vec<_> = places.iter().filter_map(address).collect();
    if addresses.is_empty() {
        return None;
    }
    let monitor = release.environment.monitor();
    let every = monitor
        .and_then(|monitor| monitor.every.as_ref())
        .map_or(INTERVAL, |every| every.seconds().max(1));
    let metrics = monitor.map_or_else(Vec::new, metrics);
    let script = if metrics.is_empty() {
        "monitor"
    } else {
        "monitor-metrics"
    };
    let step = Step::script(name, script)
        .env("HEALTH_URLS", addresses.join("\n"))
        .env("CHECKS", (length.seconds() / every).max(1).to_string())
        .env("INTERVAL", every.to_string())
        .env(
            "MAX_ERROR_PERCENT",
            monitor.map_or(ERRORS, allowed).to_string(),
        );
    let Some(monitor) = monitor else {
        return Some(step);
    };
    if metrics.is_empty() {
        return Some(with_query(step, monitor));
    }
    let list = serde_json::to_string_pretty(&metrics).unwrap_or_default();
    Some(with_source(step.env("METRICS", list), monitor, places))
}

/// The share of looks that may fail: where the probes are what is measured, the limit of
/// what is measured says so.
fn allowed(monitor: &Monitor) -> u32 {
    let limits = &monitor.limits;
    let most = limits.errors.as_ref();
    let most = most.and_then(|limit| limit.roll_back.as_ref());
    let most = most.filter(|_| monitor.source.unwrap_or_default() == Source::Probes);
    match (&monitor.errors, most) {
        (Some(written), _) => written.number(),
        // A limit is a whole number to the script, and the larger one is the safe one.
        (None, Some(most)) => (0..=100)
            .find(|whole| f64::from(*whole) >= most.number())
            .unwrap_or(ERRORS),
        (None, None) => ERRORS,
    }
}

/// One Prometheus query that is asked at each look.
fn with_query(step: Step, monitor: &Monitor) -> Step {
    let prometheus = monitor.prometheus.as_ref();
    let Some((prometheus, query)) = prometheus.and_then(|one| Some((one, one.query.as_ref()?)))
    else {
        return step;
    };
    step.env("PROMETHEUS_URL", prometheus.url.as_str())
        .env("PROMETHEUS_QUERY", query.as_str())
        .env(
            "PROMETHEUS_LIMIT",
            prometheus.limit.unwrap_or(0.05).to_string(),
        )
        .env("PROMETHEUS_TOKEN", Text::secret("PROMETHEUS_TOKEN"))
}

/// What the source of the measurements is reached by.
fn with_source(step: Step, monitor: &Monitor, places: &[&Place]) -> Step {
    let step = match monitor.source.unwrap_or_default() {
        Source::Metrics => {
            let address = places.iter().find_map(|place| {
                let path = place.verify.metrics.as_ref()?;
                Some(format!("{}{path}", place.url.as_ref()?))
            });
            step.env("METRICS_URL", address.unwrap_or_default())
        }
        Source::Datadog => step
            .env("DATADOG_API_KEY", Text::secret("DATADOG_API_KEY"))
            .env("DATADOG_APP_KEY", Text::secret("DATADOG_APP_KEY")),
        Source::Probes | Source::Prometheus | Source::Cloudwatch => step,
    };
    match &monitor.prometheus {
        Some(prometheus) => step
            .env("PROMETHEUS_URL", prometheus.url.as_str())
            .env("PROMETHEUS_TOKEN", Text::secret("PROMETHEUS_TOKEN")),
        None => step,
    }
}

/// The limits, as the script reads them; nothing if there are none.
fn metrics(monitor: &Monitor) -> Vec<Value> {
    let limits = &monitor.limits;
    let share = |share: &Share| share.number();
    let seconds = |time: &Duration| time.milliseconds() as f64 / 1_000.0;
    let all = [
        metric(monitor, "errors", &limits.errors, share, "above"),
        metric(
            monitor,
            "availability",
            &limits.availability,
            share,
            "below",
        ),
        metric(monitor, "p95", &limits.p95, seconds, "above"),
        metric(monitor, "p99", &limits.p99, seconds, "above"),
        metric(monitor, "cache-hits", &limits.cache_hits, share, "below"),
    ];
    let mut all: Vec<_> = all.into_iter().flatten().collect();
    let query = monitor.prometheus.as_ref();
    let query = query.and_then(|one| Some((one, one.query.as_ref()?)));
    if let (Some((prometheus, query)), false) = (query, all.is_empty()) {
        all.push(json!({
            "name": "Prometheus",
            "source": "prometheus",
            "query": query.as_str(),
            "fail_above": prometheus.limit.unwrap_or(0.05),
        }));
    }
    all
}

fn metric<T>(
    monitor: &Monitor,
    kind: &str,
    limit: &Option<Flexible<Limit<T>>>,
    number: impl Fn(&T) -> f64,
    beyond: &str,
) -> Option<Value> {
    let limit = limit.as_ref()?;
    let names = match kind {
        "p95" | "p99" => "http_request_duration_seconds",
        "cache-hits" => "cache_hits_total cache_misses_total",
        _ => "http_requests_total",
    };
    let asked = limit.query.as_ref().map(|query| query.as_str());
    let (source, query) = match monitor.source.unwrap_or_default() {
        Source::Probes => ("probes", json!(kind)),
        Source::Metrics => (
            "endpoint",
            json!(format!("{kind} {}", asked.unwrap_or(names))),
        ),
        Source::Prometheus => ("prometheus", json!(asked.unwrap_or_default())),
        Source::Datadog => ("datadog", json!(asked.unwrap_or_default())),
        Source::Cloudwatch => (
            "cloudwatch",
            json!([{"Id": "value", "Expression": asked.unwrap_or_default(), "Period": 60}]),
        ),
    };
    let mut metric = json!({"name": title(kind), "source": source, "query": query});
    for (level, value) in [("warn", &limit.warn), ("fail", &limit.roll_back)] {
        if let Some(value) = value {
            metric[format!("{level}_{beyond}")] = number(value).into();
        }
    }
    Some(metric)
}

/// What is measured, in the words and the unit of the messages.
fn title(kind: &str) -> &'static str {
    match kind {
        "errors" => "Errors in %",
        "availability" => "Availability in %",
        "p95" => "P95 in seconds",
        "p99" => "P99 in seconds",
        _ => "Cache hits in %",
    }
}
