//! Deployments as they go, in every way in which a run can.

use serde_json::json;

use super::{DEPLOYMENTS, MONITOR, context, settings, workflow};
use crate::seeds::evaluate::{History, runs, text};

fn bad(history: &History, id: &str) -> bool {
    ["failure", "cancelled"].contains(&history.result(id))
}

/// PAT-A13, for all three: what is deployed has passed the checks of its commit.
#[test]
fn a13_nothing_is_deployed_before_the_checks_of_its_commit_succeeded() {
    for deployment in &DEPLOYMENTS {
        let workflow = deployment.workflow();
        let validate = workflow.job("validate");
        let checks = validate.script("require-workflows");
        assert_eq!(
            checks.env("WORKFLOWS").lines().collect::<Vec<_>>(),
            ["ci.yml", "test.yml", "security.yml"]
        );
        assert_eq!(checks.env("SHA"), "${{ steps.version.outputs.sha }}");
        assert_eq!(
            validate.outputs["sha"],
            checks.env("SHA"),
            "what was checked is what is deployed"
        );
        assert_eq!(checks.env("EVENT"), "push");
        assert!(checks.condition.is_none() && !checks.continue_on_error);
        assert_eq!(validate.permissions["actions"], "read");
        let deploy = deployment.job();
        let (mut deployed, mut stopped) = (0, 0);
        deployment.each_run(|_, _, history| {
            let ready = ["validate", "build-and-push"]
                .iter()
                .all(|id| history.result(id) == "success");
            assert!(!history.ran(&deploy) || ready, "{history:?}");
            deployed += u32::from(history.ran(&deploy));
            stopped += u32::from(!ready);
        });
        assert!(deployed > 0 && stopped > 0);
    }
    let dev = workflow("deploy-dev");
    assert_eq!(dev.trigger("push").branches, ["develop"]);
    let environments = dev.jobs.values().filter_map(|job| job.environment.as_ref());
    for environment in environments {
        assert!(
            settings(&environment.name).reviewers.is_empty(),
            "{} asks a person",
            environment.name
        );
    }
}

/// PAT-A18
#[test]
fn a18_a_deployment_that_had_begun_and_went_wrong_is_undone() {
    for deployment in &DEPLOYMENTS {
        let deploy = deployment.job();
        let (mut by_deploy, mut by_time, mut by_watch, mut refused, mut never) = (0, 0, 0, 0, 0);
        deployment.each_run(|_, _, history| {
            let begun = !history.output(&deploy, "release").is_empty();
            let wrong = bad(history, &deploy) || bad(history, MONITOR);
            assert_eq!(history.ran("rollback"), begun && wrong, "{history:?}");
            by_deploy += u32::from(begun && history.result(&deploy) == "failure");
            by_time +=
                u32::from(begun && history.result(&deploy) == "cancelled" && !history.cancelled);
            by_watch += u32::from(history.result(MONITOR) == "failure");
            refused += u32::from(!begun && history.result(&deploy) == "failure");
            never += u32::from(bad(history, "validate"));
        });
        let counts = [by_deploy, by_time, by_watch, refused, never];
        assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
        let workflow = deployment.workflow();
        let job = workflow.job("rollback");
        super::assert_scripts(job, &["ssh-connect", "compose-rollback", "health-check"]);
        let back = job.script("compose-rollback");
        assert_eq!(
            back.env("RELEASE"),
            format!("${{{{ needs.{deploy}.outputs.release }}}}")
        );
        let health = job.script("health-check");
        let first = format!("{}/health/overall", deployment.url);
        assert_eq!(
            health.env("HEALTH_URLS").lines().next(),
            Some(first.as_str())
        );
        assert!(back.condition.is_none() && health.condition.is_none());
    }
}

/// PAT-54, PAT-55: reviewers stand before a deployment, never before a roll-back.
#[test]
fn a_roll_back_waits_for_nobody() {
    let by_hand = workflow("rollback");
    for deployment in &DEPLOYMENTS {
        let automatic = deployment.workflow();
        let hand = by_hand.job(&format!("rollback-{}", deployment.environment));
        for job in [automatic.job("rollback"), hand] {
            let environment = &job.environment.as_ref().unwrap().name;
            assert!(settings(environment).reviewers.is_empty(), "{environment}");
            let group = &job.concurrency.as_ref().unwrap().group;
            let held = &automatic
                .job(&deployment.job())
                .concurrency
                .as_ref()
                .unwrap()
                .group;
            // A deployment is in its group from the moment it waits for its reviewer.
            assert_eq!(group != held, deployment.reviewed, "{group}");
            let whole_run = &by_hand.concurrency.as_ref().unwrap().group;
            let context = context(json!({"inputs": {"environment": deployment.environment}}));
            assert_ne!(
                &text(whole_run, &context),
                group,
                "a run would wait for itself"
            );
            assert_eq!(job.concurrency.as_ref().unwrap().cancel_in_progress, false);
        }
    }
}

/// PAT-10 and the like: two deployments of one environment never run beside each other.
#[test]
fn deployments_of_an_environment_queue() {
    for deployment in &DEPLOYMENTS {
        let workflow = deployment.workflow();
        let concurrency = workflow
            .job(&deployment.job())
            .concurrency
            .as_ref()
            .unwrap();
        assert_eq!(
            concurrency.group,
            format!("deploy-{}", deployment.environment)
        );
        assert_eq!(concurrency.cancel_in_progress, false);
    }
}

/// PAT-102
#[test]
fn people_hear_of_trouble() {
    for deployment in &DEPLOYMENTS {
        let deploy = deployment.job();
        deployment.each_run(|workflow, start, history| {
            assert!(history.ran("notify"), "{history:?}");
            let written = workflow.job("notify").env["STATUS"].as_str().unwrap();
            let status = text(written, &history.context(workflow, "notify", start));
            let well = [deploy.as_str(), MONITOR]
                .iter()
                .all(|id| history.result(id) == "success");
            let back = history.result("rollback") == "success";
            let wanted = if well {
                "succeeded"
            } else if back {
                "rolled-back"
            } else {
                "failed"
            };
            assert_eq!(status, wanted, "{history:?}");
        });
        let workflow = deployment.workflow();
        let slack = workflow.job("notify").script("slack-notify");
        let told = |status: &str| {
            runs(
                slack.condition.as_deref(),
                &context(json!({"env": {"STATUS": status}})),
            )
        };
        assert!(told("failed") && told("rolled-back") && !told("succeeded"));
        assert_eq!(
            slack.env("SLACK_WEBHOOK_URL"),
            "${{ secrets.SLACK_WEBHOOK_URL }}"
        );
        // Without a channel, the issue tells.
        let issue = workflow.job("rollback").script("incident-issue");
        assert_eq!(issue.condition.as_deref(), Some("${{ always() }}"));
        assert_eq!(workflow.job("rollback").permissions["issues"], "write");
    }
}
