//! Roll-backs by hand to a release that is chosen, or found in the records of deployments.
//!
//! approval → validate → backup → each part → verify → report; what only some environments
//! or parts have is skipped for the others, and whatever follows does not mind.

use crate::blocks::backup::Backup;
use crate::blocks::notify;
use crate::blocks::target::Undo;
use crate::manifest::model::{Environment, Place};
use crate::manifest::raw::Event;
use crate::pipeline::{
    self, Access, DispatchInput, Expression, InputKind, Job, Phase, Scope, Step, Text,
};
use crate::plan::component::{Work, commit};
use crate::plan::deploy::{
    Release, all_smoke_steps, at_gate, backup, delivery, health_check, login, maintenance, purge,
    records, resolved, watch,
};
use crate::plan::images::{self, BY_COMMIT};
use crate::plan::messages;
use crate::plan::settings::rollback_environment;
use crate::plan::shared::{Plan, after, checkout, with_margin};

const VALIDATE: &str = "validate";

/// The choice between the parts, if there are any.
pub(super) fn inputs(environments: &[&Environment]) -> Option<DispatchInput> {
    let mut names: Vec<String> = Vec::new();
    for place in environments
        .iter()
        .flat_map(|environment| environment.places())
    {
        names.extend(
            place
                .part
                .iter()
                .filter(|part| !names.contains(part))
                .cloned()
                .collect::<Vec<_>>(),
        );
    }
    if names.len() < 2 {
        return None;
    }
    names.insert(0, if names.len() == 2 { "both" } else { "all" }.to_owned());
    Some(DispatchInput {
        name: "component".to_owned(),
        description: "What goes back".to_owned(),
        required: true,
        kind: InputKind::Choice(names),
    })
}

/// The jobs of all environments that keep records.
pub(super) fn jobs(plan: &Plan<'_>, environments: &[&Environment]) -> Vec<Job> {
    let releases: Vec<_> = environments
        .iter()
        .filter_map(|environment| {
            Some(Release {
                plan: *plan,
                environment,
                deployment: environment.deploy.as_ref()?,
                judged: None,
            })
        })
        .collect();
    if releases.is_empty() {
        return Vec::new();
    }
    let mut jobs = gates(&releases);
    let gates: Vec<_> = jobs.iter().map(|job| job.id.clone()).collect();
    jobs.push(validate(&releases, &gates));
    for release in &releases {
        let chain = chain(release);
        jobs.extend(chain);
    }
    let report = report(&releases, &jobs);
    jobs.push(report);
    jobs
}

fn is_chosen(environment: &Environment) -> Expression {
    Expression::new("inputs.environment == ").join(Expression::literal(&environment.name))
}

/// One gate for each environment whose roll-backs wait for somebody.
fn gates(releases: &[Release<'_>]) -> Vec<Job> {
    let gates = releases.iter().filter_map(|release| {
        let environment = release.environment;
        let gate = environment.rollback_gate.as_ref()?;
        let title = format!("Approval for {}", environment.name);
        let id = format!("approve-{}", environment.name);
        Some(at_gate(id, title, gate).when(is_chosen(environment)))
    });
    gates.collect()
}

/// An expression that has a value for each environment.
fn by_environment(releases: &[Release<'_>], value: impl Fn(&Release<'_>) -> String) -> Expression {
    let values = releases.iter().map(|release| {
        let chosen = is_chosen(release.environment);
        format!("{} && {}", chosen.code(), value(release))
    });
    Expression::new(values.collect::<Vec<_>>().join(" || "))
}

/// Finds out what is deployed and what to go back to, and whether that is there.
fn validate(releases: &[Release<'_>], gates: &[String]) -> Job {
    let first = |release: &Release<'_>| {
        let places = &release.deployment.places;
        let own = |place: &Place| {
            let part = place.part.as_deref().unwrap_or_default();
            let name = Expression::literal(&place.environment);
            format!(
                "inputs.component == {} && {}",
                Expression::literal(part).code(),
                name.code()
            )
        };
        let rest = places.iter().skip(1).map(own);
        let last = Expression::literal(&places[0].environment)
            .code()
            .to_owned();
        let all: Vec<_> = rest.chain([last]).collect();
        if all.len() == 1 {
            all[0].clone()
        } else {
            format!("({})", all.join(" || "))
        }
    };
    let kind = |release: &Release<'_>| {
        let kind = if release.deployment.by_tag {
            "'tag'"
        } else {
            "'commit'"
        };
        kind.to_owned()
    };
    let previous = Step::script("Find the release to go back to", "previous-version")
        .id("previous")
        .env("ENVIRONMENT", by_environment(releases, first))
        .env("VERSION_INPUT", Expression::new("inputs.version"))
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(Scope::Deployments, Access::Read, "read the records");
    let version = Step::script("Find its commit", "resolve-version")
        .id("version")
        .env("VERSION_KIND", by_environment(releases, kind))
        .env("VERSION_INPUT", Expression::output("previous", "version"))
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(Scope::Contents, Access::Read, "look the version up");
    let say = "printf '%s takes %s (%s) back to %s: %s\\n' \"$GITHUB_ACTOR\" \"$WHERE\" \"$CURRENT\" \"$VERSION\" \"$REASON\" >> \"$GITHUB_STEP_SUMMARY\"";
    let reason = Step::run("Note the reason", say)
        .env("WHERE", Expression::new("inputs.environment"))
        .env("CURRENT", Expression::output("previous", "current"))
        .env("VERSION", Expression::output("version", "version"))
        .env("REASON", Expression::new("inputs.reason"));
    let mut job = Job::new(Phase::Validate, VALIDATE, "Validate", 10)
        .output("version", Expression::output("version", "version"))
        .output("sha", Expression::output("version", "sha"))
        .output("current", Expression::output("previous", "current"))
        .needs(gates.iter().cloned())
        .step(previous)
        .step(version)
        .step(reason)
        .steps(images_are_there(releases));
    if !gates.is_empty() {
        job = job.when(after(&[], gates));
    }
    job
}

