//! The jobs that bring the release to its places.

use super::verify::{health_check, metrics_step, monitor_job, smoke_job, smoke_setup, smoke_steps};
use super::{Chain, Release};
use crate::blocks::migration;
use crate::blocks::shape::Flexible;
use crate::blocks::target::{Database, Delivery, Migrate};
use crate::manifest::model::{Image, Place};
use crate::manifest::raw::{Backup, Event};
use crate::pipeline::{Environment, Expression, Job, Phase, Step, Text};
use crate::plan::component::{Work, commit, set_up_and_build};
use crate::plan::images;
use crate::plan::messages;
use crate::plan::shared::checkout;

/// Deploys, tries and watches the release.
pub(super) fn deploy_and_verify(release: &Release<'_>, chain: &mut Chain) {
    for place in &release.deployment.places {
        chain.then(deploy_job(release, place));
    }
    if let Some(job) = smoke_job(release) {
        chain.then(job);
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
    let mut job = Job::new(Phase::Deploy, id, title, 15).output(
        "previous_version",
        Expression::output("record", "previous_version"),
    );
    job.environment = Some(Environment {
        name: place.environment.as_str().into(),
        url: place.url.as_deref().map(Text::from),
        deployment: true,
    });
    job.concurrency = Some(release.group(place));
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
    job = job.step(checkout(commit(Work::Release)));
    let smoke = &place.verify.smoke;
    let tried_here = environment.verify.smoke_job != Some(true);
    if tried_here {
        job = job.steps(smoke_setup(release, smoke));
    }
    let mut delivery = delivery(release, place);
    if !delivery.images.is_empty() {
        let lines = delivery.images.iter();
        let lines = lines
            .map(|(variable, address)| Text::literal(format!("{variable}=")).then(address.clone()));
        job = job.step(images::login(plan)).step(
            Step::script("Find the digests of the images", "resolve-images")
                .id("images")
                .env("IMAGES", Text::lines(lines)),
        );
        delivery.digests = Text::expression(Expression::output("images", "images"));
    }
    let stages = place.target.stages(&delivery);
    job.outputs.insert(0, ("release".to_owned(), stages.undo));
    job = job
        .steps(stages.record)
        .steps(stages.bring)
        .steps(health_check(
            place,
            "Check the health",
            Some(messages::version()),
        ))
        .steps(metrics_step(place));
    if tried_here {
        job = job.steps(smoke_steps(release, place.url.as_deref(), smoke));
    }
    job.steps(stages.finish)
}

/// What the target is told of the release.
pub(crate) fn delivery<'r>(release: &'r Release<'_>, place: &'r Place) -> Delivery<'r> {
    let environment = release.environment;
    let keys = &place.keys;
    let health = place.url.as_ref().zip(place.verify.health.first());
    let tagged = |(_, image): (_, &Image)| {
        let address = images::address(&release.plan, image.name.as_str());
        (
            image.variable.clone(),
            address.then(":").then(images::tag(environment)),
        )
    };
    let component = place.target.component();
    let component = component.and_then(|name| release.plan.manifest.component(name));
    Delivery {
        prepare: component.map_or_else(Vec::new, |component| {
            set_up_and_build(&release.plan, component)
        }),
        folder: component
            .map(|component| component.parts[0].path.as_str())
            .filter(|path| *path != "."),
        url: place.url.as_deref(),
        environment: &environment.name,
        part: place.part.as_deref(),
        project: &release.plan.manifest.name,
        registry: &release.plan.manifest.registry,
        version: messages::version(),
        images: images::for_place(&release.plan, place)
            .into_iter()
            .map(tagged)
            .collect(),
        digests: Text::default(),
        blue_green: place.blue_green(),
        health_url: health.map(|(url, path)| format!("{url}{path}")),
        version_from: place.verify.version.as_ref().map(|line| line.as_str()),
        rollback_script: &environment.rollback_script,
        backup: keys.backup.as_ref().map(|backup| database(release, backup)),
        migrate: keys.migrate.as_ref().map(|command| {
            let tool = migration::find(command);
            Migrate {
                forward: tool.map_or(command.as_str(), |tool| tool.forward),
                tool,
            }
        }),
    }
}

fn database<'r>(release: &'r Release<'_>, backup: &'r Flexible<Backup>) -> Database<'r> {
    let name = |name: &'r Option<crate::blocks::words::Name>, default: &'r str| {
        name.as_ref().map_or(default, |name| name.as_str())
    };
    Database {
        project: name(&backup.project, &release.plan.manifest.name),
        service: name(&backup.service, "db"),
        name: name(&backup.database, ""),
        user: name(&backup.user, "postgres"),
        kept: backup.keep.unwrap_or(7),
    }
}
