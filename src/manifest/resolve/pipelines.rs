//! Workflows of several environments: which, in which order, and for which runs each.

use super::Check;
use crate::diagnostics::Diagnostic;
use crate::manifest::model::{Environment, Workflow};
use crate::manifest::raw::{self, WorkflowKind};
use crate::pipeline::{Phase, PushFilter, Trigger};

/// The phases that a deployment can wait for.
const AWAITED: [Phase; 8] = [
    Phase::Lint,
    Phase::Test,
    Phase::Build,
    Phase::Integration,
    Phase::EndToEnd,
    Phase::Performance,
    Phase::Regression,
    Phase::Scan,
];

/// The environments of a pipeline, as indexes.
pub(super) fn environments(
    at: &[&str; 2],
    written: &raw::Workflow,
    environments: &[Environment],
    check: &mut Check<'_>,
) -> Vec<usize> {
    let path = [at[0], at[1], "environments"];
    if written.kind != WorkflowKind::Pipeline {
        if !written.environments.is_empty() {
            let help = "write `kind: pipeline` beside them";
            let message = "only a pipeline has several environments";
            check.error(&path, "environment-unused", message, help);
        }
        return Vec::new();
    }
    let deployed = |index: &usize| environments[*index].deploy.is_some();
    if written.environments.is_empty() {
        return (0..environments.len()).filter(deployed).collect();
    }
    let mut all: Vec<usize> = Vec::new();
    for (position, name) in written.environments.iter().enumerate() {
        let position = position.to_string();
        let path = [path[0], path[1], path[2], &position];
        let found = environments
            .iter()
            .position(|known| known.name == name.as_str());
        match found {
            None => {
                let known = environments.iter().map(|known| known.name.as_str());
                check.unknown(&path, "environment", name, known);
            }
            Some(index) if !deployed(&index) => {
                let message = format!("nothing is deployed to `{name}`");
                let help = format!("give `environments.{name}` a `deploy`");
                check.error(&path, "nothing-to-deploy", message, help);
            }
            Some(index) if all.contains(&index) => {
                let message = format!("`{name}` stands here twice");
                check.error(&path, "environment-twice", message, "remove one of them");
            }
            Some(index) => all.push(index),
        }
    }
    all
}

/// Adds what starts the deployments to what starts the checks.
pub(super) fn start(several: &[usize], environments: &[Environment], triggers: &mut Vec<Trigger>) {
    for deployment in several
        .iter()
        .filter_map(|index| environments[*index].deploy.as_ref())
    {
        for trigger in &deployment.triggers {
            match trigger {
                Trigger::Push(filter) => add(filter, triggers),
                Trigger::Dispatch(_) if !triggers.contains(trigger) => {
                    triggers.push(trigger.clone());
                }
                _ => {}
            }
        }
    }
}

fn add(more: &PushFilter, triggers: &mut Vec<Trigger>) {
    let known = triggers.iter_mut().find_map(|trigger| match trigger {
        Trigger::Push(filter) => Some(filter),
        _ => None,
    });
    let Some(filter) = known else {
        triggers.push(Trigger::Push(more.clone()));
        return;
    };
    let lists = [
        (&mut filter.branches, &more.branches),
        (&mut filter.tags, &more.tags),
    ];
    for (known, more) in lists {
        for pattern in more {
            if !known.contains(pattern) {
                known.push(pattern.clone());
            }
        }
    }
}

/// Says what would make the environments of one pipeline get releases that are not theirs.
pub(super) fn clashes(workflows: &[Workflow], environments: &[Environment], check: &mut Check<'_>) {
    for workflow in workflows {
        for (position, index) in workflow.environments.iter().enumerate() {
            let environment = &environments[*index];
            order(workflow, position, environments, check);
            awaited(environment, check);
            exceptions(environment, check);
            let others = workflow.environments.iter().filter(|other| *other != index);
            for other in others {
                patterns(environment, &environments[*other], check);
            }
        }
    }
    for (index, environment) in environments.iter().enumerate() {
        let alone = !workflows
            .iter()
            .any(|workflow| workflow.environments.contains(&index));
        let waits = environment
            .deploy
            .as_ref()
            .is_some_and(|deployment| !deployment.keys.needs.is_empty());
        if alone && waits {
            let at = ["environments", &environment.name, "deploy", "needs"];
            let message = "only a deployment within a pipeline waits for jobs";
            let help = "write `requires: ci` to wait for another workflow";
            check.error(&at, "needs-unused", message, help);
        }
    }
}

