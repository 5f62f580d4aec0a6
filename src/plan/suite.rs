//! Jobs of test suites.

mod command;

use command::with_kept_folders;
pub(super) use command::{capital, test_steps};

use super::component::{Work, commit, in_folder, named, seen, variables};
use super::load::{benchmark, in_scenarios, load_test, logs_of_image, runs_image, start_image};
use super::shared::{Plan, checkout};
use super::web;
use crate::blocks::language::Purpose;
use crate::manifest::model::{Component, Suite};
use crate::manifest::raw::{Playwright, WorkflowKind};
use crate::pipeline::{Expression, Job, Matrix, Phase, Service, Step, Text, Work as Action};

/// How a suite runs.
#[derive(Clone, Copy)]
pub(super) struct SuiteRun<'g> {
    /// What it works on.
    pub(super) work: Work,
    /// Whether its coverage is kept for a combined report.
    pub(super) keep: bool,
    /// Whether an earlier job of the run kept what the component's build left.
    pub(super) built: bool,
    /// What the titles of the tests must match, with Playwright.
    pub(super) grep: Option<&'g str>,
}

/// The job of a suite.
pub(super) fn suite_job(
    plan: &Plan<'_>,
    component: &Component,
    suite: &Suite,
    run: SuiteRun<'_>,
) -> Job {
    let job = Job::new(
        suite.phase(),
        suite_id(plan, component, suite),
        suite_name(component, suite),
        suite.timeout,
    );
    let mut job = if suite.service.is_some() {
        job.step(checkout_for(plan, suite, run.work))
            .steps(in_compose(suite))
    } else {
        let job = in_folder(job, component).step(checkout_for(plan, suite, run.work));
        on_runner(plan, job, component, suite, run)
    };
    if suite.services {
        job = with_services(job, component);
    }
    job.env.extend(variables(component));
    if let Some(playwright) = &suite.playwright {
        job = projects(job, playwright);
    }
    let job = in_scenarios(plan, job, component, suite);
    versions(job, component)
}

/// A matrix over Playwright's projects, each of which shows its own result.
fn projects(mut job: Job, playwright: &Playwright) -> Job {
    if !playwright.projects.is_empty() {
        let names = playwright.projects.iter();
        let names = names.map(|name| name.as_str().to_owned()).collect();
        let matrix = job.matrix.get_or_insert_with(|| Matrix::of(Vec::new()));
        matrix.dimensions.push(("project".to_owned(), names));
        job.name = job.name.then(": ").then(Expression::new("matrix.project"));
    }
    job
}

/// A matrix over several versions of the language.
pub(super) fn versions(mut job: Job, component: &Component) -> Job {
    if component.versions.len() > 1 && job.phase == Phase::Test {
        let matrix = job.matrix.get_or_insert_with(|| Matrix::of(Vec::new()));
        matrix
            .dimensions
            .push(("version".to_owned(), component.versions.clone()));
        job.name = job
            .name
            .then(" (")
            .then(Expression::new("matrix.version"))
            .then(")");
    }
    job
}

fn suite_id(plan: &Plan<'_>, component: &Component, suite: &Suite) -> String {
    if suite.name == "unit" {
        return plan.id(Phase::Test, format!("test-{}", component.name));
    }
    let others = plan
        .manifest
        .components
        .iter()
        .filter(|other| other.suite(suite.name).is_some());
    let id = if others.count() == 1 {
        format!("{}-tests", suite.name)
    } else {
        format!("{}-tests-{}", suite.name, component.name)
    };
    plan.id(suite.phase(), id)
}

fn suite_name(component: &Component, suite: &Suite) -> Text {
    let words = match suite.name {
        "unit" => return named("Test", component),
        "e2e" => "End-to-end tests",
        "integration" => "Integration tests",
        "performance" => "Performance tests",
        _ => "Regression tests",
    };
    words.into()
}

/// Runs beside the containers that the component needs.
pub(super) fn with_services(mut job: Job, component: &Component) -> Job {
    for ready in &component.services {
        let service: &Service = &ready.service;
        if job.services.iter().any(|known| known.name == service.name) {
            continue;
        }
        job.services.push(service.clone());
        let (name, value) = &ready.variable;
        job.env.push((name.clone(), value.into()));
        if let Some(step) = &ready.prepare {
            // The services run from the start, so this comes before all that takes its time.
            let checkout = job.steps.iter().position(is_checkout);
            let at = checkout.map_or(0, |index| index + 1);
            job.steps.insert(at, step.clone());
        }
    }
    job
}

