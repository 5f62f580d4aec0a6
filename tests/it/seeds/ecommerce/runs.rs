//! Deployments to production: every way in which a run can go.

use serde_json::json;

use super::{PRODUCTION, each_production_run, secret, workflow};
use crate::seeds::evaluate::{Context, History, Start, runs, text};
use crate::seeds::read::{Job, Workflow};

const DEPLOY: &str = "deploy-production";
const MONITOR: &str = "post-deployment-monitoring";
/// What stands before the deployment and cannot be skipped.
const BEFORE: [&str; 5] = [
    "validate",
    "security-scan",
    "build-and-test",
    "build-push-production",
    "production-approval",
];

fn succeeded(history: &History, id: &str) -> bool {
    history.result(id) == "success"
}

/// What `notify` says of a run.
fn status(workflow: &Workflow, start: &Start<'_>, history: &History) -> String {
    let written = workflow.job("notify").env["STATUS"].as_str().unwrap();
    text(written, &history.context(workflow, "notify", start))
}

/// Whether a step of `notify` runs when all steps before it did well.
fn told(workflow: &Workflow, script: &str, status: &str) -> bool {
    let names = json!({"env": {"STATUS": status}});
    let context = Context {
        names,
        success: true,
        failure: false,
        cancelled: false,
    };
    runs(
        workflow.job("notify").script(script).condition.as_deref(),
        &context,
    )
}

/// ECO-A9, the chain as it runs
#[test]
fn a9_a_release_that_goes_well_reaches_every_job_but_the_roll_back() {
    let mut well = 0;
    each_production_run(|workflow, start, history| {
        let chain = BEFORE.iter().chain(&[DEPLOY, MONITOR, "release", "notify"]);
        let tested = start.inputs["skip_tests"] == true || succeeded(history, "integration-tests");
        if tested && chain.into_iter().all(|id| succeeded(history, id)) {
            well += 1;
            assert!(!history.ran("rollback") && !history.ran("post-rollback-monitoring"));
            assert_eq!(status(workflow, start, history), "succeeded");
        }
        assert_eq!(
            status(workflow, start, history) == "succeeded",
            succeeded(history, DEPLOY) && succeeded(history, MONITOR)
        );
    });
    assert_eq!(well, 3, "one for each way to start");
}

/// ECO-A10
#[test]
fn a10_nothing_is_deployed_before_two_people_agree() {
    let production = workflow(PRODUCTION);
    let approval = production.job("production-approval");
    let gate = approval.using("trstringer/manual-approval");
    assert_eq!(
        (gate.with("minimum-approvals"), gate.with("approvers")),
        ("2".into(), "devops".into())
    );
    assert_eq!(gate.with("exclude-workflow-initiator-as-approver"), "true");
    assert!(gate.condition.is_none() && !gate.continue_on_error && !approval.continue_on_error);
    let (mut deployed, mut refused) = (0, 0);
    each_production_run(|_, _, history| {
        deployed += u32::from(history.ran(DEPLOY));
        refused += u32::from(history.ran("production-approval") && !history.ran(DEPLOY));
        assert!(
            !history.ran(DEPLOY) || BEFORE.iter().all(|id| succeeded(history, id)),
            "{history:?}"
        );
        let touched = [MONITOR, "rollback", "release"]
            .iter()
            .any(|id| history.ran(id));
        assert!(!touched || history.ran(DEPLOY), "{history:?}");
    });
    assert!(deployed > 0 && refused > 0);
}

