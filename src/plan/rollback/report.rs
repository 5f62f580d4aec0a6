//! What is left of a roll-back by hand: an incident, and messages.

use super::validate::VALIDATE;
use crate::blocks::notify;
use crate::manifest::raw::Event;
use crate::pipeline::{Expression, Job, Phase, Step, Text};
use crate::plan::deploy::Release;
use crate::plan::messages;

/// Keeps what happened: an incident, and messages.
pub(super) fn report(releases: &[Release<'_>], jobs: &[Job]) -> Job {
    let release = &releases[0];
    let plan = &release.plan;
    let all: Vec<_> = jobs.iter().map(|job| job.id.clone()).collect();
    let mut job = Job::new(Phase::Notify, plan.id(Phase::Notify, "report"), "Report", 5)
        .needs(all.iter().cloned())
        .when(Expression::new("always()"));
    // Who refuses a roll-back leaves nothing to look into.
    let begun = jobs.iter().filter(|job| job.phase == Phase::Rollback);
    let begun = Expression::any(begun.map(|job| Expression::result_is_not(&job.id, "skipped")));
    let failed =
        Expression::any(all.iter().flat_map(|id| {
            ["failure", "cancelled"].map(|result| Expression::result_is(id, result))
        }));
    let failed = failed.unwrap_or_else(|| Expression::new("false"));
    job = job.env(
        "STATUS",
        Expression::new(format!("({}) && 'failed' || 'rolled-back'", failed.code())),
    );
    if plan.manifest.incident {
        let chosen = Text::code("inputs.environment");
        let step = notify::incident_by_hand(
            chosen,
            Text::expression(Expression::output_of(VALIDATE, "current")),
            messages::version(),
            Text::code("inputs.reason"),
        );
        job = job.steps(begun.map(|begun| step.when(begun)));
    }
    let environment = Text::code("inputs.environment");
    let title = Text::literal(format!("{} on ", plan.manifest.name))
        .then(environment.clone())
        .then(": ")
        .then(Expression::new("env.STATUS"));
    let slack = messages::slack_tells(plan, Event::RolledBack)
        .then(|| messages::slack_anywhere(plan, "Tell Slack", title.clone()));
    let email = messages::email_tells(plan, Event::RolledBack)
        .then(|| messages::email(plan, "Tell by e-mail", title.clone(), details()));
    let pagerduty = messages::pagerduty(plan, environment, title);
    let told = [slack.flatten(), email.flatten(), pagerduty];
    // A message that cannot be sent does not hide another.
    let told = told.into_iter().flatten();
    job = job.steps(told.map(|step| step.when(Expression::new("always()"))));
    job.step(
        Step::script("Hold the results together", "job-results")
            .env("NEEDS", Expression::new("toJSON(needs)"))
            .when(Expression::new("always()")),
    )
}

/// What an e-mail says of a roll-back.
fn details() -> Text {
    Text::literal("Environment: ")
        .then(Expression::new("inputs.environment"))
        .then("\nBack to: ")
        .then(messages::version())
        .then("\nBefore: ")
        .then(Expression::output_of(VALIDATE, "current"))
        .then("\nReason: ")
        .then(Expression::new("inputs.reason"))
        .then("\nStatus: ")
        .then(Expression::new("env.STATUS"))
}
