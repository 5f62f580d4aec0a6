//! Embedded files: presets, schemas, templates and scripts.
//!
//! Tables of names and texts, nothing else. A test holds each table against
//! its folder.

/// The JSON Schema of manifests, as published.
pub const MANIFEST_SCHEMA: &str = include_str!("../schemas/manifest.schema.json");

/// The shipped presets by name, in the order of their names.
pub const PRESETS: &[(&str, &str)] = &[
    ("ecommerce", include_str!("../presets/ecommerce.yml")),
    ("personal-assistant", include_str!("../presets/personal-assistant.yml")),
];

/// The templates by file name, in the order of their names.
pub const TEMPLATES: &[(&str, &str)] = &[
    ("job.yml.j2", include_str!("../templates/job.yml.j2")),
    ("step.yml.j2", include_str!("../templates/step.yml.j2")),
    ("workflow.yml.j2", include_str!("../templates/workflow.yml.j2")),
];

/// The scripts by name without extension, in the order of their names.
pub const SCRIPTS: &[(&str, &str)] = &[
    ("approval-quorum", include_str!("../templates/scripts/approval-quorum.sh")),
    ("benchmark-compare", include_str!("../templates/scripts/benchmark-compare.sh")),
    ("check-config", include_str!("../templates/scripts/check-config.sh")),
    ("compose-backup", include_str!("../templates/scripts/compose-backup.sh")),
    ("compose-health", include_str!("../templates/scripts/compose-health.sh")),
    ("compose-migrate", include_str!("../templates/scripts/compose-migrate.sh")),
    ("compose-pull", include_str!("../templates/scripts/compose-pull.sh")),
    ("compose-record", include_str!("../templates/scripts/compose-record.sh")),
    ("compose-retire", include_str!("../templates/scripts/compose-retire.sh")),
    ("compose-rollback", include_str!("../templates/scripts/compose-rollback.sh")),
    ("compose-switch", include_str!("../templates/scripts/compose-switch.sh")),
    ("compose-up", include_str!("../templates/scripts/compose-up.sh")),
    ("coverage-clover", include_str!("../templates/scripts/coverage-clover.sh")),
    ("coverage-cobertura", include_str!("../templates/scripts/coverage-cobertura.sh")),
    ("coverage-go", include_str!("../templates/scripts/coverage-go.sh")),
    ("coverage-jacoco", include_str!("../templates/scripts/coverage-jacoco.sh")),
    ("coverage-lcov", include_str!("../templates/scripts/coverage-lcov.sh")),
    ("coverage-mix", include_str!("../templates/scripts/coverage-mix.sh")),
    ("coverage-simplecov", include_str!("../templates/scripts/coverage-simplecov.sh")),
    ("coverage-summary", include_str!("../templates/scripts/coverage-summary.sh")),
    ("email-notify", include_str!("../templates/scripts/email-notify.sh")),
    ("github-release", include_str!("../templates/scripts/github-release.sh")),
    ("golang-migrate", include_str!("../templates/scripts/golang-migrate.sh")),
    ("health-check", include_str!("../templates/scripts/health-check.sh")),
    ("helm-record", include_str!("../templates/scripts/helm-record.sh")),
    ("helm-rollback", include_str!("../templates/scripts/helm-rollback.sh")),
    ("helm-upgrade", include_str!("../templates/scripts/helm-upgrade.sh")),
    ("image-policy", include_str!("../templates/scripts/image-policy.sh")),
    ("incident-issue", include_str!("../templates/scripts/incident-issue.sh")),
    ("job-results", include_str!("../templates/scripts/job-results.sh")),
    ("kube-apply", include_str!("../templates/scripts/kube-apply.sh")),
    ("kube-argo", include_str!("../templates/scripts/kube-argo.sh")),
    ("kube-canary", include_str!("../templates/scripts/kube-canary.sh")),
    ("kube-canary-end", include_str!("../templates/scripts/kube-canary-end.sh")),
    ("kube-connect", include_str!("../templates/scripts/kube-connect.sh")),
    ("kube-health", include_str!("../templates/scripts/kube-health.sh")),
    ("kube-migrate", include_str!("../templates/scripts/kube-migrate.sh")),
    ("kube-record", include_str!("../templates/scripts/kube-record.sh")),
    ("kube-render", include_str!("../templates/scripts/kube-render.sh")),
    ("kube-retire", include_str!("../templates/scripts/kube-retire.sh")),
    ("kube-rollback", include_str!("../templates/scripts/kube-rollback.sh")),
    ("kube-switch", include_str!("../templates/scripts/kube-switch.sh")),
    ("kube-wait", include_str!("../templates/scripts/kube-wait.sh")),
    ("load-thresholds", include_str!("../templates/scripts/load-thresholds.sh")),
    ("metrics-check", include_str!("../templates/scripts/metrics-check.sh")),
    ("monitor", include_str!("../templates/scripts/monitor.sh")),
    ("pull-request-comment", include_str!("../templates/scripts/pull-request-comment.sh")),
    ("report-to-sarif", include_str!("../templates/scripts/report-to-sarif.sh")),
    ("require-deployment", include_str!("../templates/scripts/require-deployment.sh")),
    ("require-workflows", include_str!("../templates/scripts/require-workflows.sh")),
    ("resolve-images", include_str!("../templates/scripts/resolve-images.sh")),
    ("resolve-version", include_str!("../templates/scripts/resolve-version.sh")),
    ("rollback", include_str!("../templates/scripts/rollback.sh")),
    ("sample-stats", include_str!("../templates/scripts/sample-stats.sh")),
    ("severity-policy", include_str!("../templates/scripts/severity-policy.sh")),
    ("slack-notify", include_str!("../templates/scripts/slack-notify.sh")),
    ("smoke-check", include_str!("../templates/scripts/smoke-check.sh")),
    ("ssh-connect", include_str!("../templates/scripts/ssh-connect.sh")),
    ("ssh-copy", include_str!("../templates/scripts/ssh-copy.sh")),
    ("terraform-apply", include_str!("../templates/scripts/terraform-apply.sh")),
    ("terraform-drift", include_str!("../templates/scripts/terraform-drift.sh")),
    ("terraform-plan", include_str!("../templates/scripts/terraform-plan.sh")),
];

/// The text of a script. Scripts are named by our own code only.
pub fn script(name: &str) -> &'static str {
    let found = SCRIPTS.binary_search_by_key(&name, |(name, _)| name);
    let index = found.unwrap_or_else(|_| unreachable!("internal error: there is no script `{name}`"));
    SCRIPTS[index].1
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
        let listed: Vec<_> = table.iter().map(|(name, _)| name.trim_end_matches(ending)).collect();
        assert_eq!(listed, found, "list each file of {folder}/ in src/assets.rs");
    }

    #[test]
    fn each_table_is_its_folder() {
        assert_lists(PRESETS, "presets", ".yml");
        assert_lists(TEMPLATES, "templates", ".yml.j2");
        assert_lists(SCRIPTS, "templates/scripts", ".sh");
    }
}
