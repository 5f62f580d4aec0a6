//! Embedded files: presets, schemas, templates and scripts.
//!
//! Tables of names and texts, nothing else. A test holds each table against
//! its folder.

/// The reference page of manifests.
pub const MANIFEST_REFERENCE: &str = include_str!("../docs/manifest.md");

/// The JSON Schema of manifests, as published.
pub const MANIFEST_SCHEMA: &str = include_str!("../schemas/manifest.schema.json");

/// The shipped presets by name, in the order of their names.
pub const PRESETS: &[(&str, &str)] = &[
    ("alchemorsel", include_str!("../presets/alchemorsel.yml")),
    (
        "container-image",
        include_str!("../presets/container-image.yml"),
    ),
    ("docs", include_str!("../presets/docs.yml")),
    ("ecommerce", include_str!("../presets/ecommerce.yml")),
    ("go-library", include_str!("../presets/go-library.yml")),
    ("go-service", include_str!("../presets/go-service.yml")),
    ("node-library", include_str!("../presets/node-library.yml")),
    ("node-service", include_str!("../presets/node-service.yml")),
    (
        "personal-assistant",
        include_str!("../presets/personal-assistant.yml"),
    ),
    ("pitchey", include_str!("../presets/pitchey.yml")),
    (
        "python-library",
        include_str!("../presets/python-library.yml"),
    ),
    (
        "python-service",
        include_str!("../presets/python-service.yml"),
    ),
    ("rust-crate", include_str!("../presets/rust-crate.yml")),
    ("static-site", include_str!("../presets/static-site.yml")),
    (
        "terraform-module",
        include_str!("../presets/terraform-module.yml"),
    ),
    ("vqmethod", include_str!("../presets/vqmethod.yml")),
];

/// The templates by file name, in the order of their names.
pub const TEMPLATES: &[(&str, &str)] = &[
    (
        "dependabot.yml.j2",
        include_str!("../templates/dependabot.yml.j2"),
    ),
    ("job.yml.j2", include_str!("../templates/job.yml.j2")),
    ("step.yml.j2", include_str!("../templates/step.yml.j2")),
    (
        "workflow.yml.j2",
        include_str!("../templates/workflow.yml.j2"),
    ),
];

