//! `ci.yml` and `test.yml`.

use serde_json::json;

use super::{context, start, workflow};
use crate::seeds::evaluate::{histories, runs};
use crate::seeds::read::Job;

const SUITES: [&str; 5] = [
    "test-api",
    "integration-tests",
    "e2e-tests",
    "performance-tests",
    "regression-tests",
];

/// PAT-A2
#[test]
fn a2_a_manual_run_of_one_suite_runs_that_suite_alone() {
    let workflow = workflow("test");
    let input = &workflow.trigger("workflow_dispatch").inputs["test_suite"];
    let choices = [
        "all",
        "unit",
        "integration",
        "e2e",
        "performance",
        "regression",
    ];
    assert_eq!(input.r#type, "choice");
    assert_eq!(input.options, choices);
    assert_eq!(input.default, Some("all".into()));
    for (choice, suite) in choices[1..].iter().zip(SUITES) {
        for history in histories(
            workflow,
            &start("workflow_dispatch", json!({"test_suite": choice})),
        ) {
            let ran: Vec<_> = workflow
                .ids()
                .into_iter()
                .filter(|id| history.ran(id))
                .collect();
            assert_eq!(ran, [suite]);
        }
    }
    let everything = [
        start("workflow_dispatch", json!({"test_suite": "all"})),
        start("push", json!({})),
        start("pull_request", json!({})),
    ];
    for start in everything {
        let mut combined = 0;
        for history in histories(workflow, &start) {
            // Suites run beside each other: none waits for another.
            assert!(
                SUITES
                    .iter()
                    .all(|suite| history.cancelled || history.ran(suite))
            );
            let covered = SUITES[..3]
                .iter()
                .all(|suite| history.result(suite) == "success");
            assert!(covered || !history.ran("coverage"), "{history:?}");
            // A run that somebody cancels stops wherever it is.
            assert!(!covered || history.cancelled || history.ran("coverage"));
            combined += u32::from(covered);
        }
        assert!(combined > 0);
    }
}

/// PAT-A3
#[test]
fn a3_style_and_types_are_checked() {
    let ci = workflow("ci");
    let lint = ci.job("lint-api");
    for (name, command) in [
        ("Format (Black)", "black --check src"),
        ("Order of imports (isort)", "isort --check-only src"),
        (
            "Style (Flake8)",
            "flake8 --max-complexity 10 --max-line-length 88 src",
        ),
        ("Types (mypy)", "mypy src"),
    ] {
        assert_eq!(lint.step(name).run.as_deref(), Some(command));
    }
    let frontend = ci.job("lint-frontend");
    assert_eq!(frontend.working_directory(), Some("frontend"));
    for command in ["npm run lint", "npm run type-check"] {
        assert_eq!(frontend.running(command).run.as_deref(), Some(command));
    }
    for job in [lint, frontend] {
        assert!(!job.continue_on_error && job.steps.iter().all(|step| !step.continue_on_error));
        // One complaint does not hide the next, and fails the job all the same.
        for step in job.steps.iter().filter(|step| step.run.is_some()).skip(2) {
            assert_eq!(
                step.condition.as_deref(),
                Some("${{ !cancelled() }}"),
                "{}",
                step.name
            );
        }
    }
}

/// PAT-A4
#[test]
fn a4_slow_suites_wait_for_fast_ones_and_one_job_sums_up() {
    let ci = workflow("ci");
    for last in ["e2e-tests", "performance-tests"] {
        ci.assert_order(&["lint-api", "test-api", "integration-tests", last]);
    }
    assert!(!ci.before("performance-tests").contains("e2e-tests"));
    let status = ci.job("ci-status");
    let mut others = ci.ids();
    others.retain(|id| *id != "ci-status");
    assert_eq!(status.needs, others);
    assert_eq!(status.condition.as_deref(), Some("${{ always() }}"));
    let results = status.script("job-results");
    assert_eq!(results.env("NEEDS"), "${{ toJSON(needs) }}");
    assert!(results.env("ALLOW_FAILURE").is_empty() && results.condition.is_none());
    assert!(!results.continue_on_error && !status.continue_on_error);
    assert!(ci.jobs.values().all(|job| !job.continue_on_error));
}

/// PAT-A5
#[test]
fn a5_the_images_of_all_environments_can_be_built() {
    let ci = workflow("ci");
    let build = ci.job("build-api");
    assert_eq!(
        build.matrix("environment"),
        ["development", "staging", "production"]
    );
    assert_eq!(build.matrix("stage"), ["dev", "stage", "prod"]);
    let step = build.using("docker/build-push-action");
    assert_eq!(step.with("push"), "false");
    assert_eq!(step.with("target"), "${{ matrix.stage }}");
    assert_eq!(step.with("file"), "docker/Dockerfile");
    // Each has a cache of its own, or they would overwrite each other's.
    for direction in ["cache-from", "cache-to"] {
        assert!(
            step.with(direction)
                .contains("scope=api-${{ matrix.stage }}")
        );
    }
    assert!(!build.permissions.contains_key("packages"));
}

/// PAT-A6
#[test]
fn a6_tests_beyond_unit_have_a_database_that_is_ready() {
    for name in ["ci", "test"] {
        let workflow = workflow(name);
        assert!(workflow.job("test-api").services.is_empty());
        let regression = (name == "test").then_some("regression-tests");
        for id in ["integration-tests", "e2e-tests"]
            .into_iter()
            .chain(regression)
        {
            let job = workflow.job(id);
            let database = &job.services["postgres"];
            assert_eq!(database["image"], "postgres:15", "{name}: {id}");
            let options = database["options"].as_str().unwrap();
            assert!(options.contains("--health-cmd \"pg_isready"), "{options}");
            let address = job.env["DATABASE_URL"].as_str().unwrap();
            assert!(address.ends_with("@localhost:5432/test"), "{address}");
        }
        let steps = &workflow.job("performance-tests").steps;
        let place = |words: &str| {
            let runs = |step: &crate::seeds::read::Step| {
                step.run.as_ref().is_some_and(|run| run.contains(words))
            };
            steps
                .iter()
                .position(runs)
                .unwrap_or_else(|| panic!("{name}: no {words}"))
        };
        let up = "docker compose -f docker/docker-compose.dev.yml up -d --build --wait";
        assert!(place(up) < place("pytest tests/performance"));
        let down = &steps[place("docker compose -f docker/docker-compose.dev.yml down")];
        assert_eq!(down.condition.as_deref(), Some("${{ always() }}"));
    }
}

/// PAT-A7
#[test]
fn a7_coverage_has_a_limit_for_each_suite_and_for_all_together() {
    for name in ["ci", "test"] {
        let workflow = workflow(name);
        for (id, limit) in [
            ("test-api", 90),
            ("integration-tests", 80),
            ("e2e-tests", 70),
        ] {
            let run = workflow
                .job(id)
                .running(" --cov=src ")
                .run
                .as_ref()
                .unwrap();
            let wanted =
                format!(" --cov=src --cov-report=term --cov-report=xml --cov-fail-under={limit}");
            assert!(run.ends_with(&wanted), "{name}: {run}");
        }
    }
    let test = workflow("test");
    for (id, suite) in [
        ("test-api", "unit"),
        ("integration-tests", "integration"),
        ("e2e-tests", "e2e"),
    ] {
        let job = test.job(id);
        let file = format!(".coverage.{suite}");
        assert_eq!(job.running(" --cov=src ").env("COVERAGE_FILE"), file);
        let kept = job.using("actions/upload-artifact");
        assert_eq!(
            (kept.with("path"), kept.with("name")),
            (file, format!("coverage-api-{suite}"))
        );
    }
    let coverage = test.job("coverage");
    assert_eq!(
        coverage.using("actions/download-artifact").with("pattern"),
        "coverage-api-*"
    );
    let combined = coverage.running("coverage combine coverage-data");
    assert!(
        combined
            .run
            .as_ref()
            .unwrap()
            .contains("coverage report --fail-under=85")
    );
    assert!(combined.condition.is_none() && !combined.continue_on_error);
    assert_eq!(
        coverage.using("codecov/codecov-action").with("files"),
        "coverage.xml"
    );
}

/// PAT-A8
#[test]
fn a8_the_load_test_fails_over_its_limits() {
    for name in ["ci", "test"] {
        let workflow = workflow(name);
        let job = workflow.job("performance-tests");
        super::assert_scripts(
            job,
            &["benchmark-compare", "sample-stats", "load-thresholds"],
        );
        let limits = job.script("load-thresholds");
        for (limit, wanted) in [
            ("MAX_P95_MS", "2000"),
            ("MAX_QUERY_MS", "500"),
            ("MAX_MEMORY_MB", "512"),
            ("MAX_CPU_PERCENT", "80"),
        ] {
            assert_eq!(limits.env(limit), wanted, "{name}: {limit}");
        }
        assert_eq!(
            limits.env("STATS_FILE"),
            job.script("sample-stats").env("STATS_FILE")
        );
        let measured = format!("--summary-export {} ", limits.env("K6_SUMMARY"));
        assert!(
            job.running("k6 run")
                .run
                .as_ref()
                .unwrap()
                .contains(&measured)
        );
        assert!(!limits.continue_on_error && !job.continue_on_error);
        // It judges what was measured even if the script of the load test failed before.
        assert_eq!(limits.condition.as_deref(), Some("${{ !cancelled() }}"));
    }
}

/// PAT-33: what failed last runs first, so the results of a failed run are kept, too.
#[test]
fn results_of_tests_are_kept_from_run_to_run() {
    let keeps = |job: &Job| {
        let restored = job.using("actions/cache/restore");
        let saved = job.using("actions/cache/save");
        assert_eq!(
            (restored.with("path"), saved.with("path")),
            (".pytest_cache".into(), ".pytest_cache".into())
        );
        assert_eq!(restored.with("key"), saved.with("key"));
        assert!(
            saved.with("key").contains("github.run_id"),
            "a key is written once"
        );
        assert!(
            saved
                .with("key")
                .starts_with(restored.with("restore-keys").lines().next().unwrap())
        );
        let failed = crate::seeds::evaluate::Context {
            success: false,
            failure: true,
            ..context(json!({}))
        };
        assert!(runs(saved.condition.as_deref(), &failed));
        assert!(job.using("actions/setup-python").with("cache") == "pip");
    };
    let test = workflow("test");
    for id in SUITES {
        keeps(test.job(id));
    }
    for id in &SUITES[..3] {
        assert!(
            test.job(id)
                .running(" --cov=src ")
                .run
                .as_ref()
                .unwrap()
                .contains(" --ff ")
        );
    }
    for deployment in &super::DEPLOYMENTS {
        let workflow = deployment.workflow();
        let steps = workflow.jobs.values().flat_map(|job| &job.steps);
        let kept = steps.filter(|step| {
            step.action()
                .is_some_and(|action| action.starts_with("actions/cache"))
        });
        assert_eq!(kept.count(), 0, "{}", deployment.file);
    }
}

/// PAT-A22
#[test]
fn a22_the_developer_sees_what_failed_on_the_pull_request() {
    let ci = workflow("ci");
    let status = ci.job("ci-status");
    let comment = status.script("pull-request-comment");
    assert_eq!(comment.env("NEEDS"), "${{ toJSON(needs) }}");
    assert_eq!(status.permissions["pull-requests"], "write");
    let on = |event: &str| {
        // A job that runs always starts its steps afresh, whatever failed before it.
        runs(
            comment.condition.as_deref(),
            &context(json!({"github": {"event_name": event}})),
        )
    };
    assert!(on("pull_request") && !on("push"));
}
