//! The user's own steps and jobs, and changes to generated ones.

mod own;

use serde_json::Value;

use crate::diagnostics::{Diagnostic, Diagnostics, nearest};
use crate::manifest::model::Hatches;
use crate::pipeline::{Job, Step, Workflow};

/// Applies them to a planned workflow. What matches nothing is an error: a change
/// that silently stops to apply is worse than none.
pub(super) fn apply(hatches: &Hatches, workflow: &mut Workflow, diagnostics: &mut Diagnostics) {
    for (before, phase, values) in &hatches.steps {
        let steps: Vec<Step> = values.iter().filter_map(|value| step(value, diagnostics)).collect();
        let mut matched = false;
        for job in workflow.jobs.iter_mut().filter(|job| job.phase == *phase) {
            matched = true;
            insert(job, *before, steps.clone());
        }
        if !matched {
            let error = Diagnostic::error("no-such-phase", format!("`{}` has no job of the phase `{}`", workflow.file, phase.name()));
            diagnostics.push(error.help("remove the steps, or put them into a workflow that has it"));
        }
    }
    for (id, value) in &hatches.jobs {
        match own::job(id, value) {
            Ok((job, before)) => add(job, &before, workflow, diagnostics),
            Err(error) => diagnostics.push(error),
        }
    }
    for (id, value) in &hatches.overlays {
        overlay(id, value, workflow, diagnostics);
    }
}

fn step(value: &Value, diagnostics: &mut Diagnostics) -> Option<Step> {
    match own::step(value) {
        Ok(step) => Some(step),
        Err(error) => {
            diagnostics.push(error);
            None
        }
    }
}

/// Own steps come behind the check-out, or at the end.
fn insert(job: &mut Job, before: bool, steps: Vec<Step>) {
    let at = if before {
        let checkout = job.steps.iter().position(|step| own::is_checkout(step));
        checkout.map_or(0, |index| index + 1)
    } else {
        job.steps.len()
    };
    job.steps.splice(at..at, steps);
}

fn add(job: Job, before: &[String], workflow: &mut Workflow, diagnostics: &mut Diagnostics) {
    for id in before {
        match workflow.jobs.iter_mut().find(|job| job.id == *id) {
            Some(later) => later.needs.push(job.id.clone()),
            None => unknown_job(id, workflow, diagnostics),
        }
    }
    workflow.jobs.push(job);
}

fn unknown_job(id: &str, workflow: &Workflow, diagnostics: &mut Diagnostics) {
    let known: Vec<_> = workflow.jobs.iter().map(|job| job.id.as_str()).collect();
    let help = match nearest(id, known.iter().copied()) {
        Some(near) => format!("write `{near}`"),
        None => format!("one of {}", known.join(", ")),
    };
    let error = Diagnostic::error("unknown-job", format!("`{}` has no job `{id}`", workflow.file));
    diagnostics.push(error.help(help));
}

fn overlay(id: &str, value: &Value, workflow: &mut Workflow, diagnostics: &mut Diagnostics) {
    let Some(index) = workflow.jobs.iter().position(|job| job.id == id) else {
        return unknown_job(id, workflow, diagnostics);
    };
    if let Err(error) = own::change(&mut workflow.jobs[index], value) {
        diagnostics.push(error);
    }
}