/// The scripts by name without extension, in the order of their names.
pub const SCRIPTS: &[(&str, &str)] = &[
    (
        "alembic-status",
        include_str!("../templates/scripts/alembic-status.sh"),
    ),
    (
        "approval-quorum",
        include_str!("../templates/scripts/approval-quorum.sh"),
    ),
    (
        "artifact-cleanup",
        include_str!("../templates/scripts/artifact-cleanup.sh"),
    ),
    (
        "benchmark-compare",
        include_str!("../templates/scripts/benchmark-compare.sh"),
    ),
    (
        "bundle-budget",
        include_str!("../templates/scripts/bundle-budget.sh"),
    ),
    (
        "bundler-audit-to-sarif",
        include_str!("../templates/scripts/bundler-audit-to-sarif.sh"),
    ),
    (
        "change-impact",
        include_str!("../templates/scripts/change-impact.sh"),
    ),
    (
        "check-config",
        include_str!("../templates/scripts/check-config.sh"),
    ),
    (
        "check-request",
        include_str!("../templates/scripts/check-request.sh"),
    ),
    (
        "choose-image",
        include_str!("../templates/scripts/choose-image.sh"),
    ),
    (
        "cloudfront-invalidate",
        include_str!("../templates/scripts/cloudfront-invalidate.sh"),
    ),
    (
        "compose-backup",
        include_str!("../templates/scripts/compose-backup.sh"),
    ),
    (
        "compose-health",
        include_str!("../templates/scripts/compose-health.sh"),
    ),
    (
        "compose-migrate",
        include_str!("../templates/scripts/compose-migrate.sh"),
    ),
    (
        "compose-pull",
        include_str!("../templates/scripts/compose-pull.sh"),
    ),
    (
        "compose-record",
        include_str!("../templates/scripts/compose-record.sh"),
    ),
    (
        "compose-retire",
        include_str!("../templates/scripts/compose-retire.sh"),
    ),
    (
        "compose-rollback",
        include_str!("../templates/scripts/compose-rollback.sh"),
    ),
    (
        "compose-switch",
        include_str!("../templates/scripts/compose-switch.sh"),
    ),
    (
        "compose-up",
        include_str!("../templates/scripts/compose-up.sh"),
    ),
    (
        "composer-audit-to-sarif",
        include_str!("../templates/scripts/composer-audit-to-sarif.sh"),
    ),
    (
        "coverage-clover",
        include_str!("../templates/scripts/coverage-clover.sh"),
    ),
    (
        "coverage-cobertura",
        include_str!("../templates/scripts/coverage-cobertura.sh"),
    ),
    (
        "coverage-go",
        include_str!("../templates/scripts/coverage-go.sh"),
    ),
    (
        "coverage-jacoco",
        include_str!("../templates/scripts/coverage-jacoco.sh"),
    ),
    (
        "coverage-lcov",
        include_str!("../templates/scripts/coverage-lcov.sh"),
    ),
    (
        "coverage-mix",
        include_str!("../templates/scripts/coverage-mix.sh"),
    ),
    (
        "coverage-parts",
        include_str!("../templates/scripts/coverage-parts.sh"),
    ),
    (
        "coverage-simplecov",
        include_str!("../templates/scripts/coverage-simplecov.sh"),
    ),
    (
        "coverage-summary",
        include_str!("../templates/scripts/coverage-summary.sh"),
    ),
    (
        "custom-deploy",
        include_str!("../templates/scripts/custom-deploy.sh"),
    ),
    (
        "custom-record",
        include_str!("../templates/scripts/custom-record.sh"),
    ),
    (
        "custom-rollback",
        include_str!("../templates/scripts/custom-rollback.sh"),
    ),
    (
        "datadog-event",
        include_str!("../templates/scripts/datadog-event.sh"),
    ),
    (
        "deno-audit",
        include_str!("../templates/scripts/deno-audit.sh"),
    ),
    (
        "deploy-decision",
        include_str!("../templates/scripts/deploy-decision.sh"),
    ),
    (
        "deployed-commit",
        include_str!("../templates/scripts/deployed-commit.sh"),
    ),
    (
        "deployment-window",
        include_str!("../templates/scripts/deployment-window.sh"),
    ),
    (
        "django-status",
        include_str!("../templates/scripts/django-status.sh"),
    ),
    (
        "dotnet-audit-to-sarif",
        include_str!("../templates/scripts/dotnet-audit-to-sarif.sh"),
    ),
    (
        "drizzle-migrate",
        include_str!("../templates/scripts/drizzle-migrate.sh"),
    ),
    (
        "drizzle-rollback",
        include_str!("../templates/scripts/drizzle-rollback.sh"),
    ),
    (
        "drizzle-status",
        include_str!("../templates/scripts/drizzle-status.sh"),
    ),
    (
        "drizzle-steps",
        include_str!("../templates/scripts/drizzle-steps.sh"),
    ),
    (
        "ecr-images",
        include_str!("../templates/scripts/ecr-images.sh"),
    ),
    (
        "ecr-promote",
        include_str!("../templates/scripts/ecr-promote.sh"),
    ),
    ("ecs-find", include_str!("../templates/scripts/ecs-find.sh")),
    (
        "ecs-migrate",
        include_str!("../templates/scripts/ecs-migrate.sh"),
    ),
    (
        "ecs-record",
        include_str!("../templates/scripts/ecs-record.sh"),
    ),
    (
        "ecs-register",
        include_str!("../templates/scripts/ecs-register.sh"),
    ),
    (
        "ecs-update",
        include_str!("../templates/scripts/ecs-update.sh"),
    ),
    (
        "email-notify",
        include_str!("../templates/scripts/email-notify.sh"),
    ),
    (
        "eslint-security",
        include_str!("../templates/scripts/eslint-security.sh"),
    ),
    (
        "find-words",
        include_str!("../templates/scripts/find-words.sh"),
    ),
    (
        "github-release",
        include_str!("../templates/scripts/github-release.sh"),
    ),
    (
        "golang-migrate",
        include_str!("../templates/scripts/golang-migrate.sh"),
    ),
    ("gosec", include_str!("../templates/scripts/gosec.sh")),
    (
        "govulncheck-binary",
        include_str!("../templates/scripts/govulncheck-binary.sh"),
    ),
    (
        "header-check",
        include_str!("../templates/scripts/header-check.sh"),
    ),
    (
        "health-check",
        include_str!("../templates/scripts/health-check.sh"),
    ),
    (
        "helm-record",
        include_str!("../templates/scripts/helm-record.sh"),
    ),
    (
        "helm-rollback",
        include_str!("../templates/scripts/helm-rollback.sh"),
    ),
    (
        "helm-upgrade",
        include_str!("../templates/scripts/helm-upgrade.sh"),
    ),
    (
        "image-platforms",
        include_str!("../templates/scripts/image-platforms.sh"),
    ),
    (
        "image-policy",
        include_str!("../templates/scripts/image-policy.sh"),
    ),
    (
        "incident-issue",
        include_str!("../templates/scripts/incident-issue.sh"),
    ),
    (
        "job-results",
        include_str!("../templates/scripts/job-results.sh"),
    ),
    (
        "kube-apply",
        include_str!("../templates/scripts/kube-apply.sh"),
    ),
    (
        "kube-argo",
        include_str!("../templates/scripts/kube-argo.sh"),
    ),
    (
        "kube-canary",
        include_str!("../templates/scripts/kube-canary.sh"),
    ),
    (
        "kube-canary-end",
        include_str!("../templates/scripts/kube-canary-end.sh"),
    ),
    (
        "kube-connect",
        include_str!("../templates/scripts/kube-connect.sh"),
    ),
    ("kube-eks", include_str!("../templates/scripts/kube-eks.sh")),
    (
        "kube-health",
        include_str!("../templates/scripts/kube-health.sh"),
    ),
    (
        "kube-images",
        include_str!("../templates/scripts/kube-images.sh"),
    ),
    (
        "kube-migrate",
        include_str!("../templates/scripts/kube-migrate.sh"),
    ),
    (
        "kube-record",
        include_str!("../templates/scripts/kube-record.sh"),
    ),
    (
        "kube-render",
        include_str!("../templates/scripts/kube-render.sh"),
    ),
    (
        "kube-retire",
        include_str!("../templates/scripts/kube-retire.sh"),
    ),
    (
        "kube-rollback",
        include_str!("../templates/scripts/kube-rollback.sh"),
    ),
    (
        "kube-set-image",
        include_str!("../templates/scripts/kube-set-image.sh"),
    ),
    (
        "kube-switch",
        include_str!("../templates/scripts/kube-switch.sh"),
    ),
    (
        "kube-wait",
        include_str!("../templates/scripts/kube-wait.sh"),
    ),
    (
        "licenses-to-sarif",
        include_str!("../templates/scripts/licenses-to-sarif.sh"),
    ),
    (
        "lighthouse-collect",
        include_str!("../templates/scripts/lighthouse-collect.sh"),
    ),
    (
        "lighthouse-gate",
        include_str!("../templates/scripts/lighthouse-gate.sh"),
    ),
    (
        "load-thresholds",
        include_str!("../templates/scripts/load-thresholds.sh"),
    ),
    (
        "maintenance-switch",
        include_str!("../templates/scripts/maintenance-switch.sh"),
    ),
    (
        "metrics-check",
        include_str!("../templates/scripts/metrics-check.sh"),
    ),
    (
        "migration-plan",
        include_str!("../templates/scripts/migration-plan.sh"),
    ),
    ("monitor", include_str!("../templates/scripts/monitor.sh")),
    (
        "monitor-metrics",
        include_str!("../templates/scripts/monitor-metrics.sh"),
    ),
    (
        "npm-audit-to-sarif",
        include_str!("../templates/scripts/npm-audit-to-sarif.sh"),
    ),
    (
        "ollama-pull",
        include_str!("../templates/scripts/ollama-pull.sh"),
    ),
    (
        "pagerduty-notify",
        include_str!("../templates/scripts/pagerduty-notify.sh"),
    ),
    (
        "pages-deploy",
        include_str!("../templates/scripts/pages-deploy.sh"),
    ),
    (
        "pages-find",
        include_str!("../templates/scripts/pages-find.sh"),
    ),
    (
        "pages-record",
        include_str!("../templates/scripts/pages-record.sh"),
    ),
    (
        "pages-rollback",
        include_str!("../templates/scripts/pages-rollback.sh"),
    ),
    ("pg-dump", include_str!("../templates/scripts/pg-dump.sh")),
    (
        "pip-audit-to-sarif",
        include_str!("../templates/scripts/pip-audit-to-sarif.sh"),
    ),
    (
        "previous-version",
        include_str!("../templates/scripts/previous-version.sh"),
    ),
    (
        "prisma-migrate",
        include_str!("../templates/scripts/prisma-migrate.sh"),
    ),
    (
        "prisma-rollback",
        include_str!("../templates/scripts/prisma-rollback.sh"),
    ),
    (
        "prisma-status",
        include_str!("../templates/scripts/prisma-status.sh"),
    ),
    (
        "pull-request-comment",
        include_str!("../templates/scripts/pull-request-comment.sh"),
    ),
    (
        "query-latency",
        include_str!("../templates/scripts/query-latency.sh"),
    ),
    (
        "rds-snapshot",
        include_str!("../templates/scripts/rds-snapshot.sh"),
    ),
    (
        "record-deployment",
        include_str!("../templates/scripts/record-deployment.sh"),
    ),
    (
        "release-changes",
        include_str!("../templates/scripts/release-changes.sh"),
    ),
    (
        "require-deployment",
        include_str!("../templates/scripts/require-deployment.sh"),
    ),
    (
        "require-workflows",
        include_str!("../templates/scripts/require-workflows.sh"),
    ),
    (
        "resolve-images",
        include_str!("../templates/scripts/resolve-images.sh"),
    ),
    (
        "resolve-version",
        include_str!("../templates/scripts/resolve-version.sh"),
    ),
    (
        "risky-migrations",
        include_str!("../templates/scripts/risky-migrations.sh"),
    ),
    ("rollback", include_str!("../templates/scripts/rollback.sh")),
    ("s3-find", include_str!("../templates/scripts/s3-find.sh")),
    (
        "s3-retire",
        include_str!("../templates/scripts/s3-retire.sh"),
    ),
    (
        "s3-switch",
        include_str!("../templates/scripts/s3-switch.sh"),
    ),
    (
        "s3-upload",
        include_str!("../templates/scripts/s3-upload.sh"),
    ),
    (
        "safety-to-sarif",
        include_str!("../templates/scripts/safety-to-sarif.sh"),
    ),
    (
        "sample-stats",
        include_str!("../templates/scripts/sample-stats.sh"),
    ),
    (
        "sarif-together",
        include_str!("../templates/scripts/sarif-together.sh"),
    ),
    (
        "scanner-login",
        include_str!("../templates/scripts/scanner-login.sh"),
    ),
    (
        "sentry-release",
        include_str!("../templates/scripts/sentry-release.sh"),
    ),
    (
        "severity-policy",
        include_str!("../templates/scripts/severity-policy.sh"),
    ),
    (
        "slack-notify",
        include_str!("../templates/scripts/slack-notify.sh"),
    ),
    (
        "smoke-check",
        include_str!("../templates/scripts/smoke-check.sh"),
    ),
    (
        "sonar-gate",
        include_str!("../templates/scripts/sonar-gate.sh"),
    ),
    (
        "sql-checks",
        include_str!("../templates/scripts/sql-checks.sh"),
    ),
    (
        "ssh-connect",
        include_str!("../templates/scripts/ssh-connect.sh"),
    ),
    ("ssh-copy", include_str!("../templates/scripts/ssh-copy.sh")),
    (
        "terraform-apply",
        include_str!("../templates/scripts/terraform-apply.sh"),
    ),
    (
        "terraform-drift",
        include_str!("../templates/scripts/terraform-drift.sh"),
    ),
    (
        "terraform-plan",
        include_str!("../templates/scripts/terraform-plan.sh"),
    ),
    (
        "trufflehog-to-sarif",
        include_str!("../templates/scripts/trufflehog-to-sarif.sh"),
    ),
    (
        "uptime-monitors",
        include_str!("../templates/scripts/uptime-monitors.sh"),
    ),
    (
        "vercel-check",
        include_str!("../templates/scripts/vercel-check.sh"),
    ),
    (
        "vercel-deploy",
        include_str!("../templates/scripts/vercel-deploy.sh"),
    ),
    (
        "vercel-find",
        include_str!("../templates/scripts/vercel-find.sh"),
    ),
    (
        "vercel-promote",
        include_str!("../templates/scripts/vercel-promote.sh"),
    ),
    (
        "vercel-record",
        include_str!("../templates/scripts/vercel-record.sh"),
    ),
    (
        "vercel-rollback",
        include_str!("../templates/scripts/vercel-rollback.sh"),
    ),
    (
        "verify-provenance",
        include_str!("../templates/scripts/verify-provenance.sh"),
    ),
    (
        "wrangler-check",
        include_str!("../templates/scripts/wrangler-check.sh"),
    ),
    (
        "wrangler-deploy",
        include_str!("../templates/scripts/wrangler-deploy.sh"),
    ),
    (
        "wrangler-dry-run",
        include_str!("../templates/scripts/wrangler-dry-run.sh"),
    ),
    (
        "wrangler-find",
        include_str!("../templates/scripts/wrangler-find.sh"),
    ),
    (
        "wrangler-record",
        include_str!("../templates/scripts/wrangler-record.sh"),
    ),
    (
        "wrangler-rollback",
        include_str!("../templates/scripts/wrangler-rollback.sh"),
    ),
    (
        "wrangler-shift",
        include_str!("../templates/scripts/wrangler-shift.sh"),
    ),
    (
        "zap-to-sarif",
        include_str!("../templates/scripts/zap-to-sarif.sh"),
    ),
];

