//! `cd-production.yml`.

use serde_json::{Value, json};

use super::{assert_in_order, workflow};
use crate::seeds::evaluate::{Context, Ending, History, Start, histories, runs, text, with_faults};
use crate::seeds::read::{Generated, Job, Workflow};

/// What a deployment leaves once it has begun. What comes before the approval has its own
/// tests; here it ends well.
fn outputs(job: &Job, ending: Ending) -> Vec<Value> {
    let begun = json!({"release": "17-1", "previous_version": "17-1"});
    let early = [
        "validate",
        "frontend",
        "backend",
        "integration-tests",
        "security-scan",
        "secret-scan",
        "production-approval-request",
    ];
    match (job.id.as_str(), ending) {
        (id, Ending::Success) if early.contains(&id) => vec![json!({})],
        (id, _) if early.contains(&id) => Vec::new(),
        ("deploy-api" | "deploy-site", Ending::Success) => vec![begun],
        ("deploy-api" | "deploy-site", _) => vec![json!({}), begun],
        _ => vec![json!({})],
    }
}

/// Every way in which a run can go from the approvals on.
fn each_run(inputs: Value, mut check: impl FnMut(&Workflow, &History)) {
    let mut workflow = workflow("cd-production").clone();
    for id in ["follow-up", "post-rollback-monitoring", "notify"] {
        workflow.jobs.shift_remove(id);
    }
    let start = Start {
        event: "workflow_dispatch",
        inputs,
        git_ref: "refs/heads/main",
        outputs: &outputs,
    };
    for history in histories(&workflow, &start) {
        check(&workflow, &history);
    }
}