/// Looks whether the images of that release are still in the registry.
fn images_are_there(releases: &[Release<'_>]) -> Vec<Step> {
    let plan = &releases[0].plan;
    let runs = |release: &Release<'_>| {
        let mut places = release.deployment.places.iter();
        places.any(|place| place.target.runs_images())
    };
    let images = images::for_deploy(plan);
    if images.is_empty() || !releases.iter().any(runs) {
        return Vec::new();
    }
    let own = |release: &Release<'_>| {
        let prefix = if plan.manifest.publishes_images() {
            BY_COMMIT
        } else {
            &release.environment.name
        };
        match release.deployment.by_tag {
            true => "steps.version.outputs.version".to_owned(),
            false => format!("format('{prefix}-{{0}}', steps.version.outputs.sha)"),
        }
    };
    let tag = by_environment(releases, own);
    let lines = images.iter().map(|(_, image)| {
        Text::literal(format!("{}=", image.variable))
            .then(images::address(plan, image.name.as_str()))
            .then(":")
            .then(tag.clone())
    });
    let find = Step::script("Look for its images", "resolve-images");
    vec![images::login(plan), find.env("IMAGES", Text::lines(lines))]
}

/// The jobs of one environment.
fn chain(release: &Release<'_>) -> Vec<Job> {
    let mut jobs: Vec<Job> = Vec::new();
    let backup = backup_job(release);
    let required: Vec<_> = std::iter::once(VALIDATE.to_owned())
        .chain(backup.iter().map(|job| job.id.clone()))
        .collect();
    jobs.extend(backup);
    let mut back: Vec<String> = Vec::new();
    for place in &release.deployment.places {
        let condition = after(&required, &back).and(is_chosen(release.environment));
        let condition = Expression::all([condition].into_iter().chain(is_wanted(release, place)));
        let mut job = back_job(release, place).needs(required.iter().chain(&back).cloned());
        job.condition = condition;
        back.push(job.id.clone());
        jobs.push(job);
    }
    jobs.extend(verify_job(release, &back));
    jobs
}

/// Whether the form asks for this part: for all, or for this one.
fn is_wanted(release: &Release<'_>, place: &Place) -> Option<Expression> {
    let part = place.part.as_ref()?;
    let others = release.deployment.places.iter();
    let others = others.filter_map(|other| other.part.as_ref());
    let others = others.filter(|other| *other != part);
    let not =
        |other: &String| Expression::new("inputs.component != ").join(Expression::literal(other));
    Expression::all(others.map(not))
}

/// Backs the database up before anything is changed.
fn backup_job(release: &Release<'_>) -> Option<Job> {
    let name = &release.environment.name;
    let mut places = release.deployment.places.iter();
    let (place, kind) = places.find_map(|place| Some((place, backup(release, place)?)))?;
    let steps = kind.steps(&messages::version(), Some("rollback"));
    if steps.is_empty() || matches!(kind, Backup::Compose(_)) {
        return None;
    }
    let required = [VALIDATE.to_owned()];
    let mut job = Job::new(
        Phase::Rollback,
        format!("backup-{name}"),
        format!("Back up {name}"),
        with_margin(kind.minutes()),
    )
    .needs(required.clone())
    .when(after(&required, &[]).and(is_chosen(release.environment)))
    .steps(login(place).filter(|_| kind.needs_aws()))
    .steps(steps);
    job.environment = Some(place_of(release, place));
    Some(job)
}

fn place_of(release: &Release<'_>, place: &Place) -> pipeline::Environment {
    pipeline::Environment {
        name: rollback_environment(release.environment, place).into(),
        url: place.url.as_deref().map(Text::from),
        // GitHub would record the commit of the default branch as deployed.
        deployment: false,
    }
}

