//! Steps that hold an image, or programs, against the gates.
//!
//! What is asked for is the same wherever one is looked at: where it was just built, or
//! where it was published. All scanners of its kind look at it one after the other, and
//! one policy judges their reports.

use super::gate::{self, Force, Gate, gates};
use super::judge::{POLICY, Run, judged};
use crate::blocks::scanner::{BinaryScope, Image, ImageScope, Scan, Scanner};
use crate::manifest::model::Choice;
use crate::pipeline::{Expression, Job, Step, Text};
use crate::plan::messages;
use crate::plan::shared::Plan;

/// The scanners that look at images.
fn of_images(plan: &Plan<'_>) -> Vec<Choice> {
    chosen(plan, |scanner| scanner.image.is_some())
}

/// The scanners that look at programs.
fn of_binaries(plan: &Plan<'_>) -> Vec<Choice> {
    chosen(plan, |scanner| scanner.binaries.is_some())
}

fn chosen(plan: &Plan<'_>, looks: impl Fn(&Scanner) -> bool) -> Vec<Choice> {
    let all = plan.manifest.gates.scanners.iter();
    all.filter(|choice| looks(choice.scanner))
        .copied()
        .collect()
}

/// Whether any scanner looks at images.
pub(in crate::plan) fn scans_images(plan: &Plan<'_>) -> bool {
    !of_images(plan).is_empty()
}

/// Scans an image and judges what was found; nothing if no scanner looks at images.
/// In a job that does it for a matrix, [`asking_of_images`] hands over what needs a
/// person's decision.
///
/// The job of a published image has logged in to the registry. `category` tells the
/// reports of this image from all others of the workflow.
pub(in crate::plan) fn image_steps(plan: &Plan<'_>, image: &Image, category: Text) -> Vec<Step> {
    let cached = !plan.releases();
    let scan = |scanner: &'static Scanner, reports: &str| {
        let scope = ImageScope {
            scanner,
            reports,
            image,
            cached,
        };
        scanner.image.map(|scan| scan(&scope))
    };
    steps(plan, &of_images(plan), scan, category)
}

/// Scans programs in a folder and judges what was found, as of images. `about` is the file
/// that says what they are made of.
pub(in crate::plan) fn binary_steps(
    plan: &Plan<'_>,
    folder: &Text,
    about: &str,
    category: Text,
) -> Vec<Step> {
    let cached = !plan.releases();
    let scan = |scanner: &'static Scanner, reports: &str| {
        let scope = BinaryScope {
            scanner,
            reports,
            folder: folder.clone(),
            about: about.to_owned(),
            cached,
        };
        scanner.binaries.map(|scan| scan(&scope))
    };
    steps(plan, &of_binaries(plan), scan, category)
}

fn steps(
    plan: &Plan<'_>,
    scanners: &[Choice],
    scan: impl Fn(&'static Scanner, &str) -> Option<Scan>,
    category: Text,
) -> Vec<Step> {
    if scanners.is_empty() {
        return Vec::new();
    }
    let run = |choice: &Choice| {
        let folder = gate::folder(choice);
        let scan = scan(choice.scanner, &folder)?;
        Some(Run {
            choice: *choice,
            scan,
            folder,
        })
    };
    let runs = scanners.iter().filter_map(run).collect();
    let gates = gates(&plan.manifest.gates, scanners, Force::Gate);
    let mut steps = judged(plan, runs, &gates, category);
    if !plan.has_pull_requests() {
        steps.extend(messages::vulnerability(plan));
    }
    steps
}

/// Lets a job that judges an image in each run of its matrix ask for a person.
pub(in crate::plan) fn asking_of_images(plan: &Plan<'_>, job: Job) -> Job {
    asking(plan, job, &of_images(plan))
}

/// Lets a job that judges programs in each run of its matrix ask for a person.
pub(in crate::plan) fn asking_of_binaries(plan: &Plan<'_>, job: Job) -> Job {
    asking(plan, job, &of_binaries(plan))
}

/// GitHub puts the outputs of all runs of a matrix together and leaves empty ones out, so
/// "no" must be empty: one run's `false` could replace another's `true`.
fn asking(plan: &Plan<'_>, job: Job, scanners: &[Choice]) -> Job {
    let gates = gates(&plan.manifest.gates, scanners, Force::Gate);
    let review = gates.iter().any(Gate::asks);
    let judges = |step: &Step| step.id.as_deref() == Some(POLICY);
    if !review || !job.steps.iter().any(judges) {
        return job;
    }
    job.output(
        "review",
        Expression::new("steps.policy.outputs.review == 'true' && 'true' || ''"),
    )
}
