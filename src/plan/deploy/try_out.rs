//! What tries a deployed release beyond its health: end-to-end tests, Lighthouse, a look at its security.

use super::Release;
use crate::blocks::language::Purpose;
use crate::manifest::model::{Component, Suite};
use crate::manifest::raw::{EndToEnd, LiveTest};
use crate::pipeline::{Job, Phase, Step};
use crate::plan::component::{Work, commit, in_folder, seen_part};
use crate::plan::shared::checkout;
use crate::plan::suite::{SuiteRun, suite_job, with_services};
use crate::plan::web::measure;

/// The jobs that try the release, beside each other.
pub(super) fn try_out(release: &Release<'_>) -> Vec<Job> {
    let jobs = [end_to_end(release), lighthouse(release), security(release)];
    let tests = release.environment.verify.tests.iter();
    let tests = tests.filter_map(|(name, test)| live_test(release, name, test));
    jobs.into_iter().flatten().chain(tests).collect()
}

fn end_to_end(release: &Release<'_>) -> Option<Job> {
    let wanted = release.environment.verify.e2e.as_ref()?;
    if !wanted.enabled {
        return None;
    }
    let mut components = release.plan.manifest.components.iter();
    let (component, suite) = components.find_map(|component| {
        let suite = component.suite("e2e")?;
        Some((component, chosen(suite, wanted)))
    })?;
    let run = SuiteRun {
        work: Work::Release,
        keep: false,
        built: false,
        grep: wanted.grep.as_ref().map(|words| words.as_str()),
    };
    let job = suite_job(&release.plan, component, &suite, run);
    let job = Job {
        id: release.id(Phase::EndToEnd, "e2e-tests"),
        // What stands beside the tests of a change is deployed with the release.
        services: Vec::new(),
        env: variables(component),
        ..job
    };
    let url = release.environment.url.as_deref()?;
    Some(job.env("BASE_URL", url))
}

fn variables(component: &Component) -> Vec<(String, crate::pipeline::Text)> {
    crate::plan::component::variables(component)
}

/// The suite with the projects that are wanted.
fn chosen(suite: &Suite, wanted: &EndToEnd) -> Suite {
    let mut suite = suite.clone();
    suite.services = false;
    if let (Some(playwright), false) = (&mut suite.playwright, wanted.projects.is_empty()) {
        playwright.projects = wanted.projects.clone();
    }
    suite
}

fn lighthouse(release: &Release<'_>) -> Option<Job> {
    let own = release.environment.verify.lighthouse.as_ref()?;
    let url = release.environment.url.as_deref()?;
    if !own.enabled {
        return None;
    }
    let components = release.plan.manifest.components.iter();
    let stack = components.filter_map(|component| component.lighthouse.as_ref());
    let limits = match stack.take(1).next() {
        Some(stack) => own.or(stack),
        None => own.0.clone(),
    };
    let name = &release.environment.name;
    let id = release.id(Phase::Lighthouse, "lighthouse");
    let job = Job::new(Phase::Lighthouse, id, release.name("Lighthouse"), 15);
    Some(job.steps(measure(&release.plan, &limits, name, |step| {
        step.env("BASE_URL", url)
    })))
}

fn security(release: &Release<'_>) -> Option<Job> {
    let headers = &release.environment.verify.headers;
    if headers.is_empty() {
        return None;
    }
    let places = release.deployment.places.iter();
    let mut urls: Vec<_> = places.filter_map(|place| place.url.as_deref()).collect();
    urls.extend(release.environment.url.as_deref());
    urls.dedup();
    let headers: Vec<_> = headers.iter().map(|name| name.as_str()).collect();
    let step = Step::script("Look at certificates and headers", "header-check")
        .env("URLS", urls.join("\n"))
        .env("HEADERS", headers.join("\n"));
    let id = release.id(Phase::Smoke, "security-check");
    Some(
        Job::new(
            Phase::Smoke,
            id,
            release.name("Security of the live site"),
            5,
        )
        .step(step),
    )
}

/// A test of the manifest's, against what is deployed.
fn live_test(release: &Release<'_>, name: &str, test: &LiveTest) -> Option<Job> {
    let plan = &release.plan;
    let url = release.environment.url.as_deref()?;
    let component = match &test.component {
        Some(name) => plan.manifest.component(name),
        None => plan.manifest.components.first(),
    }?;
    let view = seen_part(plan, component, &component.parts[0].path);
    let id = release.id(Phase::Own, &format!("{name}-tests"));
    let title = release.name(&format!("Live tests: {name}"));
    let run = Step::run("Run the tests", test.run.as_str()).env("BASE_URL", url);
    let mut job = in_folder(Job::new(Phase::EndToEnd, id, title, 15), component)
        .step(checkout(commit(Work::Release)))
        .steps(component.language.set_up(&view, Purpose::Test))
        .step(run);
    if test.services {
        job = with_services(job, component);
    }
    job.env.extend(variables(component));
    Some(job)
}
