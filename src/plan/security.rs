//! Workflows that run all scanners, a job for each kind of finding.

use super::component::Work;
use super::images;
use super::scan;
use super::shared::{Plan, checkout, newest_of_a_pull_request};
use crate::blocks::scanner::Kind;
use crate::pipeline::{self, Expression, Job, Matrix, Phase, Text};

pub(super) fn plan(plan: &Plan<'_>) -> pipeline::Workflow {
    let mut jobs = Vec::new();
    let mut review = Vec::new();
    for (kind, id, name) in Kind::JOBS {
        let scanners: Vec<_> = plan.manifest.gates.scanners.iter().filter(|scanner| scanner.kind == kind).copied().collect();
        if scanners.is_empty() {
            continue;
        }
        if kind == Kind::Container && !images::for_deploy(plan).is_empty() {
            jobs.push(container_job(plan, id, name));
            continue;
        }
        let timeout = if matches!(kind, Kind::Container | Kind::Sast) { 20 } else { 10 };
        let job = scan::scan_job(plan, id, name, timeout, &scanners, Work::Event, false);
        if job.outputs.iter().any(|(name, _)| name == "review") {
            review.push(id.to_owned());
        }
        jobs.push(job);
    }
    if !review.is_empty() {
        jobs.push(scan::review_job(plan, &review));
    }
    plan.workflow(plan.workflow.triggers.clone(), newest_of_a_pull_request(plan), jobs)
}

/// Builds each image and holds it against the gates. A matrix keeps only the last
/// output, so a finding that needs a person's decision blocks here.
fn container_job(plan: &Plan<'_>, id: &str, name: &str) -> Job {
    let rows = images::rows(&images::for_deploy(plan), None);
    let name = Text::literal(format!("{name}: ")).then(Expression::new("matrix.image"));
    let mut job = Job::new(Phase::Scan, id, name, 20)
        .step(checkout(None))
        .steps(images::build_and_judge(plan, id, &rows));
    job.matrix = Some(Matrix::of(rows));
    job
}
