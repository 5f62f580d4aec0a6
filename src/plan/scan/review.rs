//! The job that waits for a person if a scan asks for one.

use crate::manifest::model::REVIEW_ENVIRONMENT;
use crate::pipeline::{self, Expression, Job, Phase, Step};
use crate::plan::shared::Plan;

/// Whether findings of this job may have to wait for a person.
pub(in crate::plan) fn asks_for_review(job: &Job) -> bool {
    job.outputs.iter().any(|(name, _)| name == "review")
}

/// The job that waits for a person if a scan asks for one.
pub(in crate::plan) fn review_job(plan: &Plan<'_>, scans: &[String]) -> Job {
    let asked = scans
        .iter()
        .map(|id| Expression::new(format!("needs.{id}.outputs.review == 'true'")));
    let asked = Expression::any(asked).unwrap_or_else(|| Expression::new("false"));
    let mut job = Job::new(
        Phase::Approval,
        plan.id(Phase::Own, "security-review"),
        "Review of findings",
        5,
    )
    .about("Entered only if a scan found something that a person must decide on:")
    .about("the environment has reviewers, and the job starts when one of them agrees.")
    .needs(scans.iter().cloned())
    .when(Expression::new("!cancelled()").and(asked))
    .step(Step::run(
        "Note the decision",
        "echo \"The findings of this run were reviewed and accepted.\" >> \"$GITHUB_STEP_SUMMARY\"",
    ));
    job.environment = Some(pipeline::Environment {
        name: REVIEW_ENVIRONMENT.into(),
        url: None,
        deployment: false,
    });
    job
}
