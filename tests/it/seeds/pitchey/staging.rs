//! `cd-staging.yml`.

use serde_json::{Value, json};

use super::{assert_in_order, workflow};
use crate::seeds::evaluate::{Ending, History, Start, histories};
use crate::seeds::read::Job;

/// What jobs leave: a decision, findings that nobody must judge, and the release before.
fn outputs(job: &Job, ending: Ending) -> Vec<Value> {
    let begun = json!({"release": "17-1", "previous_version": "17-1"});
    match job.id.as_str() {
        "validate" if ending == Ending::Success => vec![
            json!({"should_deploy": "true", "version": "4f2a-20261121"}),
            json!({"should_deploy": "false", "version": "4f2a-20261121"}),
        ],
        "deploy-api" | "deploy-site" if ending == Ending::Success => vec![begun],
        "deploy-api" | "deploy-site" => vec![json!({}), begun],
        _ => vec![json!({})],
    }
}

fn each_run(mut check: impl FnMut(&History)) {
    let workflow = workflow("cd-staging");
    let start = Start {
        git_ref: "refs/heads/main",
        event: "push",
        inputs: json!({}),
        outputs: &outputs,
    };
    for history in histories(workflow, &start) {
        check(&history);
    }
}

/// PIT-A12
#[test]
fn a12_a_push_to_main_is_tested_deployed_tried_and_told() {
    let workflow = workflow("cd-staging");
    assert_eq!(workflow.name, "CD - Staging Deployment");
    assert_eq!(workflow.trigger("push").branches, ["main"]);
    workflow.assert_order(&[
        "validate",
        "frontend",
        "integration-tests",
        "deploy-api",
        "deploy-site",
        "e2e-tests",
        "notify",
    ]);
    workflow.assert_order(&["backend", "integration-tests"]);
    workflow.assert_order(&["deploy-site", "lighthouse", "notify"]);
    let site = workflow.job("deploy-site").environment.as_ref().unwrap();
    assert_eq!(site.name, "staging");
    assert_eq!(
        site.url.as_deref(),
        Some("https://pitchey-staging.pages.dev")
    );
    assert_eq!(
        workflow
            .job("deploy-api")
            .environment
            .as_ref()
            .unwrap()
            .name,
        "staging"
    );

    let all = ["frontend", "backend", "integration-tests", "security-scan"];
    let (mut deployed, mut cleaned) = (0, 0);
    each_run(|history| {
        for id in ["deploy-api", "deploy-site"] {
            if history.ran(id) {
                deployed += 1;
                assert!(
                    all.iter().all(|job| history.result(job) == "success"),
                    "{history:?}"
                );
                assert_eq!(history.output("validate", "should_deploy"), "true");
            }
        }
        // Nothing is told of a commit that needs no deployment; everything else is.
        let needless = history.output("validate", "should_deploy") == "false";
        assert_eq!(history.ran("notify"), !needless, "{history:?}");
        // A release that did not prove itself goes back.
        let live = !history.output("deploy-api", "release").is_empty();
        let tried = ["deploy-api", "deploy-site", "e2e-tests", "lighthouse"];
        let good = tried.iter().all(|job| history.result(job) == "success");
        let stopped = tried
            .iter()
            .any(|job| ["failure", "cancelled"].contains(&history.result(job)));
        if live && stopped {
            assert!(history.ran("rollback-api"), "{history:?}");
        }
        assert!(!(good && history.ran("rollback-api")), "{history:?}");
        assert!(good || !history.ran("cleanup"), "{history:?}");
        cleaned += u32::from(history.ran("cleanup"));
    });
    assert!(deployed > 0 && cleaned > 0);
}

/// PIT-A13
#[test]
fn a13_worker_and_pages_are_deployed_with_the_secrets_of_cloudflare() {
    let workflow = workflow("cd-staging");
    let worker = workflow.job("deploy-api").script("wrangler-deploy");
    assert_eq!(worker.env("WORKER_ENV"), "staging");
    assert_eq!(worker.env("TRAFFIC"), "all");
    let site = workflow.job("deploy-site").script("pages-deploy");
    assert_eq!(site.env("PAGES_PROJECT"), "pitchey-staging");
    for step in [worker, site] {
        for name in ["CLOUDFLARE_API_TOKEN", "CLOUDFLARE_ACCOUNT_ID"] {
            assert_eq!(step.env(name), format!("${{{{ secrets.{name} }}}}"));
        }
    }
    assert_eq!(
        worker.env("JWT_SECRET"),
        "${{ secrets.STAGING_JWT_SECRET }}"
    );
    assert_eq!(
        worker.env("DATABASE_URL"),
        "${{ secrets.STAGING_DATABASE_URL }}"
    );
    assert_eq!(worker.env("SECRETS"), "JWT_SECRET\nDATABASE_URL");
    // What is deployed is what was tested, not another build of it.
    let kept = workflow
        .job("frontend")
        .using("actions/upload-artifact")
        .with("name");
    assert_eq!(
        workflow
            .job("deploy-site")
            .using("actions/download-artifact")
            .with("name"),
        kept
    );
    assert!(
        workflow
            .job("deploy-site")
            .steps
            .iter()
            .all(|step| step.run.as_deref() != Some("npm run build"))
    );
}

