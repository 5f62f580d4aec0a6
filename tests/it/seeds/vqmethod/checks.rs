//! What every change is held against.

use serde_json::json;

use super::{context, workflow};
use crate::seeds::evaluate::{histories, runs};

/// VQM-A1
#[test]
fn a1_pushes_to_three_patterns_and_pull_requests_are_checked() {
    let ci = workflow("ci");
    assert_eq!(
        ci.trigger("push").branches,
        ["main", "develop", "feature/**"]
    );
    assert_eq!(ci.trigger("pull_request").branches, ["main", "develop"]);
}

/// VQM-A2
#[test]
fn a2_both_parts_are_compiled_linted_tested_and_built_in_their_folders() {
    let ci = workflow("ci");
    for part in ["backend", "frontend"] {
        let lint = ci.job(&format!("lint-{part}"));
        let test = ci.job(&format!("test-{part}"));
        for job in [lint, test] {
            assert_eq!(job.working_directory(), Some(part));
            assert_eq!(job.running("npm ci").condition, None);
        }
        let types = lint.running("npx tsc --noEmit");
        let style = lint.running("npx eslint . --max-warnings 0");
        assert!(!types.continue_on_error && !style.continue_on_error);
        assert!(test.running("npm test -- --coverage").condition.is_none());
        let kept = test.step("Keep the coverage");
        assert_eq!(kept.action(), Some("actions/upload-artifact"));
        let build = ci
            .job(&format!("build-{part}"))
            .using("docker/build-push-action");
        assert_eq!(build.with("context"), part);
    }
}

/// VQM-A3
#[test]
fn a3_integration_tests_have_their_services_and_a_migrated_database() {
    let ci = workflow("ci");
    let job = ci.job("integration-tests");
    for (service, health) in [("postgres", "pg_isready"), ("redis", "redis-cli ping")] {
        let options = job.services[service]["options"].as_str().unwrap();
        assert!(options.contains(health), "{options}");
    }
    for variable in ["DATABASE_URL", "REDIS_URL"] {
        assert!(job.env[variable].as_str().unwrap().contains("localhost"));
    }
    let run = job
        .running("npm run test:integration")
        .run
        .as_deref()
        .unwrap();
    let (migrate, test) = run.split_once(" && ").unwrap();
    assert_eq!(
        (migrate, test.trim()),
        ("npx prisma migrate deploy", "npm run test:integration")
    );
}

/// VQM-A4
#[test]
fn a4_images_build_the_schema_is_valid_and_leftovers_only_warn() {
    let ci = workflow("ci");
    for part in ["backend", "frontend"] {
        let build = ci
            .job(&format!("build-{part}"))
            .using("docker/build-push-action");
        assert_eq!(build.with("push"), "false");
        let find = ci.job(&format!("lint-{part}")).script("find-words");
        assert_eq!(find.env("WORDS"), "console.log");
        // That it never fails is shown with the script; nothing before hides it either.
        let failed = crate::seeds::evaluate::Context {
            success: false,
            failure: true,
            ..context(json!({}))
        };
        assert!(runs(find.condition.as_deref(), &failed));
    }
    let lint = ci.job("lint-backend");
    assert!(!lint.running("npx prisma validate").continue_on_error);
    let risky = lint.script("risky-migrations");
    assert_eq!(risky.env("FOLDER"), "backend/prisma/migrations");
}

/// VQM-A5
#[test]
fn a5_one_job_says_how_all_others_ended() {
    let ci = workflow("ci");
    let (last, status) = ci.jobs.last().unwrap();
    assert_eq!(last, "ci-status");
    assert!(status.condition.as_deref().unwrap().contains("always()"));
    for id in ci.jobs.keys().filter(|id| *id != last) {
        assert!(status.needs.contains(id), "{id}");
    }
    let results = status.script("job-results");
    assert_eq!(results.env("NEEDS"), "${{ toJSON(needs) }}");
    assert_eq!(results.env("ALLOW_FAILURE"), "", "every job blocks");
    for history in histories(ci, &super::start("push", json!({}))) {
        assert!(history.ran(last), "{history:?}");
    }
}
