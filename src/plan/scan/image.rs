//! Steps that hold an image against the gates.
//!
//! What is asked for is the same wherever an image is looked at: where it was just
//! built, or where it was published. All scanners of images look at it one after the
//! other, and one policy judges their reports.

use super::gate::{self, Force, Gate, gates};
use super::judge::{POLICY, Run, judged};
use crate::blocks::scanner::{Image, ImageScope};
use crate::manifest::model::Choice;
use crate::pipeline::{Expression, Job, Step, Text};
use crate::plan::messages;
use crate::plan::shared::Plan;

/// The scanners that look at images.
fn scanners(plan: &Plan<'_>) -> Vec<Choice> {
    let all = plan.manifest.gates.scanners.iter();
    all.filter(|choice| choice.scanner.image.is_some())
        .copied()
        .collect()
}

/// Whether any scanner looks at images.
pub(in crate::plan) fn scans_images(plan: &Plan<'_>) -> bool {
    !scanners(plan).is_empty()
}

/// Scans an image and judges what was found; nothing if no scanner looks at images.
/// In a job that does it for a matrix, [`asking_of_images`] hands over what needs a
/// person's decision.
///
/// The job of a published image has logged in to the registry. `category` tells the
/// reports of this image from all others of the workflow.
pub(in crate::plan) fn image_steps(plan: &Plan<'_>, image: &Image, category: Text) -> Vec<Step> {
    let scanners = scanners(plan);
    if scanners.is_empty() {
        return Vec::new();
    }
    let run = |choice: &Choice| {
        let folder = gate::folder(choice);
        let scope = ImageScope {
            scanner: choice.scanner,
            reports: &folder,
            image,
            cached: !plan.releases(),
        };
        let scan = choice.scanner.image.map(|scan| scan(&scope))?;
        Some(Run {
            choice: *choice,
            scan,
            folder,
        })
    };
    let runs = scanners.iter().filter_map(run).collect();
    let gates = gates(&plan.manifest.gates, &scanners, Force::Gate);
    let mut steps = judged(plan, runs, &gates, category);
    steps.extend(messages::vulnerability(plan));
    steps
}

/// Lets a job that judges an image in each run of its matrix ask for a person.
///
/// GitHub puts the outputs of all runs together and leaves empty ones out, so
/// "no" must be empty: one run's `false` could replace another's `true`.
pub(in crate::plan) fn asking_of_images(plan: &Plan<'_>, job: Job) -> Job {
    let gates = gates(&plan.manifest.gates, &scanners(plan), Force::Gate);
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