/// PIT-A14
#[test]
fn a14_a_release_is_named_by_commit_and_time_and_kept_for_30_days() {
    let workflow = workflow("cd-staging");
    let version = workflow.job("validate").script("resolve-version");
    assert_eq!(version.env("VERSION_FORMAT"), "sha-timestamp");
    let mut kept = 0;
    for job in workflow.jobs.values() {
        for step in job
            .steps
            .iter()
            .filter(|step| step.action() == Some("actions/upload-artifact"))
        {
            assert_eq!(
                step.with("retention-days"),
                "30",
                "{}: {}",
                job.id,
                step.name
            );
            kept += 1;
        }
    }
    assert!(kept >= 4);
    let named = "${{ needs.validate.outputs.version }}";
    let build = workflow.job("frontend").using("actions/upload-artifact");
    assert_eq!(build.with("name"), format!("frontend-staging-{named}"));
    let notify = workflow.job("notify");
    for script in ["slack-notify", "sentry-release"] {
        assert_eq!(notify.script(script).env("VERSION"), named);
    }
    assert_eq!(
        workflow
            .job("cleanup")
            .script("artifact-cleanup")
            .env("PREFIX"),
        "frontend-staging-"
    );
}

/// PIT-A15
#[test]
fn a15_a_run_by_hand_may_deploy_whatever_changed() {
    let workflow = workflow("cd-staging");
    let input = &workflow.trigger("workflow_dispatch").inputs["force_deploy"];
    assert_eq!(
        (input.r#type.as_str(), &input.default),
        ("boolean", &Some(false.into()))
    );
    let decision = workflow.job("validate").script("deploy-decision");
    assert_eq!(decision.env("FORCE"), "${{ inputs.force_deploy }}");
    assert_eq!(decision.env("SKIP"), "docs/**\n**/*.md");
    assert_eq!(decision.env("ENVIRONMENT"), "staging");
}

/// PIT-A16
#[test]
fn a16_the_deployed_system_is_tried() {
    let workflow = workflow("cd-staging");
    let api = workflow.job("deploy-api");
    assert_in_order(api, &["wrangler-deploy", "health-check", "smoke-check"]);
    let health = "https://pitchey-staging.ndlovucavelle.workers.dev/health";
    assert_eq!(api.script("health-check").env("HEALTH_URLS"), health);
    let lighthouse = workflow.job("lighthouse");
    let url = "https://pitchey-staging.pages.dev";
    assert_eq!(lighthouse.script("lighthouse-collect").env("BASE_URL"), url);
    let limits = lighthouse.script("lighthouse-gate").env("LIMITS");
    assert!(
        limits.lines().any(|line| line == "performance >= 0.7"),
        "{limits}"
    );
    let tests = workflow.job("e2e-tests");
    assert_eq!(tests.env["BASE_URL"], url);
    assert_eq!(
        tests.matrix("project"),
        ["functional", "visual", "accessibility"]
    );
    tests.running("npm run test:e2e");
    assert!(tests.services.is_empty());
}

/// PIT-7: `gh workflow run` refuses a field that the form does not have.
#[test]
fn the_form_has_the_documented_fields() {
    let workflow = workflow("cd-staging");
    assert_eq!(workflow.name, "CD - Staging Deployment");
    let inputs = &workflow.trigger("workflow_dispatch").inputs;
    let environment = &inputs["environment"];
    assert_eq!(environment.options, ["staging"]);
    assert_eq!(environment.default, Some("staging".into()));
    assert_eq!(inputs["force_deploy"].r#type, "boolean");
    // What may be left out is left out by those who know the workflow.
    assert!(inputs.values().all(|input| !input.required));
}
