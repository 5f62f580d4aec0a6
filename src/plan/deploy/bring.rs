//! The jobs that bring the release to its places.

use super::database::{self, set_up_migrations};
use super::delivery::{component, delivery, preview_id, resolved};
use super::try_out::try_out;
use super::verify::{health_check, metrics_step, site_jobs, smoke_job, smoke_setup, smoke_steps};
use super::watch::monitor_job;
use super::{Chain, Release, maintenance, records, start};
use crate::manifest::model::{Component, Place};
use crate::manifest::raw::Event;
use crate::pipeline::{Environment, Expression, Job, Phase, Step, Text};
use crate::plan::component::{Work, commit, seen_part, set_up, set_up_and_build};
use crate::plan::images;
use crate::plan::messages;
use crate::plan::settings::rollback_environment;
use crate::plan::shared::checkout;
use crate::plan::web::fetch_build;

/// Deploys, tries and watches the release.
pub(super) fn deploy_and_verify(release: &Release<'_>, chain: &mut Chain) {
    for place in &release.deployment.places {
        if let Some(job) = database::backup_job(release, place) {
            chain.then(job);
        }
        chain.then(deploy_job(release, place));
    }
    if let Some(job) = smoke_job(release) {
        if start::may_skip_smoke(release) {
            chain.maybe(job.when(Expression::new("!inputs.skip_smoke")));
        } else {
            chain.then(job);
        }
    }
    let before = chain.all_required();
    for job in try_out(release).into_iter().chain(site_jobs(release)) {
        chain.beside(job, &before, &[]);
    }
    if let Some(job) = monitor_job(release) {
        chain.then(job);
    }
}

fn deploy_job(release: &Release<'_>, place: &Place) -> Job {
    let plan = &release.plan;
    let environment = release.environment;
    let (id, title) = match &place.part {
        Some(part) => (
            release.id_at(place, Phase::Deploy, "deploy"),
            format!("Deploy {part} to {}", environment.name),
        ),
        None => (
            plan.id(Phase::Deploy, format!("deploy-{}", environment.name)),
            format!("Deploy to {}", environment.name),
        ),
    };
    let mut job = Job::new(Phase::Deploy, id, title, minutes(release, place)).output(
        "previous_version",
        Expression::output("record", "previous_version"),
    );
    job.environment = Some(Environment {
        name: place.environment.as_str().into(),
        url: place.url.as_deref().map(Text::from),
        deployment: !environment.keeps_records(),
    });
    job.concurrency = Some(release.group(place));
    let previewed = place.target.preview(&delivery(release, place)).is_some();
    if previewed {
        job = job.needs(["validate".to_owned(), preview_id(release, place)]);
    }
    let first = std::ptr::eq(place, &release.deployment.places[0]);
    if first && messages::slack_tells(plan, Event::Started) {
        let title = Text::literal(format!(
            "Deployment of {} to {} started",
            plan.manifest.name, environment.name
        ));
        job = job.steps(messages::slack(
            plan,
            "Tell Slack that it starts",
            environment,
            Some("started"),
            title,
        ));
    }
    if first && messages::datadog_tells(plan, Event::Started) {
        let name = "Tell Datadog that it starts";
        job = job.steps(messages::datadog(plan, name, environment, Some("started")));
    }
    job = job.step(checkout(commit(Work::Release)));
    let smoke = &place.verify.smoke;
    let tried_here = environment.verify.smoke_job != Some(true);
    if tried_here {
        job = job.steps(smoke_setup(release, smoke));
    }
    let mut delivery = delivery(release, place);
    let resolved = resolved(release, &mut delivery);
    let mut logged_in = false;
    if !resolved.is_empty() {
        let early = images::in_ecr(plan).then(|| login(place)).flatten();
        logged_in = early.is_some();
        job = job.steps(early).steps(resolved);
    }
    if let Some(component) = component(release, place).filter(|_| !previewed) {
        job = job.steps(built(release, place, component));
    }
    let stages = place.target.stages(&delivery);
    if place.target.goes_back() {
        job.outputs.insert(0, ("release".to_owned(), stages.undo));
    }
    let (before, after) = database::steps(release, place, &delivery.version);
    let infrastructure = place.keys.terraform.as_ref();
    job = job
        .steps(set_up_migrations(release, place))
        .steps((!logged_in).then(|| login(place)).flatten())
        .steps(infrastructure.map_or_else(Vec::new, |terraform| terraform.steps()))
        .steps(stages.record)
        .steps(maintenance::on(release, place))
        .steps(before)
        .steps(stages.bring)
        .steps(after)
        .steps(purge(place))
        .steps(health_check(
            place,
            "Check the health",
            Some(messages::version()),
        ))
        .steps(metrics_step(place))
        .steps(maintenance::off(release, place));
    job = maintenance::with_state(job, release, place);
    if tried_here {
        job = job.steps(smoke_steps(release, place.url.as_deref(), smoke));
    }
    job = job.steps(stages.finish);
    if environment.keeps_records() {
        job = records::made(job, place);
    }
    job
}

