//! `rollback.yml`.

use serde_json::{Value, json};

use super::{assert_in_order, workflow};
use crate::seeds::evaluate::{History, Start, with_faults};
use crate::seeds::read::Workflow;

/// The ways in which a roll-back of an environment can go with at most two jobs that do not end well; the
/// jobs of the other environment are left out.
fn all(environment: &str, target: &str) -> Vec<History> {
    let other = if environment == "staging" {
        "production"
    } else {
        "staging"
    };
    let mut workflow = workflow("rollback").clone();
    workflow
        .jobs
        .retain(|id, _| !id.contains(other) && id != "report");
    let start = Start {
        event: "workflow_dispatch",
        inputs: json!({"environment": environment, "rollback_target": target}),
        git_ref: "refs/heads/main",
        outputs: &|_, _| vec![json!({})],
    };
    with_faults(&workflow, &start, 2)
}

/// PIT-A27
#[test]
fn a27_the_application_the_database_or_both_go_back_behind_approval_and_backup() {
    for environment in ["staging", "production"] {
        for (target, application, database) in [
            ("full", true, true),
            ("application", true, false),
            ("database", false, true),
        ] {
            let id = |job: &str| format!("{job}-{environment}");
            let (approve, backup) = (id("approve"), id("backup"));
            let api = id("rollback") + "-api";
            let parts = [
                (api.clone(), application),
                (id("rollback") + "-site", application),
            ];
            let data = id("rollback") + "-database";
            let data_job = (data.clone(), database);
            let mut seen = [0; 3];
            for history in all(environment, target) {
                let jobs = parts.iter().chain(std::iter::once(&data_job));
                for ((id, wanted), count) in jobs.zip(&mut seen) {
                    if history.ran(id) {
                        assert!(wanted, "{target}: {history:?}");
                        for before in ["validate", &approve, &backup] {
                            assert_eq!(history.result(before), "success", "{history:?}");
                        }
                        *count += 1;
                    }
                }
                // The application that needs the database as it is has gone back first.
                if history.ran(&data) && application {
                    assert!(parts.iter().all(|(id, _)| history.result(id) == "success"));
                }
            }
            let seen = seen.map(|count| count > 0);
            assert_eq!(seen, [application, application, database], "{target}");
        }
    }
}

/// PIT-109, PIT-110
#[test]
fn one_person_agrees_once_it_is_known_what_goes_back() {
    let workflow = workflow("rollback");
    let gate = workflow.job("approve-production");
    let environment = gate.environment.as_ref().unwrap();
    assert_eq!(environment.name, "production-rollback-approval");
    assert_eq!(gate.needs, ["validate"]);
    let refused: Vec<_> = all("production", "full")
        .into_iter()
        .filter(|history| history.result("approve-production") == "failure")
        .collect();
    assert!(!refused.is_empty());
    for history in refused {
        assert!(!history.ran("backup-production") && !history.ran("verify-production"));
    }
}

/// PIT-108, PIT-112
#[test]
fn the_database_goes_back_to_what_the_release_knew() {
    let workflow = workflow("rollback");
    let job = workflow.job("rollback-production-database");
    assert_in_order(
        job,
        &[
            "actions/checkout",
            "drizzle-status",
            "drizzle-steps",
            "maintenance-switch",
            "drizzle-rollback",
        ],
    );
    let checkout = job.using("actions/checkout");
    // The commit of the run: an earlier one has no SQL to take newer migrations back with.
    assert_eq!(checkout.with("ref"), "");
    assert_eq!(checkout.with("fetch-depth"), "0");
    let count = job.script("drizzle-steps");
    assert_eq!(count.env("SHA"), "${{ needs.validate.outputs.sha }}");
    let back = job.script("drizzle-rollback");
    assert_eq!(back.env("STEPS"), "${{ steps.newer.outputs.steps }}");
    assert_eq!(
        back.condition.as_deref(),
        Some("${{ steps.newer.outputs.needed == 'true' }}")
    );
    // No cache: what runs here holds the keys of the database.
    assert!(job.using("denoland/setup-deno").with("cache") == "false");
}

fn inputs(workflow: &Workflow) -> Vec<(&str, Value)> {
    let inputs = &workflow.trigger("workflow_dispatch").inputs;
    inputs
        .iter()
        .map(|(name, input)| (name.as_str(), json!(input.options)))
        .collect()
}

/// PIT-13
#[test]
fn the_form_asks_for_environment_scope_version_and_reason() {
    let workflow = workflow("rollback");
    assert_eq!(workflow.name, "Emergency Rollback");
    let inputs = inputs(workflow);
    for (name, options) in [
        ("environment", json!(["staging", "production"])),
        (
            "rollback_target",
            json!(["full", "application", "database"]),
        ),
        ("target_version", json!([])),
        ("reason", json!([])),
    ] {
        assert!(inputs.contains(&(name, options)), "{name}: {inputs:?}");
    }
}

/// PIT-A28
#[test]
fn a28_a_roll_back_by_hand_leaves_an_incident() {
    let workflow = workflow("rollback");
    let report = workflow.job("report");
    assert_eq!(report.permissions["issues"], "write");
    let incident = report.script("incident-issue");
    assert_eq!(incident.env("REASON"), "${{ inputs.reason }}");
    for (name, output) in [("VERSION", "current"), ("PREVIOUS_VERSION", "version")] {
        let wanted = format!("${{{{ needs.validate.outputs.{output} }}}}");
        assert_eq!(incident.env(name), wanted);
    }
}

/// PIT-170
#[test]
fn an_e_mail_has_the_details() {
    let workflow = workflow("rollback");
    let mail = workflow.job("report").script("email-notify");
    assert_eq!(mail.env("SMTP_URL"), "${{ vars.EMAIL_SERVER }}");
    for detail in [
        "inputs.reason",
        "validate.outputs.current",
        "validate.outputs.version",
        "env.STATUS",
    ] {
        assert!(mail.env("BODY").contains(detail), "{detail}");
    }
}
