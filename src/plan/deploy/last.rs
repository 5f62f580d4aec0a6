//! What follows a deployment: roll-back, release notes, messages.

use super::undo::{WATCH_AFTER_ROLLBACK, rollback, rolled_back};
use super::verify::health_address;
use super::{Chain, Release, start};
use crate::blocks::notify;
use crate::manifest::raw::Event;
use crate::pipeline::{Access, Expression, Job, Phase, Scope, Step, Text};
use crate::plan::messages;
use crate::plan::shared::after;
use crate::plan::web::kept_for;

pub(super) fn last(release: &Release<'_>, chain: &mut Chain) {
    let verified: Vec<_> = chain
        .jobs
        .iter()
        .filter(|job| is_verification(job))
        .map(|job| job.id.clone())
        .collect();
    if release.environment.rollback.automatic {
        rollback(release, &verified, chain);
    }
    if release.environment.release && release.deployment.by_tag {
        let optional = skipped_by_hand(release, chain);
        chain.jobs.push(publish(release, &verified, &optional));
    }
    if let Some(job) = notify_job(release, &verified, chain) {
        chain.jobs.push(job);
    }
    chain.jobs.extend(cleanup_job(release, &verified));
    chain.jobs.extend(follow_up_job(release, &verified));
}

/// Whether a release that this job is not content with goes back.
fn is_verification(job: &Job) -> bool {
    matches!(
        job.phase,
        Phase::Deploy | Phase::Smoke | Phase::EndToEnd | Phase::Lighthouse | Phase::Monitor
    )
}

/// The jobs that a manual run may skip. One that was not reached is skipped, too, and what it
/// waited for has not succeeded then.
fn skipped_by_hand(release: &Release<'_>, chain: &Chain) -> Vec<String> {
    let skippable = start::may_skip_smoke(release);
    let smoke = chain
        .jobs
        .iter()
        .filter(|job| job.phase == Phase::Smoke && skippable);
    smoke.map(|job| job.id.clone()).collect()
}

/// Publishes the release notes of a verified deployment.
fn publish(release: &Release<'_>, verified: &[String], optional: &[String]) -> Job {
    let plan = &release.plan;
    let names = super::super::images::for_deploy(plan)
        .into_iter()
        .map(|(_, image)| image.name.clone());
    let step = Step::script("Publish the release", "github-release")
        .env("TAG", messages::version())
        .env("ENVIRONMENT", release.environment.name.clone())
        .env("STATUS", "deployed and verified")
        .env("SERVICES", names.collect::<Vec<_>>().join("\n"))
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(Scope::Contents, Access::Write, "publish the release");
    let needs: Vec<_> = std::iter::once("validate".to_owned())
        .chain(verified.iter().cloned())
        .filter(|id| !optional.contains(id))
        .collect();
    Job::new(
        Phase::Release,
        release.id(Phase::Release, "release"),
        release.name("Release notes"),
        5,
    )
    .when(after(&needs, optional))
    .needs(needs.into_iter().chain(optional.iter().cloned()))
    .step(step)
}

