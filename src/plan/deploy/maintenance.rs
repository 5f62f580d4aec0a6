//! Where the maintenance mode is switched: around what users must not meet.

use crate::blocks::maintenance::Maintenance;
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

pub(crate) fn on(place: &Place) -> Option<Step> {
    Some(written(place)?.on(place.url.as_deref()))
}

pub(crate) fn off(place: &Place) -> Option<Step> {
    Some(written(place)?.off(place.url.as_deref()))
}

/// Lets later jobs know whether it is still on.
pub(super) fn with_state(job: Job, place: &Place) -> Job {
    match written(place) {
        Some(_) => job.output("maintenance", Maintenance::state()),
        None => job,
    }
}

/// Switches it off in the roll-back of a deployment that did not come to it.
pub(super) fn off_after(place: &Place, deploy: &str) -> Option<Step> {
    let still_on = format!("always() && needs.{deploy}.outputs.maintenance == 'on'");
    let maintenance = written(place)?;
    Some(maintenance.off_when(place.url.as_deref(), Expression::new(still_on)))
}

/// The steps of a roll-back with the maintenance mode on while the release or the database changes.
/// What connects to the place stays in front.
pub(crate) fn around(place: &Place, mut steps: Vec<Step>) -> Vec<Step> {
    let changes = |step: &Step| matches!(step.id.as_deref(), Some("rollback" | "back"));
    let back = steps.iter().position(changes);
    if let Some(step) = on(place) {
        steps.insert(back.unwrap_or(0), step);
    }
    steps
}