/// What several scripts share, by name without extension, in the order of the names.
pub const SCRIPT_PARTS: &[(&str, &str)] = &[
    (
        "cloudflare",
        include_str!("../templates/scripts/parts/cloudflare.sh"),
    ),
    (
        "coverage",
        include_str!("../templates/scripts/parts/coverage.sh"),
    ),
    (
        "custom",
        include_str!("../templates/scripts/parts/custom.sh"),
    ),
    (
        "postgres",
        include_str!("../templates/scripts/parts/postgres.sh"),
    ),
    (
        "prisma",
        include_str!("../templates/scripts/parts/prisma.sh"),
    ),
    ("sarif", include_str!("../templates/scripts/parts/sarif.sh")),
    (
        "terraform",
        include_str!("../templates/scripts/parts/terraform.sh"),
    ),
    (
        "vercel",
        include_str!("../templates/scripts/parts/vercel.sh"),
    ),
    ("watch", include_str!("../templates/scripts/parts/watch.sh")),
    (
        "wrangler",
        include_str!("../templates/scripts/parts/wrangler.sh"),
    ),
];

/// The text of a script. Scripts are named by our own code only.
pub fn script(name: &str) -> &'static str {
    find(SCRIPTS, name)
}

/// The text of a part. Parts are named by our own scripts only.
pub fn script_part(name: &str) -> &'static str {
    find(SCRIPT_PARTS, name)
}

fn find(table: &[(&str, &'static str)], name: &str) -> &'static str {
    let found = table.binary_search_by_key(&name, |(name, _)| name);
    let index =
        found.unwrap_or_else(|_| unreachable!("internal error: there is no script `{name}`"));
    table[index].1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_lists(table: &[(&str, &str)], folder: &str, ending: &str) {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let files = std::fs::read_dir(root.join(folder)).unwrap();
        let names = files.map(|file| file.unwrap().file_name().to_string_lossy().into_owned());
        let mut found: Vec<_> = names
            .filter_map(|name| name.strip_suffix(ending).map(str::to_owned))
            .collect();
        found.sort();
        let listed: Vec<_> = table
            .iter()
            .map(|(name, _)| name.trim_end_matches(ending))
            .collect();
        assert_eq!(
            listed, found,
            "list each file of {folder}/ in src/assets.rs"
        );
    }

    #[test]
    fn each_table_is_its_folder() {
        assert_lists(PRESETS, "presets", ".yml");
        assert_lists(TEMPLATES, "templates", ".yml.j2");
        assert_lists(SCRIPTS, "templates/scripts", ".sh");
        assert_lists(SCRIPT_PARTS, "templates/scripts/parts", ".sh");
    }
}
