//! What a target is told of a release.

use super::Release;
use super::database::{backup, in_image};
use crate::blocks::backup::Backup;
use crate::blocks::target::{Delivery, Query};
use crate::manifest::model::{Component, Image, Place};
use crate::pipeline::{Expression, Phase, Step, Text};
use crate::plan::component::{Work, commit, set_up_and_build};
use crate::plan::images;
use crate::plan::messages;
use crate::plan::provenance;

/// Finds the digests of the images, so that what was judged is what is deployed, and looks
/// who built them. A job that has judged all of them knows their digests already.
pub(crate) fn resolved(release: &Release<'_>, delivery: &mut Delivery<'_>) -> Vec<Step> {
    if delivery.images.is_empty() {
        return Vec::new();
    }
    let plan = &release.plan;
    let all = images::for_deploy(plan).len() == delivery.images.len();
    let (digests, find) = match release.judged.filter(|_| all) {
        Some(judged) => (Expression::output_of(judged, "images"), None),
        None => (
            Expression::output("images", "images"),
            Some(images::digests(&delivery.images)),
        ),
    };
    delivery.digests = Text::expression(digests);
    let signed = provenance::verify(plan, delivery.digests.clone());
    let steps: Vec<_> = find.into_iter().chain(signed).collect();
    if steps.is_empty() {
        return steps;
    }
    std::iter::once(images::login(plan)).chain(steps).collect()
}

/// The component that the target names.
pub(super) fn component<'r>(release: &'r Release<'_>, place: &Place) -> Option<&'r Component> {
    let name = place.target.component()?;
    release.plan.manifest.component(name)
}

pub(super) fn preview_id(release: &Release<'_>, place: &Place) -> String {
    let verb = place.target.preview_verb().to_ascii_lowercase();
    let id = format!("{verb}-{}", release.whole_name(place));
    release.plan.id(Phase::Validate, id)
}

/// What is true of a run that asks for a canary; nothing if none has to.
fn canary(release: &Release<'_>, place: &Place) -> Option<Expression> {
    let asked = if release.deployment.by_hand {
        "inputs.canary"
    } else {
        "false"
    };
    place
        .target
        .asks_for_canary()
        .then(|| Expression::new(asked))
}

/// The query by which the environment is watched.
fn prometheus<'r>(release: &'r Release<'_>) -> Option<Query<'r>> {
    let prometheus = release.environment.monitor()?.prometheus.as_ref()?;
    Some(Query {
        url: &prometheus.url,
        query: prometheus.query.as_ref()?,
        limit: prometheus.limit.unwrap_or(0.05),
    })
}

/// What the target is told of the release.
pub(crate) fn delivery<'r>(release: &'r Release<'_>, place: &'r Place) -> Delivery<'r> {
    let environment = release.environment;
    let health = place.url.as_ref().zip(place.verify.health.first());
    let tagged = |(_, image): (_, &Image)| {
        let address = images::address(&release.plan, image.name.as_str());
        (
            image.variable.clone(),
            address
                .then(":")
                .then(images::tag(&release.plan, environment)),
        )
    };
    Delivery {
        folder: component(release, place)
            .map(|component| component.parts[0].path.as_str())
            .filter(|path| *path != "."),
        rebuild: component(release, place).map_or_else(Vec::new, |component| {
            set_up_and_build(&release.plan, component)
        }),
        preview_job: preview_id(release, place),
        url: place.url.as_deref(),
        environment: &environment.name,
        github_environment: &place.environment,
        part: place.part.as_deref(),
        project: &release.plan.manifest.name,
        registry: &release.plan.manifest.registry,
        version: messages::version(),
        commit: commit(Work::Release).unwrap_or_default(),
        images: images::for_place(&release.plan, place)
            .into_iter()
            .map(tagged)
            .collect(),
        digests: Text::default(),
        strategy: place.keys.strategy,
        canary: canary(release, place),
        prometheus: prometheus(release),
        health_url: health.map(|(url, path)| format!("{url}{path}")),
        version_from: place.verify.version.as_ref().map(|line| line.as_str()),
        rollback_script: &environment.rollback.script,
        backup: match backup(release, place) {
            Some(Backup::Compose(database)) => Some(database),
            _ => None,
        },
        migrate: in_image(place),
    }
}
