//! Workflows that check every change.

use super::binaries::binaries_job;
use super::component::{Work, build_job, lint_job, set_up_and_build, variables};
use super::deploy::{Release, delivery};
use super::generated;
use super::images::build::check_job;
use super::scan;
use super::shared::{Plan, checkout, newest_of_a_pull_request};
use super::suite::{SuiteRun, suite_job};
use super::web::{keeps_build, lighthouse_job};
use super::whole::component_job;
use crate::manifest::model::{Component, Place, Suite};
use crate::manifest::raw::{Split, WorkflowKind};
use crate::pipeline::{self, Access, Expression, Job, Phase, Scope, Step, Trigger};

pub(super) fn plan(plan: &Plan<'_>) -> pipeline::Workflow {
    let mut jobs = match plan.workflow.split {
        Split::Phase => by_phase(plan),
        Split::Component => by_component(plan),
    };
    for component in &plan.manifest.components {
        for suite in slow_suites(plan, component) {
            let job = slow_job(plan, component, suite, &jobs);
            jobs.push(job);
        }
    }
    for component in &plan.manifest.components {
        if let Some(job) = lighthouse_job(plan, component) {
            let builder = builder(plan, &jobs, component);
            jobs.push(job.needs(builder));
        }
    }
    if let Some(mut job) = scan::quick_job(plan) {
        let id = job.id.clone();
        if has_security_workflow(plan) {
            // That one asks a person; nobody should decide on one finding twice.
            job.outputs.retain(|(name, _)| name != "review");
        }
        let reviewed = !job.may_fail && scan::asks_for_review(&job);
        jobs.push(job);
        if reviewed {
            jobs.push(scan::review_job(plan, &[id]));
        }
    }
    jobs.extend(generated::job(plan));
    if !jobs.is_empty() {
        let summary = summary_job(plan, &jobs);
        jobs.push(summary);
    }
    plan.workflow(
        plan.workflow.triggers.clone(),
        newest_of_a_pull_request(plan),
        jobs,
    )
}

/// A job for each phase of each component.
fn by_phase(plan: &Plan<'_>) -> Vec<Job> {
    let mut jobs = Vec::new();
    for component in &plan.manifest.components {
        jobs.extend(lint_job(plan, component));
    }
    for component in &plan.manifest.components {
        jobs.extend(fast_tests(plan, component, &jobs));
    }
    for component in &plan.manifest.components {
        let builds = builds(plan, component, &jobs);
        jobs.extend(builds);
        jobs.extend(dry_run_job(plan, component, &jobs));
    }
    jobs
}

/// A job for each component, and one for each of its images.
fn by_component(plan: &Plan<'_>) -> Vec<Job> {
    let mut jobs = Vec::new();
    for component in &plan.manifest.components {
        let whole = component_job(plan, component, Work::Event, None);
        let whole = whole.map(|job| job.steps(dry_runs(plan, component)));
        let before: Vec<_> = whole.iter().map(|job| job.id.clone()).collect();
        jobs.extend(whole);
        let images = component.images().filter(|(_, image)| image.with_checks);
        let images = images.map(|(part, image)| check_job(plan, part, image));
        jobs.extend(images.map(|job| job.needs(before.clone())));
    }
    jobs
}

fn has_security_workflow(plan: &Plan<'_>) -> bool {
    plan.manifest
        .workflows
        .iter()
        .any(|workflow| workflow.kind == WorkflowKind::Security)
}

pub(super) fn runs(plan: &Plan<'_>, suite: &Suite) -> bool {
    plan.workflow.suites.contains(&suite.name)
}

pub(super) const RUN: SuiteRun<'static> = SuiteRun {
    work: Work::Event,
    keep: false,
    built: false,
    grep: None,
};

/// The job that lints or tests a component, if the workflow has one.
fn job_of(plan: &Plan<'_>, jobs: &[Job], phase: Phase, component: &Component) -> Vec<String> {
    let word = if phase == Phase::Lint { "lint" } else { "test" };
    let id = plan.id(phase, format!("{word}-{}", component.name));
    let exists = jobs.iter().any(|job| job.phase == phase && job.id == id);
    exists.then_some(id).into_iter().collect()
}

fn fast_tests(plan: &Plan<'_>, component: &Component, jobs: &[Job]) -> Option<Job> {
    let suite = component.suite("unit").filter(|suite| runs(plan, suite))?;
    let lint = job_of(plan, jobs, Phase::Lint, component);
    Some(suite_job(plan, component, suite, RUN).needs(lint))
}

fn builds(plan: &Plan<'_>, component: &Component, jobs: &[Job]) -> Vec<Job> {
    let tests = job_of(plan, jobs, Phase::Test, component);
    let lint = job_of(plan, jobs, Phase::Lint, component);
    let before = if tests.is_empty() { lint } else { tests };
    let images = component.images().filter(|(_, image)| image.with_checks);
    let images = images.map(|(part, image)| check_job(plan, part, image));
    let own = if component.images().next().is_some() {
        None
    } else {
        build_job(plan, component)
    };
    own.into_iter()
        .chain(images)
        .chain(binaries_job(plan, component))
        .map(|job| job.needs(before.clone()))
        .collect()
}

