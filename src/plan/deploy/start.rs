//! What starts a deployment, and what it is told: the events, and the form for runs by hand.

use super::{Release, maintenance};
use crate::manifest::raw::Effect;
use crate::pipeline::{DispatchInput, Expression, InputKind, Step, Text, Trigger};

/// What is to be deployed, as the event has it: a manual run may name a version.
pub(super) fn asked(release: &Release<'_>) -> Expression {
    let deployment = release.deployment;
    let mut sources = Vec::new();
    if deployment.by_hand {
        sources.push("inputs.version");
    }
    if deployment.follows {
        sources.push("github.event.workflow_run.head_branch");
    }
    sources.push("github.ref_name");
    Expression::new(sources.join(" || "))
}

/// The version that the event names; nothing if the run's own commit is meant.
pub(super) fn version_input(release: &Release<'_>) -> Option<Expression> {
    let deployment = release.deployment;
    let code = match (deployment.by_hand, deployment.follows) {
        (true, true) => "inputs.version || github.event.workflow_run.head_sha",
        (true, false) => "inputs.version",
        (false, true) => "github.event.workflow_run.head_sha",
        (false, false) => return None,
    };
    Some(Expression::new(code))
}

/// Which runs deploy at all: where another workflow starts them, those after its success with
/// a push to this repository. A pull request of a fork may have a branch of the same name.
pub(super) fn condition(release: &Release<'_>) -> Option<Expression> {
    release.deployment.follows.then(|| {
        let run = "github.event.workflow_run";
        Expression::new(format!(
            "github.event_name != 'workflow_run' || ({run}.conclusion == 'success' && \
             {run}.event == 'push' && {run}.head_repository.full_name == github.repository)"
        ))
    })
}

/// "Deploy v1.2.4 to production: the reason".
pub(super) fn run_name(release: &Release<'_>) -> Text {
    let name = Text::literal("Deploy ")
        .then(asked(release))
        .then(format!(" to {}", release.environment.name));
    if asks_reason(release) {
        name.then(": ").then(Expression::new("inputs.reason"))
    } else {
        name
    }
}

fn asks_reason(release: &Release<'_>) -> bool {
    release.deployment.by_hand && release.deployment.keys.reason
}

/// The first words of the run's summary: who deploys what, and why.
pub(super) fn reason(release: &Release<'_>) -> Option<Step> {
    if !asks_reason(release) {
        return None;
    }
    let say = "printf '%s deploys %s: %s\\n' \"$GITHUB_ACTOR\" \"$VERSION\" \"$REASON\" >> \"$GITHUB_STEP_SUMMARY\"";
    let step = Step::run("Note the reason", say)
        .env("VERSION", Expression::output("version", "version"))
        .env("REASON", Expression::new("inputs.reason"));
    Some(step)
}

/// Looks whether now is a time at which deployments should begin.
pub(super) fn window(release: &Release<'_>) -> Option<Step> {
    let window = release.deployment.keys.window.as_ref()?;
    let mut step = Step::script("Look at the deployment window", "deployment-window")
        .env("WINDOW", window.times.as_str());
    if let Some(zone) = &window.zone {
        step = step.env("ZONE", zone.as_str());
    }
    if window.effect == Some(Effect::Block) {
        step = step.env("EFFECT", "block");
    }
    Some(if asks_force(release) {
        step.env("FORCE", Expression::new("inputs.force"))
    } else {
        step
    })
}

fn asks_force(release: &Release<'_>) -> bool {
    let window = release.deployment.keys.window.as_ref();
    let blocks = window.is_some_and(|window| window.effect == Some(Effect::Block));
    release.deployment.by_hand && blocks
}

/// Whether a manual run may skip the smoke tests.
pub(super) fn may_skip_smoke(release: &Release<'_>) -> bool {
    release.deployment.by_hand && release.environment.verify.skip_smoke == Some(true)
}

pub(super) fn triggers(release: &Release<'_>) -> Vec<Trigger> {
    let mut triggers = release.deployment.triggers.clone();
    for trigger in &mut triggers {
        if let Trigger::Dispatch(inputs) = trigger {
            *inputs = dispatch_inputs(release);
        }
    }
    triggers
}

fn dispatch_inputs(release: &Release<'_>) -> Vec<DispatchInput> {
    let by_tag = release.deployment.by_tag;
    let description = if by_tag {
        "Version to deploy: an existing tag such as v1.2.3"
    } else {
        "Branch, tag or commit to deploy; empty: the branch this runs on"
    };
    let text = |name: &str, description: &str, required| DispatchInput {
        name: name.to_owned(),
        description: description.to_owned(),
        required,
        kind: InputKind::Text(None),
    };
    let flag = |name: &str, description: &str| DispatchInput {
        kind: InputKind::Flag(false),
        ..text(name, description, false)
    };
    let mut inputs = vec![text("version", description, by_tag)];
    if release.decides() {
        let description = "Deploy even if nothing that matters has changed";
        inputs.push(flag("force_deploy", description));
    }
    if asks_reason(release) {
        inputs.push(text("reason", "Why; kept with the run", true));
    }
    if release.skippable() {
        let description = "Skip the tests. Only for an outage of the highest priority";
        inputs.push(flag("skip_tests", description));
    }
    if may_skip_smoke(release) {
        inputs.push(flag("skip_smoke", "Skip the smoke tests"));
    }
    if asks_force(release) {
        inputs.push(flag("force", "Begin outside of the deployment window"));
    }
    let mut places = release.deployment.places.iter();
    if places.any(|place| place.target.asks_for_canary()) {
        let description = "Shift the traffic share by share, as long as the new version does well";
        inputs.push(flag("canary", description));
    }
    inputs.extend(maintenance::input([release.environment]));
    inputs
}
