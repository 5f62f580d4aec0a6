//! The user's own steps and jobs, and changes to generated ones.

mod own;
mod read;

use std::collections::BTreeSet;

use self::read::{items, unknown, words};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::expression;
use crate::manifest::Value;
use crate::manifest::model::{Hatches, Own, OwnSteps};
use crate::pipeline::{Job, Step, Workflow};
use crate::source::Location;

/// Applies them to a planned workflow. What matches nothing is an error: a change
/// that silently stops to apply is worse than none.
///
/// `environments` are all that there are: GitHub makes an environment that a job
/// names, without any protection, so a slip would be an open door.
pub(super) fn apply(
    hatches: &Hatches,
    environments: &BTreeSet<&str>,
    workflow: &mut Workflow,
    diagnostics: &mut Diagnostics,
) {
    for own in &hatches.steps {
        steps(own, workflow, diagnostics);
    }
    for Own { id, value, .. } in &hatches.jobs {
        match own::job(id, value) {
            Ok(job) => add(job, value, workflow, diagnostics),
            Err(error) => diagnostics.push(error),
        }
    }
    for own in &hatches.overlays {
        overlay(own, workflow, diagnostics);
    }
    for Own { id, value, .. } in hatches.jobs.iter().chain(&hatches.overlays) {
        check_environment(id, value, environments, diagnostics);
    }
}

fn steps(own: &OwnSteps, workflow: &mut Workflow, diagnostics: &mut Diagnostics) {
    let read = own.steps.iter().filter_map(|value| {
        own::step(value)
            .map_err(|error| diagnostics.push(error))
            .ok()
    });
    let steps: Vec<Step> = read.collect();
    let mut matched = false;
    for job in workflow
        .jobs
        .iter_mut()
        .filter(|job| job.phase == own.phase)
    {
        matched = true;
        insert(job, own.before, steps.clone());
    }
    if !matched {
        let phase = own.phase.name();
        let error = Diagnostic::error(
            "no-such-phase",
            format!("`{}` has no job of the phase `{phase}`", workflow.file),
        );
        diagnostics.push(
            error
                .at(own.key)
                .help("remove the steps, or put them into a workflow that has it"),
        );
    }
}

/// Own steps come behind the check-out, or at the end.
fn insert(job: &mut Job, before: bool, steps: Vec<Step>) {
    let at = if before {
        let checkout = job.steps.iter().position(own::is_checkout);
        checkout.map_or(0, |index| index + 1)
    } else {
        job.steps.len()
    };
    job.steps.splice(at..at, steps);
}

fn add(job: Job, value: &Value, workflow: &mut Workflow, diagnostics: &mut Diagnostics) {
    let before = value.find(&["before"]).map(|found| items(found.value));
    for item in before.unwrap_or_default() {
        let later = match words("before", item) {
            Ok(ids) => ids.concat(),
            Err(error) => {
                diagnostics.push(error);
                continue;
            }
        };
        match workflow.jobs.iter_mut().find(|job| job.id == later) {
            Some(later) => later.needs.push(job.id.clone()),
            None => diagnostics.push(unknown_job(&later, workflow, item.origin)),
        }
    }
    workflow.jobs.push(job);
}

fn unknown_job(id: &str, workflow: &Workflow, place: Location) -> Box<Diagnostic> {
    let known = workflow.jobs.iter().map(|job| job.id.as_str());
    unknown(
        "unknown-job",
        format!("`{}` has no job `{id}`", workflow.file),
        id,
        known,
        place,
    )
}

fn overlay(own: &Own, workflow: &mut Workflow, diagnostics: &mut Diagnostics) {
    let Some(index) = workflow.jobs.iter().position(|job| job.id == own.id) else {
        return diagnostics.push(unknown_job(&own.id, workflow, own.key));
    };
    if let Err(error) = own::change(&mut workflow.jobs[index], &own.value) {
        diagnostics.push(error);
    }
}

/// Refuses the name of an environment that nobody has set up. A computed one is not known.
fn check_environment(id: &str, job: &Value, known: &BTreeSet<&str>, diagnostics: &mut Diagnostics) {
    let Some(value) = own::environment_name(job) else {
        return;
    };
    let Ok(name) = read::word("environment", value) else {
        return;
    };
    if known.contains(name.as_str()) || expression::is_in(&name) {
        return;
    }
    let message =
        format!("the job `{id}` runs in an environment `{name}` that is named nowhere else");
    let mut error = unknown(
        "unknown-environment",
        message,
        &name,
        known.iter().copied(),
        value.origin,
    );
    error = Box::new(
        error.note("GitHub creates an environment that a job names, without any protection"),
    );
    if let Some(help) = &mut error.help {
        help.push_str(&format!(", or add `environments: {{{name}: {{}}}}`"));
    }
    diagnostics.push(error);
}
