//! Manifest to pipeline: which jobs, in which order, behind which gates. Knows
//! no YAML and no template.
//!
//! One file for each kind of workflow (`checks`, `tests`, `security`, `deploy`,
//! `rollback`, and `flow` for pipelines), built from jobs that several kinds share (`component`, `images`,
//! `scan`, `messages`). `hatch` adds the user's own; `finish` proves the graph.

mod binaries;
mod checks;
mod component;
mod database;
mod deploy;
mod drift;
mod finish;
mod flow;
mod generated;
mod hatch;
mod images;
mod images_workflow;
mod inputs;
mod load;
mod messages;
mod provenance;
mod rollback;
mod scan;
mod security;
mod settings;
mod shared;
mod suite;
mod support;
mod tests_workflow;
mod updates;
mod web;
mod whole;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::manifest::model::{Manifest, Workflow};
use crate::manifest::raw::WorkflowKind;
use crate::pipeline::{self, Pipeline};

use shared::Plan;

/// Plans everything that a manifest becomes.
pub fn plan(manifest: &Manifest) -> (Pipeline, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let mut workflows = Vec::new();
    let environments = settings::environments(manifest);
    let declared = manifest
        .environments
        .iter()
        .map(|environment| environment.name.as_str());
    let known = declared
        .chain(environments.iter().map(|settings| settings.name.as_str()))
        .collect();
    for workflow in &manifest.workflows {
        let mut planned = one(manifest, workflow);
        inputs::add(&workflow.ask, &mut planned, &mut diagnostics);
        inputs::rename(&workflow.inputs, &mut planned, &mut diagnostics);
        hatch::apply(&workflow.hatches, &known, &mut planned, &mut diagnostics);
        finish::finish(workflow, &mut planned, &mut diagnostics);
        if planned.jobs.is_empty() {
            // GitHub refuses a workflow without jobs.
            diagnostics.push(nothing_to_do(workflow));
            continue;
        }
        if !workflow.ejected {
            workflows.push(planned);
        }
    }
    let own = manifest.own.clone();
    let planned = workflows.iter().map(pipeline::Workflow::path);
    let generated = planned.chain(own.iter().map(|workflow| workflow.path()));
    let pipeline = Pipeline {
        support: support::files(manifest),
        updates: updates::updates(manifest, generated.collect()),
        own,
        workflows,
        environments,
    };
    (pipeline, diagnostics)
}

fn nothing_to_do(workflow: &Workflow) -> Diagnostic {
    Diagnostic::warning(
        "empty-workflow",
        format!(
            "there is nothing to do for `{}`, so it is not written",
            workflow.file
        ),
    )
    .at(workflow.place)
    .help("give the components under `stack` a `lint`, `test`, `build` or `image`")
}

fn one(manifest: &Manifest, workflow: &Workflow) -> pipeline::Workflow {
    let plan = Plan { manifest, workflow };
    let mut planned = match workflow.kind {
        WorkflowKind::Checks => checks::plan(&plan),
        WorkflowKind::Tests => tests_workflow::plan(&plan),
        WorkflowKind::Security => security::plan(&plan),
        WorkflowKind::Deploy => deploy::plan(&plan),
        WorkflowKind::Rollback => rollback::plan(&plan),
        WorkflowKind::Database => database::plan(&plan),
        WorkflowKind::Backup => database::backup_plan(&plan),
        WorkflowKind::Pipeline => flow::plan(&plan),
        WorkflowKind::Drift => drift::plan(&plan),
        WorkflowKind::Images => images_workflow::plan(&plan),
    };
    if plan.has_pull_requests() {
        let told = messages::vulnerability_job(&plan, &mut planned.jobs);
        planned.jobs.extend(told);
    }
    for job in &mut planned.jobs {
        if job.runner == pipeline::Runner::default() {
            job.runner = pipeline::Runner(manifest.runner.clone());
        }
    }
    planned
}
