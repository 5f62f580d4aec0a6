//! Roll-backs by hand.

use serde_json::{Value, json};

use super::{context, place, start, workflow};
use crate::seeds::evaluate::{History, histories, text};

fn form(environment: &str, component: &str) -> Value {
    json!({"environment": environment, "component": component, "tag": "", "reason": "broken"})
}

fn all(environment: &str, component: &str) -> Vec<History> {
    histories(
        workflow("rollback"),
        &start("workflow_dispatch", form(environment, component)),
    )
}

/// The run in which everything that runs goes well.
fn well(environment: &str, component: &str) -> History {
    let mut all = all(environment, component).into_iter();
    let workflow = workflow("rollback");
    all.find(|history| {
        let fine = |id: &String| ["success", "skipped"].contains(&history.result(id));
        workflow.jobs.keys().all(fine)
            && history.result("validate") == "success"
            && !history.cancelled
    })
    .unwrap()
}

fn ran(history: &History, ids: &[&str]) -> Vec<bool> {
    ids.iter().map(|id| history.ran(id)).collect()
}

/// VQM-A22
#[test]
fn a22_staging_waits_for_nobody_and_production_for_its_approval() {
    let workflow = workflow("rollback");
    let gate = workflow
        .job("approve-production")
        .environment
        .as_ref()
        .unwrap();
    assert_eq!(gate.name, "production-approval");
    assert!(!well("staging", "both").ran("approve-production"));
    let mut refused = 0;
    for history in all("production", "both") {
        assert!(history.ran("approve-production") || history.cancelled);
        if history.result("approve-production") == "failure" {
            refused += 1;
            for id in [
                "validate",
                "backup-production",
                "rollback-production-backend",
                "rollback-production-frontend",
            ] {
                assert!(!history.ran(id), "{id}: {history:?}");
            }
        }
    }
    assert!(refused > 0);
}

/// VQM-A23. What the script finds is shown with it.
#[test]
fn a23_the_target_is_asked_for_or_found_in_the_records() {
    let workflow = workflow("rollback");
    let tag = &workflow.trigger("workflow_dispatch").inputs["tag"];
    assert!(!tag.required && tag.r#type == "string");
    let validate = workflow.job("validate");
    let find = validate.script("previous-version");
    assert_eq!(find.env("VERSION_INPUT"), "${{ inputs.tag }}");
    let environment = |environment: &str, component: &str| {
        let names = json!({"inputs": form(environment, component)});
        text(&find.env("ENVIRONMENT"), &context(names))
    };
    assert_eq!(environment("staging", "both"), "staging-backend");
    assert_eq!(environment("production", "backend"), "production-backend");
    assert_eq!(environment("production", "frontend"), "production-frontend");
    let exists = validate.script("resolve-version");
    assert_eq!(
        exists.env("VERSION_INPUT"),
        "${{ steps.previous.outputs.version }}"
    );
    let kind = |environment: &str| {
        text(
            &exists.env("VERSION_KIND"),
            &context(json!({"inputs": form(environment, "both")})),
        )
    };
    assert_eq!(
        (kind("staging"), kind("production")),
        ("commit".into(), "tag".into())
    );
    let images = validate.script("resolve-images");
    let steps = json!({"version": {"outputs": {"version": "v1.0.0", "sha": "c0ffee"}}});
    for (environment, wanted) in [("staging", "sha-c0ffee"), ("production", "v1.0.0")] {
        let names = json!({"inputs": form(environment, "both"), "steps": steps, "github": {"repository": "o/r"}});
        let images = text(&images.env("IMAGES"), &context(names));
        assert_eq!(
            images,
            format!(
                "BACKEND_IMAGE=ghcr.io/o/r/backend:{wanted}\nFRONTEND_IMAGE=ghcr.io/o/r/frontend:{wanted}"
            )
        );
    }
}

/// VQM-A24
#[test]
fn a24_a_part_alone_leaves_the_other_in_peace() {
    let by_hand = workflow("rollback");
    let component = &by_hand.trigger("workflow_dispatch").inputs["component"];
    assert_eq!(component.options, ["both", "backend", "frontend"]);
    for environment in ["staging", "production"] {
        let ids = [
            format!("rollback-{environment}-backend"),
            format!("rollback-{environment}-frontend"),
            format!("verify-{environment}"),
            "report".to_owned(),
        ];
        let ids: Vec<_> = ids.iter().map(String::as_str).collect();
        assert_eq!(ran(&well(environment, "both"), &ids), [true; 4]);
        assert_eq!(
            ran(&well(environment, "backend"), &ids),
            [true, false, true, true]
        );
        assert_eq!(
            ran(&well(environment, "frontend"), &ids),
            [false, true, true, true]
        );
    }
    let other = well("staging", "both");
    for id in [
        "backup-production",
        "rollback-production-backend",
        "rollback-production-frontend",
        "verify-production",
    ] {
        assert!(!other.ran(id), "{id}");
    }
    let workflow = workflow("rollback");
    let switches = |id: &str| {
        workflow
            .job(id)
            .scripts()
            .iter()
            .filter(|script| **script == "maintenance-switch")
            .count()
    };
    assert_eq!(switches("rollback-production-backend"), 2);
    assert_eq!(switches("rollback-production-frontend"), 0);
    for history in all("production", "both") {
        let failed = history.result("rollback-production-backend") == "failure";
        assert!(
            !failed || !history.ran("rollback-production-frontend"),
            "{history:?}"
        );
    }
}

/// VQM-A25
#[test]
fn a25_a_snapshot_comes_first_and_an_incident_last() {
    let workflow = workflow("rollback");
    for part in ["backend", "frontend"] {
        let id = format!("rollback-production-{part}");
        workflow.assert_order(&["backup-production", &id, "report"]);
        for history in all("production", part) {
            assert!(!history.ran(&id) || history.result("backup-production") == "success");
        }
    }
    let snapshot = workflow.job("backup-production").script("rds-snapshot");
    assert_eq!(snapshot.env("PURPOSE"), "rollback");
    let report = workflow.job("report");
    let incident = report.script("incident-issue");
    assert_eq!(incident.env("REASON"), "${{ inputs.reason }}");
    assert_eq!(
        incident.env("VERSION"),
        "${{ needs.validate.outputs.current }}"
    );
    assert_eq!(
        incident.env("PREVIOUS_VERSION"),
        "${{ needs.validate.outputs.version }}"
    );
    assert_eq!(report.permissions["issues"], "write");
    let back = workflow.job("rollback-production-backend");
    let order = [
        "kube-record",
        "maintenance-switch",
        "kube-set-image",
        "health-check",
        "record-deployment",
    ];
    let order = order.map(|script| place(back, back.script(script)));
    assert!(order.is_sorted(), "{order:?}");
    assert!(!back.scripts().contains(&"prisma-migrate"));
    let record = back.script("record-deployment");
    assert_eq!(
        (record.env("ROLLBACK"), record.env("VERSION")),
        (
            "true".into(),
            "${{ needs.validate.outputs.version }}".into()
        )
    );
}
