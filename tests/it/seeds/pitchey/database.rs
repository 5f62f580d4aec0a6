//! `db-migration.yml` and `db-backup.yml`.

use serde_json::{Value, json};

use super::workflow;
use crate::seeds::evaluate::{Context, Ending, History, Start, histories, runs};
use crate::seeds::read::Job;

fn outputs(job: &Job, ending: Ending) -> Vec<Value> {
    if job.id.starts_with("plan") && ending == Ending::Success {
        let found = |found: &str| json!({"has_migrations": found});
        vec![found("true"), found("false")]
    } else {
        vec![json!({})]
    }
}

/// PIT-A26
#[test]
fn a26_a_database_is_planned_backed_up_migrated_and_verified() {
    let workflow = workflow("db-migration");
    assert_eq!(workflow.name, "Database Migration");
    assert_eq!(workflow.trigger("push").branches, ["main"]);
    let inputs = &workflow.trigger("workflow_dispatch").inputs;
    assert_eq!(inputs["migration_type"].options, ["forward", "rollback"]);
    assert_eq!(inputs["environment"].options, ["staging", "production"]);
    assert_eq!(inputs["rollback_steps"].default, Some("1".into()));
    for environment in ["staging", "production"] {
        let id = |job: &str| format!("{job}-{environment}");
        workflow.assert_order(&[&id("plan"), &id("backup"), &id("migrate"), &id("verify")]);
        workflow.job(&id("backup")).script("pg-dump");
        let migrate = workflow.job(&id("migrate"));
        let when = |script: &str, kind: &str| {
            let context = Context {
                names: json!({"inputs": {"migration_type": kind}}),
                success: true,
                failure: false,
                cancelled: false,
            };
            runs(migrate.script(script).condition.as_deref(), &context)
        };
        assert!(when("drizzle-rollback", "rollback") && !when("drizzle-migrate", "rollback"));
        assert!(when("drizzle-migrate", "forward") && !when("drizzle-rollback", "forward"));
        let back = migrate.script("drizzle-rollback");
        assert_eq!(back.env("STEPS"), "${{ inputs.rollback_steps }}");
        let verify = workflow.job(&id("verify"));
        assert_eq!(
            verify.scripts(),
            ["drizzle-status", "sql-checks", "query-latency"]
        );
        assert_eq!(verify.script("query-latency").env("MAX_MS"), "100");
    }
}

/// A push changes staging only; production waits for people.
#[test]
fn a_push_migrates_staging_only() {
    let mut workflow = workflow("db-migration").clone();
    workflow.jobs.retain(|id, _| !id.starts_with("notify"));
    let each = |event: &str, inputs: Value, check: &mut dyn FnMut(&History)| {
        let start = Start {
            event,
            inputs,
            git_ref: "refs/heads/main",
            outputs: &outputs,
        };
        histories(&workflow, &start).iter().for_each(check);
    };
    let mut migrated = 0;
    each("push", json!({}), &mut |history| {
        assert!(!history.ran("plan-production") && !history.ran("migrate-production"));
        if history.ran("migrate-staging") {
            migrated += 1;
            assert_eq!(history.result("backup-staging"), "success");
            assert_eq!(history.output("plan-staging", "has_migrations"), "true");
        }
    });
    assert!(migrated > 0);
    let dry = json!({"environment": "staging", "dry_run": true});
    each("workflow_dispatch", dry, &mut |history| {
        assert!(!history.ran("backup-staging") && !history.ran("migrate-staging"));
    });
    let mut back = 0;
    let inputs =
        json!({"environment": "production", "migration_type": "rollback", "dry_run": false});
    each("workflow_dispatch", inputs, &mut |history| {
        assert!(!history.ran("plan-staging"));
        if history.ran("migrate-production") {
            back += 1;
            for before in [
                "approve-production-1",
                "approve-production-2",
                "production-approval",
                "backup-production",
            ] {
                assert_eq!(history.result(before), "success", "{history:?}");
            }
        }
    });
    assert!(back > 0);
}

/// Production is dumped every hour, and each dump is kept for 90 days.
#[test]
fn production_is_backed_up_every_hour() {
    let workflow = workflow("db-backup");
    assert_eq!(workflow.trigger("schedule").crons, ["0 * * * *"]);
    let job = workflow.job("backup-production-api");
    job.script("pg-dump");
    let keep = job.using("actions/upload-artifact");
    assert_eq!(keep.with("retention-days"), "90");
}