/// Brings the earlier release back to one place: by the record that the target keeps of its
/// releases, or, where it runs images, by deploying the images of then. Migrations stay: the
/// release before must work with them.
fn back_job(release: &Release<'_>, place: &Place) -> Job {
    let name = release.whole_name(place);
    let mut job = Job::new(
        Phase::Rollback,
        format!("rollback-{name}"),
        format!("Roll back {name}"),
        20,
    );
    let mut delivery = delivery(release, place);
    delivery.migrate = None;
    delivery.backup = None;
    if place.target.runs_images() {
        job = job
            .step(checkout(commit(Work::Release)))
            // A registry at AWS wants the login to AWS before its own.
            .steps(login(place))
            .steps(resolved(release, &mut delivery));
        let stages = place.target.stages(&delivery);
        job = job
            .steps(stages.record)
            .steps(maintenance::on(place))
            .steps(stages.bring)
            .steps(purge(place))
            .steps(health_check(
                place,
                "Check the health",
                Some(messages::version()),
            ))
            .steps(maintenance::off(place))
            .steps(stages.finish);
    } else {
        let undo = place
            .target
            .rollback(&delivery, Undo::Live(messages::version()));
        let reported = undo
            .reported
            .then(|| Expression::output("rollback", "version").into());
        job = job
            .steps(undo.checkout.then(|| checkout(commit(Work::Release))))
            .steps(login(place))
            .steps(maintenance::around(place, undo.steps))
            .steps(purge(place))
            .steps(health_check(place, "Check the health", reported))
            .steps(maintenance::off(place));
    }
    job.environment = Some(place_of(release, place));
    job.concurrency = Some(release.rollback_group(place));
    job.step(records::returned(place))
}

/// Tries the release that is back, and watches it for a while.
fn verify_job(release: &Release<'_>, back: &[String]) -> Option<Job> {
    let environment = release.environment;
    let places: Vec<_> = release.deployment.places.iter().collect();
    let length = environment.rollback_monitor.as_ref();
    let watch = length.and_then(|length| watch(release, &places, length, "Watch the release"));
    let smoke = all_smoke_steps(release, true);
    if smoke.is_empty() && watch.is_none() {
        return None;
    }
    let minutes = 5 + length.map_or(0, |length| length.minutes());
    let required = [VALIDATE.to_owned()];
    let done = back.iter().map(|id| Expression::result_is(id, "success"));
    let done = Expression::any(done)?;
    let condition = after(&required, back).and(done);
    let job = Job::new(
        Phase::Smoke,
        format!("verify-{}", environment.name),
        format!("Verify {}", environment.name),
        with_margin(minutes),
    );
    Some(
        job.needs(required.iter().chain(back).cloned())
            .when(condition)
            .steps(smoke)
            .steps(watch),
    )
}

/// Keeps what happened: an incident, and messages.
fn report(releases: &[Release<'_>], jobs: &[Job]) -> Job {
    let release = &releases[0];
    let plan = &release.plan;
    let all: Vec<_> = jobs.iter().map(|job| job.id.clone()).collect();
    let mut job = Job::new(Phase::Notify, plan.id(Phase::Notify, "report"), "Report", 5)
        .needs(all.iter().cloned())
        .when(Expression::new("always()"));
    let begun = Expression::result_is(VALIDATE, "success");
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
        let checklist = [
            "Find the cause",
            "Look at the error rate",
            "Write the post-mortem",
        ];
        let chosen = Text::code("inputs.environment");
        let step = notify::incident_by_hand(
            chosen,
            Text::expression(Expression::output_of(VALIDATE, "current")),
            messages::version(),
            Text::code("inputs.reason"),
            &checklist,
        );
        job = job.step(step.when(begun));
    }
    if messages::slack_tells(plan, Event::RolledBack) {
        let title = Text::literal(format!("{} on ", plan.manifest.name))
            .then(Expression::new("inputs.environment"))
            .then(": ")
            .then(Expression::new("env.STATUS"));
        let step = messages::slack_anywhere(plan, "Tell Slack", title);
        job = job.steps(step.map(|step| step.when(Expression::new("always()"))));
    }
    let environment = Text::code("inputs.environment");
    let called = Text::literal(format!("{} on ", plan.manifest.name))
        .then(environment.clone())
        .then(": ")
        .then(Expression::new("env.STATUS"));
    let pagerduty = messages::pagerduty(plan, environment, called);
    job = job.steps(pagerduty.map(|step| step.when(Expression::new("always()"))));
    job.step(
        Step::script("Hold the results together", "job-results")
            .env("NEEDS", Expression::new("toJSON(needs)"))
            .when(Expression::new("always()")),
    )
}
