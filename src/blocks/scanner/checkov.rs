//! Checkov: rules for Dockerfiles, Kubernetes, Terraform and workflows.

use super::{Kind, Scan, Scanner, Scope, pipx};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "checkov",
    kind: Kind::Policy,
    // Without an account it rates nothing; a broken rule counts as much as a high finding.
    unrated: Some("high"),
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let (reports, report) = (scope.reports, scope.sarif());
    let steps = vec![Step::run(
        "Check policies (Checkov)",
        format!(
            "{}\ncheckov --directory . --framework dockerfile github_actions kubernetes terraform helm \\\n  \
             --skip-check CKV_GHA_7 --output sarif --output-file-path {reports} --soft-fail --quiet\n\
             mv {reports}/results_sarif.sarif {report}",
            pipx("checkov")
        ),
    )
    .about("CKV_GHA_7 forbids what manual runs are asked for, such as the version to deploy.")];
    Scan::new(report, steps)
}