/// PIT-A17
#[test]
fn a17_a_deployment_is_started_by_hand_with_four_fields() {
    let workflow = workflow("cd-production");
    assert_eq!(
        workflow.on.keys().collect::<Vec<_>>(),
        ["workflow_dispatch"]
    );
    let inputs = &workflow.trigger("workflow_dispatch").inputs;
    let tag = &inputs["version_tag"];
    assert_eq!((tag.r#type.as_str(), tag.required), ("string", true));
    let kind = &inputs["deployment_type"];
    assert_eq!(kind.r#type, "choice");
    assert_eq!(kind.options, ["standard", "hotfix"]);
    assert_eq!(kind.default, Some("standard".into()));
    let skip = &inputs["skip_tests"];
    assert_eq!(
        (skip.r#type.as_str(), &skip.default),
        ("boolean", &Some(false.into()))
    );
    // Nothing is deployed but a tag that fits its type.
    let validate = workflow.job("validate");
    assert_in_order(
        validate,
        &["resolve-version", "check-request", "change-impact"],
    );
    let version = validate.script("resolve-version");
    assert_eq!(version.env("VERSION_INPUT"), "${{ inputs.version_tag }}");
    assert_eq!(
        version.env("VERSION_PATTERN"),
        r"^(hotfix-)?v[0-9]+\.[0-9]+\.[0-9]+$"
    );
    let request = validate.script("check-request");
    assert_eq!(request.env("TYPE"), "${{ inputs.deployment_type }}");
    assert_eq!(request.env("SKIP"), "${{ inputs.skip_tests }}");
}

/// PIT-A18
#[test]
fn a18_two_people_agree_before_anything_touches_production() {
    for (kind, gates) in [
        (
            "standard",
            ["approve-production-1", "approve-production-2"].as_slice(),
        ),
        ("hotfix", &["approve-production-hotfix-1"]),
    ] {
        let inputs = json!({"deployment_type": kind, "skip_tests": false});
        let mut deployed = 0;
        each_run(inputs, |workflow, history| {
            let touches = |job: &&Job| {
                let environment = job.environment.as_ref();
                environment.is_some_and(|one| one.name == "production")
            };
            for job in workflow.jobs.values().filter(touches) {
                if history.ran(&job.id) {
                    deployed += 1;
                    let agreed = gates.iter().all(|gate| history.result(gate) == "success");
                    assert!(agreed, "{history:?}");
                    assert_eq!(history.result("production-approval"), "success");
                }
            }
            assert!(kind == "hotfix" || !history.ran("production-emergency-notice"));
            // A hotfix is told before it is agreed to.
            if history.ran("approve-production-hotfix-1") {
                assert_eq!(history.result("production-emergency-notice"), "success");
                assert!(!history.ran("approve-production-1"));
            }
        });
        assert!(deployed > 0, "{kind}");
    }
    let workflow = workflow("cd-production");
    let count = workflow
        .job("production-approval")
        .script("approval-quorum");
    assert!(count.env("REQUIRED").contains("'hotfix' && '1' || '2'"));
    assert!(
        count
            .env("ENVIRONMENTS")
            .contains("production-approval-1 production-approval-2")
    );
    let generated = Generated::preset(super::NAME);
    for (name, reviewers) in [
        ("production-approval-1", ["team/production"]),
        ("production-approval-2", ["team/production"]),
        ("production-emergency", ["team/on-call"]),
    ] {
        let known = generated
            .environments
            .iter()
            .find(|known| known.name == name);
        assert_eq!(known.unwrap().reviewers, reviewers, "{name}");
    }
}

/// PIT-A19
#[test]
fn a19_only_a_hotfix_may_skip_the_scan() {
    let workflow = workflow("cd-production");
    let scan = workflow.job("security-scan");
    let ran = |kind: &str, skip: bool| {
        let context = Context {
            names: json!({"inputs": {"deployment_type": kind, "skip_tests": skip}, "needs": {"validate": {"result": "success"}}}),
            success: true,
            failure: false,
            cancelled: false,
        };
        runs(scan.condition.as_deref(), &context)
    };
    assert!(ran("standard", false) && ran("standard", true) && ran("hotfix", false));
    assert!(!ran("hotfix", true));
    // Secrets are looked for in any case, and what is found stops everything.
    let secrets = workflow.job("secret-scan");
    assert_eq!(secrets.condition, None);
    let tools = [
        "Scan for secrets (Gitleaks)",
        "Scan the history for live secrets (TruffleHog)",
    ];
    for tool in tools {
        assert!(secrets.steps.iter().any(|step| step.name == tool), "{tool}");
        assert!(scan.steps.iter().all(|step| step.name != tool), "{tool}");
    }
    let judge = secrets.script("severity-policy");
    assert_eq!(
        judge.env("POLICY"),
        "reports/secrets block=critical,high,medium,low"
    );
    let inputs = json!({"deployment_type": "hotfix", "skip_tests": true});
    each_run(inputs, |_, history| {
        assert!(!history.ran("deploy-api") || history.result("secret-scan") == "success");
    });
}

/// A secret in a hotfix stops it before anybody is asked.
#[test]
fn a_secret_stops_a_hotfix() {
    let mut workflow = workflow("cd-production").clone();
    let kept = workflow.before("approve-production-hotfix-1");
    let kept: Vec<_> = kept.iter().map(|id| (*id).to_owned()).collect();
    workflow
        .jobs
        .retain(|id, _| kept.contains(id) || id == "approve-production-hotfix-1");
    let start = Start {
        event: "workflow_dispatch",
        inputs: json!({"deployment_type": "hotfix", "skip_tests": true}),
        git_ref: "refs/heads/main",
        outputs: &|_, _| vec![json!({})],
    };
    let mut stopped = 0;
    for history in with_faults(&workflow, &start, 1) {
        assert!(!history.ran("security-scan"));
        if history.result("secret-scan") == "failure" {
            assert!(!history.ran("approve-production-hotfix-1"), "{history:?}");
            stopped += 1;
        }
    }
    assert!(stopped > 0);
}

/// PIT-A20
#[test]
fn a20_only_pending_migrations_run_and_only_behind_a_backup() {
    let workflow = workflow("cd-production");
    let job = workflow.job("deploy-api");
    assert_in_order(
        job,
        &[
            "drizzle-status",
            "pg-dump",
            "drizzle-migrate",
            "wrangler-deploy",
        ],
    );
    let pending = Some("${{ steps.pending.outputs.has_migrations == 'true' }}");
    for script in ["pg-dump", "drizzle-migrate"] {
        let step = job.script(script);
        assert_eq!(step.condition.as_deref(), pending);
        assert!(!step.continue_on_error);
        assert_eq!(
            step.env("DATABASE_URL"),
            "${{ secrets.PRODUCTION_DATABASE_URL }}"
        );
    }
    let after = job.step("Check that nothing is left to migrate");
    assert_eq!(after.env("REQUIRE_CURRENT"), "1");
}

/// PIT-A21
#[test]
fn a21_the_maintenance_mode_is_asked_for_and_ends_in_any_case() {
    let workflow = workflow("cd-production");
    let input = &workflow.trigger("workflow_dispatch").inputs["maintenance_mode"];
    assert_eq!(
        (input.r#type.as_str(), &input.default),
        ("boolean", &Some(false.into()))
    );
    let job = workflow.job("deploy-api");
    let on = job.step("Switch the maintenance mode on");
    assert_eq!(
        on.condition.as_deref(),
        Some("${{ inputs.maintenance_mode }}")
    );
    assert_eq!(on.env("DRAIN"), "30");
    // PIT-81: those who use it read why it is away.
    assert_eq!(
        on.env("MAINTENANCE_MESSAGE"),
        "We are back in a few minutes"
    );
    assert_eq!(
        on.env("MAINTENANCE_TOKEN"),
        "${{ secrets.ADMIN_API_TOKEN }}"
    );
    assert_in_order(
        job,
        &["maintenance-switch", "wrangler-deploy", "health-check"],
    );
    // Where the deployment itself does not come to it, its roll-back does.
    for job in ["deploy-api", "rollback-api"] {
        let off = workflow.job(job).step("Switch the maintenance mode off");
        let condition = off.condition.as_deref().unwrap();
        assert!(condition.contains("always()"), "{job}: {condition}");
    }
}

/// PIT-93, PIT-175
#[test]
fn monitors_elsewhere_look_away_during_maintenance_only() {
    let by_hand = workflow("rollback");
    let workflow = workflow("cd-production");
    let (pause, resume) = (
        "Pause the monitor at Uptime Robot",
        "Resume the monitor at Uptime Robot",
    );
    for (job, condition) in [
        (workflow.job("deploy-api"), "inputs.maintenance_mode"),
        (by_hand.job("rollback-production-api"), "inputs.maintenance"),
        (
            by_hand.job("rollback-production-database"),
            "inputs.maintenance",
        ),
    ] {
        let at = |name: &str| job.steps.iter().position(|step| step.name == name).unwrap();
        let order = [
            pause,
            "Switch the maintenance mode on",
            "Switch the maintenance mode off",
            resume,
        ];
        assert!(order.map(at).is_sorted(), "{}", job.id);
        let condition = format!("${{{{ {condition} }}}}");
        assert_eq!(job.step(pause).condition, Some(condition));
        let again = job.step(resume);
        assert_eq!(again.env("IDS"), "${{ steps.pause.outputs.paused }}");
        // Also when the deployment failed, or ran out of time.
        let wanted = "${{ always() && steps.pause.outputs.paused != '' }}";
        assert_eq!(again.condition.as_deref(), Some(wanted));
    }
    let left = |outcome: &str, resumed: &str| {
        let steps = json!({"steps": {"pause": {"outputs": {"paused": "71"}},
            "resume": {"outcome": outcome, "outputs": {"paused": resumed}}}});
        let context = Context {
            names: steps,
            success: true,
            failure: false,
            cancelled: false,
        };
        text(&workflow.job("deploy-api").outputs["paused"], &context)
    };
    assert_eq!(
        (left("success", ""), left("success", "71"), left("", "")),
        ("".into(), "71".into(), "71".into())
    );
    let late = workflow.job("rollback-api").step(resume);
    assert_eq!(late.env("IDS"), "${{ needs.deploy-api.outputs.paused }}");
    let wanted = "${{ always() && needs.deploy-api.outputs.paused != '' }}";
    assert_eq!(late.condition.as_deref(), Some(wanted));
}

/// PIT-A22
#[test]
fn a22_a_version_is_asked_before_it_gets_traffic() {
    let workflow = workflow("cd-production");
    let job = workflow.job("deploy-api");
    assert_in_order(
        job,
        &[
            "wrangler-record",
            "wrangler-deploy",
            "wrangler-check",
            "health-check",
        ],
    );
    assert_eq!(job.script("wrangler-deploy").env("TRAFFIC"), "none");
    let shifts = job
        .steps
        .iter()
        .filter(|step| step.script() == Some("wrangler-shift"));
    let shares: Vec<_> = shifts.map(|step| step.env("PERCENT")).collect();
    assert_eq!(shares, ["0", "100"]);
    let check = job
        .steps
        .iter()
        .position(|step| step.script() == Some("wrangler-check"));
    let all = job
        .steps
        .iter()
        .position(|step| step.env("PERCENT") == "100");
    assert!(check < all);
    assert_eq!(
        job.outputs["previous_version"],
        "${{ steps.record.outputs.previous_version }}"
    );
}

/// PIT-A23
#[test]
fn a23_what_fails_goes_back_to_what_was_recorded() {
    let workflow = workflow("cd-production");
    let back = workflow.job("rollback-api").script("wrangler-rollback");
    assert_eq!(
        back.env("PREVIOUS_VERSION"),
        "${{ needs.deploy-api.outputs.release }}"
    );
    workflow.job("rollback-site").script("pages-rollback");
    let tried = [
        "deploy-api",
        "deploy-site",
        "e2e-tests",
        "lighthouse",
        "security-check",
        "post-deployment-monitoring",
    ];
    let mut undone = 0;
    let inputs = json!({"deployment_type": "hotfix", "skip_tests": false});
    each_run(inputs, |_, history| {
        let begun = !history.output("deploy-api", "release").is_empty();
        let stopped = |id: &&str| ["failure", "cancelled"].contains(&history.result(id));
        let bad = tried.iter().any(stopped);
        assert_eq!(history.ran("rollback-api"), begun && bad, "{history:?}");
        undone += u32::from(history.ran("rollback-api"));
    });
    assert!(undone > 0);
    for script in ["slack-notify", "pagerduty-notify"] {
        workflow.job("notify").script(script);
    }
}

/// PIT-A24
#[test]
fn a24_production_is_held_to_stricter_limits() {
    let workflow = workflow("cd-production");
    let limits = workflow
        .job("lighthouse")
        .script("lighthouse-gate")
        .env("LIMITS");
    for limit in [
        "performance >= 0.8",
        "first-contentful-paint <= 1500",
        "largest-contentful-paint <= 2500",
        "interactive <= 3500",
        "total-blocking-time <= 300",
        "cumulative-layout-shift <= 0.1",
    ] {
        assert!(
            limits.lines().any(|line| line == limit),
            "{limit} in {limits}"
        );
    }
    let tests = workflow.job("e2e-tests").running("--grep=\"$GREP\"");
    assert_eq!(tests.env("GREP"), "@critical");
    let headers = workflow.job("security-check").script("header-check");
    assert!(headers.env("HEADERS").contains("Strict-Transport-Security"));
    let follow_up = workflow.job("follow-up").script("incident-issue");
    assert_eq!(follow_up.env("LABEL"), "follow-up");
}

/// PIT-A25
#[test]
fn a25_a_release_is_watched_for_half_an_hour() {
    let workflow = workflow("cd-production");
    let job = workflow.job("post-deployment-monitoring");
    let watch = job.script("monitor-metrics");
    let number = |name: &str| watch.env(name).parse::<u32>().unwrap();
    assert!(number("CHECKS") * number("INTERVAL") >= 30 * 60);
    let limits: serde_json::Value = serde_json::from_str(&watch.env("METRICS")).unwrap();
    assert_eq!(
        (&limits[0]["query"], &limits[0]["fail_above"]),
        (&json!("errors"), &json!(2.0))
    );
    assert_eq!(
        (&limits[1]["query"], &limits[1]["fail_above"]),
        (&json!("p95"), &json!(2.0))
    );
    assert!(job.timeout_minutes > 30);
}

/// PIT-69: whoever is on call is told of a hotfix before they are asked, and how it ended.
#[test]
fn a_hotfix_calls_whoever_is_to_agree() {
    let workflow = workflow("cd-production");
    let notice = workflow.job("production-emergency-notice");
    assert_eq!(notice.scripts(), ["slack-notify", "pagerduty-notify"]);
    let page = notice.script("pagerduty-notify");
    assert_eq!(
        (page.env("ACTION"), page.env("SEVERITY")),
        ("trigger".into(), "warning".into())
    );
    let ended = workflow.job("notify").script("pagerduty-notify");
    // One alert, since both name it in the same way.
    for step in [page, ended] {
        assert_eq!(
            (step.env("ENVIRONMENT"), step.env("DEDUP_KEY")),
            ("production".into(), String::new())
        );
    }
    let gate = workflow.job("approve-production-hotfix-1");
    assert!(gate.needs.contains(&notice.id));
}
