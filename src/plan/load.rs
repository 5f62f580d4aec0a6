//! Benchmarks and load tests within a suite.

mod starter;

use super::component::seen;
use super::images::{platforms, shared};
use super::shared::Plan;
use crate::manifest::model::{Component, Manifest, Suite};
use crate::manifest::raw::WorkflowKind;
use crate::pipeline::{Expression, Job, Step, SupportFile, Text};

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
        ("MIN_REQUESTS", load.throughput.map(u64::from)),
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
    let run = Step::run(
        "Run the load test",
        format!("k6 run --summary-export {summary} {}", load.script),
    )
    .env("BASE_URL", load.url.as_str());
    let run = if load.scenarios.is_empty() {
        run
    } else {
        run.env("SCENARIO", Expression::new("matrix.scenario"))
    };
    vec![
        Step::uses("Set up k6", "grafana/setup-k6-action"),
        Step::script("Sample CPU and memory", "sample-stats").env("STATS_FILE", stats),
        run,
        // The limits are judged even if a threshold of the script's own was missed.
        judge.when(Expression::new("!cancelled()")),
    ]
}

/// Whether the system under test is the component's image.
pub(super) fn runs_image(suite: &Suite) -> bool {
    suite.load.as_ref().is_some_and(|load| load.image)
}

/// Steps that start the image of a component beside its services, on the ports of the runner.
pub(super) fn start_image(plan: &Plan<'_>, component: &Component, suite: &Suite) -> Vec<Step> {
    let (Some(load), Some((part, image))) = (&suite.load, component.images().next()) else {
        return Vec::new();
    };
    let reference = Text::literal(format!("local/{}:scan", image.name));
    let mut steps = if plan.workflow.kind == WorkflowKind::Pipeline {
        shared::fetch(plan, &[shared::running_row(plan, part, image)])
    } else {
        let build = "docker build --tag \"$IMAGE\" --file \"$DOCKERFILE\" \"$CONTEXT\"";
        vec![
            Step::run("Build the image", build)
                .env("IMAGE", reference.clone())
                .env("DOCKERFILE", image.dockerfile.as_str())
                .env("CONTEXT", image.context.as_str()),
        ]
    };
    let services = component.services.iter().map(|ready| &ready.variable.0);
    let names = services.chain(component.env.iter().map(|(name, _)| name));
    let handed: String = names.map(|name| format!(" --env {name}")).collect();
    let start = format!("docker run --detach --name system --network host{handed} \"$IMAGE\"");
    let health = health_path(plan.manifest);
    steps.extend([
        Step::run("Start the system", start).env("IMAGE", reference),
        Step::script("Wait until it answers", "health-check").env(
            "HEALTH_URLS",
            format!("{}{health}", load.url.trim_end_matches('/')),
        ),
    ]);
    steps
}

/// The path at which the system says that it is well.
fn health_path(manifest: &Manifest) -> &str {
    let mut environments = manifest.environments.iter();
    let health = environments.find_map(|environment| environment.verify.health.first());
    health.map_or("/", |path| path.as_str())
}

/// A load test to begin with, for each that the manifest asks for.
pub(super) fn starters(manifest: &Manifest) -> Vec<SupportFile> {
    let suites = manifest
        .components
        .iter()
        .flat_map(|component| &component.suites);
    let loads = suites.filter_map(|suite| suite.load.as_ref());
    loads
        .map(|load| {
            let text = starter::text(load, health_path(manifest));
            SupportFile::starter(load.script.as_str(), text)
        })
        .collect()
}

/// Shows what the system said, if something failed.
pub(super) fn logs_of_image() -> Step {
    Step::run("Show the logs", "docker logs --timestamps system").when(Expression::new("failure()"))
}

/// Runs a job once for each scenario.
pub(super) fn in_scenarios(
    plan: &Plan<'_>,
    mut job: Job,
    component: &Component,
    suite: &Suite,
) -> Job {
    let Some(load) = &suite.load else {
        return job;
    };
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let image = component.images().next().filter(|_| load.image);
    let image = image.map(|(part, image)| shared::running_row(plan, part, image));
    let image = image.unwrap_or_default();
    let scenarios = load.scenarios.iter();
    let mut rows: Vec<_> = scenarios
        .map(|name| [vec![pair("scenario", name)], image.clone()].concat())
        .collect();
    if rows.is_empty() && !image.is_empty() {
        rows.push(image);
    }
    if rows.is_empty() {
        return job;
    }
    if !load.scenarios.is_empty() {
        let scenario = Expression::new("matrix.scenario");
        job.name = job.name.then(": ").then(scenario);
    }
    platforms::with_rows(plan, job, rows)
}
