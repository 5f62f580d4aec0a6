//! Deployments to production: what the jobs contain.

use super::{CHECKS, PRODUCTION, STAGING, secret, workflow};
use crate::seeds::read::{Workflow, passes};

fn production() -> &'static Workflow {
    workflow(PRODUCTION)
}

/// ECO-A9
#[test]
fn a9_a_version_goes_through_the_chain_in_order() {
    let production = production();
    assert!(passes(&production.trigger("push").tags, "v1.2.3"));
    assert!(production.trigger("push").branches.is_empty());
    production.assert_order(&[
        "security-scan",
        "build-and-test",
        "integration-tests",
        "build-push-production",
        "production-approval",
        "deploy-production",
        "post-deployment-monitoring",
        "notify",
    ]);
    let services = ["backend", "ai-gateway", "recommendations", "search"];
    assert_eq!(production.job("build-and-test").matrix("image"), services);
    let unit = production
        .job("build-and-test")
        .running("pytest tests/unit/ --cov");
    assert_eq!(
        unit.working_directory.as_deref(),
        Some("${{ matrix.path }}")
    );
    assert_eq!(
        production.job("build-push-production").matrix("image"),
        services
    );
}

/// ECO-A11
#[test]
fn a11_an_issue_with_a_checklist_asks_for_the_approval() {
    let production = production();
    let job = production.job("production-approval");
    assert_eq!(
        job.permissions.get("issues").map(String::as_str),
        Some("write")
    );
    assert!(
        job.timeout_minutes <= 360,
        "a runner is taken away after six hours"
    );
    let [slack, wait] = job.steps.as_slice() else {
        panic!("{:?}", job.steps)
    };
    assert_eq!(
        (slack.script(), slack.env("STATUS").as_str()),
        (Some("slack-notify"), "approval")
    );
    assert_eq!(
        (slack.condition.as_deref(), slack.env("CHANNEL").as_str()),
        (None, "#deployments")
    );
    let body = wait.with("issue-body");
    let lines: Vec<_> = body
        .lines()
        .filter_map(|line| line.strip_prefix("- [ ] "))
        .collect();
    for (line, word) in lines
        .iter()
        .zip(["tests", "scans", "Staging", "migrations", "roll-back"])
    {
        assert!(line.contains(word), "{line}");
    }
    assert_eq!(lines.len(), 5);
    assert!(body.contains("${{ inputs.skip_tests && '**The tests were skipped"));
    assert!(
        wait.with("issue-title")
            .contains("${{ needs.validate.outputs.version }}")
    );
}

