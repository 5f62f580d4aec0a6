//! Roll-backs by hand to a release that is chosen, or found in the records of deployments.
//!
//! validate → approval → backup → each part → database → verify → report; what only some environments
//! or parts have is skipped for the others, and whatever follows does not mind.

use super::report;
use super::scope::Field;
use super::validate::{VALIDATE, validate};
use super::{gate, is_chosen};
use crate::blocks::backup::Backup;
use crate::blocks::target::Undo;
use crate::manifest::model::{Environment, Place, Scope};
use crate::pipeline::{Expression, Job, Phase};
use crate::plan::component::{Work, commit};
use crate::plan::database;
use crate::plan::deploy::{
    Release, all_smoke_steps, backup, delivery, health_check, login, maintenance, purge, records,
    resolved, watch, watching,
};
use crate::plan::messages;
use crate::plan::shared::{Plan, after, checkout, with_margin};

/// The jobs of all environments that keep records.
pub(super) fn jobs(plan: &Plan<'_>, environments: &[&Environment]) -> Vec<Job> {
    let releases: Vec<_> = environments
        .iter()
        .filter_map(|environment| Release::to(*plan, environment))
        .collect();
    if releases.is_empty() {
        return Vec::new();
    }
    let field = Field::of(environments);
    let shared = |release: &&Release<'_>| !has_own_people(release.environment);
    let mut jobs: Vec<_> = releases.iter().filter(shared).filter_map(gate).collect();
    let gates: Vec<_> = jobs.iter().map(|job| job.id.clone()).collect();
    jobs.push(validate(&releases, &gates, field.as_ref()));
    for release in &releases {
        jobs.extend(chain(release, field.as_ref()));
    }
    let report = report::report(&releases, &jobs);
    jobs.push(report);
    jobs
}

/// Whether people of its own decide on a roll-back: they see first what it would do. Who decides
/// on deployments is asked before anything else.
fn has_own_people(environment: &Environment) -> bool {
    let approval = environment.rollback.approval.as_ref();
    approval.is_some_and(|approval| !approval.reviewers.is_empty())
}

/// The jobs of one environment.
fn chain(release: &Release<'_>, field: Option<&Field>) -> Vec<Job> {
    let environment = release.environment;
    let chosen = is_chosen(environment);
    let mut required = vec![VALIDATE.to_owned()];
    let mut jobs: Vec<Job> = Vec::new();
    let gate = has_own_people(environment).then(|| gate(release)).flatten();
    for job in gate.into_iter().chain(backup_job(release)) {
        let id = job.id.clone();
        let condition = after(&required, &[]).and(chosen.clone());
        jobs.push(job.needs(required.iter().cloned()).when(condition));
        required.push(id);
    }
    let mut back: Vec<String> = Vec::new();
    let mut then = |job: Job, wanted: Option<Expression>| {
        let condition = after(&required, &back).and(chosen.clone());
        let mut job = job.needs(required.iter().chain(&back).cloned());
        job.condition = Expression::all([condition].into_iter().chain(wanted));
        back.push(job.id.clone());
        jobs.push(job);
    };
    for place in &release.deployment.places {
        let wanted = field.and_then(|field| field.takes(environment, |scope| scope.takes(place)));
        then(back_job(release, place), wanted);
    }
    if environment.rollback.takes_database()
        && let Some(job) = database_job(release)
    {
        let wanted = field.and_then(|field| field.takes(environment, Scope::takes_database));
        then(job, wanted);
    }
    jobs.extend(verify_job(release, &back));
    jobs
}

/// Takes the database back, once the application that needs it as it is has gone back.
fn database_job(release: &Release<'_>) -> Option<Job> {
    let (place, steps) = database::way_back(release)?;
    let name = &release.environment.name;
    let mut job = Job::new(
        Phase::Rollback,
        format!("rollback-{name}-database"),
        format!("Roll back the database of {name}"),
        20,
    )
    .about("The commit of this run has the migrations that the release to go back to did not have.")
    .steps(maintenance::around(release, place, steps))
    .steps(maintenance::off(release, place));
    job.environment = Some(release.unreviewed(place));
    job.concurrency = Some(release.rollback_group(place));
    Some(job)
}

