//! Trivy's rules for infrastructure: Dockerfiles, Kubernetes, Helm, Terraform, CloudFormation.

use super::trivy::trivy;
use super::{Kind, Scan, Scanner, Scope};

pub(super) static SCANNER: Scanner = Scanner {
    name: "trivy-config",
    kind: Kind::Policy,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let report = scope.sarif();
    let step = trivy("Check the infrastructure (Trivy)", "config", scope.cached)
        .with("format", "sarif")
        .with("output", report.as_str());
    Scan::new(report, vec![step])
}