/// ECO-A13
#[test]
fn a13_skipping_the_tests_skips_nothing_else() {
    let production = workflow(PRODUCTION);
    let skip = &production.trigger("workflow_dispatch").inputs["skip_tests"];
    assert_eq!(
        (skip.r#type.as_str(), &skip.default),
        ("boolean", &Some(false.into()))
    );
    assert!(skip.description.contains("Only for an outage"));
    let mut released = 0;
    each_production_run(|_, start, history| {
        let skips = start.inputs["skip_tests"] == true;
        assert!(!skips || !history.ran("integration-tests"));
        assert!(!history.ran(DEPLOY) || skips || succeeded(history, "integration-tests"));
        released += u32::from(skips && succeeded(history, "release"));
    });
    assert!(released > 0, "a skipped job stops the chain");
    let left_out = |job: &Job| -> Vec<String> {
        let with = |skips: bool| {
            let names = json!({"inputs": {"skip_tests": skips}, "matrix": {"component": "backend"}, "steps": {}, "github": {}, "env": {}});
            Context {
                names,
                success: true,
                failure: false,
                cancelled: false,
            }
        };
        let runs =
            |step: &&crate::seeds::read::Step, skips| runs(step.condition.as_deref(), &with(skips));
        let steps = job
            .steps
            .iter()
            .filter(|step| runs(step, false) && !runs(step, true));
        steps.map(|step| step.name.clone()).collect()
    };
    for (id, job) in &production.jobs {
        let tests: &[&str] = if id == "build-and-test" {
            &["Set up Python", "Install dependencies", "Test backend"]
        } else {
            &[]
        };
        assert_eq!(left_out(job), tests, "{id}");
    }
    let warn = production.job("validate").step("Warn of skipped tests");
    assert!(warn.run.as_ref().unwrap().contains("::warning::"));
    assert_eq!(warn.condition.as_deref(), Some("${{ inputs.skip_tests }}"));
}

/// ECO-A17. A deployment that ended before it recorded what was live has nothing to undo.
#[test]
fn a17_only_a_deployment_that_had_begun_is_rolled_back() {
    let (mut by_deployment, mut by_time, mut by_monitoring, mut without_record) = (0, 0, 0, 0);
    each_production_run(|_, _, history| {
        let begun = !history.output(DEPLOY, "release").is_empty();
        let bad = |id: &str| ["failure", "cancelled"].contains(&history.result(id));
        let wanted = begun && (bad(DEPLOY) || bad(MONITOR));
        assert_eq!(history.ran("rollback"), wanted, "{history:?}");
        assert_eq!(
            history.ran("post-rollback-monitoring"),
            wanted && succeeded(history, "rollback")
        );
        by_deployment += u32::from(wanted && history.result(DEPLOY) == "failure");
        by_time += u32::from(wanted && history.result(DEPLOY) == "cancelled" && !history.cancelled);
        by_monitoring += u32::from(wanted && history.result(MONITOR) == "failure");
        without_record += u32::from(!begun && bad(DEPLOY));
    });
    assert!(
        [by_deployment, by_time, by_monitoring, without_record]
            .iter()
            .all(|count| *count > 0)
    );
    let production = workflow(PRODUCTION);
    let job = production.job("rollback");
    assert_eq!(
        job.scripts()[..3],
        ["ssh-connect", "compose-rollback", "health-check"]
    );
    let back = job.script("compose-rollback");
    assert_eq!(
        back.env("ROLLBACK_SCRIPT"),
        "deploy/docker/scripts/rollback.sh"
    );
    assert_eq!(
        back.env("RELEASE"),
        format!("${{{{ needs.{DEPLOY}.outputs.release }}}}")
    );
    assert_eq!(
        job.script("health-check").env("HEALTH_URLS"),
        "https://api.example.com/health/"
    );
}

/// ECO-A18
#[test]
fn a18_a_roll_back_opens_an_incident_and_is_told() {
    let production = workflow(PRODUCTION);
    let incident = production.job("rollback").script("incident-issue");
    assert_eq!(incident.condition.as_deref(), Some("${{ always() }}"));
    assert!(
        incident.env("LABEL").is_empty()
            && incident
                .run
                .as_ref()
                .unwrap()
                .contains("label=${LABEL:-incident}")
    );
    let mut rolled_back = 0;
    each_production_run(|workflow, start, history| {
        let says = status(workflow, start, history);
        assert_eq!(
            says == "rolled-back",
            succeeded(history, "rollback"),
            "{history:?}"
        );
        rolled_back += u32::from(says == "rolled-back");
    });
    assert!(rolled_back > 0);
    assert!(
        told(production, "slack-notify", "rolled-back")
            && told(production, "email-notify", "rolled-back")
    );
}

/// ECO-A19
#[test]
fn a19_everybody_hears_how_every_run_ended() {
    each_production_run(|_, _, history| assert!(history.ran("notify")));
    let production = workflow(PRODUCTION);
    let before = production.before("notify");
    assert!(
        [DEPLOY, MONITOR, "rollback", "release"]
            .iter()
            .all(|id| before.contains(id))
    );
    let slack = production.job("notify").script("slack-notify");
    assert!(
        ["succeeded", "failed", "rolled-back"]
            .iter()
            .all(|status| told(production, "slack-notify", status))
    );
    assert_eq!(
        slack.env("VERSION"),
        "${{ needs.validate.outputs.version }}"
    );
    assert_eq!(
        (slack.env("ENVIRONMENT"), slack.env("CHANNEL")),
        ("production".into(), "#deployments".into())
    );
    assert!(slack.env("TITLE").ends_with("${{ env.STATUS }}"));
    assert_eq!(slack.env("SLACK_WEBHOOK_URL"), secret("SLACK_WEBHOOK_URL"));
    let links = slack.env("LINKS");
    let links: Vec<_> = links.lines().collect();
    assert_eq!(
        links,
        [
            "production|https://api.example.com",
            "Grafana|https://grafana.example.com"
        ]
    );
    // The script adds the third link, to the run, and who started it.
    let script = slack.run.as_ref().unwrap();
    assert!(
        script.contains(r#"["Workflow run", "#)
            && script.contains(r#"field("Actor"; env.GITHUB_ACTOR)"#)
    );
    assert!(script.contains(r#"field("Status"; env.STATUS)"#));
}

/// ECO-A20
#[test]
fn a20_three_events_send_an_e_mail() {
    let production = workflow(PRODUCTION);
    let told = |status| told(production, "email-notify", status);
    assert!(told("failed") && told("rolled-back") && !told("succeeded"));
    for id in ["notify", "security-scan", "build-and-test"] {
        let mail = production.job(id).script("email-notify");
        assert_eq!(mail.env("MAIL_TO"), "devops@example.com");
        assert_eq!(mail.env("EMAIL_USERNAME"), secret("EMAIL_USERNAME"));
        assert_eq!(mail.env("EMAIL_PASSWORD"), secret("EMAIL_PASSWORD"));
        assert_eq!(mail.env("SMTP_URL"), "smtps://smtp.gmail.com:465");
    }
    for id in ["security-scan", "build-and-test"] {
        let mail = production.job(id).script("email-notify");
        let sent = |verdict: &str, failure: bool| {
            let names = json!({"steps": {"policy": {"outputs": {"verdict": verdict}}}});
            runs(
                mail.condition.as_deref(),
                &Context {
                    names,
                    success: !failure,
                    failure,
                    cancelled: false,
                },
            )
        };
        assert!(sent("block", true), "{id}");
        // A scanner that breaks has found nothing; the end of the run tells of it.
        assert!(!sent("", true) && !sent("warn", false), "{id}");
    }
}

/// ECO-A21
#[test]
fn a21_only_a_release_that_held_is_published() {
    let mut published = 0;
    each_production_run(|_, _, history| {
        published += u32::from(history.ran("release"));
        let held = succeeded(history, DEPLOY) && succeeded(history, MONITOR) && !history.cancelled;
        // A run that somebody cancels afterwards may have published before.
        assert!(
            !history.ran("release") || (succeeded(history, DEPLOY) && succeeded(history, MONITOR))
        );
        assert!(!held || history.ran("release"), "{history:?}");
    });
    assert!(published > 0);
    let production = workflow(PRODUCTION);
    let writers = production.jobs.values().filter(|job| {
        job.permissions
            .get("contents")
            .is_some_and(|access| access == "write")
    });
    assert_eq!(
        writers.map(|job| job.id.as_str()).collect::<Vec<_>>(),
        ["release"]
    );
    let step = production.job("release").script("github-release");
    let services = step.env("SERVICES");
    assert_eq!(
        services.lines().collect::<Vec<_>>(),
        ["backend", "ai-gateway", "recommendations", "search"]
    );
    assert_eq!(step.env("STATUS"), "deployed and verified");
    let script = step.run.as_ref().unwrap();
    assert!(script.contains("releases/generate-notes") && script.contains("row Time "));
}
