//! What the jobs do, statement by statement.

use super::*;

fn pipeline() -> &'static Workflow {
    workflow(PIPELINE)
}

/// ALC-A1
#[test]
fn a1_pushes_pull_requests_people_and_the_clock_start_it() {
    let workflow = pipeline();
    let push = workflow.trigger("push");
    assert_eq!(push.branches, ["feature/**", "develop", "main"]);
    assert_eq!(workflow.trigger("pull_request").branches, ["main"]);
    assert!(workflow.on.contains_key("workflow_dispatch"));
    let daily = super::workflow("security-scan");
    assert_eq!(daily.trigger("schedule").crons, ["0 3 * * *"]);
}

/// ALC-A2
#[test]
fn a2_the_clock_deploys_nothing() {
    for name in [PIPELINE, "rollback"] {
        assert!(!super::workflow(name).on.contains_key("schedule"), "{name}");
    }
    for job in super::workflow("security-scan").jobs.values() {
        let environment = job.environment.as_ref();
        assert!(environment.is_none_or(|known| known.name == "security-review"));
        assert!(!job.permissions.contains_key("packages"), "{}", job.id);
    }
}

/// ALC-A3, ALC-A23
#[test]
fn a3_versions_stand_once_and_no_secret_stands_there() {
    let generated = Generated::preset("alchemorsel");
    let text = generated.find(".github/workflows/ci-cd.yml").unwrap();
    let (_, rest) = text.split_once("\nenv:\n").unwrap();
    let (env, _) = rest.split_once("\n\n").unwrap();
    for line in [
        "GO_VERSION: \"1.23\"",
        "NODE_VERSION: 20",
        "REGISTRY: ghcr.io",
        "IMAGE_NAME: ${{ github.repository }}",
    ] {
        assert!(
            env.lines().any(|known| known.trim() == line),
            "{line}: {env}"
        );
    }
    assert!(!env.contains("secrets."));
    for job in pipeline().jobs.values() {
        for step in &job.steps {
            let version = match step.action() {
                Some("actions/setup-go") => (step.with("go-version"), "GO"),
                Some("actions/setup-node") => (step.with("node-version"), "NODE"),
                _ => continue,
            };
            assert_eq!(
                version.0,
                format!("${{{{ env.{}_VERSION }}}}", version.1),
                "{}",
                job.id
            );
        }
    }
}

/// ALC-A4
#[test]
fn a4_the_code_is_held_to_five_linters() {
    let workflow = pipeline();
    let lint = workflow.job("lint-api");
    for words in [
        "golangci-lint run ./...",
        "test -z \"$(gofmt -l .",
        "go vet ./...",
        "--enable-only ineffassign",
        "--enable-only misspell",
    ] {
        lint.running(words);
    }
    assert!(lint.steps.iter().all(|step| !step.continue_on_error));
}

/// ALC-A5
#[test]
fn a5_the_code_is_scanned_and_high_findings_stop_it() {
    let workflow = pipeline();
    for (job, steps, policy) in [
        (
            "code-scan",
            &["Scan code (gosec)", "Scan code (Bandit)"][..],
            "reports/code block=critical,high",
        ),
        (
            "sast-scan",
            &["Scan code (Semgrep)", "Analyse (CodeQL)"],
            "reports/code block=critical,high",
        ),
        (
            "secret-scan",
            &["Scan the history for live secrets (TruffleHog)"],
            "reports/secrets block=critical",
        ),
    ] {
        let job = workflow.job(job);
        for step in steps {
            job.step(step);
        }
        assert!(
            job.script("severity-policy")
                .env("POLICY")
                .starts_with(policy),
            "{}",
            job.id
        );
        assert!(!job.continue_on_error);
    }
}

/// ALC-A6
#[test]
fn a6_coverage_has_three_minimums() {
    let workflow = pipeline();
    let tests = workflow.job("test-api");
    assert_eq!(tests.script("coverage-go").env("MINIMUM"), "85");
    let parts = tests.script("coverage-parts");
    assert_eq!(parts.env("FORMAT"), "go");
    assert_eq!(
        parts.env("CRITICAL_PATHS"),
        "internal/auth/**\ninternal/payment/**"
    );
    assert_eq!(parts.env("CRITICAL_MINIMUM"), "95");
    assert!(
        parts
            .env("CHANGED_MINIMUM")
            .contains("'pull_request' && 90")
    );
    // A pull request's commit has the branch that it goes into as its first parent.
    assert_eq!(tests.using("actions/checkout").with("fetch-depth"), "2");
    tests.running("go test -coverprofile=coverage.out -race ./...");
    tests.running("-bench .");
}

