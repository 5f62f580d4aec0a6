//! The workflow that looks by the clock whether infrastructure is still what Terraform made.

use super::deploy::login;
use super::settings::rollback_environment;
use super::shared::{Plan, checkout};
use crate::blocks::infrastructure::Infrastructure;
use crate::blocks::notify;
use crate::manifest::model::{Environment, Place};
use crate::pipeline::{self, Concurrency, Expression, Job, Phase, Text};

pub(super) fn plan(plan: &Plan<'_>) -> pipeline::Workflow {
    let mut jobs = Vec::new();
    for environment in &plan.manifest.environments {
        for place in environment.places() {
            let own = place.keys.terraform.as_ref().map(|keys| &keys.0);
            let kept = own.into_iter().chain(place.target.infrastructure());
            jobs.extend(kept.map(|kept| job(environment, place, kept)));
        }
    }
    let concurrency = Concurrency::queue(Text::code("github.workflow"));
    plan.workflow(plan.workflow.triggers.clone(), concurrency, jobs)
}

fn job(environment: &Environment, place: &Place, infrastructure: &Infrastructure) -> Job {
    let name = match &place.part {
        None => environment.name.clone(),
        Some(part) => format!("{}-{part}", environment.name),
    };
    let drifted = Expression::new("failure() && steps.drift.outputs.drift == 'true'");
    let what = Expression::output("drift", "problem").into();
    let mut job = Job::new(
        Phase::Own,
        format!("drift-{name}"),
        format!("Drift of {name}"),
        20,
    )
    .step(checkout(None))
    .steps(login(place))
    .step(infrastructure.install())
    .step(infrastructure.drift())
    .step(notify::drifted(&name, what).when(drifted));
    job.environment = Some(pipeline::Environment {
        // Nobody is asked at night.
        name: rollback_environment(environment, place).into(),
        url: None,
        deployment: false,
    });
    job
}
