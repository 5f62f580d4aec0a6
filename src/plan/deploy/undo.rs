//! Going back after a deployment that failed, and the watch that follows.

use super::bring::{login, purge, rollback_minutes};
use super::delivery::delivery;
use super::verify::health_check;
use super::watch::{watch, watching};
use super::{Chain, Release, maintenance, records};
use crate::blocks::notify;
use crate::blocks::target::Undo;
use crate::blocks::words::Duration;
use crate::manifest::model::Place;
use crate::manifest::raw::Event;
use crate::pipeline::{Expression, Job, Phase, Step, Text};
use crate::plan::component::{Work, commit};
use crate::plan::messages;
use crate::plan::shared::{checkout, with_margin};

/// The watch after a roll-back: nobody waits for its end.
pub(super) const WATCH_AFTER_ROLLBACK: &str = "post-rollback-monitoring";

/// Goes back, place by place, the last one first.
pub(super) fn rollback(release: &Release<'_>, verified: &[String], chain: &mut Chain) {
    let deployed = chain.jobs.iter().filter(|job| job.phase == Phase::Deploy);
    let deployed: Vec<_> = deployed.map(|job| job.id.clone()).collect();
    let places = release.deployment.places.iter().zip(&deployed);
    let mut ids: Vec<String> = Vec::new();
    for (place, deploy) in places.rev() {
        let job = rollback_job(release, place, deploy, verified).needs(ids.last().cloned());
        ids.push(job.id.clone());
        chain.jobs.push(job);
    }
    let length = release.environment.rollback.monitor.as_ref();
    chain
        .jobs
        .extend(length.and_then(|length| watch_after(release, length, &ids)));
}

/// Goes back when a place was begun and any job that verifies the release did not end well.
///
/// A job over its time is cancelled, not failed, and a refused approval leaves no
/// record to undo; so results are compared by name and the record is asked for.
fn rollback_job(release: &Release<'_>, place: &Place, deploy: &str, verified: &[String]) -> Job {
    let begun = Expression::new(format!("needs.{deploy}.outputs.release != ''"));
    let bad = verified
        .iter()
        .flat_map(|id| ["failure", "cancelled"].map(|result| Expression::result_is(id, result)));
    let condition = Expression::new("always()").and(begun);
    let condition = match Expression::any(bad) {
        Some(bad) => condition.and(bad),
        None => condition,
    };
    let begun_release = Text::expression(Expression::output_of(deploy, "release"));
    let undo = place
        .target
        .rollback(&delivery(release, place), Undo::Deployment(begun_release));
    let id = release.id_at(place, Phase::Rollback, "rollback");
    let title = match &place.part {
        Some(part) => release.name(&format!("Roll {part} back")),
        None => release.name("Roll back"),
    };
    let mut job = Job::new(Phase::Rollback, id, title, rollback_minutes(place))
        .about("Runs if the deployment had begun and then failed or ran out of time; not after a")
        .about("failed test or a refused approval. The run stays red either way.")
        .needs(std::iter::once("validate".to_owned()).chain(verified.iter().cloned()))
        .when(condition)
        .output("version", Expression::output("rollback", "version"))
        .steps(undo.checkout.then(|| checkout(commit(Work::Release))))
        .steps(login(place))
        .steps(undo.steps)
        .steps(purge(place))
        .steps(health_check(
            place,
            "Check the health of the release before",
            undo.reported
                .then(|| Expression::output("rollback", "version").into()),
        ));
    job = job.steps(maintenance::off_after(release, place, deploy));
    if release.environment.keeps_records() {
        job = job.step(records::ended(place, deploy));
    }
    // Whatever has begun, the first place has, and its roll-back is the last one.
    if std::ptr::eq(place, &release.deployment.places[0]) {
        job = job.steps(incident(release, deploy));
    }
    // Never behind reviewers: a roll-back that waits for a person is none.
    job.environment = Some(release.unreviewed(place));
    job.concurrency = Some(release.rollback_group(place));
    job
}

fn incident(release: &Release<'_>, deploy: &str) -> Option<Step> {
    if !release.plan.manifest.incident {
        return None;
    }
    let previous = Text::expression(Expression::output_of(deploy, "previous_version"));
    let incident = notify::incident(&release.environment.name, messages::version(), previous);
    Some(incident.when(Expression::new("always()")))
}

/// Watches the release before, once all that was begun is rolled back.
fn watch_after(release: &Release<'_>, length: &Duration, ids: &[String]) -> Option<Job> {
    let places: Vec<_> = release.deployment.places.iter().collect();
    let step = watch(release, &places, length, "Watch the release before")?;
    let job = Job::new(
        Phase::Monitor,
        release.id(Phase::Own, WATCH_AFTER_ROLLBACK),
        release.name("Monitor after the roll-back"),
        with_margin(length.minutes()),
    );
    let job = watching(release, job)
        .needs(std::iter::once("validate".to_owned()).chain(ids.iter().cloned()))
        .when(Expression::new("always()").and(rolled_back(ids)?));
    Some(job.step(step).steps(trouble(release)))
}

/// Whether everything was rolled back that had begun: the first place at least, whose
/// roll-back is the last one.
pub(super) fn rolled_back(ids: &[String]) -> Option<Expression> {
    let (last, others) = ids.split_last()?;
    let fine =
        |id: &String| Expression::result_is(id, "success").or(Expression::result_is(id, "skipped"));
    let others = others.iter().map(fine);
    Expression::all(std::iter::once(Expression::result_is(last, "success")).chain(others))
}

/// Tells of trouble after a roll-back: nothing else waits for the end of that watch.
fn trouble(release: &Release<'_>) -> Vec<Step> {
    let plan = &release.plan;
    let title = Text::literal(format!(
        "{} on {} is in trouble after the roll-back",
        plan.manifest.name, release.environment.name
    ));
    let slack = messages::slack_tells(plan, Event::Failed).then(|| {
        messages::slack(
            plan,
            "Tell Slack of the trouble",
            release.environment,
            Some("failed"),
            title.clone(),
        )
    });
    let body = Text::literal("Version that failed: ").then(messages::version());
    let email = messages::email_tells(plan, Event::Failed)
        .then(|| messages::email(plan, "Tell of the trouble by e-mail", title, body));
    let steps = slack.flatten().into_iter().chain(email.flatten());
    steps
        .map(|step| step.when(Expression::new("failure()")))
        .collect()
}