/// ECO-A12. That a version which is no tag fails is shown with the script.
#[test]
fn a12_every_job_works_on_the_version_that_was_asked_for() {
    let production = production();
    let version = &production.trigger("workflow_dispatch").inputs["version"];
    assert!(version.required && version.r#type == "string");
    let find = production.job("validate").script("resolve-version");
    assert_eq!(
        (find.env("VERSION_KIND"), find.env("VERSION_INPUT")),
        ("tag".into(), "${{ inputs.version }}".into())
    );
    assert_eq!(
        find.env("VERSION_PATTERN"),
        "",
        "the script's own pattern takes no pre-releases"
    );
    assert!(
        find.condition.is_none()
            && !find.continue_on_error
            && find.id.as_deref() == Some("version")
    );
    for (id, job) in &production.jobs {
        assert!(
            id == "validate" || production.before(id).contains("validate"),
            "{id}"
        );
        for step in job
            .steps
            .iter()
            .filter(|step| step.action() == Some("actions/checkout"))
        {
            let commit = if id == "validate" {
                "steps.version"
            } else {
                "needs.validate"
            };
            assert_eq!(
                step.with("ref"),
                format!("${{{{ {commit}.outputs.sha }}}}"),
                "{id}"
            );
        }
    }
    let version = "${{ needs.validate.outputs.version }}";
    let metadata = production
        .job("build-push-production")
        .using("docker/metadata-action");
    // With `context: git` the action fails on a commit that was checked out by its hash.
    assert_eq!(metadata.with("context"), "");
    assert_eq!(
        metadata.with("labels"),
        "org.opencontainers.image.revision=${{ needs.validate.outputs.sha }}"
    );
    assert_eq!(
        metadata.with("tags").lines().collect::<Vec<_>>(),
        [
            format!("type=raw,value={version}"),
            "type=raw,value=latest".into()
        ]
    );
    let images = production
        .job("deploy-production")
        .script("resolve-images")
        .env("IMAGES");
    assert!(
        images.lines().count() == 4
            && images
                .lines()
                .all(|image| image.ends_with(&format!(":{version}")))
    );
    assert_eq!(
        production
            .job("deploy-production")
            .script("compose-record")
            .env("VERSION"),
        version
    );
    assert_eq!(
        production
            .job("release")
            .script("github-release")
            .env("TAG"),
        version
    );
}

/// ECO-A14
#[test]
fn a14_five_scanners_and_a_policy_stop_a_release() {
    let production = production();
    let job = production.job("security-scan");
    let trivy = job.using("aquasecurity/trivy-action");
    assert_eq!(trivy.with("format"), "sarif");
    assert!(trivy.with("output").starts_with("reports/vulnerabilities/"));
    assert!(
        trivy.with("severity").is_empty(),
        "all severities: the policy judges them"
    );
    assert_eq!(
        job.running("snyk test").env("SNYK_TOKEN"),
        secret("SNYK_TOKEN")
    );
    // Snyk finds no list of this name by itself, and fails without a project.
    let list = "snyk test --file=services/backend/requirements/base.txt --package-manager=pip";
    job.running(list);
    for command in [
        "pip-audit -r services/backend/",
        "semgrep scan",
        "/bin/gitleaks\" git",
        "checkov --directory",
        "--skip-check CKV_GHA_7",
    ] {
        job.running(command);
    }
    let judge = job.script("severity-policy");
    let policy = judge.env("POLICY");
    let gates: Vec<_> = policy.lines().collect();
    assert_eq!(
        gates,
        [
            "reports/vulnerabilities block=critical,high warn=medium",
            "reports/secrets block=critical,high,medium,low",
            "reports/code block=critical,high warn=medium",
            "reports/policy block=critical,high,medium,low",
        ]
    );
    // A report that is missing fails, so none of these can be left out unseen.
    let reports = judge.env("REPORTS");
    let names: Vec<_> = reports
        .lines()
        .map(|report| report.rsplit('/').next().unwrap())
        .collect();
    let tools = [
        "trivy.sarif",
        // Nothing where the repository has no token of Snyk's, which is said aloud.
        "${{ steps.snyk.outputs.report }}",
        "pip-audit.sarif",
        "semgrep.sarif",
        "gitleaks.sarif",
        "checkov.sarif",
    ];
    assert_eq!(names, tools);
    let login = job.script("scanner-login");
    assert_eq!(login.env("REPORT"), "reports/vulnerabilities/snyk.sarif");
    assert_eq!(
        login.env("SECRETS"),
        "SNYK_TOKEN=${{ secrets.SNYK_TOKEN != '' }}"
    );
    assert!(!job.continue_on_error && job.steps.iter().all(|step| !step.continue_on_error));
    job.using("github/codeql-action/upload-sarif");
    // Images exist only after the scan, so they are judged where they are built.
    let built = production.job("build-and-test");
    assert_eq!(
        built.using("aquasecurity/trivy-action").with("scan-type"),
        "image"
    );
    let policy = built.script("severity-policy").env("POLICY");
    assert_eq!(
        policy,
        "reports/vulnerabilities block=critical,high warn=medium"
    );
}

/// ECO-A15
#[test]
fn a15_the_idle_colour_is_healthy_before_it_gets_the_traffic() {
    let production = production();
    let job = production.job("deploy-production");
    let connect = job.script("ssh-connect");
    assert_eq!(connect.env("SSH_KEY"), secret("PRODUCTION_SSH_KEY"));
    assert_eq!(connect.env("SSH_HOST"), secret("PRODUCTION_HOST"));
    assert_eq!(connect.env("SSH_USER"), secret("PRODUCTION_USER"));
    let order = [
        "ssh-connect",
        "compose-record",
        "ssh-copy",
        "compose-pull",
        "compose-backup",
        "compose-migrate",
        "compose-up",
        "compose-health",
        "compose-switch",
        "health-check",
        "smoke-check",
    ];
    assert!(job.scripts().ends_with(&order), "{:?}", job.scripts());
    assert!(
        job.steps
            .iter()
            .all(|step| step.condition.is_none() && !step.continue_on_error)
    );
    assert_eq!(
        job.script("compose-migrate").env("MIGRATE_COMMAND"),
        "python manage.py migrate --noinput"
    );
    assert_eq!(
        job.script("smoke-check").env("BASE_URL"),
        "https://api.example.com"
    );
    let environment = job.environment.as_ref().unwrap();
    assert_eq!(
        (environment.name.as_str(), environment.url.as_deref()),
        ("production", Some("https://api.example.com"))
    );
}

/// ECO-A16
#[test]
fn a16_ten_checks_watch_the_release_for_five_minutes() {
    let production = production();
    let job = production.job("post-deployment-monitoring");
    let watch = job.script("monitor");
    assert_eq!(
        (watch.env("CHECKS"), watch.env("INTERVAL")),
        ("10".into(), "30".into())
    );
    assert_eq!(watch.env("HEALTH_URLS"), "https://api.example.com/health/");
    assert_eq!(watch.env("MAX_ERROR_PERCENT"), "5");
    assert!(job.timeout_minutes > 5);
    // Twice as long after a roll-back, and somebody hears of trouble.
    let job = production.job("post-rollback-monitoring");
    let watch = job.script("monitor");
    assert_eq!(
        (watch.env("CHECKS"), watch.env("INTERVAL")),
        ("20".into(), "30".into())
    );
    assert!(job.timeout_minutes > 10);
    for script in ["slack-notify", "email-notify"] {
        assert_eq!(
            job.script(script).condition.as_deref(),
            Some("${{ failure() }}")
        );
    }
}

/// ECO-A24. Jobs, not runs: a run that waits for its approval for hours must not hold up
/// the next release, but servers are touched by one job at a time.
#[test]
fn a24_two_deployments_never_meet() {
    let mut found = Vec::new();
    for name in [CHECKS, STAGING, PRODUCTION] {
        let workflow = workflow(name);
        for (id, job) in &workflow.jobs {
            let Some(environment) = &job.environment else {
                continue;
            };
            let concurrency = job
                .concurrency
                .as_ref()
                .unwrap_or_else(|| panic!("{id} may meet another"));
            assert_eq!(
                concurrency.group,
                format!("deploy-{}", environment.name),
                "{id}"
            );
            assert_eq!(concurrency.cancel_in_progress, false, "{id}");
            found.push(id);
        }
        if name != CHECKS {
            assert_eq!(
                workflow.concurrency.as_ref().unwrap().cancel_in_progress,
                false,
                "{name}"
            );
        }
    }
    assert_eq!(found, ["deploy-staging", "deploy-production", "rollback"]);
}
