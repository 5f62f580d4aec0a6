//! `security.yml`.

use serde_json::json;

use super::{context, settings, workflow};
use crate::seeds::evaluate::{Context, runs};

/// The jobs, each with words of the steps that scan.
const SCANS: [(&str, &[&str]); 7] = [
    (
        "dependency-scan",
        &[
            "--save-json reports/vulnerabilities/safety.json > /dev/null",
            "pip-audit -r requirements.txt",
        ],
    ),
    ("code-scan", &["bandit --recursive src"]),
    ("container-scan", &[]),
    ("secret-scan", &["--only-verified"]),
    // Python and JavaScript leave a report each, and GitHub takes no two of one tool and id.
    (
        "sast-scan",
        &["semgrep scan", ".runs[].automationDetails.id = $id"],
    ),
    ("license-scan", &["pip-licenses --format json"]),
    // Our own workflows have inputs.
    (
        "policy-scan",
        &["checkov --directory .", "--skip-check CKV_GHA_7"],
    ),
];

/// PAT-A9
#[test]
fn a9_seven_scans_each_judge_what_they_find() {
    let security = workflow("security");
    for (id, commands) in SCANS {
        let job = security.job(id);
        for command in commands {
            job.running(command);
        }
        assert!(
            job.needs.is_empty() && job.condition.is_none(),
            "{id} runs beside the others"
        );
        let judge = job.script("severity-policy");
        assert!(!judge.continue_on_error && !job.continue_on_error, "{id}");
        assert!(judge.condition.is_none(), "{id}");
    }
    assert_eq!(security.ids().len(), SCANS.len() + 1, "and the review");
    for (id, mode) in [("dependency-scan", "fs"), ("container-scan", "image")] {
        let trivy = security.job(id).using("aquasecurity/trivy-action");
        assert_eq!(trivy.with("scan-type"), mode, "{id}");
    }
    security
        .job("sast-scan")
        .using("github/codeql-action/analyze");
    let history = security.job("secret-scan").using("actions/checkout");
    assert_eq!(history.with("fetch-depth"), "0");
    let policy = |id: &str| security.job(id).script("severity-policy").env("POLICY");
    for id in ["code-scan", "sast-scan"] {
        assert_eq!(policy(id), "reports/code block=critical,high warn=medium");
    }
    for (id, folder) in [
        ("secret-scan", "secrets"),
        ("license-scan", "licenses"),
        ("policy-scan", "policy"),
    ] {
        assert_eq!(
            policy(id),
            format!("reports/{folder} block=critical,high,medium,low")
        );
    }
    let licenses = security.job("license-scan").script("licenses-to-sarif");
    let allowed = licenses.env("ALLOWED_LICENSES");
    for license in ["MIT", "BSD", "Apache", "ISC", "PSF", "MPL"] {
        assert!(allowed.lines().any(|line| line == license), "{allowed}");
    }
}

/// PAT-A10
#[test]
fn a10_critical_findings_fail_and_high_ones_wait_for_a_person() {
    let security = workflow("security");
    for id in ["dependency-scan", "container-scan"] {
        let judge = security.job(id).script("severity-policy");
        assert_eq!(
            judge.env("POLICY"),
            "reports/vulnerabilities block=critical review=high warn=medium",
            "{id}"
        );
        let id = judge.id.as_deref().unwrap();
        assert!(
            security.job("dependency-scan").outputs["review"]
                .contains(&format!("steps.{id}.outputs.review"))
        );
    }
    let review = security.job("security-review");
    assert_eq!(review.environment.as_ref().unwrap().name, "security-review");
    assert_eq!(settings("security-review").reviewers, ["team/security"]);
    let enters = |dependencies: &str, image: &str| {
        let needs = json!({
            "dependency-scan": {"result": "success", "outputs": {"review": dependencies}},
            "container-scan": {"result": "success", "outputs": {"review": image}},
        });
        runs(
            review.condition.as_deref(),
            &context(json!({"needs": needs})),
        )
    };
    assert!(enters("true", "") && enters("false", "true"));
    assert!(!enters("false", "") && !enters("", ""));
    // A critical finding elsewhere must not swallow the question.
    let failed = json!({"needs": {
        "dependency-scan": {"result": "success", "outputs": {"review": "true"}},
        "container-scan": {"result": "failure", "outputs": {}},
    }});
    let failed = Context {
        success: false,
        failure: true,
        ..context(failed)
    };
    assert!(runs(review.condition.as_deref(), &failed));
    // CI runs the same scan of dependencies; nobody is asked twice for one finding.
    assert!(!workflow("ci").jobs.contains_key("security-review"));
    let quick = workflow("ci")
        .job("security-scan")
        .script("severity-policy")
        .env("POLICY");
    assert!(
        quick.contains("reports/vulnerabilities block=critical "),
        "{quick}"
    );
}

