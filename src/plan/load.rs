//! Benchmarks and load tests within a suite.

use super::component::seen;
use super::shared::Plan;
use crate::manifest::model::{Component, Suite};
use crate::pipeline::{Expression, Step, Text};

/// Compares benchmark results with those of the run before, and keeps them.
pub(super) fn benchmark(plan: &Plan<'_>, component: &Component, results: &str) -> Vec<Step> {
    let view = seen(plan, component);
    let history = ".benchmarks/last.json";
    let mut steps = Vec::new();
    if !plan.releases() {
        let key = Text::literal("benchmark-")
            .then(Expression::new("github.ref_name"))
            .then("-");
        let history_cache = Step::uses("Fetch the results before", "actions/cache")
            .with("path", view.file(history))
            .with("key", key.clone().then(Expression::new("github.run_id")))
            .with("restore-keys", Text::lines([key, "benchmark-".into()]));
        steps.push(history_cache);
    }
    steps.push(
        Step::script("Compare with the results before", "benchmark-compare")
            .env("RESULTS", results)
            .env("HISTORY", history),
    );
    steps.push(
        Step::uses("Keep the results", "actions/upload-artifact")
            .when(Expression::new("!cancelled()"))
            .with("name", format!("benchmark-{}", component.name))
            .with("path", view.file(results))
            .with("retention-days", "90"),
    );
    steps
}

/// A load test of the running system, with its limits.
pub(super) fn load_test(suite: &Suite) -> Vec<Step> {
    let Some(load) = &suite.load else {
        return Vec::new();
    };
    let summary = "k6-summary.json";
    let stats = "container-stats.tsv";
    let mut judge = Step::script(
        "Hold the measurements against the limits",
        "load-thresholds",
    )
    .env("K6_SUMMARY", summary)
    .env("STATS_FILE", stats);
    let limits = [
        (
            "MAX_P95_MS",
            load.response.as_ref().map(|limit| limit.milliseconds()),
        ),
        (
            "MAX_ERROR_PERCENT",
            load.errors.as_ref().map(|limit| u64::from(limit.number())),
        ),
        (
            "MAX_QUERY_MS",
            load.query.as_ref().map(|limit| limit.milliseconds()),
        ),
        (
            "MAX_MEMORY_MB",
            load.memory.as_ref().map(|limit| limit.megabytes()),
        ),
        (
            "MAX_CPU_PERCENT",
            load.cpu.as_ref().map(|limit| u64::from(limit.number())),
        ),
    ];
    for (name, limit) in limits {
        if let Some(limit) = limit {
            judge = judge.env(name, limit.to_string());
        }
    }
    if load.query.is_some() {
        judge = judge.env(
            "DB_SERVICE",
            load.database_service
                .as_ref()
                .map_or("db", |name| name.as_str()),
        );
        if let Some(database) = &load.database {
            judge = judge.env("DB_NAME", database.as_str());
        }
        if let Some(file) = suite.compose.first() {
            judge = judge.env("COMPOSE_FILE", file.as_str());
        }
    }
    vec![
        Step::uses("Set up k6", "grafana/setup-k6-action"),
        Step::script("Sample CPU and memory", "sample-stats").env("STATS_FILE", stats),
        Step::run(
            "Run the load test",
            format!("k6 run --summary-export {summary} {}", load.script),
        )
        .env("BASE_URL", load.url.as_str()),
        // The limits are judged even if a threshold of the script's own was missed.
        judge.when(Expression::new("!cancelled()")),
    ]
}
