//! Rules of the watch over a release: what is limited can be measured.

use super::Check;
use crate::blocks::shape::Flexible;
use crate::blocks::words::Line;
use crate::manifest::raw::{Environment, Limit, Limits, Monitor, Source};

/// A limit: its key, whether it says anything, and what its source is asked.
type Written<'l> = (&'static str, bool, Option<&'l Line>);

fn written(limits: &Limits) -> Vec<Written<'_>> {
    let all = [
        one("errors", &limits.errors),
        one("availability", &limits.availability),
        one("p95", &limits.p95),
        one("p99", &limits.p99),
        one("cache-hits", &limits.cache_hits),
    ];
    all.into_iter().flatten().collect()
}

fn one<'l, T>(key: &'static str, limit: &'l Option<Flexible<Limit<T>>>) -> Option<Written<'l>> {
    let limit = limit.as_ref()?;
    let says = limit.warn.is_some() || limit.roll_back.is_some();
    Some((key, says, limit.query.as_ref()))
}

/// Checks the watch of an environment.
pub(super) fn monitor(at: &[&str; 2], environment: &Environment, check: &mut Check<'_>) {
    let Some(monitor) = &environment.verify.monitor else {
        return;
    };
    let path = |keys: &[&'static str]| -> Vec<&str> {
        let start = [at[0], at[1], "verify", "monitor"];
        start.iter().chain(keys).copied().collect()
    };
    let limits = written(&monitor.limits);
    let source = monitor.source.unwrap_or_default();
    if monitor.source.is_some() && limits.is_empty() {
        let help = "write `limits: {errors: 5%}` beside it";
        check.error(
            &path(&["source"]),
            "limits-missing",
            "nothing is limited",
            help,
        );
    }
    for (key, says, query) in limits {
        if !says {
            let message = format!("`{key}` neither warns nor rolls back");
            let help = "write `warn`, `roll-back` or both";
            check.error(&path(&["limits", key]), "limit-missing", message, help);
        }
        let asks = matches!(
            source,
            Source::Prometheus | Source::Datadog | Source::Cloudwatch
        );
        if asks && query.is_none() {
            let message = format!("nothing says what is asked for `{key}`");
            check.error(
                &path(&["limits", key]),
                "query-missing",
                message,
                "write `query: …`",
            );
        }
        if source == Source::Probes && key == "cache-hits" {
            let message = "requests for the health do not show what a cache answers";
            let help = "write `source: metrics`, or another one that knows";
            check.error(&path(&["limits", key]), "not-measured", message, help);
        }
    }
    sources(&path(&[]), monitor, environment, check);
}

fn sources(at: &[&str], monitor: &Monitor, environment: &Environment, check: &mut Check<'_>) {
    let parts = environment.parts.values().map(|part| &part.verify);
    let mut all = parts.chain([&environment.verify]);
    let path = |key: &'static str| -> Vec<&str> { at.iter().chain(&[key]).copied().collect() };
    let source = monitor.source.unwrap_or_default();
    if source == Source::Metrics && !all.any(|verify| verify.metrics.is_some()) {
        let help = "write `metrics: /metrics` where `health` stands";
        check.error(
            &path("source"),
            "metrics-missing",
            "no path of metrics is known",
            help,
        );
    }
    let deployments = environment.parts.values().map(|part| &part.deploy);
    let mut deployments = deployments.chain(&environment.deploy);
    if source == Source::Cloudwatch && !deployments.any(|deploy| deploy.aws.is_some()) {
        let help = "write `aws: REGION` under `deploy`, such as `aws: us-west-2`";
        let message = "CloudWatch needs an account on AWS";
        check.error(&path("source"), "aws-missing", message, help);
    }
    if source == Source::Prometheus && monitor.prometheus.is_none() {
        let help = "write `prometheus: {url: https://…}` beside it";
        check.error(
            &path("source"),
            "prometheus-missing",
            "no Prometheus server is known",
            help,
        );
    }
    let query = monitor.prometheus.as_ref().map(|one| one.query.is_some());
    if query == Some(false) && source != Source::Prometheus {
        let help = "write `query: …`, or `source: prometheus` with limits";
        check.error(
            &path("prometheus"),
            "query-missing",
            "the server is asked nothing",
            help,
        );
    }
}
