//! An online shop: its acceptance statements, one test each, on what the preset becomes.
//!
//! The last one, on generated documents, has no workflow; the accounting says so.
//! What a script of ours does is shown where scripts are run.

mod checks;
mod production;
mod runs;
mod staging;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::evaluate::{Ending, History, Start, histories};
use super::read::{Generated, Job, Step, Workflow};

const CHECKS: &str = "pr-checks";
const STAGING: &str = "staging-deploy";
const PRODUCTION: &str = "production-deploy";

fn workflow(name: &str) -> &'static Workflow {
    Generated::preset("ecommerce").workflow(name)
}

/// A deployment knows its release from the moment it recorded what was live before.
fn outputs(job: &Job, ending: Ending) -> Vec<Value> {
    let begun = json!({"release": "17-1", "previous_version": "v1.2.2"});
    match ending {
        _ if !job.outputs.contains_key("release") => vec![json!({})],
        Ending::Success => vec![begun],
        _ => vec![json!({}), begun],
    }
}

fn start(event: &str, inputs: Value) -> Start<'_> {
    Start {
        event,
        git_ref: "refs/heads/main",
        inputs,
        outputs: &outputs,
    }
}

/// The ways in which production is deployed: by a tag, and by hand with and without tests.
fn production_starts() -> Vec<Start<'static>> {
    let by_hand = |skip: bool| {
        start(
            "workflow_dispatch",
            json!({"version": "v1.2.4", "skip_tests": skip}),
        )
    };
    vec![start("push", json!({})), by_hand(false), by_hand(true)]
}

/// Calls back with every way in which a production run can go.
fn each_production_run(mut check: impl FnMut(&Workflow, &Start<'_>, &History)) {
    let workflow = workflow(PRODUCTION);
    for start in production_starts() {
        for history in histories(workflow, &start) {
            check(workflow, &start, &history);
        }
    }
}

fn secret(name: &str) -> String {
    format!("${{{{ secrets.{name} }}}}")
}

/// Section 2: people look for these names.
#[test]
fn the_files_have_the_names_that_people_know() {
    let names = [
        (CHECKS, "PR Checks"),
        (STAGING, "Staging Deployment"),
        (PRODUCTION, "Production Deployment"),
    ];
    for (file, name) in names {
        assert_eq!(workflow(file).name, name);
    }
}

/// ECO-57, ECO-125. A branch or tag that an environment does not let in stops a job
/// before its first step; runs by hand start on the default branch.
#[test]
fn environments_let_in_every_run_that_deploys_to_them() {
    let generated = Generated::preset("ecommerce");
    for name in [STAGING, PRODUCTION] {
        let workflow = generated.workflow(name);
        for environment in workflow
            .jobs
            .values()
            .filter_map(|job| job.environment.as_ref())
        {
            let settings = generated
                .environments
                .iter()
                .find(|known| known.name == environment.name);
            let settings =
                settings.unwrap_or_else(|| panic!("{} has no settings", environment.name));
            assert!(
                settings.reviewers.is_empty(),
                "the issue asks, and a roll-back waits for nobody"
            );
            let push = workflow.trigger("push");
            assert!(
                push.branches
                    .iter()
                    .all(|branch| settings.branches.contains(branch))
            );
            assert_eq!(settings.tags, push.tags);
            assert!(settings.branches.iter().any(|branch| branch == "main"));
        }
    }
    let production = generated
        .environments
        .iter()
        .find(|known| known.name == "production")
        .unwrap();
    assert_eq!(production.branches, ["main"], "nothing else but versions");
}

/// What the token must be allowed for a step: GitHub's documentation of each action,
/// and of the parts of the API that our scripts call.
fn needed(step: &Step) -> &'static [(&'static str, &'static str)] {
    match (step.action(), step.script()) {
        (Some("actions/checkout"), _) => &[("contents", "read")],
        (Some("github/codeql-action/upload-sarif"), _) => {
            &[("security-events", "write"), ("actions", "read")]
        }
        (Some("docker/login-action"), _) => &[("packages", "read")],
        (Some("docker/build-push-action"), _) if step.with("push") == "true" => {
            &[("packages", "write")]
        }
        (Some("trstringer/manual-approval"), _) => &[("issues", "write")],
        (_, Some("resolve-version")) => &[("contents", "read")],
        (_, Some("require-deployment")) => &[("deployments", "read")],
        (_, Some("compose-pull")) => &[("packages", "read")],
        (_, Some("incident-issue")) => &[("issues", "write")],
        (_, Some("github-release")) => &[("contents", "write")],
        (_, Some("pull-request-comment")) => &[("pull-requests", "write")],
        _ => &[],
    }
}

/// ECO-A22. Stricter than its letter: a workflow grants nothing by itself, each job says
/// what it needs.
#[test]
fn a22_no_job_may_more_than_its_steps_need() {
    for name in [CHECKS, STAGING, PRODUCTION] {
        let workflow = workflow(name);
        assert!(
            workflow.permissions.is_empty(),
            "{name}: {:?}",
            workflow.permissions
        );
        for (id, job) in &workflow.jobs {
            let mut all: BTreeMap<&str, &str> = BTreeMap::new();
            for step in &job.steps {
                for (scope, access) in needed(step) {
                    // "write" comes after "read", in the alphabet as in power.
                    let known = all.entry(scope).or_insert(access);
                    *known = (*known).max(access);
                }
                let token = step.env.contains_key("GH_TOKEN")
                    || step.with("password").contains("github.token");
                assert!(
                    !token || !needed(step).is_empty(),
                    "{name}: {id}: {} has a token for nothing",
                    step.name
                );
            }
            let given: BTreeMap<_, _> = job
                .permissions
                .iter()
                .map(|(scope, access)| (scope.as_str(), access.as_str()))
                .collect();
            assert_eq!(given, all, "{name}: {id}");
        }
    }
}
