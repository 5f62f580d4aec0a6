//! Workflows that run all scanners, a job for each kind of finding.

use super::component::Work;
use super::images;
use super::scan;
use super::shared::{Plan, checkout, newest_of_a_pull_request};
use crate::blocks::scanner::Kind;
use crate::pipeline::{self, Expression, Job, Matrix, Phase, Text};

pub(super) fn plan(plan: &Plan<'_>) -> pipeline::Workflow {
    let mut jobs = scan_jobs(plan, Containers::Built);
    jobs.extend(review_job(plan, &jobs));
    plan.workflow(
        plan.workflow.triggers.clone(),
        newest_of_a_pull_request(plan),
        jobs,
    )
}

/// What becomes of the scanners of images.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Containers {
    /// They have a job that builds the images.
    Built,
    /// Another job sees to them.
    Elsewhere,
}

/// A job for each kind of finding that scanners look for.
pub(super) fn scan_jobs(plan: &Plan<'_>, containers: Containers) -> Vec<Job> {
    let mut jobs = Vec::new();
    for (kind, id, name) in Kind::JOBS {
        let scanners = plan.manifest.gates.scanners.iter();
        let scanners: Vec<_> = scanners
            .filter(|choice| choice.scanner.kind == kind && choice.scanner.repository.is_some())
            .copied()
            .collect();
        if !scanners.is_empty() {
            jobs.push(scan::scan_job(
                plan,
                id,
                name,
                10,
                &scanners,
                Work::Event,
                false,
            ));
        }
    }
    if containers == Containers::Built
        && scan::scans_images(plan)
        && !images::for_deploy(plan).is_empty()
    {
        jobs.push(container_job(plan, "container-scan", "Container"));
    }
    jobs
}

/// The job that waits for a person if one of these finds something to decide.
pub(super) fn review_job(plan: &Plan<'_>, jobs: &[Job]) -> Option<Job> {
    let asking = jobs.iter().filter(|job| scan::asks_for_review(job));
    let asking: Vec<_> = asking.map(|job| job.id.clone()).collect();
    (!asking.is_empty()).then(|| scan::review_job(plan, &asking))
}

/// Builds each image in all stages that an environment has, and holds it against the gates.
fn container_job(plan: &Plan<'_>, id: &str, name: &str) -> Job {
    let rows = images::build::rows_of_all_stages(&images::for_deploy(plan));
    let staged = rows.iter().flatten().any(|(name, _)| name == "stage");
    let name = Text::literal(format!("{name}: ")).then(Expression::new("matrix.image"));
    let name = if staged {
        name.then(" ").then(Expression::new("matrix.stage"))
    } else {
        name
    };
    let mut job = Job::new(Phase::Scan, id, name, 20)
        .step(checkout(None))
        .steps(images::build_and_judge(plan, id, &rows));
    job.matrix = Some(Matrix::of(rows));
    scan::asking_of_images(plan, job)
}
