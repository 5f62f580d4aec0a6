//! Trivy: vulnerabilities of what lock files and images hold, and secrets left in images.

use super::{BinaryScope, Image, ImageScope, Scan, Scanner, Scope};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "trivy",
    repository: Some(scan),
    image: Some(scan_image),
    binaries: Some(scan_binaries),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let report = scope.sarif();
    let step = trivy("Scan the repository (Trivy)", "fs", scope.cached)
        .with("scanners", "vuln")
        .with("format", "sarif")
        .with("output", report.as_str());
    Scan::new(report, vec![step])
}

fn scan_image(scope: &ImageScope<'_>) -> Scan {
    let report = scope.sarif();
    let Image { reference, .. } = scope.image;
    let step = trivy("Scan the image (Trivy)", "image", scope.cached)
        .with("image-ref", reference.clone())
        .with("format", "sarif")
        .with("output", report.as_str());
    Scan::new(report, vec![step])
}

fn scan_binaries(scope: &BinaryScope<'_>) -> Scan {
    let report = scope.sarif();
    // It looks into programs only where it takes them for a part of a system.
    let step = trivy("Scan the binaries (Trivy)", "rootfs", scope.cached)
        .with("scan-ref", scope.folder.clone())
        .with("scanners", "vuln")
        .with("format", "sarif")
        .with("output", report.as_str());
    Scan::new(report, vec![step])
}

/// The action in one of its modes.
pub(super) fn trivy(name: &str, mode: &str, cached: bool) -> Step {
    let step = Step::uses(name, "aquasecurity/trivy-action").with("scan-type", mode);
    if cached {
        step
    } else {
        step.with("cache", "false")
    }
}