/// ALC-A7
#[test]
fn a7_integration_tests_have_services_and_wait_for_the_checks() {
    let workflow = pipeline();
    let job = workflow.job("integration-tests");
    let image = |name: &str| job.services[name]["image"].as_str().unwrap().to_owned();
    assert_eq!(image("postgres"), "postgres:15");
    assert_eq!(image("redis"), "redis:7");
    assert!(image("ollama").starts_with("ollama/ollama:"));
    assert_eq!(
        job.script("ollama-pull").env("OLLAMA_MODELS"),
        "llama3.2:1b"
    );
    let before = [
        "lint-api",
        "code-scan",
        "sast-scan",
        "secret-scan",
        "test-api",
    ];
    assert!(
        before
            .iter()
            .all(|id| job.needs.iter().any(|need| need == id))
    );
    assert_eq!(job.condition, None, "all of them must have succeeded");
}

/// ALC-A8
#[test]
fn a8_an_image_is_built_for_both_platforms_with_the_cache_and_published() {
    let workflow = pipeline();
    let job = workflow.job("images");
    assert_eq!(job.matrix("arch"), ["amd64", "arm64"]);
    let build = job.step("Build the image");
    assert!(build.with("cache-from").starts_with("type=gha"));
    assert!(build.with("cache-to").starts_with("type=gha"));
    let push = job.step("Build and push by digest");
    assert!(push.with("outputs").ends_with(",push=true"));
    assert_eq!(push.with("sbom"), "true");
    assert!(push.with("cache-to").is_empty());
    let list = workflow.job("publish-images");
    assert_eq!(list.matrix("platforms"), ["linux/amd64 linux/arm64"]);
    let binaries = workflow.job("binaries-api");
    assert_eq!(binaries.matrix("arch"), ["amd64", "arm64"]);
    let keep = binaries.step("Keep the binaries");
    assert_eq!(
        (keep.with("if-no-files-found"), keep.with("retention-days")),
        ("error".into(), "30".into())
    );
    workflow.assert_order(&["binaries-api", "deploy-staging"]);
    let names = list.step("Name and label the image").with("images");
    assert_eq!(
        names,
        "${{ env.REGISTRY }}/${{ env.IMAGE_NAME }}/${{ matrix.image }}"
    );
    workflow
        .job("container-scan")
        .step("List all parts of the image (Syft)");
}

/// ALC-A9
#[test]
fn a9_what_was_built_is_scanned_by_its_digest() {
    let workflow = pipeline();
    let job = workflow.job("container-scan");
    assert_eq!(job.needs, ["images", "publish-images"]);
    assert!(
        job.script("resolve-images")
            .env("IMAGES")
            .ends_with("/api:sha-${{ github.sha }}")
    );
    for step in ["Scan the image (Trivy)", "Scan the image (Grype)"] {
        job.step(step);
    }
    let policy = job.script("severity-policy").env("POLICY");
    assert_eq!(
        policy,
        "reports/vulnerabilities block=critical review=high warn=medium"
    );
    let review = workflow.job("security-review");
    assert_eq!(review.environment.as_ref().unwrap().name, "security-review");
    assert!(
        workflow
            .job("deploy-staging")
            .needs
            .iter()
            .any(|id| id == "security-review")
    );
    for environment in ["staging", "production"] {
        let deploy = workflow.job(&format!("deploy-{environment}"));
        let images = deploy.script("kube-render").env("IMAGES");
        assert_eq!(
            images, "${{ needs.container-scan.outputs.images }}",
            "{environment}"
        );
    }
}

/// ALC-A10
#[test]
fn a10_four_scenarios_have_limits() {
    let workflow = pipeline();
    let job = workflow.job("performance-tests");
    assert_eq!(
        job.matrix("scenario"),
        ["load", "stress", "spike", "volume"]
    );
    let run = job.step("Run the load test");
    assert_eq!(run.env("SCENARIO"), "${{ matrix.scenario }}");
    let judge = job.script("load-thresholds");
    for (limit, wanted) in [
        ("MAX_P95_MS", "1000"),
        ("MAX_ERROR_PERCENT", "1"),
        ("MIN_REQUESTS", "50"),
        ("MAX_MEMORY_MB", "512"),
    ] {
        assert_eq!(judge.env(limit), wanted, "{limit}");
    }
    job.running("docker run --detach --name system");
    assert!(!judge.continue_on_error && !job.continue_on_error);
}

/// ALC-A15
#[test]
fn a15_staging_is_planned_applied_waited_for_and_tried() {
    let workflow = pipeline();
    let scripts = workflow.job("deploy-staging").scripts();
    let wanted = [
        "terraform-plan",
        "kube-check",
        "kube-record",
        "kube-apply",
        "kube-wait",
        "health-check",
        "smoke-check",
    ];
    let mut rest = scripts.iter();
    for script in wanted {
        assert!(
            rest.any(|known| *known == script),
            "{script} in {scripts:?}"
        );
    }
}

const VALIDATION: [&str; 4] = [
    "e2e-tests-staging",
    "api-tests-staging",
    "migrations-tests-staging",
    "scan-site-staging",
];