/// Sets the component up and builds it, or brings the build that was tested.
fn built(release: &Release<'_>, place: &Place, component: &Component) -> Vec<Step> {
    let plan = &release.plan;
    let view = seen_part(plan, component, &component.parts[0].path);
    let fetch = release
        .keeps_builds()
        .then(|| fetch_build(plan, &view, component));
    let Some(fetch) = fetch.flatten() else {
        return set_up_and_build(plan, component);
    };
    if place.target.takes_folders() {
        return vec![fetch];
    }
    let mut steps = set_up(plan, component);
    steps.push(fetch);
    steps
}

/// Logs in to AWS, where the manifest names an account.
pub(crate) fn login(place: &Place) -> Option<Step> {
    let aws = place.keys.aws.as_ref()?;
    Some(aws.login())
}

/// Makes the caches in front forget the release before.
pub(crate) fn purge(place: &Place) -> Option<Step> {
    let purge = place.keys.purge.as_ref()?;
    Some(purge.step())
}

/// The jobs that show, before anybody is asked, what the deployment will do.
pub(super) fn previews(release: &Release<'_>, chain: &mut Chain) {
    for place in &release.deployment.places {
        let Some(preview) = place.target.preview(&delivery(release, place)) else {
            continue;
        };
        let id = preview_id(release, place);
        let verb = place.target.preview_verb();
        let title = release.name(&format!("{verb} {}", release.whole_name(place)));
        let mut job = Job::new(Phase::Validate, id, title, 15)
            .step(checkout(commit(Work::Release)))
            .steps(login(place))
            .steps(preview.steps);
        for (name, value) in preview.outputs {
            job = job.output(name, value);
        }
        // Nobody can judge a plan that waits for their own approval.
        job.environment = preview.secrets.then(|| Environment {
            name: rollback_environment(release.environment, place).into(),
            url: None,
            deployment: false,
        });
        chain.then(job);
    }
}

/// How long a deployment may take.
fn minutes(release: &Release<'_>, place: &Place) -> u32 {
    let keys = &place.keys;
    let infrastructure = if keys.terraform.is_some() { 15 } else { 0 };
    let purge = if keys.purge.is_some() { 10 } else { 0 };
    let own = place.target.minutes().deploy;
    own + infrastructure
        + purge
        + database::backup_within(release, place).map_or(0, |backup| backup.minutes())
}

/// How long a roll-back may take.
pub(crate) fn rollback_minutes(place: &Place) -> u32 {
    let keys = &place.keys;
    let slow = [keys.purge.is_some(), keys.maintenance.is_some()];
    let slow: u32 = slow.into_iter().map(u32::from).sum();
    place.target.minutes().rollback + 10 * slow
}
