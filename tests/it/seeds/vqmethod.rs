//! A web application on a cluster and on Vercel: its acceptance statements, one test each, on
//! what the preset becomes.
//!
//! The last one, on generated documents, has no workflow; the accounting says so.
//! What a script of ours does is shown where scripts are run.

mod checks;
mod deployments;
mod images;
mod roll_back;
mod runs;

use serde_json::{Value, json};

use super::evaluate::{Context, Ending, Start};
use super::read::{Generated, Job, Step, Workflow};

const STAGING: &str = "deploy-staging";
const PRODUCTION: &str = "deploy-production";

fn workflow(name: &str) -> &'static Workflow {
    Generated::preset("vqmethod").workflow(name)
}

/// A deployment knows its release from the moment it recorded what was live before.
fn outputs(job: &Job, ending: Ending) -> Vec<Value> {
    let begun = json!({"release": "17-1", "previous_version": "4f2a", "deployment": "42"});
    match ending {
        _ if !job.outputs.contains_key("release") => vec![json!({})],
        Ending::Success => vec![begun],
        _ => vec![json!({}), begun],
    }
}

fn start(event: &str, inputs: Value) -> Start<'_> {
    Start {
        event,
        git_ref: "refs/heads/main",
        inputs,
        outputs: &outputs,
    }
}

/// What an expression sees when all went well so far.
fn context(names: Value) -> Context {
    Context {
        names,
        success: true,
        failure: false,
        cancelled: false,
    }
}

/// Fails unless the job runs these scripts one after the other, others between them.
fn assert_scripts(job: &Job, wanted: &[&str]) {
    let scripts = job.scripts();
    let mut rest = scripts.iter();
    for script in wanted {
        assert!(rest.any(|known| known == script), "{script} in {scripts:?}");
    }
}

/// The place of a step among those of its job.
fn place(job: &Job, step: &Step) -> usize {
    job.steps
        .iter()
        .position(|known| std::ptr::eq(known, step))
        .unwrap()
}
