//! Jobs that scan, and the steps that hold what they found against the gates.

mod artifact;
mod gate;
mod judge;
mod review;
mod site;

pub(super) use artifact::{
    asking_of_binaries, asking_of_images, binary_steps, image_steps, scans_images,
};
pub(super) use review::{asks_for_review, review_job};
pub(super) use site::site_steps;

use super::component::{Work, commit, seen_part};
use super::messages;
use super::shared::{Plan, checkout, checkout_history};
use crate::blocks::language::{INSTALL, Purpose};
use crate::blocks::scanner::{Scanner, Scope};
use crate::manifest::model::{Choice, Component};
use crate::manifest::raw::Effect;
use crate::pipeline::{self, Expression, Job, Phase, Step, Text};
use gate::{Force, Gate, gates};
pub(super) use judge::POLICY;
pub(super) use judge::upload;
use judge::{Run, judged};

/// The quick scan of the checks.
pub(super) fn quick_job(plan: &Plan<'_>) -> Option<Job> {
    let (tools, effect) = plan.workflow.scan.as_ref()?;
    let preview = *effect != Effect::Block;
    let (id, name) = if preview {
        ("security-preview", "Security preview")
    } else {
        ("security-scan", "Security scan")
    };
    let id = plan.id(Phase::Scan, id);
    let mut job = scan_job(plan, &id, name, 10, tools, Work::Event, preview);
    if preview {
        job = job.about("Shows what a deployment would be stopped by; stops nothing itself.");
        job.may_fail = true;
    }
    Some(job)
}

/// The job that runs scanners one after the other and judges all of them at the end.
pub(super) fn scan_job(
    plan: &Plan<'_>,
    id: &str,
    name: &str,
    timeout: u32,
    scanners: &[Choice],
    work: Work,
    preview: bool,
) -> Job {
    let scanners: Vec<_> = scanners
        .iter()
        .filter(|choice| choice.scanner.repository.is_some())
        .copied()
        .collect();
    let history = scanners.iter().any(|choice| choice.scanner.history);
    let minutes = scanners.iter().map(|choice| choice.scanner.minutes).max();
    let commit = commit(work);
    let checkout = if history {
        checkout_history(commit)
    } else {
        checkout(commit)
    };
    let mut job = Job::new(
        Phase::Scan,
        id,
        name,
        timeout.max(minutes.unwrap_or_default()),
    )
    .step(checkout)
    .steps(installed(plan, &scanners));
    let force = if preview { Force::Preview } else { Force::Gate };
    let gates = gates(&plan.manifest.gates, &scanners, force);
    let runs = scanners.iter().filter_map(|choice| run(plan, choice));
    job = job.steps(judged(plan, runs.collect(), &gates, Text::literal(id)));
    if gates.iter().any(Gate::asks) {
        job = job.output("review", Expression::output(POLICY, "review"));
    }
    if !preview && !gates.is_empty() && !plan.has_pull_requests() {
        job = job.steps(messages::vulnerability(plan));
    }
    job
}

/// The run of a scanner over the repository.
fn run(plan: &Plan<'_>, choice: &Choice) -> Option<Run> {
    let folder = gate::folder(choice);
    let mut seen = Vec::new();
    let mut languages = Vec::new();
    for component in components(plan, choice.scanner) {
        languages.push(component.language.names[0]);
        for part in &component.parts {
            seen.push(seen_part(plan, component, &part.path));
        }
    }
    let scope = Scope {
        scanner: choice.scanner,
        reports: &folder,
        components: seen,
        languages,
        licenses: &plan.manifest.gates.licenses,
        cached: !plan.releases(),
    };
    let scan = choice.scanner.repository.map(|scan| scan(&scope))?;
    Some(Run {
        choice: *choice,
        scan,
        folder,
    })
}

/// The components that a scanner understands.
fn components<'p>(plan: &Plan<'p>, scanner: &Scanner) -> Vec<&'p Component> {
    let all = plan.manifest.components.iter();
    all.filter(|component| component.understood_by(scanner))
        .collect()
}

/// Installs the dependencies that scanners must see, of all components beside each other.
fn installed(plan: &Plan<'_>, scanners: &[Choice]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for component in &plan.manifest.components {
        let wants =
            |choice: &Choice| choice.scanner.installed && component.understood_by(choice.scanner);
        if !scanners.iter().any(wants) {
            continue;
        }
        for part in &component.parts {
            let view = seen_part(plan, component, &part.path);
            for mut step in component.language.set_up(&view, Purpose::Scan) {
                if let (true, Some(folder)) = (step.name == Text::literal(INSTALL), view.folder()) {
                    step.name = step.name.then(" of ").then(folder.clone());
                    step.folder = Some(folder);
                }
                // A toolchain is set up once, however many components use it.
                if !steps
                    .iter()
                    .any(|known| *known == step || is_same_action(known, &step))
                {
                    steps.push(step);
                }
            }
        }
    }
    steps
}

fn is_same_action(known: &Step, step: &Step) -> bool {
    match (&known.work, &step.work) {
        (pipeline::Work::Use(known, _), pipeline::Work::Use(action, _)) => known == action,
        _ => false,
    }
}
