//! The job that brings the release to its target.

use super::verify::{health_check, metrics_step, monitor_job, smoke_job, smoke_steps};
use super::{Chain, Release};
use crate::blocks::migration;
use crate::blocks::shape::Flexible;
use crate::blocks::target::TargetKeys;
use crate::blocks::target::ssh_compose::{Database, Site};
use crate::manifest::raw::{Backup, Event};
use crate::pipeline::{Environment, Expression, Job, Phase, Step, Text};
use crate::plan::component::{Work, commit};
use crate::plan::images;
use crate::plan::messages;
use crate::plan::shared::checkout;

/// Deploys, tries and watches the release.
pub(super) fn deploy_and_verify(release: &Release<'_>, chain: &mut Chain) {
    chain.then(deploy_job(release));
    if let Some(job) = smoke_job(release) {
        chain.then(job);
    }
    if let Some(job) = monitor_job(release) {
        chain.then(job);
    }
}

fn deploy_job(release: &Release<'_>) -> Job {
    let plan = &release.plan;
    let environment = release.environment;
    let site = site(release);
    let keys = &release.deployment.keys;
    let id = plan.id(Phase::Deploy, format!("deploy-{}", environment.name));
    let mut job = Job::new(
        Phase::Deploy,
        id,
        format!("Deploy to {}", environment.name),
        15,
    )
    .output("release", Expression::output("record", "release"))
    .output(
        "previous_version",
        Expression::output("record", "previous_version"),
    );
    job.environment = Some(Environment {
        name: environment.name.as_str().into(),
        url: environment.url.as_deref().map(Text::from),
        deployment: true,
    });
    job.concurrency = Some(release.group());
    if messages::slack_tells(plan, Event::Started) {
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
    let images = images::for_deploy(plan);
    let lines = images.iter().map(|(_, image)| {
        Text::literal(format!("{}=", image.variable))
            .then(images::address(plan, image.name.as_str()))
            .then(":")
            .then(images::tag(environment))
    });
    job = job.step(checkout(commit(Work::Release)));
    let mut resolved = Text::default();
    if !images.is_empty() {
        job = job.step(images::login(plan)).step(
            Step::script("Find the digests of the images", "resolve-images")
                .id("images")
                .env("IMAGES", Text::lines(lines)),
        );
        resolved = Text::expression(Expression::output("images", "images"));
    }
    job = job.steps([
        site.connect(),
        site.record(messages::version(), resolved),
        site.copy(),
    ]);
    if !images.is_empty() {
        job = job.step(site.pull(&plan.manifest.registry));
    }
    if let Some(backup) = &keys.backup {
        job = job.step(site.backup(&database(release, backup)));
    }
    if let Some(migrate) = &keys.migrate {
        let known = migration::find(migrate);
        job = job.step(site.migrate(known.map_or(migrate.as_str(), |tool| tool.forward), known));
    }
    job = job.step(site.start());
    if site.blue_green {
        job = job.steps([site.check_idle(messages::version()), site.switch()]);
    }
    job = job
        .steps(health_check(
            release,
            "Check the health",
            Some(messages::version()),
        ))
        .steps(metrics_step(release));
    if environment.verify.smoke_job != Some(true) {
        job = job.steps(smoke_steps(release));
    }
    if site.blue_green && !site.keys.keep_old {
        job = job.step(site.retire());
    }
    job
}

/// The target of the deployment, with every key decided.
pub(crate) fn site<'r>(release: &'r Release<'_>) -> Site<'r> {
    let TargetKeys::SshCompose(keys) = &release.deployment.target;
    let environment = release.environment;
    let health = environment.verify.health.first();
    Site {
        keys,
        environment: &environment.name,
        project: &release.plan.manifest.name,
        blue_green: release.deployment.blue_green(),
        health_url: environment
            .url
            .as_ref()
            .zip(health)
            .map(|(url, path)| format!("{url}{path}")),
        version_from: environment
            .verify
            .version
            .as_ref()
            .map(|line| line.as_str()),
        rollback_script: &environment.rollback_script,
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
