//! Deployments to staging.

use serde_json::json;

use super::{PRODUCTION, STAGING, secret, start, workflow};
use crate::seeds::evaluate::histories;
use crate::seeds::read::passes;

/// ECO-A8. A scan stands before its chain, see A23.
#[test]
fn a8_a_branch_is_deployed_and_tried_without_asking_anyone() {
    let staging = workflow(STAGING);
    let branches = &staging.trigger("push").branches;
    assert!(
        passes(branches, "develop") && passes(branches, "phase-2/x") && passes(branches, "phase-2")
    );
    assert!(!passes(branches, "main") && staging.trigger("push").tags.is_empty());
    staging.assert_order(&["build-and-push", "deploy-staging", "smoke-tests"]);
    let environment = staging.job("deploy-staging").environment.as_ref().unwrap();
    assert_eq!(environment.name, "staging");
    assert_eq!(
        environment.url.as_deref(),
        Some("https://staging-api.example.com")
    );
    for job in staging.jobs.values() {
        let named = job
            .environment
            .as_ref()
            .is_some_and(|environment| environment.name != "staging");
        let asks = job
            .steps
            .iter()
            .any(|step| step.action() == Some("trstringer/manual-approval"));
        assert!(!named && !asks, "{} waits for somebody", job.id);
    }
    // By a push and by hand alike, and nothing is deployed that could not be built.
    for start in [
        start("push", json!({})),
        start("workflow_dispatch", json!({"version": ""})),
    ] {
        let all = histories(staging, &start);
        let well = |id: &str| all.iter().any(|history| history.result(id) == "success");
        assert!(well("smoke-tests"));
        for history in &all {
            assert!(
                !history.ran("deploy-staging") || history.result("build-and-push") == "success"
            );
            assert!(!history.ran("smoke-tests") || history.result("deploy-staging") == "success");
            assert!(history.ran("notify"));
        }
    }
}

/// ECO-A8, the steps
#[test]
fn a8_the_server_pulls_migrates_and_starts_by_ssh() {
    let staging = workflow(STAGING);
    let job = staging.job("deploy-staging");
    let scripts = job.scripts();
    assert_eq!(scripts[0], "slack-notify");
    let server = [
        "ssh-connect",
        "compose-record",
        "ssh-copy",
        "compose-pull",
        "compose-migrate",
        "compose-up",
        "health-check",
    ];
    assert!(scripts.ends_with(&server), "{scripts:?}");
    let connect = job.script("ssh-connect");
    assert_eq!(connect.env("SSH_KEY"), secret("STAGING_SSH_KEY"));
    assert_eq!(connect.env("SSH_HOST"), secret("STAGING_HOST"));
    assert_eq!(connect.env("SSH_USER"), secret("STAGING_USER"));
    assert_eq!(
        job.script("health-check").env("HEALTH_URLS"),
        "https://staging-api.example.com/health/"
    );
    let smoke = staging.job("smoke-tests").script("smoke-check");
    assert_eq!(smoke.env("BASE_URL"), "https://staging-api.example.com");
    let images = ["backend", "ai-gateway", "recommendations", "search"];
    assert_eq!(staging.job("build-and-push").matrix("image"), images);
}

/// ECO-A23
#[test]
fn a23_staging_is_scanned_as_production_is() {
    let (staging, production) = (workflow(STAGING), workflow(PRODUCTION));
    let steps = |workflow: &crate::seeds::read::Workflow| -> Vec<_> {
        let steps = workflow.job("security-scan").steps.iter();
        steps
            .map(|step| (step.name.clone(), step.run.clone(), step.env("POLICY")))
            .collect()
    };
    // What production's scan contains is A14.
    assert_eq!(steps(staging), steps(production));
    staging.assert_order(&["security-scan", "build-and-push", "deploy-staging"]);
    for history in histories(staging, &start("push", json!({}))) {
        assert!(!history.ran("deploy-staging") || history.result("security-scan") == "success");
    }
    let judge = staging.job("build-and-push").script("severity-policy");
    assert_eq!(
        judge.env("POLICY"),
        "reports/vulnerabilities block=critical,high warn=medium",
        "an image is judged before it is published"
    );
    let names: Vec<_> = staging
        .job("build-and-push")
        .steps
        .iter()
        .map(|step| step.name.as_str())
        .collect();
    let at = |name| names.iter().position(|known| *known == name).unwrap();
    assert!(at("Judge the findings") < at("Build and push"));
}