/// Tries what a component is deployed with, for each environment, and deploys nothing.
fn dry_runs(plan: &Plan<'_>, component: &Component) -> Vec<Step> {
    let mut steps = Vec::new();
    for environment in &plan.manifest.environments {
        let Some(deployment) = &environment.deploy else {
            continue;
        };
        let release = Release {
            plan: *plan,
            environment,
            deployment,
            judged: None,
        };
        let own = |place: &&Place| {
            let named = place.target.component();
            named.is_some_and(|name| name.as_str() == component.name)
        };
        let places = deployment.places.iter().filter(own);
        steps.extend(places.filter_map(|place| place.target.dry_run(&delivery(&release, place))));
    }
    steps
}

fn dry_run_job(plan: &Plan<'_>, component: &Component, jobs: &[Job]) -> Option<Job> {
    let steps = dry_runs(plan, component);
    if steps.is_empty() {
        return None;
    }
    let id = plan.id(Phase::Build, format!("check-deployment-{}", component.name));
    let lint = job_of(plan, jobs, Phase::Lint, component);
    let name = format!("Check the deployment of {}", component.name);
    let mut job = Job::new(Phase::Build, id, name, 10)
        .step(checkout(None))
        .steps(set_up_and_build(plan, component))
        .steps(steps)
        .needs(lint);
    job.env = variables(component);
    Some(job)
}

/// Suites beyond the unit tests, in the order in which they run.
fn slow_suites<'c>(plan: &Plan<'_>, component: &'c Component) -> impl Iterator<Item = &'c Suite> {
    let runs: Vec<_> = component
        .suites
        .iter()
        .filter(|suite| suite.name != "unit" && runs(plan, suite))
        .collect();
    runs.into_iter()
}

/// A slow suite waits for the faster ones; one on the whole system for all builds.
fn slow_job(plan: &Plan<'_>, component: &Component, suite: &Suite, jobs: &[Job]) -> Job {
    let builder = match suite.playwright {
        Some(_) => builder(plan, jobs, component),
        None => Vec::new(),
    };
    let run = SuiteRun {
        built: !builder.is_empty(),
        ..RUN
    };
    let job = suite_job(plan, component, suite, run);
    if plan.workflow.split == Split::Component {
        return job.needs(of_phase(jobs, Phase::Test));
    }
    let integration = of_phase(jobs, Phase::Integration);
    let builds = of_phase(jobs, Phase::Build);
    let before = if suite.name != "integration" && !integration.is_empty() {
        integration
    } else if suite.service.is_some() && !builds.is_empty() {
        builds
    } else {
        job_of(plan, jobs, Phase::Test, component)
    };
    job.needs(before).needs(builder)
}

/// The job that keeps what the build of a component leaves.
fn builder(plan: &Plan<'_>, jobs: &[Job], component: &Component) -> Vec<String> {
    let keeps = |job: &&Job| {
        job.steps
            .iter()
            .any(|step| keeps_build(plan, step, component))
    };
    let builders = jobs.iter().filter(keeps);
    builders.map(|job| job.id.clone()).collect()
}

fn of_phase(jobs: &[Job], phase: Phase) -> Vec<String> {
    jobs.iter()
        .filter(|job| job.phase == phase)
        .map(|job| job.id.clone())
        .collect()
}

/// One result for the whole run: the status check to require.
pub(super) fn summary_job(plan: &Plan<'_>, jobs: &[Job]) -> Job {
    let triggers = &plan.workflow.triggers;
    let pull_requests = triggers
        .iter()
        .any(|trigger| matches!(trigger, Trigger::PullRequest { .. }));
    let only = pull_requests && triggers.len() == 1;
    let default = if only {
        "pr-summary".to_owned()
    } else {
        format!("{}-status", plan.workflow.file)
    };
    let all: Vec<_> = jobs.iter().map(|job| job.id.clone()).collect();
    let may_fail: Vec<_> = jobs
        .iter()
        .filter(|job| job.may_fail)
        .map(|job| job.id.clone())
        .collect();
    let mut job = Job::new(
        Phase::Summary,
        plan.id(Phase::Summary, default),
        "Summary",
        5,
    )
    .about("The one status check to require: it fails if a job has failed, and is never skipped.")
    .needs(all)
    .when(Expression::new("always()"));
    if pull_requests {
        let comment = Step::script(
            "Show the results on the pull request",
            "pull-request-comment",
        )
        .env("NEEDS", Expression::new("toJSON(needs)"))
        .env("MARKER", plan.workflow.file.clone())
        .env("TITLE", plan.workflow.name.clone())
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(Scope::PullRequests, Access::Write, "write the comment");
        // Where nothing else starts the workflow, there is always one.
        job = job.step(match only {
            true => comment,
            false => comment.when(Expression::new("github.event_name == 'pull_request'")),
        });
    }
    let results = Step::script("Hold the results together", "job-results")
        .env("NEEDS", Expression::new("toJSON(needs)"));
    let results = if may_fail.is_empty() {
        results
    } else {
        results.env("ALLOW_FAILURE", may_fail.join(" "))
    };
    job.step(results)
}
