//! Workflows that run the suites, each by itself, and put their coverage together.

use super::component::{Work, seen};
use super::shared::{Plan, checkout, newest_of_a_pull_request};
use super::suite::{SuiteRun, suite_job};
use crate::manifest::model::Component;
use crate::pipeline::{
    self, DispatchInput, Expression, InputKind, Job, Phase, Step, Text, Trigger,
};

pub(super) fn plan(plan: &Plan<'_>) -> pipeline::Workflow {
    let by_hand = plan
        .workflow
        .triggers
        .iter()
        .any(|trigger| matches!(trigger, Trigger::Dispatch(_)));
    let mut jobs = Vec::new();
    for component in &plan.manifest.components {
        for suite in component
            .suites
            .iter()
            .filter(|suite| plan.workflow.suites.contains(&suite.name))
        {
            let keep = combined(plan, component);
            let job = suite_job(
                plan,
                component,
                suite,
                SuiteRun {
                    work: Work::Event,
                    keep,
                    built: false,
                    grep: None,
                },
            );
            jobs.push(if by_hand {
                job.when(chosen(suite.name))
            } else {
                job
            });
        }
    }
    for component in &plan.manifest.components {
        let job = coverage_job(plan, component, &jobs, by_hand);
        jobs.extend(job);
    }
    let mut triggers = plan.workflow.triggers.clone();
    for trigger in &mut triggers {
        if let Trigger::Dispatch(inputs) = trigger {
            inputs.push(suite_input(plan));
        }
    }
    plan.workflow(triggers, newest_of_a_pull_request(plan), jobs)
}

/// The suite runs unless a manual run asks for another one.
fn chosen(suite: &str) -> Expression {
    Expression::new(format!(
        "github.event_name != 'workflow_dispatch' || inputs.test_suite == 'all' || inputs.test_suite == '{suite}'"
    ))
}

fn suite_input(plan: &Plan<'_>) -> DispatchInput {
    let there = |suite: &&&str| {
        plan.manifest
            .components
            .iter()
            .any(|component| component.suite(suite).is_some())
    };
    let suites = plan
        .workflow
        .suites
        .iter()
        .filter(there)
        .map(|suite| (*suite).to_owned());
    DispatchInput {
        name: "test_suite".to_owned(),
        description: "Which suite to run".to_owned(),
        required: false,
        kind: InputKind::Choice(std::iter::once("all".to_owned()).chain(suites).collect()),
    }
}

/// Whether the coverage of a component's suites is judged as a whole.
fn combined(plan: &Plan<'_>, component: &Component) -> bool {
    plan.manifest.gates.coverage.is_some()
        && component.language.combine.is_some()
        && component.parts.len() == 1
}

fn coverage_job(
    plan: &Plan<'_>,
    component: &Component,
    jobs: &[Job],
    by_hand: bool,
) -> Option<Job> {
    let minimum = plan.manifest.gates.coverage?;
    if !combined(plan, component) {
        return None;
    }
    let covered: Vec<_> = component
        .suites
        .iter()
        .filter(|suite| suite.coverage.is_some())
        .collect();
    let needed: Vec<_> = covered
        .iter()
        .filter_map(|suite| {
            jobs.iter()
                .find(|job| job.phase == suite.phase())
                .map(|job| job.id.clone())
        })
        .collect();
    if needed.is_empty() {
        return None;
    }
    let view = seen(plan, component);
    let download = Step::uses(
        "Fetch the coverage of the suites",
        "actions/download-artifact",
    )
    .with("pattern", format!("coverage-{}-*", component.name))
    .with("path", view.file("coverage-data"))
    .with("merge-multiple", "true");
    let combine = component.language.combine?;
    let several = plan
        .manifest
        .components
        .iter()
        .filter(|other| combined(plan, other))
        .count()
        > 1;
    let id = if several {
        format!("coverage-{}", component.name)
    } else {
        "coverage".to_owned()
    };
    let mut job = Job::new(
        Phase::Coverage,
        plan.id(Phase::Coverage, id),
        "Coverage of all suites",
        5,
    )
    .needs(needed)
    .step(checkout(None))
    .step(download)
    .steps(combine(&view, minimum));
    if plan.manifest.gates.codecov {
        job = job.step(
            Step::uses("Show the coverage on Codecov", "codecov/codecov-action")
                .when(Expression::new("!cancelled()"))
                .with("files", view.file("coverage.xml"))
                .with("token", Text::secret("CODECOV_TOKEN")),
        );
    }
    if by_hand {
        // A single suite says nothing about the whole.
        job = job.when(Expression::new(
            "github.event_name != 'workflow_dispatch' || inputs.test_suite == 'all'",
        ));
    }
    job.folder = (component.parts[0].path != ".").then(|| component.parts[0].path.as_str().into());
    Some(job)
}