/// PAT-A10, for images: the runs of a matrix share their outputs, and GitHub drops empty ones.
#[test]
fn a10_any_image_may_ask_for_the_review() {
    let security = workflow("security");
    let output = &security.job("container-scan").outputs["review"];
    let says = |review: &str| {
        let steps = json!({"policy": {"outputs": {"review": review}}});
        crate::seeds::evaluate::text(output, &context(json!({"steps": steps})))
    };
    assert_eq!(says("true"), "true");
    assert!(says("false").is_empty() && says("").is_empty());
}

/// PAT-A11
#[test]
fn a11_an_image_that_runs_as_root_fails() {
    let security = workflow("security");
    let mut jobs = vec![("security", security.job("container-scan"))];
    let deployments: Vec<_> = super::DEPLOYMENTS
        .iter()
        .map(|one| (one.file, one.workflow()))
        .collect();
    jobs.extend(
        deployments
            .iter()
            .map(|(file, workflow)| (*file, workflow.job("build-and-push"))),
    );
    for (file, job) in jobs {
        let build = job.using("docker/build-push-action");
        let check = job.script("image-policy");
        assert_eq!(
            (build.with("load"), build.with("tags")),
            ("true".into(), check.env("IMAGE")),
            "{file}"
        );
        assert_eq!(check.env("DOCKERFILE"), "${{ matrix.dockerfile }}");
        assert!(!check.continue_on_error && check.condition.is_none());
        assert!(check.run.as_ref().unwrap().contains("runs as root"));
    }
    let stages = security.job("container-scan").matrix("stage");
    assert_eq!(
        stages,
        ["dev", "stage", "prod"],
        "what is deployed is what is looked at"
    );
}

/// PAT-A12
#[test]
fn a12_reports_are_shown_in_the_security_tab() {
    let security = workflow("security");
    let mut categories = Vec::new();
    for (id, _) in SCANS {
        let job = security.job(id);
        let upload = job.using("github/codeql-action/upload-sarif");
        assert_eq!(upload.with("sarif_file"), "reports", "{id}");
        assert_eq!(job.permissions["security-events"], "write", "{id}");
        categories.push(upload.with("category"));
        let uploads = |event: serde_json::Value| {
            let github = json!({"event_name": "pull_request", "event": event, "repository": "o/r"});
            runs(
                upload.condition.as_deref(),
                &context(json!({"github": github})),
            )
        };
        let pull_request = |from: &str| json!({"pull_request": {"head": {"repo": {"full_name": from}}, "user": {"login": "someone"}}});
        assert!(
            uploads(pull_request("o/r")) && !uploads(pull_request("fork/r")),
            "{id}"
        );
    }
    let count = categories.len();
    categories.dedup();
    assert_eq!(
        categories.len(),
        count,
        "one would replace the other: {categories:?}"
    );
    let image = &categories[2];
    assert!(
        image.contains("matrix.image") && image.contains("matrix.stage"),
        "{image}"
    );
}