fn is_checkout(step: &Step) -> bool {
    matches!(&step.work, Action::Use(action, _) if action.0 == "actions/checkout")
}

/// `docker compose` with the files of a suite.
fn compose(suite: &Suite) -> String {
    let files = suite.compose.iter().map(|file| format!(" -f {file}"));
    format!("docker compose{}", files.collect::<String>())
}

/// Starts the system, runs the command within, and takes it down whatever happens.
fn in_compose(suite: &Suite) -> Vec<Step> {
    let compose = compose(suite);
    let command = suite.run.as_deref().unwrap_or("true");
    let service = suite.service.as_deref().unwrap_or_default();
    let mut steps = vec![start_system(&compose)];
    steps.push(Step::run(
        capital(suite.name),
        format!("{compose} exec -T {service} {command}"),
    ));
    steps.extend(take_down(&compose));
    steps
}

fn start_system(compose: &str) -> Step {
    Step::run(
        "Start the system",
        format!("{compose} up -d --build --wait"),
    )
}

fn take_down(compose: &str) -> [Step; 2] {
    [
        Step::run(
            "Show the logs",
            format!("{compose} logs --no-color --timestamps"),
        )
        .when(Expression::new("failure()")),
        Step::run(
            "Take the system down",
            format!("{compose} down -v --remove-orphans"),
        )
        .when(Expression::new("always()")),
    ]
}

fn on_runner(
    plan: &Plan<'_>,
    job: Job,
    component: &Component,
    suite: &Suite,
    run: SuiteRun<'_>,
) -> Job {
    let mut view = seen(plan, component);
    if component.versions.len() > 1 && suite.name == "unit" {
        view.version = Text::code("matrix.version");
    }
    let compose_command = (!suite.compose.is_empty()).then(|| compose(suite));
    // Compose files are named from the root, whatever the folder of the job.
    let in_folder = job.folder.is_some();
    let at_root = |step: Step| if in_folder { step.folder(".") } else { step };
    let mut job = job;
    if let Some(compose) = &compose_command {
        job = job.step(at_root(start_system(compose)));
    }
    if runs_image(suite) {
        let steps = start_image(plan, component, suite).into_iter();
        job = job.steps(steps.map(|step| match step.work {
            Action::Use(..) => step,
            _ => at_root(step),
        }));
    }
    if suite.name == "unit" || suite.run.is_some() || suite.playwright.is_some() {
        job = job.steps(component.language.set_up(&view, Purpose::Test));
        let fetch = run.built.then(|| web::fetch_build(plan, &view, component));
        job = job.steps(fetch.flatten());
        if let Some(fixtures) = &suite.fixtures {
            job = job.step(Step::run("Load the fixtures", fixtures.as_str()));
        }
        let mut tests = match &suite.playwright {
            Some(_) => web::playwright_steps(plan, &view, component, suite, run.grep),
            None => test_steps(plan, &view, component, suite, run.keep),
        };
        if let Some(load) = &suite.load {
            tests = tests
                .into_iter()
                .map(|step| step.env("BASE_URL", load.url.as_str()))
                .collect();
        }
        let keeps = !component.cache.is_empty() && plan.workflow.kind != WorkflowKind::Deploy;
        job = job.steps(if keeps {
            with_kept_folders(&view, component, suite, tests)
        } else {
            tests
        });
    }
    if let Some(results) = &suite.benchmark {
        job = job.steps(benchmark(plan, component, results));
    }
    job = job.steps(load_test(suite).into_iter().map(|step| match step.work {
        Action::Use(..) => step,
        _ => at_root(step),
    }));
    if runs_image(suite) {
        job = job.step(logs_of_image());
    }
    if let Some(compose) = &compose_command {
        job = job.steps(take_down(compose).map(at_root));
    }
    if run.keep && suite.coverage.is_some() {
        let upload = Step::uses("Keep the coverage", "actions/upload-artifact")
            .with(
                "name",
                format!("coverage-{}-{}", component.name, suite.name),
            )
            .with("path", view.file(&format!(".coverage.{}", suite.name)))
            .with("include-hidden-files", "true")
            .with("if-no-files-found", "error")
            .with("retention-days", "7");
        job = job.step(upload);
    }
    job
}

/// Checks out what a suite needs: to know what a pull request changes, also the commit that
/// it is merged into.
pub(super) fn checkout_for(plan: &Plan<'_>, suite: &Suite, work: Work) -> Step {
    let step = checkout(commit(work));
    if suite.changed.is_some() && plan.has_pull_requests() {
        step.with("fetch-depth", "2")
    } else {
        step
    }
}
