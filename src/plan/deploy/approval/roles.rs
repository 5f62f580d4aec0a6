//! Approvals by role: each has a gate of its own, and some are asked only for changes
//! that concern them.

use super::{ask_slack, at_gate, named};
use crate::manifest::model::Role;
use crate::pipeline::{Access, Expression, Job, Phase, Scope, Step};
use crate::plan::component::{Work, commit};
use crate::plan::deploy::{Chain, Release};
use crate::plan::shared::checkout_history;

/// Asks every role that the change concerns; one that it does not concern stops nothing.
pub(super) fn approval(release: &Release<'_>, roles: &[Role], chain: &mut Chain) {
    let name = &release.environment.name;
    let changes = changes(release, roles);
    let changed = changes.as_ref().map(|job| job.id.clone());
    if let Some(job) = changes {
        chain.then(job);
    }
    if let Some(step) = ask_slack(release) {
        chain.then(named(release, "approval-request", "Ask for approval").step(step));
    }
    let before: Vec<_> = match &changed {
        // Its output says who is asked.
        Some(id) if !chain.required().contains(id) => std::iter::once(id)
            .chain(chain.required())
            .cloned()
            .collect(),
        _ => chain.required().to_vec(),
    };
    for role in roles {
        let title = format!("Approval by {} for {name}", role.name);
        let id = format!("approve-{name}-{}", role.name);
        let gate = at_gate(id, title, &role_environment(name, &role.name));
        match (&role.when, &changed) {
            (Some(_), Some(changes)) => {
                let asked = Expression::new("contains(fromJSON(")
                    .join(Expression::output_of(changes, "roles"))
                    .join(Expression::new("), "))
                    .join(Expression::literal(&role.name))
                    .join(Expression::new(")"));
                chain.maybe_beside(gate.when(asked), &before);
            }
            _ => chain.beside(gate, &before, &[]),
        }
    }
}

/// The environment at which a role is asked.
pub(crate) fn role_environment(environment: &str, role: &str) -> String {
    format!("{environment}-approval-{role}")
}

/// The job that finds out whom the change concerns, if that makes a difference.
fn changes(release: &Release<'_>, roles: &[Role]) -> Option<Job> {
    let rules: Vec<_> = roles.iter().flat_map(rules).collect();
    if rules.is_empty() {
        return None;
    }
    let sha = Expression::output_of("validate", "sha");
    let mut step = Step::script("Find out whom the change concerns", "release-changes")
        .id("changes")
        .env("ENVIRONMENT", release.environment.name.as_str())
        .env("SHA", sha)
        .env("RULES", rules.join("\n"))
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(Scope::Deployments, Access::Read, "find the last release");
    if rules.iter().any(|rule| rule.contains(" label ")) {
        step = step.allow(
            Scope::PullRequests,
            Access::Read,
            "read the labels of what is new",
        );
    }
    let id = format!("{}-changes", release.environment.name);
    let job = Job::new(Phase::Validate, id, release.name("What is new"), 10)
        .about("What is new since the last release decides who must agree to this one.")
        .output("roles", Expression::output("changes", "roles"))
        .step(checkout_history(commit(Work::Release)))
        .step(step);
    Some(job)
}

/// The lines by which the script knows when a role is asked.
fn rules(role: &Role) -> Vec<String> {
    let Some(when) = &role.when else {
        return Vec::new();
    };
    let line = |kind: &str, value: &str| format!("{} {kind} {value}", role.name);
    let paths = when.paths.iter().map(|path| line("paths", path));
    let commits = when.commits.iter().map(|kind| line("commits", kind));
    let labels = when.label.iter().map(|label| line("label", label));
    paths.chain(commits).chain(labels).collect()
}
