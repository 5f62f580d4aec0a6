//! Deployments to production as they go, in every way in which a run can.

use serde_json::json;

use super::{PRODUCTION, STAGING, start, workflow};
use crate::seeds::evaluate::{History, histories, runs};

const MONITOR: &str = "post-deployment-monitoring";
const VERIFIED: [&str; 4] = ["deploy-backend", "deploy-frontend", "smoke-tests", MONITOR];

fn bad(history: &History, id: &str) -> bool {
    ["failure", "cancelled"].contains(&history.result(id))
}

fn production(skip: bool) -> Vec<History> {
    let inputs = json!({"tag": "v1.2.3", "reason": "new", "skip_smoke": skip, "force": false});
    histories(workflow(PRODUCTION), &start("workflow_dispatch", inputs))
}

/// VQM-A19
#[test]
fn a19_smoke_tests_are_skipped_by_the_input_only_and_the_watch_follows_all_the_same() {
    let mut watched = 0;
    for history in production(true) {
        assert_eq!(history.result("smoke-tests"), "skipped");
        let ready = history.result("deploy-frontend") == "success";
        // Somebody may have cancelled the run before, or only later.
        assert!(ready || !history.ran(MONITOR), "{history:?}");
        assert!(!ready || history.ran(MONITOR) || history.cancelled);
        watched += u32::from(history.ran(MONITOR));
    }
    assert!(watched > 0);
    for history in production(false) {
        let ready = history.result("deploy-frontend") == "success";
        assert!(ready || !history.ran("smoke-tests"), "{history:?}");
        assert!(!ready || history.ran("smoke-tests") || history.cancelled);
        let fine = history.result("smoke-tests") == "success";
        assert!(fine || !history.ran(MONITOR), "{history:?}");
        assert!(!fine || history.ran(MONITOR) || history.cancelled);
    }
    // A run without smoke tests that went well is told as such.
    let workflow = workflow(PRODUCTION);
    let status = workflow.job("notify").env["STATUS"]
        .as_str()
        .unwrap()
        .to_owned();
    let inputs = json!({"skip_smoke": true});
    let start = start("workflow_dispatch", inputs);
    let well = production(true)
        .into_iter()
        .find(|history| history.result(MONITOR) == "success")
        .unwrap();
    let context = well.context(workflow, "notify", &start);
    assert_eq!(crate::seeds::evaluate::text(&status, &context), "succeeded");
}

/// VQM-A21
#[test]
fn a21_what_was_begun_and_went_wrong_goes_back_and_a_refusal_undoes_nothing() {
    let (mut both, mut only_backend, mut refused) = (0, 0, 0);
    for skip in [false, true] {
        for history in production(skip) {
            let wrong = VERIFIED.iter().any(|id| bad(&history, id));
            for part in ["backend", "frontend"] {
                let begun = !history
                    .output(&format!("deploy-{part}"), "release")
                    .is_empty();
                assert_eq!(
                    history.ran(&format!("rollback-{part}")),
                    begun && wrong,
                    "{history:?}"
                );
            }
            both += u32::from(history.ran("rollback-backend") && history.ran("rollback-frontend"));
            only_backend +=
                u32::from(history.ran("rollback-backend") && !history.ran("rollback-frontend"));
            refused += u32::from(bad(&history, "approval") && !history.ran("rollback-backend"));
        }
    }
    assert!(both > 0 && only_backend > 0 && refused > 0);
    let workflow = workflow(PRODUCTION);
    let backend = workflow.job("rollback-backend");
    assert!(
        backend.needs.contains(&"rollback-frontend".to_owned()),
        "the last part goes back first"
    );
    assert_eq!(
        backend.script("kube-rollback").env("RECORD"),
        "${{ needs.deploy-backend.outputs.release }}"
    );
    let frontend = workflow.job("rollback-frontend");
    assert_eq!(
        frontend.script("vercel-rollback").env("PREVIOUS_VERSION"),
        "${{ needs.deploy-frontend.outputs.release }}"
    );
    for (part, job) in [("backend", backend), ("frontend", frontend)] {
        assert_eq!(
            job.environment.as_ref().unwrap().name,
            format!("production-{part}")
        );
        let ended = job.script("record-deployment");
        assert_eq!(ended.env("STATUS"), "failure");
        assert_eq!(
            ended.env("DEPLOYMENT"),
            format!("${{{{ needs.deploy-{part}.outputs.deployment }}}}")
        );
    }
    assert!(
        workflow
            .job("notify")
            .needs
            .contains(&"rollback-backend".to_owned())
    );
}

/// VQM-A27. That nothing is sent without a secret is shown with the scripts.
#[test]
fn a27_people_are_told_however_it_ends() {
    for (file, inputs) in [
        (PRODUCTION, json!({"skip_smoke": false})),
        (STAGING, json!({})),
    ] {
        let workflow = workflow(file);
        let start = start("workflow_dispatch", inputs);
        let notify = workflow.job("notify");
        for script in ["slack-notify", "pagerduty-notify"] {
            let step = notify.script(script);
            let mut endings = std::collections::BTreeSet::new();
            for history in histories(workflow, &start) {
                if history.result("validate") == "skipped" {
                    continue;
                }
                assert!(history.ran("notify"), "{history:?}");
                let context = history.context(workflow, "notify", &start);
                let job = crate::seeds::evaluate::Context {
                    success: true,
                    failure: false,
                    ..context
                };
                assert!(runs(step.condition.as_deref(), &job));
                endings.insert(crate::seeds::evaluate::text(
                    notify.env["STATUS"].as_str().unwrap(),
                    &job,
                ));
            }
            assert!(
                endings.contains("succeeded") && endings.contains("failed"),
                "{endings:?}"
            );
        }
        let started = workflow
            .job("deploy-backend")
            .step("Tell Slack that it starts");
        assert_eq!(
            started.env("SLACK_WEBHOOK_URL"),
            "${{ secrets.SLACK_WEBHOOK_URL }}"
        );
    }
}
