//! The job that compares generated files with the manifest.

use super::scan::upload;
use super::shared::{Plan, checkout};
use crate::manifest::model::CodeScanning;
use crate::pipeline::{Expression, Job, Phase, Step, Text};

/// The id of the step that compares.
const DRIFT: &str = "drift";

/// Compares, and leaves the patch and the reports; nothing if no gate asks for it.
pub(super) fn job(plan: &Plan<'_>) -> Option<Job> {
    let action = plan.manifest.gates.generated.as_deref()?;
    let compare = Step::uses("Compare the files with the manifest", action).id(DRIFT);
    let patch = Expression::output(DRIFT, "patch");
    let keep = Step::uses("Keep the patch that mends them", "actions/upload-artifact")
        .when(Expression::new(
            "failure() && steps.drift.outputs.patch != ''",
        ))
        .with("name", "generated-files")
        .with("path", patch)
        .with("retention-days", plan.days(7));
    // It needs no token that writes, so that it says the same of a fork.
    let about =
        "Make this a required check: a change that breaks the comparison could drop it as well.";
    let mut job = Job::new(Phase::Own, "generated-files", "Generated files", 20)
        .about(about)
        .step(checkout(None))
        .step(compare)
        .step(keep);
    if plan.manifest.code_scanning != CodeScanning::Off {
        job = job.step(show(plan));
    }
    Some(job)
}

fn show(plan: &Plan<'_>) -> Step {
    upload(
        plan,
        "Show the drift in the Security tab",
        Expression::output(DRIFT, "sarif").into(),
        Text::literal("generated-files"),
        Expression::new("!cancelled() && steps.drift.outputs.sarif != ''"),
    )
}
