//! The checks of a pull request.

use super::{CHECKS, workflow};
use crate::seeds::read::{Workflow, passes};

const JOBS: [&str; 9] = [
    "lint-backend",
    "lint-ai-services",
    "test-backend",
    "test-ai-services",
    "build-backend",
    "build-ai-gateway",
    "integration-tests",
    "security-preview",
    "pr-summary",
];

fn checks() -> &'static Workflow {
    workflow(CHECKS)
}

/// ECO-A1
#[test]
fn a1_nine_jobs_check_pull_requests_to_three_kinds_of_branches() {
    let checks = checks();
    assert_eq!(checks.ids(), JOBS);
    assert_eq!(checks.on.keys().collect::<Vec<_>>(), ["pull_request"]);
    let targets = &checks.trigger("pull_request").branches;
    for target in ["main", "develop", "phase-2", "phase-2/x"] {
        assert!(passes(targets, target), "{target}");
    }
    assert!(!passes(targets, "feature/x"));
    checks.assert_order(&[
        "lint-backend",
        "test-backend",
        "build-backend",
        "integration-tests",
    ]);
    checks.assert_order(&[
        "lint-ai-services",
        "test-ai-services",
        "build-ai-gateway",
        "integration-tests",
    ]);
    // A newer push makes the run of an older one useless.
    let concurrency = checks.concurrency.as_ref().unwrap();
    assert!(concurrency.group.contains("github.ref"));
    assert_eq!(concurrency.cancel_in_progress, true);
}

/// ECO-A2
#[test]
fn a2_the_backend_is_linted_by_four_tools() {
    let checks = checks();
    let job = checks.job("lint-backend");
    assert_eq!(job.working_directory(), Some("services/backend"));
    for command in [
        "flake8 .",
        "pylint --recursive=y .",
        "black --check .",
        "isort --check-only .",
    ] {
        let step = job
            .steps
            .iter()
            .find(|step| step.run.as_deref() == Some(command));
        let step = step.unwrap_or_else(|| panic!("nothing runs {command}"));
        // Whatever the tool before found: a push shows all complaints at once.
        assert!(
            !step.continue_on_error
                && matches!(
                    step.condition.as_deref(),
                    None | Some("${{ !cancelled() }}")
                )
        );
    }
    assert!(!job.continue_on_error);
    let services = [
        "services/ai-gateway",
        "services/ai/recommendations",
        "services/ai/search",
    ];
    assert_eq!(checks.job("lint-ai-services").matrix("path"), services);
    assert_eq!(checks.job("test-ai-services").matrix("path"), services);
}

/// ECO-A3
#[test]
fn a3_the_backend_is_tested_beside_its_services() {
    let checks = checks();
    let job = checks.job("test-backend");
    assert_eq!(
        job.services.keys().collect::<Vec<_>>(),
        ["postgres", "redis"]
    );
    for (name, service) in &job.services {
        let options = service["options"].as_str().unwrap();
        assert!(
            options.contains("--health-cmd") && options.contains("--health-retries"),
            "{name}: {options}"
        );
    }
    assert!(job.env.contains_key("DATABASE_URL") && job.env.contains_key("REDIS_URL"));
    assert_eq!(job.working_directory(), Some("services/backend"));
    let command = job.running("pytest tests/unit/").run.as_deref().unwrap();
    assert!(
        command.contains("--cov=.") && command.contains("--cov-fail-under=80"),
        "{command}"
    );
}

/// ECO-A4
#[test]
fn a4_images_are_built_and_not_pushed() {
    let checks = checks();
    for (id, context) in [
        ("build-backend", "services/backend"),
        ("build-ai-gateway", "services/ai-gateway"),
    ] {
        let build = checks.job(id).using("docker/build-push-action");
        assert_eq!(build.with("push"), "false");
        assert_eq!(build.with("context"), context);
        assert!(build.with("cache-from").starts_with("type=gha"));
        assert!(
            !checks
                .job(id)
                .steps
                .iter()
                .any(|step| step.action() == Some("docker/login-action"))
        );
    }
}

/// ECO-A5
#[test]
fn a5_the_whole_system_is_tested_and_taken_down() {
    let checks = checks();
    let job = checks.job("integration-tests");
    let commands: Vec<_> = job
        .steps
        .iter()
        .filter_map(|step| step.run.as_deref())
        .collect();
    let compose = "docker compose -f deploy/docker/compose/ci.yml";
    let arguments = [
        "up -d",
        "exec -T backend pytest tests/integration/",
        "logs",
        "down -v",
    ];
    assert_eq!(commands.len(), arguments.len());
    for (command, arguments) in commands.iter().zip(arguments) {
        assert!(
            command.starts_with(&format!("{compose} {arguments}")),
            "{command}"
        );
    }
    assert_eq!(
        job.running("logs").condition.as_deref(),
        Some("${{ failure() }}")
    );
    assert_eq!(
        job.running("down -v").condition.as_deref(),
        Some("${{ always() }}")
    );
}

/// ECO-A6
#[test]
fn a6_the_preview_of_the_scans_stops_nothing() {
    let checks = checks();
    assert!(checks.job("security-preview").continue_on_error);
    assert!(
        checks
            .job("security-preview")
            .steps
            .iter()
            .any(|step| step.action() == Some("aquasecurity/trivy-action"))
    );
    // The job that the repository requires lets this one fail, and only this one.
    assert_eq!(
        checks
            .job("pr-summary")
            .script("job-results")
            .env("ALLOW_FAILURE"),
        "security-preview"
    );
}

/// ECO-A7
#[test]
fn a7_one_comment_shows_all_results() {
    let checks = checks();
    let job = checks.job("pr-summary");
    assert_eq!(job.condition.as_deref(), Some("${{ always() }}"));
    assert_eq!(job.needs, JOBS[..8]);
    assert_eq!(
        job.permissions.get("pull-requests").map(String::as_str),
        Some("write")
    );
    let comment = job.script("pull-request-comment");
    assert_eq!(comment.env("NEEDS"), "${{ toJSON(needs) }}");
    assert_eq!(
        comment.env("MARKER"),
        CHECKS,
        "the mark by which the next run finds its comment"
    );
    assert_eq!(
        job.script("job-results").env("NEEDS"),
        "${{ toJSON(needs) }}"
    );
}
