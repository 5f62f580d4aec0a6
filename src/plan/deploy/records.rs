//! Records of deployments, where GitHub's own would name the commit of the run and not what
//! was deployed.

use crate::manifest::model::Place;
use crate::pipeline::{Access, Expression, Job, Scope, Step, Text};
use crate::plan::messages;

const SCRIPT: &str = "record-deployment";

/// Records how a deployment ended, whenever it has begun.
pub(super) fn made(job: Job, place: &Place) -> Job {
    let begun = Expression::new("always() && steps.record.outcome == 'success'");
    let step = record("Record the deployment", place, Text::code("job.status"))
        .id("deployment")
        .when(begun);
    job.output("deployment", Expression::output("deployment", "deployment"))
        .step(step)
}

/// Ends the record of a deployment that was rolled back.
pub(super) fn ended(place: &Place, deploy: &str) -> Step {
    let id = Expression::output_of(deploy, "deployment");
    let known = Expression::new(format!("always() && {} != ''", id.code()));
    record("Record that it failed", place, "failure".into())
        .env("DEPLOYMENT", id)
        .when(known)
}

/// Records the return of an earlier release.
pub(crate) fn returned(place: &Place) -> Step {
    record("Record the roll-back", place, Text::code("job.status"))
        .env("ROLLBACK", "true")
        .when(Expression::new("always()"))
}

fn record(name: &str, place: &Place, status: Text) -> Step {
    let mut step = Step::script(name, SCRIPT)
        .env("ENVIRONMENT", place.environment.as_str())
        .env("SHA", Expression::output_of("validate", "sha"))
        .env("VERSION", messages::version())
        .env("STATUS", status);
    if let Some(url) = &place.url {
        step = step.env("URL", url.as_str());
    }
    step.env("GH_TOKEN", Expression::new("github.token")).allow(
        Scope::Deployments,
        Access::Write,
        "record the deployment",
    )
}