/// Backs the database up before anything is changed.
fn backup_job(release: &Release<'_>) -> Option<Job> {
    let name = &release.environment.name;
    let mut places = release.deployment.places.iter();
    let (place, kind) = places.find_map(|place| Some((place, backup(release, place)?)))?;
    let steps = kind.steps(&messages::version(), Some("rollback"));
    if steps.is_empty() || matches!(kind, Backup::Compose(_)) {
        return None;
    }
    let mut job = Job::new(
        Phase::Rollback,
        format!("backup-{name}"),
        format!("Back up {name}"),
        with_margin(kind.minutes()),
    )
    .steps(login(place).filter(|_| kind.needs_aws()))
    .steps(steps);
    job.environment = Some(release.unreviewed(place));
    Some(job)
}

/// Brings the earlier release back to one place: by the record that the target keeps of its
/// releases, or, where it runs images, by deploying the images of then. Migrations stay: the
/// release before must work with them.
fn back_job(release: &Release<'_>, place: &Place) -> Job {
    let name = release.whole_name(place);
    let mut job = Job::new(
        Phase::Rollback,
        format!("rollback-{name}"),
        format!("Roll back {name}"),
        20,
    );
    let mut delivery = delivery(release, place);
    delivery.migrate = None;
    delivery.backup = None;
    if place.target.runs_images() {
        job = job
            .step(checkout(commit(Work::Release)))
            // A registry at AWS wants the login to AWS before its own.
            .steps(login(place))
            .steps(resolved(release, &mut delivery));
        let stages = place.target.stages(&delivery);
        job = job
            .steps(stages.record)
            .steps(maintenance::on(release, place))
            .steps(stages.bring)
            .steps(purge(place))
            .steps(health_check(
                place,
                "Check the health",
                Some(messages::version()),
            ))
            .steps(maintenance::off(release, place))
            .steps(stages.finish);
    } else {
        let undo = place
            .target
            .rollback(&delivery, Undo::Live(messages::version()));
        let reported = undo
            .reported
            .then(|| Expression::output("rollback", "version").into());
        job = job
            .steps(undo.checkout.then(|| checkout(commit(Work::Release))))
            .steps(login(place))
            .steps(maintenance::around(release, place, undo.steps))
            .steps(purge(place))
            .steps(health_check(place, "Check the health", reported))
            .steps(maintenance::off(release, place));
    }
    job.environment = Some(release.unreviewed(place));
    job.concurrency = Some(release.rollback_group(place));
    job.step(records::returned(place))
}

/// Tries the release that is back, and watches it for a while.
fn verify_job(release: &Release<'_>, back: &[String]) -> Option<Job> {
    let environment = release.environment;
    let places: Vec<_> = release.deployment.places.iter().collect();
    let length = environment.rollback.monitor.as_ref();
    let watch = length.and_then(|length| watch(release, &places, length, "Watch the release"));
    let smoke = all_smoke_steps(release, true);
    if smoke.is_empty() && watch.is_none() {
        return None;
    }
    let minutes = 5 + length.map_or(0, |length| length.minutes());
    let required = [VALIDATE.to_owned()];
    let done = back.iter().map(|id| Expression::result_is(id, "success"));
    let done = Expression::any(done)?;
    let condition = after(&required, back).and(done);
    let mut job = Job::new(
        Phase::Smoke,
        format!("verify-{}", environment.name),
        format!("Verify {}", environment.name),
        with_margin(minutes),
    );
    if watch.is_some() {
        job = watching(release, job);
    }
    Some(
        job.needs(required.iter().chain(back).cloned())
            .when(condition)
            .steps(smoke)
            .steps(watch),
    )
}
