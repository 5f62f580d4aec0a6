//! Grype: vulnerabilities of what lock files and images hold, by another database than Trivy's.

use super::{Image, ImageScope, Scan, Scanner, Scope};
use crate::pipeline::{Step, Text};

pub(super) static SCANNER: Scanner = Scanner {
    name: "grype",
    repository: Some(scan),
    image: Some(scan_image),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let report = scope.sarif();
    let step = grype("Scan the repository (Grype)", "path", ".".into(), &report);
    Scan::new(report, vec![step])
}

fn scan_image(scope: &ImageScope<'_>) -> Scan {
    let report = scope.sarif();
    let Image { reference, .. } = scope.image;
    let step = grype(
        "Scan the image (Grype)",
        "image",
        reference.clone(),
        &report,
    );
    Scan::new(report, vec![step])
}

fn grype(name: &str, what: &str, value: Text, report: &str) -> Step {
    Step::uses(name, "anchore/scan-action")
        .with(what, value)
        .with("fail-build", "false")
        .with("output-format", "sarif")
        .with("output-file", report)
}
