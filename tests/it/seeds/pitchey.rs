//! A platform for pitches: its acceptance statements, one test each, on what the preset becomes.
//!
//! The last one, on generated documents, has no workflow; the accounting says so.
//! What a script of ours does is shown where scripts are run.

mod checks;
mod database;
mod production;
mod rollback;
mod security;
mod staging;

use super::read::{Generated, Job, Workflow};

const NAME: &str = "pitchey";

fn workflow(name: &str) -> &'static Workflow {
    Generated::preset(NAME).workflow(name)
}

/// Where a step stands among those of its job, by words of its command or the script it runs.
fn position(job: &Job, what: &str) -> usize {
    let is = |step: &super::read::Step| {
        let runs = step.run.as_deref().unwrap_or_default();
        step.script() == Some(what)
            || step.action() == Some(what)
            || runs.lines().any(|line| line.starts_with(what))
    };
    let found = job.steps.iter().position(is);
    found.unwrap_or_else(|| panic!("{} runs no {what}", job.id))
}

/// Fails unless a job does these things one after the other.
fn assert_in_order(job: &Job, what: &[&str]) {
    let places: Vec<_> = what.iter().map(|what| position(job, what)).collect();
    assert!(
        places.is_sorted(),
        "{}: {what:?} stand at {places:?}",
        job.id
    );
}
