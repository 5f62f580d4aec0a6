//! A personal assistant: its acceptance statements, one test each, on what the preset becomes.
//!
//! The last one, on generated documents, has no workflow; the accounting says so.
//! What a script of ours does is shown where scripts are run.

mod checks;
mod deployments;
mod runs;
mod security;

use cicd::assets;
use cicd::commands::project;
use cicd::pipeline::EnvironmentSettings;
use serde_json::{Value, json};

use super::evaluate::{Context, Ending, History, Start, histories};
use super::read::{Generated, Job, Workflow};

const NAME: &str = "personal-assistant";

/// A deployment: its file, its environment, the address, and its file of each kind.
struct Deployment {
    file: &'static str,
    environment: &'static str,
    url: &'static str,
    compose: &'static str,
    config: &'static str,
    /// Whether a person must agree.
    reviewed: bool,
}

const DEPLOYMENTS: [Deployment; 3] = [
    Deployment {
        file: "deploy-dev",
        environment: "development",
        url: "http://dev.personal-assistant.com:8000",
        compose: "docker/docker-compose.dev.yml",
        config: "config/development.env",
        reviewed: false,
    },
    Deployment {
        file: "deploy-stage",
        environment: "staging",
        url: "http://staging.personal-assistant.com:8001",
        compose: "docker/docker-compose.stage.yml",
        config: "config/staging.env",
        reviewed: true,
    },
    Deployment {
        file: "deploy-prod",
        environment: "production",
        url: "http://personal-assistant.com",
        compose: "docker/docker-compose.prod.yml",
        config: "config/production.env",
        reviewed: true,
    },
];

const MONITOR: &str = "post-deployment-monitoring";

impl Deployment {
    /// The id of the job that deploys.
    fn job(&self) -> String {
        format!("deploy-{}", self.environment)
    }

    fn workflow(&self) -> &'static Workflow {
        workflow(self.file)
    }

    /// Calls back with every way in which a run can go.
    fn each_run(&self, mut check: impl FnMut(&Workflow, &Start<'_>, &History)) {
        let workflow = self.workflow();
        let (event, inputs) = if self.reviewed {
            ("workflow_dispatch", json!({"version": "develop"}))
        } else {
            ("push", json!({}))
        };
        let start = start(event, inputs);
        for history in histories(workflow, &start) {
            check(workflow, &start, &history);
        }
    }
}

fn workflow(name: &str) -> &'static Workflow {
    Generated::preset(NAME).workflow(name)
}

/// What the settings of the repository must say about an environment.
fn settings(environment: &str) -> EnvironmentSettings {
    let text = assets::preset(NAME).unwrap();
    let root = tempfile::tempdir().unwrap();
    let project = project::build(root.path(), "cicd.yml", text.as_bytes().to_vec());
    let project = project.unwrap_or_else(|failure| panic!("{failure:?}"));
    let mut all = project.pipeline.environments.into_iter();
    all.find(|known| known.name == environment)
        .unwrap_or_else(|| panic!("the settings know no {environment}"))
}

/// A deployment knows its release from the moment it recorded what was live before;
/// one that its reviewers refuse, or that cannot reach the server, never does.
fn outputs(job: &Job, ending: Ending) -> Vec<Value> {
    let begun = json!({"release": "17-1", "previous_version": "4f2a"});
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

/// What an expression sees when all went well so far.
fn context(names: Value) -> Context {
    Context {
        names,
        success: true,
        failure: false,
        cancelled: false,
    }
}

/// Fails unless the job runs these scripts one after the other, others between them.
fn assert_scripts(job: &Job, wanted: &[&str]) {
    let scripts = job.scripts();
    let mut rest = scripts.iter();
    for script in wanted {
        assert!(
            rest.any(|known| known == script),
            "{}: {script} is not where it belongs in {scripts:?}",
            job.id
        );
    }
}

/// PAT-A1
#[test]
fn a1_the_checks_run_on_pushes_and_pull_requests_of_both_branches() {
    for name in ["ci", "test", "security"] {
        let workflow = workflow(name);
        for event in ["push", "pull_request"] {
            assert_eq!(
                workflow.trigger(event).branches,
                ["main", "develop"],
                "{name}"
            );
            assert!(workflow.trigger(event).tags.is_empty(), "{name}");
        }
        let by_hand = workflow.on.contains_key("workflow_dispatch");
        assert_eq!(by_hand, name != "ci", "{name}");
        assert_eq!(workflow.on.contains_key("schedule"), name == "security");
    }
    assert_eq!(
        workflow("security").trigger("schedule").crons,
        ["0 2 * * *"]
    );
}

/// PAT-A24
#[test]
fn a24_jobs_end_near_the_durations_that_people_expect() {
    let near = |name: &str, ids: &[&str], minutes: u32| {
        let workflow = workflow(name);
        for id in ids {
            assert_eq!(workflow.job(id).timeout_minutes, minutes, "{name}: {id}");
        }
    };
    near("ci", &["lint-api", "lint-frontend", "security-scan"], 10);
    for name in ["ci", "test"] {
        near(name, &["test-api"], 5);
        near(name, &["integration-tests"], 12);
        near(name, &["e2e-tests"], 20);
        near(name, &["performance-tests"], 25);
    }
    near("security", &["container-scan", "sast-scan"], 20);
    for deployment in &DEPLOYMENTS {
        near(deployment.file, &[&deployment.job(), "build-and-push"], 15);
        near(deployment.file, &["rollback"], 5);
        near(
            "rollback",
            &[&format!("rollback-{}", deployment.environment)],
            10,
        );
    }
}

/// Deployments wait for the runs of their commit, so those must not cancel each other.
#[test]
fn runs_of_a_branch_do_not_cancel_each_other() {
    for name in ["ci", "test", "security"] {
        let concurrency = workflow(name).concurrency.as_ref().unwrap();
        let group = |github: Value| {
            let context = context(json!({"github": github}));
            super::evaluate::text(&concurrency.group, &context)
        };
        let push = |run: u32| group(json!({"workflow": "w", "event": {}, "run_id": run}));
        let pull_request = |number: u32, run: u32| {
            group(
                json!({"workflow": "w", "event": {"pull_request": {"number": number}}, "run_id": run}),
            )
        };
        assert_ne!(push(1001), push(1002), "{name}");
        assert_eq!(pull_request(7, 1001), pull_request(7, 1002), "{name}");
        assert_ne!(pull_request(7, 1001), pull_request(8, 1002), "{name}");
        assert_eq!(concurrency.cancel_in_progress, true, "{name}");
    }
}
