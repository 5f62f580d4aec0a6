//! Roll-backs by hand to a release that is chosen, or found in the records of deployments.
//!
//! validate → approval → backup → each part → database → verify → report; what only some environments
//! or parts have is skipped for the others, and whatever follows does not mind.

use super::report;
use super::scope::Field;
use super::{gate, is_chosen};
use crate::blocks::backup::Backup;
use crate::blocks::target::Undo;
use crate::manifest::model::{Environment, Place, Scope};
use crate::pipeline::{self, Access, Expression, Job, Phase, Step, Text};
use crate::plan::component::{Work, commit};
use crate::plan::database;
use crate::plan::deploy::{
    Release, TAGS, TAGS_WITH_HOTFIXES, all_smoke_steps, backup, delivery, health_check, login,
    maintenance, purge, records, resolved, watch, watching,
};
use crate::plan::images::{self, BY_COMMIT};
use crate::plan::messages;
use crate::plan::shared::{Plan, after, checkout, with_margin};

pub(super) const VALIDATE: &str = "validate";

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

/// An expression that has a value for each environment.
fn by_environment(releases: &[Release<'_>], value: impl Fn(&Release<'_>) -> String) -> Expression {
    let values = releases.iter().map(|release| {
        let chosen = is_chosen(release.environment);
        format!("{} && {}", chosen.code(), value(release))
    });
    Expression::new(values.collect::<Vec<_>>().join(" || "))
}

/// The environment on GitHub whose records tell of the release: that of the chosen part.
fn recorded_as(release: &Release<'_>, field: Option<&Field>) -> String {
    let literal = |place: &Place| Expression::literal(&place.environment).code().to_owned();
    let places = &release.deployment.places;
    let first = literal(&places[0]);
    let own = |place: &Place| {
        let part = Scope::Part(place.part.clone()?);
        let chosen = field?.is(&part)?;
        Some(format!("{} && {}", chosen.code(), literal(place)))
    };
    let others = places
        .iter()
        .skip(1)
        .filter(|place| literal(place) != first);
    let others: Vec<_> = others.filter_map(own).collect();
    if others.is_empty() {
        first
    } else {
        format!("({} || {first})", others.join(" || "))
    }
}

/// Finds out what is deployed and what to go back to, and whether that is there.
fn validate(releases: &[Release<'_>], gates: &[String], field: Option<&Field>) -> Job {
    let kind = |release: &Release<'_>| {
        let kind = if release.deployment.by_tag {
            "'tag'"
        } else {
            "'commit'"
        };
        kind.to_owned()
    };
    let recorded = |release: &Release<'_>| recorded_as(release, field);
    let mut previous = Step::script("Find the release to go back to", "previous-version")
        .id("previous")
        .env("ENVIRONMENT", by_environment(releases, recorded))
        .env("VERSION_INPUT", Expression::new("inputs.version"))
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(
            pipeline::Scope::Deployments,
            Access::Read,
            "read the records",
        );
    let database = field.and_then(|field| field.is(&Scope::Database));
    if let Some(database) = &database {
        // A database alone follows the application, which stays.
        let default = format!("{} && 'current' || 'previous'", database.code());
        previous = previous.env("DEFAULT", Expression::new(default));
    }
    let mut version = Step::script("Find its commit", "resolve-version")
        .id("version")
        .env("VERSION_KIND", by_environment(releases, kind))
        .env("VERSION_INPUT", Expression::output("previous", "version"))
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(
            pipeline::Scope::Contents,
            Access::Read,
            "look the version up",
        );
    let has_hotfixes = |release: &Release<'_>| {
        let approval = release.environment.approval.as_ref();
        approval.is_some_and(|approval| approval.emergency.is_some())
    };
    if releases.iter().any(has_hotfixes) {
        let tags = |release: &Release<'_>| match has_hotfixes(release) {
            true => Expression::literal(TAGS_WITH_HOTFIXES).code().to_owned(),
            false => Expression::literal(TAGS).code().to_owned(),
        };
        version = version.env("VERSION_PATTERN", by_environment(releases, tags));
    }
    let say = "printf '%s takes %s (%s) back to %s: %s\\n' \"$GITHUB_ACTOR\" \"$WHERE\" \"$CURRENT\" \"$VERSION\" \"$REASON\" >> \"$GITHUB_STEP_SUMMARY\"";
    let reason = Step::run("Note the reason", say)
        .env("WHERE", Expression::new("inputs.environment"))
        .env("CURRENT", Expression::output("previous", "current"))
        .env("VERSION", Expression::output("version", "version"))
        .env("REASON", Expression::new("inputs.reason"));
    let mut job = Job::new(Phase::Validate, VALIDATE, "Validate", 10)
        .output("version", Expression::output("version", "version"))
        .output("sha", Expression::output("version", "sha"))
        .output("current", Expression::output("previous", "current"))
        .needs(gates.iter().cloned())
        .steps(
            field.and_then(|field| field.check(releases, |value| by_environment(releases, value))),
        )
        .step(previous)
        .step(version)
        .step(reason)
        .steps(images_are_there(releases));
    if !gates.is_empty() {
        job = job.when(after(&[], gates));
    }
    job
}

/// Looks whether the images of that release are still in the registry.
fn images_are_there(releases: &[Release<'_>]) -> Vec<Step> {
    let plan = &releases[0].plan;
    let runs = |release: &Release<'_>| {
        let mut places = release.deployment.places.iter();
        places.any(|place| place.target.runs_images())
    };
    let images = images::for_deploy(plan);
    if images.is_empty() || !releases.iter().any(runs) {
        return Vec::new();
    }
    let own = |release: &Release<'_>| {
        let prefix = if plan.manifest.publishes_images() {
            BY_COMMIT
        } else {
            &release.environment.name
        };
        match release.deployment.by_tag {
            true => "steps.version.outputs.version".to_owned(),
            false => format!("format('{prefix}-{{0}}', steps.version.outputs.sha)"),
        }
    };
    let tag = by_environment(releases, own);
    let lines = images.iter().map(|(_, image)| {
        Text::literal(format!("{}=", image.variable))
            .then(images::address(plan, image.name.as_str()))
            .then(":")
            .then(tag.clone())
    });
    let find = Step::script("Look for its images", "resolve-images");
    vec![images::login(plan), find.env("IMAGES", Text::lines(lines))]
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
