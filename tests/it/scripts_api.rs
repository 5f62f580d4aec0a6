//! The scripts that check, judge and tell, run by bash against servers and commands that misbehave.
//!
//! Nothing here needs the network; bash, jq, curl and git must be on the path, as on GitHub's runners.

mod around;
mod audits;
mod contract;
mod custom;
mod gates;
mod image;
mod load;
mod messages;
mod policy;
mod models;
mod packages;
mod preconditions;
mod probes;
mod release_changes;
mod records;
mod registry;
mod releases;
mod reports;
pub(crate) mod sandbox;
pub(crate) mod servers;
mod steps;
mod web;

/// The scripts that these tests are about.
const SCRIPTS: &[&str] = &[
    "approval-quorum",
    "artifact-cleanup",
    "bundle-budget",
    "bundler-audit-to-sarif",
    "change-impact",
    "check-request",
    "check-scope",
    "choose-image",
    "composer-audit-to-sarif",
    "crates-pack",
    "crates-publish",
    "custom-deploy",
    "custom-record",
    "custom-rollback",
    "deno-audit",
    "deploy-decision",
    "deployed-commit",
    "deployment-window",
    "dotnet-audit-to-sarif",
    "email-notify",
    "eslint-security",
    "find-words",
    "github-release",
    "go-module",
    "go-publish",
    "gosec",
    "govulncheck-binary",
    "header-check",
    "health-check",
    "image-platforms",
    "image-policy",
    "incident-issue",
    "job-results",
    "licenses-to-sarif",
    "lighthouse-collect",
    "lighthouse-gate",
    "load-thresholds",
    "metrics-check",
    "migration-plan",
    "monitor",
    "npm-audit-to-sarif",
    "npm-pack",
    "npm-publish",
    "ollama-pull",
    "pip-audit-to-sarif",
    "previous-version",
    "pypi-pack",
    "pypi-publish",
    "pull-request-comment",
    "record-deployment",
    "release-changes",
    "require-deployment",
    "require-workflows",
    "resolve-version",
    "risky-migrations",
    "safety-to-sarif",
    "sample-stats",
    "sarif-together",
    "scanner-login",
    "severity-policy",
    "slack-notify",
    "smoke-check",
    "sonar-gate",
    "sql-checks",
    "trufflehog-to-sarif",
    "uptime-monitors",
    "verify-provenance",
    "zap-to-sarif",
];