/// ALC-A16, ALC-A17
#[test]
fn a17_staging_is_validated_and_goes_back_if_it_fails() {
    let start = push(MAIN);
    let workflow = pipeline();
    workflow
        .job("scan-site-staging")
        .step("Scan the site (ZAP)");
    for id in VALIDATION {
        let job = workflow.job(id);
        let known = job
            .steps
            .iter()
            .map(|step| step.env("BASE_URL") + &step.env("URL"));
        let known: Vec<_> = known
            .chain(
                job.env
                    .get("BASE_URL")
                    .and_then(|url| url.as_str().map(str::to_owned)),
            )
            .collect();
        assert!(
            known.iter().any(|url| url == "https://staging.example.com"),
            "{id}"
        );
    }
    workflow.job("rollback-staging").script("kube-rollback");
    for history in super::super::evaluate::with_faults(workflow, &start, 1) {
        let bad = |id: &&str| matches!(history.result(id), "failure" | "cancelled");
        let broken = VALIDATION.iter().chain(&["deploy-staging"]).any(bad);
        let begun = !history.output("deploy-staging", "release").is_empty();
        assert_eq!(history.ran("rollback-staging"), broken && begun);
        if broken {
            assert!(!history.ran("production-changes") && !history.ran("deploy-production"));
        }
    }
}

/// ALC-A19, ALC-A20
#[test]
fn a19_the_idle_colour_is_tried_before_it_gets_traffic() {
    let workflow = pipeline();
    let job = workflow.job("deploy-production");
    let scripts = job.scripts();
    let order = [
        "Apply the manifests",
        "Wait until it is rolled out",
        "Check the idle colour",
        "Shift the traffic share by share",
        "Switch the traffic",
    ];
    let mut names = job.steps.iter().map(|step| step.name.as_str());
    for name in order {
        assert!(
            names.any(|known| known == name),
            "{name} is not where it belongs"
        );
    }
    assert!(
        !scripts.contains(&"kube-retire"),
        "the old colour goes on running"
    );
    let canary = job.script("kube-canary").condition.clone().unwrap();
    assert!(canary.contains("inputs.canary"), "{canary}");
    assert!(job.step("Switch the traffic").condition.is_none());
}

/// ALC-A21, but for PagerDuty and the watch of response times.
#[test]
fn a21_production_goes_back_and_people_are_told() {
    let workflow = pipeline();
    let watch = workflow
        .job("post-deployment-monitoring-production")
        .script("monitor-metrics");
    assert_eq!(
        (watch.env("CHECKS"), watch.env("INTERVAL")),
        ("30".into(), "30".into())
    );
    let limits: serde_json::Value = serde_json::from_str(&watch.env("METRICS")).unwrap();
    let limits: Vec<_> = limits
        .as_array()
        .unwrap()
        .iter()
        .map(|limit| {
            (
                limit["query"].as_str().unwrap(),
                &limit["fail_above"],
                &limit["fail_below"],
            )
        })
        .collect();
    let none = serde_json::Value::Null;
    let [one, nines] = [1.0, 99.9].map(serde_json::Value::from);
    // Percent, percent, and seconds.
    assert_eq!(
        limits,
        [
            ("errors", &one, &none),
            ("availability", &none, &nines),
            ("p95", &one, &none)
        ]
    );
    let alert = workflow.job("notify-production").script("pagerduty-notify");
    assert!(
        alert
            .env("PAGERDUTY_ROUTING_KEY")
            .contains("secrets.PAGERDUTY_ROUTING_KEY")
    );
    let back = workflow.job("rollback-production");
    assert_eq!(back.environment.as_ref().unwrap().name, "production");
    assert_eq!(back.script("kube-rollback").env("SERVICE"), "alchemorsel");
    for history in super::super::evaluate::with_faults(workflow, &push(MAIN), 1) {
        let bad = |id: &str| matches!(history.result(id), "failure" | "cancelled");
        let broken = bad("deploy-production") || bad("post-deployment-monitoring-production");
        let begun = !history.output("deploy-production", "release").is_empty();
        assert_eq!(history.ran("rollback-production"), broken && begun);
    }
}

/// ALC-A22
#[test]
fn a22_a_person_goes_back_with_a_reason() {
    let workflow = super::workflow("rollback");
    let inputs = &workflow.trigger("workflow_dispatch").inputs;
    assert!(inputs["reason"].required);
    assert!(
        inputs["environment"]
            .options
            .iter()
            .any(|name| name == "production")
    );
    let job = workflow.job("rollback-production");
    assert_eq!(job.script("kube-rollback").env("SERVICE"), "alchemorsel");
}

/// ALC-A25. A message without its secret is a notice; `scripts_api` shows that.
#[test]
fn a25_dashboards_and_channels_are_told() {
    let workflow = pipeline();
    for environment in ["development", "staging", "production"] {
        let notify = workflow.job(&format!("notify-{environment}"));
        let event = notify.script("datadog-event");
        assert_eq!(
            event.env("DATADOG_API_KEY"),
            "${{ secrets.DATADOG_API_KEY }}"
        );
        let slack = notify.script("slack-notify");
        assert_eq!(
            slack.env("SLACK_WEBHOOK_URL"),
            "${{ secrets.SLACK_WEBHOOK_URL }}"
        );
    }
}
