//! Scanners, wherever they run, and the secrets that workflows read.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{NAME, workflow};
use crate::seeds::evaluate::{Ending, Start, histories};
use crate::seeds::read::{Generated, Job};

/// PIT-A7
#[test]
fn a7_trivy_reports_and_a_critical_finding_fails() {
    let ci = workflow("ci");
    let job = ci.job("security-scan");
    let trivy = job.using("aquasecurity/trivy-action");
    assert_eq!(trivy.with("scan-type"), "fs");
    assert_eq!(trivy.with("format"), "sarif");
    let upload = job.using("github/codeql-action/upload-sarif");
    let condition = upload.condition.as_deref().unwrap();
    // Also after a scanner that could not do its work; a fork may not upload.
    assert!(condition.starts_with("${{ !cancelled()"), "{condition}");
    assert_eq!(job.permissions["security-events"], "write");
    let judge = job.script("severity-policy");
    let gate = judge.env("POLICY");
    let vulnerabilities = gate
        .lines()
        .find(|line| line.starts_with("reports/vulnerabilities"));
    assert!(
        vulnerabilities.unwrap().contains("block=critical"),
        "{gate}"
    );
    assert!(
        judge
            .env("REPORTS")
            .contains("reports/vulnerabilities/trivy.sarif")
    );
    assert!(judge.condition.is_none() && !job.continue_on_error);
}

/// PIT-A9
#[test]
fn a9_every_scanner_runs_for_a_pull_request() {
    let security = workflow("security");
    assert_eq!(security.trigger("pull_request").branches, ["main"]);
    assert_eq!(security.trigger("schedule").crons.len(), 1);
    let steps: Vec<_> = security.jobs.values().flat_map(|job| &job.steps).collect();
    let runs = |words: &str| {
        steps.iter().any(|step| {
            let run = step.run.as_deref().unwrap_or_default();
            run.contains(words) || step.action() == Some(words)
        })
    };
    for words in [
        "snyk test",
        "semgrep ",
        "github/codeql-action/analyze",
        "checkov ",
        "hadolint ",
        "trufflesecurity/trufflehog",
        "gitleaks/v8",
        "dependency-check",
        "eslint-plugin-security",
        "osv-scanner scan",
        "npm audit",
    ] {
        let named = steps
            .iter()
            .any(|step| step.env("PACKAGES").contains(words));
        assert!(runs(words) || named, "{words}");
    }
    // An older Deno has no audit; OSV-Scanner reads the lock file in any case.
    assert!(
        security
            .job("dependency-scan")
            .steps
            .iter()
            .any(|step| step.name == "Scan dependencies (Deno)")
    );
    let config = steps
        .iter()
        .filter(|step| step.action() == Some("aquasecurity/trivy-action"));
    assert!(
        config
            .into_iter()
            .any(|step| step.with("scan-type") == "config")
    );
    let secrets = security.job("secret-scan");
    assert_eq!(secrets.using("actions/checkout").with("fetch-depth"), "0");
}

/// PIT-A10
#[test]
fn a10_high_findings_wait_for_a_person() {
    let security = workflow("security");
    let policy = |job: &str, folder: &str| {
        let lines = security.job(job).script("severity-policy").env("POLICY");
        let line = lines.lines().find(|line| line.starts_with(folder));
        line.unwrap_or_else(|| panic!("{job}: {lines}")).to_owned()
    };
    let dependencies = policy("dependency-scan", "reports/vulnerabilities");
    assert_eq!(
        dependencies,
        "reports/vulnerabilities block=critical review=high warn=medium,low"
    );
    let secrets = policy("secret-scan", "reports/secrets");
    assert!(
        secrets.contains("block=critical,high,medium,low"),
        "{secrets}"
    );
    let review = security
        .job("security-review")
        .environment
        .as_ref()
        .unwrap();
    assert_eq!(review.name, "security-review");
    let outputs = |job: &Job, _: Ending| -> Vec<Value> {
        match job.outputs.contains_key("review") {
            true => vec![json!({"review": "true"}), json!({"review": "false"})],
            false => vec![json!({})],
        }
    };
    let start = Start {
        event: "pull_request",
        inputs: json!({}),
        git_ref: "refs/pull/7/merge",
        outputs: &outputs,
    };
    let mut asked = 0;
    let mut short = workflow("security").clone();
    short.jobs.retain(|id, _| {
        ["dependency-scan", "secret-scan", "security-review"].contains(&id.as_str())
    });
    short.jobs["security-review"]
        .needs
        .retain(|id| id == "dependency-scan");
    for history in histories(&short, &start) {
        let wanted = history.output("dependency-scan", "review") == "true";
        assert!(wanted || !history.ran("security-review"), "{history:?}");
        asked += u32::from(history.ran("security-review"));
    }
    assert!(asked > 0);
}

/// PIT-A29
#[test]
fn a29_secrets_are_spelled_as_people_know_them() {
    let known = [
        "ADMIN_API_TOKEN",
        "BACKUP_PASSPHRASE",
        "CLOUDFLARE_ACCOUNT_ID",
        "CLOUDFLARE_API_TOKEN",
        "CODECOV_TOKEN",
        "EMAIL_PASSWORD",
        "EMAIL_USERNAME",
        "NVD_API_KEY",
        "PAGERDUTY_ROUTING_KEY",
        "PAGERDUTY_WEBHOOK_URL",
        "PRODUCTION_DATABASE_URL",
        "PRODUCTION_JWT_SECRET",
        "SENTRY_AUTH_TOKEN",
        "SLACK_WEBHOOK_URL",
        "SNYK_TOKEN",
        "STAGING_DATABASE_URL",
        "STAGING_JWT_SECRET",
        "UPTIMEROBOT_API_KEY",
    ];
    let generated = Generated::preset(NAME);
    let mut read = BTreeSet::new();
    for name in [
        "ci",
        "cd-staging",
        "cd-production",
        "db-migration",
        "db-backup",
        "rollback",
        "security",
    ] {
        let text = generated
            .find(&format!(".github/workflows/{name}.yml"))
            .unwrap();
        for (at, _) in text.match_indices("secrets.") {
            let rest = text[at + "secrets.".len()..].chars();
            let name: String = rest
                .take_while(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || *c == '_')
                .collect();
            read.insert(name);
        }
    }
    let read: Vec<_> = read
        .iter()
        .map(String::as_str)
        .filter(|name| !name.is_empty())
        .collect();
    assert_eq!(read, known);
}
