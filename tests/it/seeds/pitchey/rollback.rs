//! `rollback.yml`. The database goes back by `db-migration.yml`.

use serde_json::json;

use super::workflow;
use crate::seeds::evaluate::{Start, histories};

/// PIT-A27, as far as parts of the application go: each by itself, or both, behind a backup.
#[test]
fn a27_parts_go_back_alone_or_together_behind_a_backup() {
    let mut workflow = workflow("rollback").clone();
    workflow
        .jobs
        .retain(|id, _| !id.ends_with("-staging") && !id.contains("-staging-") && id != "report");
    for (target, api, site) in [
        ("both", true, true),
        ("api", true, false),
        ("site", false, true),
    ] {
        let start = Start {
            event: "workflow_dispatch",
            inputs: json!({"environment": "production", "rollback_target": target}),
            git_ref: "refs/heads/main",
            outputs: &|_, _| vec![json!({})],
        };
        let (mut backs, mut sites) = (0, 0);
        for history in histories(&workflow, &start) {
            for (id, wanted, count) in [
                ("rollback-production-api", api, &mut backs),
                ("rollback-production-site", site, &mut sites),
            ] {
                if history.ran(id) {
                    assert!(wanted, "{target}: {history:?}");
                    assert_eq!(history.result("backup-production"), "success");
                    *count += 1;
                }
            }
        }
        assert_eq!((backs > 0, sites > 0), (api, site), "{target}");
    }
}

/// PIT-A28
#[test]
fn a28_a_roll_back_by_hand_leaves_an_incident() {
    let workflow = workflow("rollback");
    assert_eq!(workflow.name, "Emergency Rollback");
    let inputs = &workflow.trigger("workflow_dispatch").inputs;
    for name in ["environment", "rollback_target", "target_version", "reason"] {
        assert!(inputs.contains_key(name), "{name}");
    }
    let report = workflow.job("report");
    assert_eq!(report.permissions["issues"], "write");
    let incident = report.script("incident-issue");
    assert_eq!(incident.env("REASON"), "${{ inputs.reason }}");
    for (name, output) in [("VERSION", "current"), ("PREVIOUS_VERSION", "version")] {
        let wanted = format!("${{{{ needs.validate.outputs.{output} }}}}");
        assert_eq!(incident.env(name), wanted);
    }
}
