//! How one knows that a release has arrived: health, metrics, smoke tests.

use super::Release;
use crate::blocks::language::Purpose;
use crate::blocks::words::Command;
use crate::manifest::model::Place;
use crate::pipeline::{Job, Phase, Step, Text, Work};
use crate::plan::component::{self, commit, seen_part};
use crate::plan::scan;
use crate::plan::shared::checkout;

/// A health check at the public address, which compares the version where one is named.
pub(crate) fn health_check(place: &Place, name: &str, version: Option<Text>) -> Option<Step> {
    let url = place.url.as_ref()?;
    let paths = place.verify.health.iter();
    let urls: Vec<_> = paths.map(|path| format!("{url}{path}")).collect();
    if urls.is_empty() {
        return None;
    }
    let step = Step::script(name, "health-check").env("HEALTH_URLS", urls.join("\n"));
    Some(match (&place.verify.version, version) {
        (Some(from), Some(version)) => step
            .env("EXPECTED_VERSION", version)
            .env("VERSION_FROM", from.as_str()),
        _ => step,
    })
}

/// The address at which somebody elsewhere watches a place.
pub(crate) fn health_address(place: &Place) -> Option<String> {
    let path = place.verify.health.first();
    let path = path.map_or("/", |path| path.as_str());
    Some(format!("{}{path}", place.url.as_ref()?))
}

pub(super) fn metrics_step(place: &Place) -> Option<Step> {
    let url = place.url.as_ref()?;
    let path = place.verify.metrics.as_ref()?;
    let step = Step::script("Look at the metrics", "metrics-check");
    Some(
        step.env("METRICS_URL", format!("{url}{path}"))
            .env("ON_FAILURE", "warn"),
    )
}

/// Smoke tests at an address: paths that are tried, then commands that [`smoke_setup`] prepares.
pub(super) fn smoke_steps(
    release: &Release<'_>,
    url: Option<&str>,
    lines: &[Command],
) -> Vec<Step> {
    let Some(url) = url else {
        return Vec::new();
    };
    let (paths, commands): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.starts_with('/'));
    let mut steps = Vec::new();
    if !paths.is_empty() {
        let paths: Vec<_> = paths.iter().map(|path| path.as_str()).collect();
        let smoke = Step::script("Try the important paths", "smoke-check");
        steps.push(
            smoke
                .env("BASE_URL", url)
                .env("SMOKE_PATHS", paths.join("\n")),
        );
    }
    if let Some(component) = release.plan.manifest.components.first() {
        let folder = seen_part(&release.plan, component, &component.parts[0].path).folder();
        let run = |command: &str| Step::run("Run the smoke tests", command).env("BASE_URL", url);
        let commands = commands.iter().map(|command| run(command));
        steps.extend(commands.map(|step| in_folder(step, folder.as_ref())));
    }
    steps
}

/// Installs what the commands of the smoke tests need. A deployment does so before it
/// begins: a download that fails afterwards would take a healthy release back.
pub(super) fn smoke_setup(release: &Release<'_>, lines: &[Command]) -> Vec<Step> {
    let first = release.plan.manifest.components.first();
    let (Some(component), true) = (first, has_commands(lines)) else {
        return Vec::new();
    };
    let view = seen_part(&release.plan, component, &component.parts[0].path);
    let folder = view.folder();
    let steps = component.language.set_up(&view, Purpose::Test).into_iter();
    steps.map(|step| in_folder(step, folder.as_ref())).collect()
}

fn has_commands(lines: &[Command]) -> bool {
    lines.iter().any(|line| !line.starts_with('/'))
}

fn in_folder(step: Step, folder: Option<&Text>) -> Step {
    match (&step.work, folder) {
        (Work::Run(_), Some(folder)) => step.folder(folder.clone()),
        _ => step,
    }
}

/// The smoke tests in a job of their own, behind all places. Those of a whole that has parts
/// can stand nowhere else.
pub(super) fn smoke_job(release: &Release<'_>) -> Option<Job> {
    let of_places = release.environment.verify.smoke_job == Some(true);
    let steps = all_smoke_steps(release, of_places);
    let id = release.id(Phase::Smoke, "smoke-tests");
    let job = Job::new(Phase::Smoke, id, release.name("Smoke tests"), 5);
    (!steps.is_empty()).then(|| job.steps(steps))
}

/// The smoke tests of all places, if they are wanted, and those of a whole that has parts,
/// with what they need: nothing of it was done in the job before.
pub(crate) fn all_smoke_steps(release: &Release<'_>, of_places: bool) -> Vec<Step> {
    let environment = release.environment;
    let mut tests: Vec<(Option<&str>, &[Command])> = Vec::new();
    if of_places {
        let places = release.deployment.places.iter();
        tests.extend(places.map(|place| (place.url.as_deref(), &*place.verify.smoke)));
    }
    if environment.has_parts() {
        tests.push((environment.url.as_deref(), &environment.verify.smoke));
    }
    let lines = tests.iter().flat_map(|(_, lines)| *lines);
    let lines: Vec<_> = lines.cloned().collect();
    let mut steps = Vec::new();
    // Paths are tried from outside; commands stand in the repository.
    if has_commands(&lines) {
        steps.push(checkout(commit(component::Work::Release)));
        steps.extend(smoke_setup(release, &lines));
    }
    for (url, lines) in tests {
        steps.extend(smoke_steps(release, url, lines));
    }
    steps
}

/// The jobs that scan the places whose manifest asks for it.
pub(super) fn site_jobs(release: &Release<'_>) -> Vec<Job> {
    let job = |place: &Place| {
        let (url, at_most) = (place.url.as_ref()?, place.verify.zap?);
        let id = release.id_at(place, Phase::Own, "scan-site");
        let steps = scan::site_steps(&release.plan, url, at_most, Text::literal(id.as_str()));
        let name = format!("Scan the site of {}", place.environment);
        let job = Job::new(Phase::Smoke, id, name, 15)
            .step(checkout(commit(component::Work::Release)))
            .steps(steps);
        Some(job)
    };
    release.deployment.places.iter().filter_map(job).collect()
}
