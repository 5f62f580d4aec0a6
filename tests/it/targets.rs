//! Deployments to each target, read from the generated workflows.

use crate::seeds::read::{Generated, Workflow};

fn generated() -> Generated {
    Generated::manifest(include_str!("../fixtures/targets/cloud.yml"))
}

fn rollback_by_hand() -> Workflow {
    generated().workflow("rollback")
}

/// The text of an output of a job.
fn output<'w>(workflow: &'w Workflow, job: &str, name: &str) -> &'w str {
    &workflow.job(job).outputs[name]
}

#[test]
fn a_worker_is_recorded_before_it_changes_and_shifted_share_by_share() {
    let deploy = generated().workflow("deploy-edge");
    assert_eq!(
        deploy.job("deploy-edge").scripts(),
        [
            "wrangler-record",
            "drizzle-migrate",
            "wrangler-deploy",
            "wrangler-shift",
            "wrangler-check",
            "wrangler-shift",
            "wrangler-check",
            "wrangler-shift",
            "health-check",
        ]
    );
    let shares: Vec<_> = deploy
        .job("deploy-edge")
        .steps
        .iter()
        .map(|step| step.env("PERCENT"))
        .collect();
    let shares: Vec<_> = shares.iter().filter(|share| !share.is_empty()).collect();
    assert_eq!(shares, ["10", "50", "100"]);
    assert_eq!(
        deploy
            .job("deploy-edge")
            .script("wrangler-deploy")
            .env("TRAFFIC"),
        "none"
    );
    let rollback = deploy.job("rollback").script("wrangler-rollback");
    assert_eq!(
        rollback.env("PREVIOUS_VERSION"),
        "${{ needs.deploy-edge.outputs.release }}"
    );
    assert_eq!(
        output(&deploy, "deploy-edge", "release"),
        "${{ steps.record.outputs.previous_version }}"
    );
}

#[test]
fn a_site_is_tried_before_it_gets_its_domain() {
    let deploy = generated().workflow("deploy-site");
    assert_eq!(
        deploy.job("deploy-site").scripts(),
        [
            "vercel-record",
            "vercel-deploy",
            "vercel-check",
            "vercel-promote",
            "health-check"
        ]
    );
    let check = deploy.job("deploy-site").script("vercel-check");
    assert_eq!(check.env("BASE_URL"), "${{ steps.deploy.outputs.url }}");
    assert_eq!(deploy.job("rollback").scripts()[0], "vercel-rollback");
}

#[test]
fn two_colours_of_a_cluster_switch_when_the_idle_one_is_healthy() {
    let deploy = generated().workflow("deploy-cluster");
    assert_eq!(
        deploy.job("deploy-cluster").scripts(),
        [
            "resolve-images",
            "kube-connect",
            "kube-record",
            "kube-render",
            "kube-migrate",
            "kube-apply",
            "kube-wait",
            "kube-health",
            "kube-switch",
            "health-check",
            "kube-retire",
        ]
    );
    let health = deploy.job("deploy-cluster").script("kube-health");
    assert_eq!(
        (health.env("PORT"), health.env("HEALTH_PATH")),
        ("8080".to_owned(), "/health".to_owned())
    );
    let rollback = deploy.job("rollback").script("kube-rollback");
    assert_eq!(
        rollback.env("RECORD"),
        "${{ needs.deploy-cluster.outputs.release }}"
    );
    assert_eq!(
        output(&deploy, "deploy-cluster", "release"),
        "${{ steps.record.outputs.record }}"
    );
}

#[test]
fn images_are_published_for_the_target_that_runs_them_only() {
    let generated = generated();
    assert!(
        generated
            .workflow("deploy-cluster")
            .jobs
            .contains_key("build-and-push")
    );
    for other in ["deploy-edge", "deploy-site"] {
        assert!(
            !generated
                .workflow(other)
                .jobs
                .contains_key("build-and-push"),
            "{other}"
        );
    }
}

#[test]
fn a_roll_back_by_hand_names_the_release_where_there_is_no_record() {
    let rollback = rollback_by_hand();
    let find = rollback.job("rollback-edge").script("wrangler-find");
    assert_eq!(find.env("VERSION"), "${{ inputs.version }}");
    assert_eq!(
        rollback.job("rollback-site").scripts()[..2],
        ["vercel-find", "vercel-rollback"]
    );
    assert_eq!(
        rollback
            .job("rollback-cluster")
            .script("kube-rollback")
            .env("RECORD"),
        ""
    );
}