/// Tells people how it ended.
fn notify_job(release: &Release<'_>, verified: &[String], chain: &Chain) -> Option<Job> {
    let plan = &release.plan;
    let undone: Vec<_> = chain
        .jobs
        .iter()
        .filter(|job| job.phase == Phase::Rollback)
        .map(|job| job.id.clone())
        .collect();
    let optional = skipped_by_hand(release, chain);
    let good = Expression::all(verified.iter().map(|id| {
        let good = Expression::result_is(id, "success");
        if optional.contains(id) {
            good.or(Expression::result_is(id, "skipped"))
        } else {
            good
        }
    }));
    let good = good
        .unwrap_or_else(|| Expression::new("true"))
        .code()
        .to_owned();
    let status = match rolled_back(&undone) {
        Some(undone) => format!(
            "{good} && 'succeeded' || {} && 'rolled-back' || 'failed'",
            undone.code()
        ),
        None => format!("{good} && 'succeeded' || 'failed'"),
    };
    let words = [
        (Event::Succeeded, "succeeded"),
        (Event::Failed, "failed"),
        (Event::RolledBack, "rolled-back"),
    ];
    let told = |tells: &dyn Fn(Event) -> bool| -> Option<Expression> {
        let told: Vec<_> = words.iter().filter(|(event, _)| tells(*event)).collect();
        let conditions = told
            .iter()
            .map(|(_, word)| Expression::new(format!("env.STATUS == '{word}'")));
        if told.len() == words.len() {
            Some(Expression::new("always()"))
        } else {
            Expression::any(conditions)
        }
    };
    let slack = told(&|event| messages::slack_tells(plan, event));
    let email = told(&|event| messages::email_tells(plan, event));
    let title = Text::literal(format!(
        "{} on {}: ",
        plan.manifest.name, release.environment.name
    ))
    .then(Expression::new("env.STATUS"));
    let mut steps = Vec::new();
    if let Some(condition) = slack {
        let step = messages::slack(plan, "Tell Slack", release.environment, None, title.clone());
        steps.extend(step.map(|step| without_always(step, condition)));
    }
    if let Some(condition) = email {
        let body = Text::literal("Version: ")
            .then(messages::version())
            .then(format!(
                "\nEnvironment: {}\nStatus: ",
                release.environment.name
            ))
            .then(Expression::new("env.STATUS"));
        let body = match undone.last() {
            Some(id) => body
                .then("\nRoll-back: ")
                .then(Expression::new(format!("needs.{id}.result"))),
            None => body,
        };
        steps.extend(
            messages::email(plan, "Tell by e-mail", title, body)
                .map(|step| without_always(step, condition)),
        );
    }
    if let Some(condition) = told(&|event| messages::datadog_tells(plan, event)) {
        let step = messages::datadog(plan, "Tell Datadog", release.environment, None);
        steps.extend(step.map(|step| without_always(step, condition)));
    }
    let places = release.deployment.places.iter();
    let addresses: Vec<_> = places.filter_map(health_address).collect();
    let records = messages::records(plan, release.environment, &addresses);
    let succeeded = Expression::new("env.STATUS == 'succeeded'");
    steps.extend(records.into_iter().map(|step| step.when(succeeded.clone())));
    let called = Text::literal(format!(
        "{} on {}: ",
        plan.manifest.name, release.environment.name
    ))
    .then(Expression::new("env.STATUS"));
    let environment = release.environment.name.as_str().into();
    let pagerduty = messages::pagerduty(plan, environment, called);
    // A message that cannot be sent does not hide another.
    steps.extend(pagerduty.map(|step| step.when(Expression::new("always()"))));
    if release.environment.keeps_records() {
        let results = Step::script("Hold the results together", "job-results")
            .env("NEEDS", Expression::new("toJSON(needs)"));
        steps.push(results.when(Expression::new("always()")));
    }
    if steps.is_empty() {
        return None;
    }
    let all: Vec<_> = chain
        .jobs
        .iter()
        .filter(|job| job.id != release.id(Phase::Own, WATCH_AFTER_ROLLBACK))
        .map(|job| job.id.clone())
        .chain(chain.before().cloned())
        .collect();
    let id = release.id(Phase::Notify, "notify");
    let job = Job::new(Phase::Notify, id, release.name("Notify"), 5)
        .needs(all)
        .when(match release.deployment.follows {
            // What the run was started by may have failed: nothing was to be done.
            true => chain
                .told()
                .and(Expression::result_is_not("validate", "skipped")),
            false => chain.told(),
        })
        .env("STATUS", Expression::new(status))
        .steps(steps);
    Some(job)
}

/// Opens an issue with what people do after a good deployment.
fn follow_up_job(release: &Release<'_>, verified: &[String]) -> Option<Job> {
    let list = &release.environment.follow_up;
    if list.is_empty() {
        return None;
    }
    let lines: Vec<_> = list.iter().map(|line| line.as_str()).collect();
    let name = &release.environment.name;
    let needs: Vec<_> = std::iter::once("validate".to_owned())
        .chain(verified.iter().cloned())
        .collect();
    let id = release.id(Phase::Own, "follow-up");
    let step = notify::follow_up(name, messages::version(), &lines);
    Some(
        Job::new(Phase::Own, id, release.name("Follow up"), 5)
            .when(after(&needs, &[]))
            .needs(needs)
            .step(step),
    )
}

/// Deletes old builds once a newer one is live.
fn cleanup_job(release: &Release<'_>, verified: &[String]) -> Option<Job> {
    let keep = release.environment.artifacts.keep?;
    let components = release.plan.manifest.components.iter();
    let kept = components.filter(|component| {
        let build = component.build.as_ref();
        release.keeps_builds() && build.is_some_and(|build| build.output.is_some())
    });
    let steps: Vec<_> = kept
        .map(|component| {
            Step::script(
                format!("Delete old builds of {}", component.name),
                "artifact-cleanup",
            )
            .env("PREFIX", kept_for(component, release.environment))
            .env("KEEP", keep.to_string())
            .env("GH_TOKEN", Expression::new("github.token"))
            .allow(Scope::Actions, Access::Write, "delete artifacts")
        })
        .collect();
    let needs: Vec<_> = std::iter::once("validate".to_owned())
        .chain(verified.iter().cloned())
        .collect();
    let id = release.id(Phase::Own, "cleanup");
    let job = Job::new(Phase::Own, id, release.name("Clean up"), 5)
        .when(after(&needs, &[]))
        .needs(needs);
    (!steps.is_empty()).then(|| job.steps(steps))
}

fn without_always(step: Step, condition: Expression) -> Step {
    if condition.code() == "always()" {
        step
    } else {
        step.when(condition)
    }
}
