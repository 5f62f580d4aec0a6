//! `ci.yml`.

use super::{assert_in_order, workflow};

/// PIT-A1
#[test]
fn a1_pull_requests_are_checked_and_nothing_is_deployed() {
    let ci = workflow("ci");
    assert_eq!(ci.on.keys().collect::<Vec<_>>(), ["pull_request"]);
    assert_eq!(ci.trigger("pull_request").branches, ["main"]);
    assert!(ci.jobs.values().all(|job| job.environment.is_none()));
}

/// PIT-A2
#[test]
fn a2_the_frontend_is_checked_and_built_on_two_versions_of_node() {
    let ci = workflow("ci");
    let job = ci.job("frontend");
    let mut versions = job.matrix("version");
    versions.sort();
    assert_eq!(versions, ["18", "20"]);
    assert_eq!(
        job.using("actions/setup-node").with("node-version"),
        "${{ matrix.version }}"
    );
    assert_eq!(job.working_directory(), Some("frontend"));
    let steps = [
        "npm ci",
        "npx tsc --noEmit",
        "npx eslint .",
        "npm run test:coverage",
        "npm run build",
        "npm run build:analyze",
    ];
    assert_in_order(job, &steps);
    // A type that is not there is not checked: all of the code must have one.
    job.running("npx type-coverage --strict --at-least 100");
    // One version is what everything after works with.
    let keep = job.using("actions/upload-artifact");
    assert_eq!(
        keep.condition.as_deref(),
        Some("${{ matrix.version == '20' }}")
    );
    assert_eq!(keep.with("path"), "frontend/dist");
    assert_eq!(keep.with("if-no-files-found"), "error");
    for id in ["e2e-tests", "performance"] {
        let fetch = ci.job(id).using("actions/download-artifact");
        assert_eq!(fetch.with("name"), keep.with("name"));
        assert_eq!(fetch.with("path"), keep.with("path"));
    }
}

/// PIT-A3
#[test]
fn a3_the_backend_is_checked_with_deno() {
    let ci = workflow("ci");
    let job = ci.job("backend");
    assert_eq!(job.using("denoland/setup-deno").with("deno-version"), "2.x");
    assert_in_order(
        job,
        &["deno lint", "deno fmt --check", "deno check", "deno test"],
    );
}

/// PIT-A4
#[test]
fn a4_coverage_below_80_percent_fails() {
    let ci = workflow("ci");
    for (id, script, report) in [
        ("frontend", "coverage-summary", "SUMMARY_FILE"),
        ("backend", "coverage-lcov", "REPORTS"),
    ] {
        let job = ci.job(id);
        let judge = job.script(script);
        assert_eq!(judge.env("MINIMUM"), "80");
        assert!(judge.condition.is_none() && !judge.continue_on_error);
        assert!(judge.env(report).contains("coverage"), "{id}");
        let tests = if id == "frontend" {
            "npm run test:coverage"
        } else {
            "deno test"
        };
        assert_in_order(job, &[tests, script]);
    }
}

/// PIT-A5
#[test]
fn a5_the_bundle_stays_below_its_budget() {
    let ci = workflow("ci");
    let job = ci.job("frontend");
    let judge = job.script("bundle-budget");
    assert_eq!(judge.env("FOLDER"), "dist");
    let budget = format!(
        "{} total\n{} assets/index-*.js",
        2 * 1024 * 1024,
        500 * 1024
    );
    assert_eq!(judge.env("BUDGET"), budget);
    assert!(judge.condition.is_none() && !judge.continue_on_error);
    assert_in_order(job, &["npm run build", "bundle-budget"]);
}

/// PIT-A6
#[test]
fn a6_pages_are_fast_enough() {
    let ci = workflow("ci");
    let job = ci.job("performance");
    assert_in_order(
        job,
        &[
            "actions/download-artifact",
            "lighthouse-collect",
            "lighthouse-gate",
        ],
    );
    assert_eq!(
        job.script("lighthouse-collect").env("FOLDER"),
        "frontend/dist"
    );
    let gate = job.script("lighthouse-gate");
    let limits = gate.env("LIMITS");
    for limit in [
        "performance >= 0.7",
        "first-contentful-paint <= 2000",
        "largest-contentful-paint <= 4000",
        "cumulative-layout-shift <= 0.1",
        "total-blocking-time <= 300",
        "interactive <= 5000",
    ] {
        assert!(limits.lines().any(|line| line == limit), "{limit}");
    }
    assert_eq!(gate.env("ON_FAILURE"), "", "they are errors");
    assert!(gate.condition.is_none() && !gate.continue_on_error && !job.continue_on_error);
}

/// PIT-A8
#[test]
fn a8_scanners_wait_for_nothing() {
    assert!(workflow("ci").job("security-scan").needs.is_empty());
    let security = workflow("security");
    // Those that ask and tell people come behind them.
    let people = ["security-review", "notify-findings"];
    let scans = security
        .jobs
        .values()
        .filter(|job| !people.contains(&job.id.as_str()));
    for job in scans {
        assert!(job.needs.is_empty(), "{}", job.id);
    }
}

/// PIT-A11
#[test]
fn a11_browsers_try_what_it_does_how_it_looks_and_who_can_use_it() {
    let ci = workflow("ci");
    let job = ci.job("e2e-tests");
    assert_eq!(
        job.matrix("project"),
        ["functional", "visual", "accessibility"]
    );
    let run = job.running("npm run test:e2e -- --project=\"$PROJECT\"");
    assert_eq!(run.env("PROJECT"), "${{ matrix.project }}");
    job.running("npx playwright install --with-deps");
    let report = job.step("Keep the report");
    assert_eq!(report.condition.as_deref(), Some("${{ failure() }}"));
    assert_eq!(
        report.with("path"),
        "frontend/playwright-report\nfrontend/test-results"
    );
    let mut needs = job.needs.clone();
    needs.sort();
    assert_eq!(needs, ["backend", "frontend"]);
}

/// The one status check sees every job that judges something.
#[test]
fn the_quality_gates_hold_everything_together() {
    let ci = workflow("ci");
    let job = ci.job("quality-gates");
    assert_eq!(job.condition.as_deref(), Some("${{ always() }}"));
    let all: Vec<_> = ci
        .ids()
        .into_iter()
        .filter(|id| !["quality-gates", "notify-findings"].contains(id))
        .collect();
    assert_eq!(job.needs, all);
    let results = job.script("job-results");
    assert_eq!(results.env("ALLOW_FAILURE"), "");
}