/// An environment stands behind the one that it is after.
fn order(workflow: &Workflow, position: usize, all: &[Environment], check: &mut Check<'_>) {
    let environment = &all[workflow.environments[position]];
    let after = environment
        .deploy
        .as_ref()
        .and_then(|deployment| deployment.keys.after.as_ref())
        .map(|after| &after.environment);
    let Some(after) = after else { return };
    let later = &workflow.environments[position..];
    if later.iter().any(|index| all[*index].name == after.as_str()) {
        let at = ["environments", &environment.name, "deploy", "after"];
        let message = format!("`{}` comes before `{after}`", environment.name);
        let help = "list the environments in the order in which they get a release";
        check.error(&at, "environment-order", message, help);
    }
}

fn awaited(environment: &Environment, check: &mut Check<'_>) {
    let needs = environment.deploy.iter().flat_map(|deployment| {
        let needs: &[crate::blocks::words::Name] = deployment.keys.needs.as_ref();
        needs
    });
    for (index, name) in needs.enumerate() {
        if AWAITED.iter().all(|phase| phase.name() != name.as_str()) {
            let index = index.to_string();
            let at = ["environments", &environment.name, "deploy", "needs", &index];
            let known = AWAITED.iter().map(|phase| phase.name());
            check.unknown(&at, "phase that a deployment waits for", name, known);
        }
    }
}

/// A job can ask how a name begins, not whether it matches a pattern. The workflow starts
/// by the patterns alone, so a beginning will do unless it is another environment's, too.
fn patterns(environment: &Environment, other: &Environment, check: &mut Check<'_>) {
    for (ours, theirs) in [
        (branches(environment), branches(other)),
        (tags(environment), tags(other)),
    ] {
        for pattern in ours {
            let Some(prefix) = prefix(pattern).filter(|_| !pattern.starts_with('!')) else {
                continue;
            };
            let exact = pattern.strip_prefix(prefix) == Some("**");
            let shared = theirs
                .iter()
                .find(|their| **their != pattern && their.starts_with(prefix));
            let Some(shared) = shared.filter(|_| !exact) else {
                continue;
            };
            let place = check.value(&["environments", &environment.name, "deploy", "on"]);
            let message = format!(
                "a job cannot tell `{pattern}` of `{}` from `{shared}` of `{}`",
                environment.name, other.name
            );
            let error = Diagnostic::error("patterns-alike", message).at(place);
            let note = "in conditions GitHub compares names, and how they begin, but no patterns";
            let help = format!("write whole names, or a pattern such as `{prefix}**`");
            check.diagnostics.push(error.note(note).help(help));
        }
    }
}

/// No job can ask whether a name is one that a pattern leaves out.
fn exceptions(environment: &Environment, check: &mut Check<'_>) {
    let patterns = branches(environment).into_iter().chain(tags(environment));
    for pattern in patterns.filter(|pattern| pattern.starts_with('!')) {
        let at = ["environments", &environment.name, "deploy", "on"];
        let message = format!("a job cannot tell what `{pattern}` leaves out");
        let help = format!("write which branches `{}` takes", environment.name);
        check.error(&at, "patterns-alike", message, help);
    }
}

fn branches(environment: &Environment) -> Vec<&String> {
    filters(environment)
        .flat_map(|filter| &filter.branches)
        .collect()
}

fn tags(environment: &Environment) -> Vec<&String> {
    filters(environment)
        .flat_map(|filter| &filter.tags)
        .collect()
}

fn filters(environment: &Environment) -> impl Iterator<Item = &PushFilter> {
    let triggers = environment
        .deploy
        .iter()
        .flat_map(|deployment| &deployment.triggers);
    triggers.filter_map(|trigger| match trigger {
        Trigger::Push(filter) => Some(filter),
        _ => None,
    })
}

/// What a pattern begins with; nothing for a whole name.
fn prefix(pattern: &str) -> Option<&str> {
    let end = PushFilter::wildcard(pattern)?;
    Some(&pattern[..end])
}
