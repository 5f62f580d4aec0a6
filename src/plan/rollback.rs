//! The workflow that goes back to the release before, by hand.

mod chosen;
mod report;
mod scope;
mod validate;

use super::deploy::{
    Release, at_gate, delivery, health_check, login, maintenance, purge, rollback_minutes,
};
use super::shared::{Plan, checkout};
use crate::blocks::target::Undo;
use crate::manifest::model::{Environment, Place};
use crate::pipeline::{
    self, Concurrency, DispatchInput, Expression, InputKind, Job, Phase, Text, Trigger,
};

pub(super) fn plan(plan: &Plan<'_>) -> pipeline::Workflow {
    let environments = plan.manifest.environments.iter();
    let deployed: Vec<_> = environments
        .filter(|environment| environment.goes_back())
        .collect();
    let (recorded, simple): (Vec<_>, Vec<_>) = deployed
        .iter()
        .partition(|environment| environment.keeps_records());
    let mut inputs = inputs(&deployed, &simple);
    inputs.extend(scope::Field::of(&recorded).map(|field| field.input()));
    inputs.extend(maintenance::input(deployed.iter().copied()));
    let mut jobs: Vec<_> = simple
        .iter()
        .flat_map(|environment| jobs(plan, environment))
        .collect();
    jobs.extend(chosen::jobs(plan, &recorded));
    // A name that no job has: a run that waits for its own group never starts.
    let concurrency = Concurrency::queue(
        Text::literal("rollback-by-hand-").then(Expression::new("inputs.environment")),
    );
    let mut workflow = plan.workflow(vec![Trigger::Dispatch(inputs)], concurrency, jobs);
    workflow.run_name = Some(
        Text::literal("Roll back ")
            .then(Expression::new("inputs.environment"))
            .then(": ")
            .then(Expression::new("inputs.reason")),
    );
    workflow
}

/// The fields of the form; `simple` are the environments that keep no records.
fn inputs(deployed: &[&Environment], simple: &[&Environment]) -> Vec<DispatchInput> {
    let names = deployed
        .iter()
        .map(|environment| environment.name.clone())
        .collect();
    let mut inputs = vec![
        DispatchInput {
            name: "environment".to_owned(),
            description: "Where to go back to the release before".to_owned(),
            required: true,
            kind: InputKind::Choice(names),
        },
        DispatchInput {
            name: "reason".to_owned(),
            description: "Why; kept with the run".to_owned(),
            required: true,
            kind: InputKind::Text(None),
        },
    ];
    let asks = |environment: &&Environment| {
        let mut places = environment.places().iter();
        places.any(|place| place.target.asks_for_release())
    };
    if simple.iter().any(asks) {
        inputs.push(DispatchInput {
            name: "version".to_owned(),
            description: "The release to go back to, as it was named when it was deployed"
                .to_owned(),
            required: true,
            kind: InputKind::Text(None),
        });
    } else if simple.len() < deployed.len() {
        inputs.push(DispatchInput {
            name: "version".to_owned(),
            description: match deployed.iter().any(|one| one.rollback.takes_database()) {
                true => "The release to go back to; empty: the one before the present one, for the database alone the present one".to_owned(),
                false => "The release to go back to; empty: the one before the present one".to_owned(),
            },
            required: false,
            kind: InputKind::Text(None),
        });
    }
    inputs
}

fn is_chosen(environment: &Environment) -> Expression {
    Expression::new("inputs.environment == ").join(Expression::literal(&environment.name))
}

/// The gate of an environment whose roll-backs wait for somebody.
fn gate(release: &Release<'_>) -> Option<Job> {
    let environment = release.environment;
    let approval = environment.rollback.approval.as_ref()?;
    let title = format!("Approval for {}", environment.name);
    let id = format!("approve-{}", environment.name);
    Some(at_gate(id, title, &approval.gate).when(is_chosen(environment)))
}

/// A job for each place, one after the other.
fn jobs(plan: &Plan<'_>, environment: &Environment) -> Vec<Job> {
    let Some(release) = Release::to(*plan, environment) else {
        return Vec::new();
    };
    let mut jobs: Vec<Job> = gate(&release).into_iter().collect();
    for place in &release.deployment.places {
        let job = job(&release, place);
        jobs.push(match jobs.last() {
            Some(before) => job.needs([before.id.clone()]),
            None => job,
        });
    }
    jobs
}

fn job(release: &Release<'_>, place: &Place) -> Job {
    let environment = release.environment;
    let undo = place.target.rollback(
        &delivery(release, place),
        Undo::Live(Text::code("inputs.version")),
    );
    let name = release.whole_name(place);
    let mut job = Job::new(
        Phase::Rollback,
        format!("rollback-{name}"),
        format!("Roll back {name}"),
        rollback_minutes(place) + 5,
    )
    .when(is_chosen(environment))
    .steps(undo.checkout.then(|| checkout(None)))
    .steps(login(place))
    .steps(maintenance::around(release, place, undo.steps))
    .steps(purge(place))
    .steps(health_check(
        place,
        "Check the health",
        undo.reported
            .then(|| Expression::output("rollback", "version").into()),
    ))
    .steps(maintenance::off(release, place));
    job.environment = Some(release.unreviewed(place));
    job.concurrency = Some(release.rollback_group(place));
    job
}
