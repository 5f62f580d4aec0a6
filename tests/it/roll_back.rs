//! Roll-backs by hand, read from the generated workflows: what they take back, and whom they wait for.

use serde_json::json;

use crate::seeds::evaluate::{Start, with_faults};
use crate::seeds::read::{Generated, Workflow};

fn rollback(environments: &str) -> Workflow {
    let text = format!(
        "version: 1\nname: shop\nrepository: {{visibility: public}}\nstack: {{api: {{language: node@22}}}}\nenvironments:\n{environments}"
    );
    Generated::manifest(&text).workflow("rollback").clone()
}

const WORKER: &str = "target: {cloudflare-workers: {component: api, worker: shop}}";

/// The jobs that some run with this form starts.
fn started(workflow: &Workflow, inputs: serde_json::Value) -> Vec<String> {
    let start = Start {
        event: "workflow_dispatch",
        git_ref: "refs/heads/main",
        inputs,
        outputs: &|_, _| vec![json!({})],
    };
    let all = with_faults(workflow, &start, 0);
    let [history] = all.as_slice() else {
        panic!("{} ways without a fault", all.len());
    };
    let ids = workflow.jobs.keys().filter(|id| history.ran(id));
    ids.cloned().collect()
}

#[test]
fn an_environment_without_records_waits_for_its_people_too() {
    let workflow = rollback(&format!(
        "  live: {{deploy: {{{WORKER}}}, rollback: {{approval: {{reviewers: octocat}}}}}}\n  test: {{deploy: {{{WORKER}}}}}\n"
    ));
    let gate = workflow.job("approve-live").environment.as_ref().unwrap();
    assert_eq!(gate.name, "live-rollback-approval");
    assert_eq!(workflow.job("rollback-live").needs, ["approve-live"]);
    assert_eq!(
        started(&workflow, json!({"environment": "live"})),
        ["approve-live", "rollback-live"]
    );
    assert_eq!(
        started(&workflow, json!({"environment": "test"})),
        ["rollback-test"]
    );
}

#[test]
fn parts_and_the_database_can_be_chosen_where_an_environment_offers_them() {
    let part = |name: &str, more: &str| format!("{name}: {{deploy: {{{more}{WORKER}}}}}");
    let workflow = rollback(&format!(
        "  live:\n    deploy: {{on: dispatch}}\n    parts: {{{}, {}}}\n    rollback: {{scopes: [full, database, web]}}\n  test:\n    deploy: {{on: dispatch}}\n    parts: {{{}, {}}}\n",
        part("api", "migrate: prisma, "),
        part("web", ""),
        part("api", ""),
        part("jobs", ""),
    ));
    let scope = &workflow.trigger("workflow_dispatch").inputs["scope"];
    let words = ["full", "database", "web", "application", "api", "jobs"];
    assert_eq!(scope.options, words);
    let ran = |environment: &str, scope: &str| {
        let ids = started(
            &workflow,
            json!({"environment": environment, "scope": scope}),
        );
        let back = ids.iter().filter_map(|id| id.strip_prefix("rollback-"));
        back.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        ran("live", "full"),
        ["live-api", "live-web", "live-database"]
    );
    assert_eq!(ran("live", "database"), ["live-database"]);
    assert_eq!(ran("live", "web"), ["live-web"]);
    assert_eq!(ran("test", "application"), ["test-api", "test-jobs"]);
    assert_eq!(ran("test", "jobs"), ["test-jobs"]);
    // What an environment does not have stops the run before anything is done.
    let check = workflow.job("validate").script("check-scope");
    assert_eq!(
        check.env("OFFERED"),
        "${{ inputs.environment == 'live' && 'full database web' || inputs.environment == 'test' && 'application api jobs' }}"
    );
    let first = workflow.job("validate").scripts()[0];
    assert_eq!(first, "check-scope");
    let database = workflow.job("rollback-live-database");
    assert_eq!(
        database.scripts(),
        ["prisma-status", "newer-migrations", "prisma-rollback"]
    );
    assert_eq!(
        database.script("newer-migrations").env("PENDING"),
        "${{ steps.pending.outputs.pending }}"
    );
}
