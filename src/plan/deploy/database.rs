//! What a deployment does to the database: backups, and migrations from the runner.

use super::Release;
use crate::blocks::backup::{Backup, Database, Dump, Snapshot};
use crate::blocks::migration::{self, OnRunner};
use crate::blocks::target::Migrate;
use crate::blocks::words::Name;
use crate::manifest::model::{Component, Place};
use crate::manifest::raw::{self, Host, Moment};
use crate::pipeline::{Environment, Expression, Job, Phase, Step, Text};
use crate::plan::component::{seen_part, set_up};
use crate::plan::messages;
use crate::plan::shared::with_margin;

/// The backup that is taken first.
pub(crate) fn backup<'r>(release: &'r Release<'_>, place: &'r Place) -> Option<Backup<'r>> {
    let written = place.keys.backup.as_ref()?;
    let name = |name: &'r Option<Name>, default: &'r str| {
        name.as_ref().map_or(default, |name| name.as_str())
    };
    if let Some(url) = &written.url {
        return Some(Backup::Dump(Dump {
            url,
            name: &release.environment.name,
            bucket: written.bucket.as_ref().map(|bucket| bucket.as_str()),
            days: written.days.unwrap_or(30),
        }));
    }
    if written.rds.is_some() || written.rds_cluster.is_some() {
        return Some(Backup::Snapshot(Snapshot {
            instance: written.rds.as_ref().map(|variable| variable.as_str()),
            cluster: written
                .rds_cluster
                .as_ref()
                .map(|variable| variable.as_str()),
            kept: written.keep,
            days: written.days,
        }));
    }
    Some(Backup::Compose(Database {
        project: name(&written.project, &release.plan.manifest.name),
        service: name(&written.service, "db"),
        name: name(&written.database, ""),
        user: name(&written.user, "postgres"),
        kept: written.keep.unwrap_or(7),
    }))
}

/// The backup as a job of its own, where it takes long: nothing is changed until it is there,
/// and the deployment has its time for itself. At a reviewed environment it stays a step, since
/// each job there asks for a review.
pub(super) fn backup_job(release: &Release<'_>, place: &Place) -> Option<Job> {
    let kind = backup(release, place).filter(|_| has_own_job(release, place))?;
    let title = match &place.part {
        Some(part) => format!("Back up {part}"),
        None => "Back up the database".to_owned(),
    };
    let id = release.id_at(place, Phase::Own, "backup");
    let mut job = Job::new(
        Phase::Own,
        id,
        release.name(&title),
        with_margin(kind.minutes()),
    )
    .steps(super::login(place).filter(|_| kind.needs_aws()))
    .steps(kind.steps(&messages::version(), None));
    job.environment = Some(Environment {
        name: place.environment.as_str().into(),
        url: None,
        deployment: false,
    });
    Some(job)
}

fn has_own_job(release: &Release<'_>, place: &Place) -> bool {
    release.environment.has_parts() && matches!(backup(release, place), Some(Backup::Snapshot(_)))
}

/// The backup, if it is a step of the deployment.
pub(super) fn backup_within<'r>(release: &'r Release<'_>, place: &'r Place) -> Option<Backup<'r>> {
    backup(release, place).filter(|_| !has_own_job(release, place))
}

/// The migrations, if they run on the runner.
pub(crate) fn on_runner<'r>(release: &'r Release<'_>, place: &'r Place) -> Option<OnRunner<'r>> {
    let (written, command, Host::Runner) = place.migrations()? else {
        return None;
    };
    let component = component(release, place, written)?;
    let part = &component.parts[0];
    let text = |path: &'r crate::blocks::words::RepoPath| path.as_str();
    Some(OnRunner {
        command,
        tool: migration::find(command),
        folder: (part.path != ".").then_some(part.path.as_str()),
        migrations: written.folder.as_ref().map(text),
        down: written.down.as_ref().map(text),
        prefix: (component.language.prefix)(&seen_part(&release.plan, component, &part.path)),
        url: written
            .url
            .as_ref()
            .map_or("DATABASE_URL", |url| url.as_str()),
    })
}

/// Sets up what the migrations on the runner belong to, unless the target's own
/// component is set up already.
pub(crate) fn set_up_migrations(release: &Release<'_>, place: &Place) -> Vec<Step> {
    let Some(migrations) = on_runner(release, place) else {
        return Vec::new();
    };
    let written = place.keys.migrate.as_ref();
    let component = written.and_then(|written| component(release, place, written));
    let target = place.target.component();
    let mut steps = match component {
        Some(component) if target.is_none_or(|name| name.as_str() != component.name) => {
            set_up(&release.plan, component)
        }
        _ => Vec::new(),
    };
    steps.extend(migrations.install());
    steps
}

/// The migrations in a container of the new image, which the target runs.
pub(super) fn in_image(place: &Place) -> Option<Migrate<'_>> {
    let (written, command, Host::Image) = place.migrations()? else {
        return None;
    };
    let tool = migration::find(command);
    Some(Migrate {
        forward: tool.map_or(command, |tool| tool.forward),
        tool,
        after: written.when == Moment::After,
    })
}

/// The steps on the runner before the release takes over, and those after it.
pub(super) fn steps(
    release: &Release<'_>,
    place: &Place,
    version: &Text,
) -> (Vec<Step>, Vec<Step>) {
    let backup = backup_within(release, place);
    let backed_up = backup.iter().flat_map(|backup| backup.steps(version, None));
    let migrations = on_runner(release, place);
    let (Some(migrations), Some(written)) = (migrations, &place.keys.migrate) else {
        return (backed_up.collect(), Vec::new());
    };
    if written.when == Moment::After {
        return (backed_up.collect(), vec![migrations.forward()]);
    }
    // A dump takes its time, and who changes nothing needs none.
    let dumps = matches!(backup, Some(Backup::Dump(_)));
    let pending = migrations.pending().filter(|_| dumps);
    let needed = pending
        .is_some()
        .then(|| Expression::new("steps.pending.outputs.has_migrations == 'true'"));
    let after = pending.is_some().then(|| migrations.check_current());
    let changes = backed_up
        .chain([migrations.forward()])
        .chain(after.flatten());
    let changes = changes.map(|step| match &needed {
        Some(condition) => step.when(condition.clone()),
        None => step,
    });
    (pending.into_iter().chain(changes).collect(), Vec::new())
}

/// The component that the migrations belong to.
fn component<'r>(
    release: &'r Release<'_>,
    place: &Place,
    written: &raw::Migrations,
) -> Option<&'r Component> {
    let manifest = &release.plan.manifest;
    let target = place.target.component();
    match written.component.as_ref().or(target) {
        Some(name) => manifest.component(name),
        None => manifest.components.first(),
    }
}
