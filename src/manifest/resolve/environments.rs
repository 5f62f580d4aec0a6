//! Environments: what starts a deployment, and where it goes.

use super::workflows::{display_name, starts};
use super::{Check, approvals, monitor, places, rollback};
use crate::diagnostics::Diagnostic;
use crate::manifest::model::{Deployment, Environment, Place};
use crate::manifest::raw::{self, Naming, Raw, WorkflowKind};
use crate::pipeline::Trigger;

pub(super) fn environments(raw: &Raw, check: &mut Check<'_>) -> Vec<Environment> {
    approvals::of_something(raw, check);
    raw.environments
        .iter()
        .map(|(name, written)| environment(name, written, raw, check))
        .collect()
}

fn environment(
    name: &str,
    written: &raw::Environment,
    raw: &Raw,
    check: &mut Check<'_>,
) -> Environment {
    let at = ["environments", name];
    let deploy = written
        .deploy
        .as_ref()
        .and_then(|deploy| deployment(&at, written, deploy, raw, check));
    places::verify(&at, written, check);
    monitor::monitor(&at, written, check);
    live_tests(&at, written, raw, check);
    let approval = raw
        .approvals
        .iter()
        .find(|(environment, _)| environment.as_str() == name);
    let approval = approval.map(|(_, written)| approvals::approval(name, written, raw, check));
    let places = deploy.as_ref().map_or(&[][..], |deploy| &deploy.places);
    let rollback = rollback::rollback(&at, written, approval.as_ref(), places, raw, check);
    Environment {
        name: name.to_owned(),
        url: places::address(written.url.as_ref().or_else(|| {
            let last = written.parts.values().next_back();
            last.and_then(|part| part.url.as_ref())
        })),
        deploy,
        verify: written.verify.clone(),
        rollback,
        release: written.release.unwrap_or(false),
        artifacts: written.artifacts.clone().unwrap_or_default(),
        follow_up: written.follow_up.clone(),
        approval,
    }
}

fn deployment(
    at: &[&str; 2],
    environment: &raw::Environment,
    written: &raw::Deploy,
    raw: &Raw,
    check: &mut Check<'_>,
) -> Option<Deployment> {
    let path = [at[0], at[1], "deploy"];
    let texts: Vec<_> = written.on.iter().map(|line| line.as_str()).collect();
    let mut triggers = starts::read(&[path[0], path[1], path[2], "on"], &texts, check);
    for trigger in &triggers {
        let message = match trigger {
            Trigger::Schedule(_) => "a deployment does not start by the clock",
            Trigger::MergeGroup => "a deployment does not start from a merge queue",
            Trigger::PullRequest { .. } => "a deployment does not start from a pull request",
            _ => continue,
        };
        let note = "what is deployed must have been merged and checked";
        let error = Diagnostic::error("deploy-trigger", message)
            .at(check.value(&[path[0], path[1], path[2], "on"]))
            .note(note);
        check
            .diagnostics
            .push(error.help("write `branch …`, `tag …` or `dispatch`"));
    }
    if triggers.is_empty() {
        triggers.push(Trigger::Dispatch(Vec::new()));
    }
    follow(&path, &mut triggers, raw, check);
    references(at, written, raw, check);
    let places = places::places(at, environment, written, raw, check);
    let places = places?;
    tags_alone(&path, &triggers, &places, check);
    let by_tag = triggers
        .iter()
        .any(|trigger| matches!(trigger, Trigger::Push(filter) if !filter.tags.is_empty()));
    let by_tag = by_tag || written.version == Naming::Tag;
    let follows = triggers
        .iter()
        .any(|trigger| matches!(trigger, Trigger::After { .. }));
    let by_hand = triggers
        .iter()
        .any(|trigger| matches!(trigger, Trigger::Dispatch(_)));
    let scanned_before = is_scanned_before(written, raw);
    Some(Deployment {
        places,
        scan: written
            .scan
            .unwrap_or(!raw.gates.scanners.is_empty() && !scanned_before),
        scanned_before,
        follows,
        keys: written.clone(),
        triggers,
        by_tag,
        by_hand,
    })
}

/// Refuses other triggers than tags for a target to which a tag is the version.
fn tags_alone(path: &[&str; 3], triggers: &[Trigger], places: &[Place], check: &mut Check<'_>) {
    let is_tag =
        |trigger: &Trigger| matches!(trigger, Trigger::Push(filter) if filter.branches.is_empty());
    let Some(place) = places.iter().find(|place| place.target.needs_tag()) else {
        return;
    };
    if triggers.iter().all(is_tag) {
        return;
    }
    let message = format!(
        "only a tag starts a deployment to a `{}`",
        place.target.name()
    );
    let error = Diagnostic::error("deploy-trigger", message)
        .at(check.value(&[path[0], path[1], path[2], "on"]))
        .note("the tag is the version, and registries keep the commit of the run as its origin");
    let help = "write `on: tag v*.*.*`; a run that failed is started again on its page";
    check.diagnostics.push(error.help(help));
}

/// GitHub knows a workflow that is followed by the name that it shows.
fn follow(path: &[&str; 3], triggers: &mut [Trigger], raw: &Raw, check: &mut Check<'_>) {
    for trigger in triggers {
        let Trigger::After { workflows, .. } = trigger else {
            continue;
        };
        for name in workflows {
            let written = raw.workflows.iter().find(|(file, _)| file.as_str() == name);
            if written.is_none() && name != "ci" {
                let known = raw.workflows.keys().map(|file| file.as_str());
                let place = [path[0], path[1], path[2], "on"];
                check.unknown(&place, "workflow of this manifest", name, known);
            }
            *name = display_name(name, written.map(|(_, written)| &**written));
        }
    }
}

/// Whether a deployment waits for a workflow that runs all scanners on its commit.
fn is_scanned_before(written: &raw::Deploy, raw: &Raw) -> bool {
    let mut required = written
        .requires
        .iter()
        .filter_map(|name| raw.workflows.get(name));
    required.any(|workflow| workflow.kind == WorkflowKind::Security)
}

/// Checks the components that tests of what is deployed name.
fn live_tests(at: &[&str; 2], written: &raw::Environment, raw: &Raw, check: &mut Check<'_>) {
    for (name, test) in &written.verify.tests {
        let path = [at[0], at[1], "verify", "tests", name, "component"];
        if let Some(component) = &test.component
            && !raw.stack.contains_key(component)
        {
            let known = raw.stack.keys().map(|name| name.as_str());
            check.unknown(&path, "component", component, known);
        }
    }
}

/// Checks the names that a deployment mentions.
fn references(at: &[&str; 2], written: &raw::Deploy, raw: &Raw, check: &mut Check<'_>) {
    let path = [at[0], at[1], "deploy"];
    for (index, name) in written.requires.iter().enumerate() {
        if !raw.workflows.contains_key(name) && name.as_str() != "ci" {
            let index = index.to_string();
            check.unknown(
                &[path[0], path[1], path[2], "requires", &index],
                "workflow of this manifest",
                name,
                raw.workflows.keys().map(|name| name.as_str()),
            );
        }
    }
    if let Some(after) = &written.after
        && !raw.environments.contains_key(&after.environment)
    {
        check.unknown(
            &[path[0], path[1], path[2], "after", "environment"],
            "environment",
            &after.environment,
            raw.environments.keys().map(|name| name.as_str()),
        );
    }
}
