//! Deployments to staging and production: what starts them, and what the jobs contain.

use serde_json::{Value, json};

use super::{PRODUCTION, STAGING, assert_scripts, context, place, workflow};
use crate::seeds::evaluate::{runs, text};
use crate::seeds::read::Workflow;

/// VQM-A10
#[test]
fn a10_staging_follows_a_successful_push_to_develop() {
    let staging = workflow(STAGING);
    let follow = staging.trigger("workflow_run");
    assert_eq!(follow.workflows, [workflow("ci").name.as_str()]);
    assert_eq!(follow.workflows, ["CI - Build & Test"]);
    assert_eq!(follow.branches, ["develop"]);
    assert!(staging.on.contains_key("workflow_dispatch"));
    let begins = |event: &str, run: Value| {
        let names = json!({"github": {"event_name": event, "repository": "o/r", "event": {"workflow_run": run}}});
        runs(
            staging.job("validate").condition.as_deref(),
            &context(names),
        )
    };
    let run = |conclusion: &str, event: &str, repository: &str| json!({"conclusion": conclusion, "event": event, "head_repository": {"full_name": repository}});
    assert!(begins("workflow_run", run("success", "push", "o/r")));
    for refused in [
        run("failure", "push", "o/r"),
        run("cancelled", "push", "o/r"),
        run("success", "pull_request", "o/r"),
        run("success", "push", "fork/r"),
    ] {
        assert!(!begins("workflow_run", refused));
    }
    assert!(begins("workflow_dispatch", json!({})));
}

/// VQM-A11
#[test]
fn a11_staging_deploys_the_image_of_the_commit_that_was_checked() {
    let staging = workflow(STAGING);
    let find = staging.job("validate").script("resolve-version");
    let asked = |inputs: Value| {
        let run = json!({"workflow_run": {"head_sha": "c0ffee"}});
        let names = json!({"inputs": inputs, "github": {"event": run}});
        text(&find.env("VERSION_INPUT"), &context(names))
    };
    assert_eq!(asked(json!({})), "c0ffee");
    assert_eq!(asked(json!({"version": "feature"})), "feature");
    let validate = staging.job("validate");
    let wait = validate
        .steps
        .iter()
        .find(|step| step.name == "Wait for the images")
        .unwrap();
    for image in ["backend", "frontend"] {
        assert!(wait.env("IMAGES").contains(&format!(
            "/{image}:sha-${{{{ steps.version.outputs.sha }}}}"
        )));
    }
    assert_eq!(wait.env("WAIT_MINUTES"), "30");
    assert!(validate.timeout_minutes > 30);
    let deploy = staging.job("deploy-backend");
    let images = deploy.script("resolve-images").env("IMAGES");
    assert!(
        images.ends_with("/backend:sha-${{ needs.validate.outputs.sha }}"),
        "{images}"
    );
}

/// VQM-A12
#[test]
fn a12_staging_goes_part_by_part() {
    let staging = workflow(STAGING);
    staging.assert_order(&[
        "validate",
        "deploy-backend",
        "deploy-frontend",
        "smoke-tests",
        "notify",
    ]);
    let backend = staging.job("deploy-backend");
    let migrate = backend.script("kube-migrate");
    assert!(
        migrate
            .env("MIGRATE_COMMAND")
            .contains("prisma migrate deploy")
    );
    let rollout = backend.script("kube-wait");
    let health = backend.script("health-check");
    assert!(place(backend, rollout) < place(backend, migrate));
    assert!(place(backend, migrate) < place(backend, health));
    assert_scripts(
        staging.job("deploy-frontend"),
        &["vercel-deploy", "vercel-promote", "health-check"],
    );
    for (part, url) in [
        ("backend", "https://staging-api.example.com"),
        ("frontend", "https://staging.example.com"),
    ] {
        let job = staging.job(&format!("deploy-{part}"));
        let environment = job.environment.as_ref().unwrap();
        assert_eq!(environment.name, format!("staging-{part}"));
        assert_eq!(environment.url.as_deref(), Some(url));
    }
}

