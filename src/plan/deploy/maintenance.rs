//! Where the maintenance mode is switched: around what users must not meet.

use super::Release;
use super::verify::health_address;
use crate::blocks::maintenance::Maintenance;
use crate::blocks::notify;
use crate::manifest::model::{Environment, Place};
use crate::pipeline::{DispatchInput, Expression, InputKind, Job, Step};

/// The input of runs by hand, where an environment asks for it.
pub(crate) fn input<'e>(
    environments: impl IntoIterator<Item = &'e Environment>,
) -> Option<DispatchInput> {
    let mut places = environments
        .into_iter()
        .flat_map(|environment| environment.places());
    let asks = |place: &Place| written(place).is_some_and(|maintenance| maintenance.ask);
    places.any(asks).then(|| DispatchInput {
        name: "maintenance".to_owned(),
        description: "Switch the maintenance mode on meanwhile".to_owned(),
        required: false,
        kind: InputKind::Flag(false),
    })
}

fn written(place: &Place) -> Option<&Maintenance> {
    place.keys.maintenance.as_ref().map(|written| &written.0)
}

/// Switches it on, once nobody is called for what is unavailable now.
pub(crate) fn on(release: &Release<'_>, place: &Place) -> Vec<Step> {
    let Some(maintenance) = written(place) else {
        return Vec::new();
    };
    let pause = monitored(release, place).map(|url| {
        let step = notify::pause_monitor(url).id("pause");
        match maintenance.asked() {
            Some(asked) => step.when(asked),
            None => step,
        }
    });
    let on = maintenance.on(place.url.as_deref());
    pause.into_iter().chain([on]).collect()
}

/// Switches it off, whatever happened since, and lets the monitor look again.
pub(crate) fn off(release: &Release<'_>, place: &Place) -> Vec<Step> {
    let Some(maintenance) = written(place) else {
        return Vec::new();
    };
    let off = maintenance.off(place.url.as_deref());
    let paused = Expression::output("pause", "paused");
    let resume = monitored(release, place).map(|_| resume(paused).id("resume"));
    std::iter::once(off).chain(resume).collect()
}

/// Lets later jobs know whether it is still on, and what is still paused.
pub(super) fn with_state(job: Job, release: &Release<'_>, place: &Place) -> Job {
    if written(place).is_none() {
        return job;
    }
    let job = job.output("maintenance", Maintenance::state());
    match monitored(release, place) {
        Some(_) => job.output(
            "paused",
            Expression::new(
                "steps.resume.outcome != 'success' && steps.pause.outputs.paused || steps.resume.outputs.paused",
            ),
        ),
        None => job,
    }
}

/// Switches it off in the roll-back of a deployment that did not come to it.
pub(super) fn off_after(release: &Release<'_>, place: &Place, deploy: &str) -> Vec<Step> {
    let Some(maintenance) = written(place) else {
        return Vec::new();
    };
    let still_on = format!("always() && needs.{deploy}.outputs.maintenance == 'on'");
    let off = maintenance.off_when(place.url.as_deref(), Expression::new(still_on));
    let paused = Expression::output_of(deploy, "paused");
    let resume = monitored(release, place).map(|_| resume(paused));
    std::iter::once(off).chain(resume).collect()
}

fn resume(paused: Expression) -> Step {
    let some = format!("always() && {} != ''", paused.code());
    notify::resume_monitors(paused).when(Expression::new(some))
}

/// The address of the monitor that a service elsewhere has of this place.
fn monitored(release: &Release<'_>, place: &Place) -> Option<String> {
    let watched = release.plan.manifest.uptime_robot;
    watched.then(|| health_address(place)).flatten()
}

/// The steps of a roll-back with the maintenance mode on while the release or the database changes.
/// What connects to the place stays in front.
pub(crate) fn around(release: &Release<'_>, place: &Place, mut steps: Vec<Step>) -> Vec<Step> {
    let changes = |step: &Step| matches!(step.id.as_deref(), Some("rollback" | "back"));
    let back = steps.iter().position(changes).unwrap_or(0);
    steps.splice(back..back, on(release, place));
    steps
}
