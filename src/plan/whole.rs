//! Jobs that go through everything that is checked of a component.

use super::component::{Work, commit, in_folder, lint_steps, named, seen, variables};
use super::shared::{Plan, checkout};
use super::suite::{checkout_for, test_steps, versions, with_services};
use super::web::{build_steps, only_once};
use crate::blocks::language::{Component as View, Purpose};
use crate::manifest::model::Component;
use crate::pipeline::{Expression, Job, Phase, Step, Text};

/// The job of a component: static checks, unit tests and build, one after the other.
/// Where a condition is given, the checks and tests run under it; the build does in any case.
pub(super) fn component_job(
    plan: &Plan<'_>,
    component: &Component,
    work: Work,
    tested: Option<&Expression>,
) -> Option<Job> {
    let suite = component.suite("unit");
    let suite = suite.filter(|_| plan.workflow.suites.contains(&"unit"));
    // What has images is built by them.
    let images = component.images().next().is_some();
    let build = component.build.as_ref().filter(|_| !images);
    if suite.is_none() && build.is_none() && component.lint.is_empty() {
        return None;
    }
    let mut view = seen(plan, component);
    if component.versions.len() > 1 {
        view.version = Text::code("matrix.version");
    }
    let minutes = suite.map_or(5, |suite| suite.timeout) + 5;
    let mut job = in_folder(
        Job::new(
            Phase::Test,
            plan.id(Phase::Test, component.name.as_str()),
            named("Check", component),
            minutes,
        ),
        component,
    )
    .step(match suite {
        Some(suite) => checkout_for(plan, suite, work),
        None => checkout(commit(work)),
    })
    .steps(setup(component, &view))
    .steps(
        lint_steps(&view, component)
            .into_iter()
            .map(|step| under(tested, step)),
    );
    if let Some(suite) = suite {
        let tests = test_steps(plan, &view, component, suite, false).into_iter();
        job = job.steps(tests.map(|step| under(tested, step)));
        if suite.coverage.is_some() && !plan.releases() {
            job = job.steps(codecov(plan, component, &view));
        }
        if suite.services {
            job = with_services(job, component);
        }
    }
    if let Some(build) = build {
        job = job.steps(build_steps(plan, &view, component, build));
    }
    job.env.extend(variables(component));
    Some(versions(job, component))
}

/// Lets a step run under a condition on top of its own.
fn under(condition: Option<&Expression>, mut step: Step) -> Step {
    let own = step.condition.take();
    step.condition = Expression::all(condition.cloned().into_iter().chain(own));
    step
}

/// The toolchain and the dependencies, and what static checks and tests need beside them.
fn setup(component: &Component, view: &View<'_>) -> Vec<Step> {
    let purposes = [Purpose::Lint { dependencies: true }, Purpose::Test];
    let mut steps: Vec<Step> = Vec::new();
    for purpose in purposes {
        for step in component.language.set_up(view, purpose) {
            if !steps.contains(&step) {
                steps.push(step);
            }
        }
    }
    steps
}

/// Shows the coverage on Codecov, if the manifest wants it.
fn codecov(plan: &Plan<'_>, component: &Component, view: &View<'_>) -> Option<Step> {
    if !plan.manifest.gates.codecov {
        return None;
    }
    let step = Step::uses("Show the coverage on Codecov", "codecov/codecov-action")
        .with("directory", view.folder().unwrap_or_else(|| ".".into()))
        .with("flags", component.name.as_str())
        .with("token", Text::secret("CODECOV_TOKEN"));
    Some(only_once(component, step))
}