/// VQM-A13
#[test]
fn a13_production_is_started_by_hand_with_a_tag_and_a_reason() {
    let production = workflow(PRODUCTION);
    assert_eq!(
        production.on.keys().collect::<Vec<_>>(),
        ["workflow_dispatch"]
    );
    let inputs = &production.trigger("workflow_dispatch").inputs;
    for name in ["tag", "reason"] {
        assert!(
            inputs[name].required && inputs[name].r#type == "string",
            "{name}"
        );
    }
    let skip = &inputs["skip_smoke"];
    assert_eq!(
        (skip.r#type.as_str(), skip.default.as_ref()),
        ("boolean", Some(&serde_yaml::Value::Bool(false)))
    );
    let find = production.job("validate").script("resolve-version");
    assert_eq!(
        (find.env("VERSION_KIND"), find.env("VERSION_INPUT")),
        ("tag".into(), "${{ inputs.tag }}".into())
    );
}

/// The jobs that change something outside of the run.
fn changing(workflow: &Workflow) -> Vec<&str> {
    let ids = workflow.jobs.keys().map(String::as_str);
    ids.filter(|id| id.starts_with("deploy-") || id.starts_with("backup-"))
        .collect()
}

/// VQM-A14
#[test]
fn a14_nothing_changes_before_the_one_approval() {
    let production = workflow(PRODUCTION);
    let gates: Vec<_> = production
        .jobs
        .iter()
        .filter(|(_, job)| {
            job.environment
                .as_ref()
                .is_some_and(|environment| environment.name == "production-approval")
        })
        .map(|(id, _)| id.as_str())
        .collect();
    assert_eq!(gates, ["approval"]);
    let changing = changing(production);
    assert_eq!(
        changing,
        ["backup-backend", "deploy-backend", "deploy-frontend"]
    );
    for id in changing {
        assert!(production.before(id).contains("approval"), "{id}");
    }
}

/// VQM-A15. That each of the scripts fails when something is missing is shown with it.
#[test]
fn a15_tag_images_and_staging_are_looked_for() {
    let production = workflow(PRODUCTION);
    let validate = production.job("validate");
    assert_scripts(
        validate,
        &["resolve-version", "require-deployment", "resolve-images"],
    );
    let staging = validate.script("require-deployment");
    assert_eq!(
        staging.env("ENVIRONMENTS"),
        "staging-backend\nstaging-frontend"
    );
    assert_eq!(
        (staging.env("ON_MISSING"), staging.env("SHA")),
        ("fail".into(), "${{ steps.version.outputs.sha }}".into())
    );
    let images = validate.script("resolve-images").env("IMAGES");
    for image in ["backend", "frontend"] {
        assert!(
            images.contains(&format!(
                "/{image}:${{{{ steps.version.outputs.version }}}}"
            )),
            "{images}"
        );
    }
    for script in ["resolve-version", "require-deployment", "resolve-images"] {
        let step = validate.script(script);
        assert!(
            step.condition.is_none() && !step.continue_on_error,
            "{script}"
        );
    }
    // The records that are looked for are those that staging makes, of the commit it deployed.
    let record = workflow(STAGING);
    for part in ["backend", "frontend"] {
        let record = record
            .job(&format!("deploy-{part}"))
            .script("record-deployment");
        assert_eq!(record.env("ENVIRONMENT"), format!("staging-{part}"));
        assert_eq!(record.env("SHA"), "${{ needs.validate.outputs.sha }}");
    }
}

/// VQM-A16. That the script waits for `available` is shown with it.
#[test]
fn a16_a_snapshot_is_there_before_the_backend_changes() {
    let production = workflow(PRODUCTION);
    let backup = production.job("backup-backend");
    let snapshot = backup.script("rds-snapshot");
    assert_eq!(snapshot.env("DB_INSTANCE"), "${{ vars.RDS_INSTANCE_ID }}");
    assert_eq!(
        snapshot.env("VERSION"),
        "${{ needs.validate.outputs.version }}"
    );
    assert!(snapshot.condition.is_none() && !snapshot.continue_on_error);
    assert_eq!(
        backup.environment.as_ref().unwrap().name,
        "production-backend"
    );
    production.assert_order(&["approval", "backup-backend", "deploy-backend"]);
    assert!(
        !production
            .job("deploy-backend")
            .scripts()
            .contains(&"rds-snapshot")
    );
}

/// VQM-A17
#[test]
fn a17_maintenance_is_on_until_the_backend_is_healthy() {
    let production = workflow(PRODUCTION);
    let job = production.job("deploy-backend");
    let [on, off] =
        ["on", "off"].map(|word| job.step(&format!("Switch the maintenance mode {word}")));
    let deploy = job.script("kube-set-image");
    let migrate = job.script("kube-migrate");
    assert!(
        migrate
            .env("MIGRATE_COMMAND")
            .contains("prisma migrate deploy")
    );
    let health = job.script("health-check");
    let order = [on, deploy, migrate, health, off].map(|step| place(job, step));
    assert!(order.is_sorted(), "{order:?}");
    assert_eq!(
        (on.env("MAINTENANCE"), off.env("MAINTENANCE")),
        ("on".into(), "off".into())
    );
    let switched = |state: &str, failure: bool| {
        let names = json!({"steps": {"maintenance": {"outputs": {"switched": state}}}});
        let context = crate::seeds::evaluate::Context {
            success: !failure,
            failure,
            ..context(names)
        };
        runs(off.condition.as_deref(), &context)
    };
    assert!(switched("on", false) && switched("on", true) && !switched("", true));
}

/// VQM-A18. That nothing is done without an id is shown with the script.
#[test]
fn a18_the_cache_is_emptied_behind_the_frontend() {
    let production = workflow(PRODUCTION);
    let job = production.job("deploy-frontend");
    assert!(job.needs.contains(&"deploy-backend".to_owned()));
    let empty = job.script("cloudfront-invalidate");
    assert_eq!(
        empty.env("DISTRIBUTION_ID"),
        "${{ vars.CLOUDFRONT_DISTRIBUTION_ID }}"
    );
    assert!(place(job, job.script("vercel-promote")) < place(job, empty));
}

/// VQM-A20. That the script fails and warns there is shown with it.
#[test]
fn a20_the_release_is_watched_for_fifteen_minutes_within_two_levels() {
    let production = workflow(PRODUCTION);
    let job = production.job("post-deployment-monitoring");
    let watch = job.script("monitor-metrics");
    let seconds: u32 =
        watch.env("CHECKS").parse::<u32>().unwrap() * watch.env("INTERVAL").parse::<u32>().unwrap();
    assert_eq!(seconds, 15 * 60);
    assert!(job.timeout_minutes >= 20);
    assert_eq!(
        watch.env("METRICS_URL"),
        "https://api.example.com/api/metrics/prometheus"
    );
    let metrics: Value = serde_json::from_str(&watch.env("METRICS")).unwrap();
    let limits = |query: &str| {
        let all = metrics.as_array().unwrap().iter();
        let one = all
            .filter(|metric| metric["query"].as_str().unwrap().starts_with(query))
            .collect::<Vec<_>>();
        assert_eq!(one.len(), 1, "{query}");
        ["warn_above", "fail_above", "warn_below", "fail_below"].map(|level| one[0][level].as_f64())
    };
    assert_eq!(limits("errors "), [Some(0.1), Some(5.0), None, None]);
    assert_eq!(limits("p95 "), [Some(2.0), Some(5.0), None, None]);
    assert_eq!(limits("p99 "), [Some(5.0), None, None, None]);
    assert_eq!(limits("cache-hits "), [None, None, Some(90.0), None]);
}

/// VQM-A26
#[test]
fn a26_the_five_environments_have_their_names() {
    let mut names: Vec<&str> = ["docker-build", STAGING, PRODUCTION, "rollback", "ci"]
        .iter()
        .flat_map(|file| workflow(file).jobs.values())
        .filter_map(|job| job.environment.as_ref())
        .map(|environment| environment.name.as_str())
        .collect();
    names.sort();
    names.dedup();
    assert_eq!(
        names,
        [
            "production-approval",
            "production-backend",
            "production-frontend",
            "staging-backend",
            "staging-frontend"
        ]
    );
}
