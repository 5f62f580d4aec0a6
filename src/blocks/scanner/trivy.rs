//! Trivy: vulnerabilities of the repository's lock files, or of an image.

use super::{Kind, Scan, Scanner, Scope};
use crate::pipeline::{Step, Text};

pub(super) static SCANNER: Scanner = Scanner {
    name: "trivy",
    kind: Kind::Container,
    languages: &[],
    history: false,
    installed: false,
    unrated: None,
    scan,
};

fn scan(_: &Scope<'_>) -> Scan {
    let reports = SCANNER.kind.reports();
    let steps = vec![
        Step::uses("Scan the repository (Trivy)", "aquasecurity/trivy-action")
            .with("scan-type", "fs")
            .with("scanners", "vuln,misconfig")
            .with("format", "sarif")
            .with("output", format!("{reports}/trivy.sarif")),
    ];
    Scan::new(&SCANNER, steps)
}

/// Scans an image that was built in this job.
pub(super) fn image(image: Text) -> Scan {
    let report = format!("{}/trivy-image.sarif", SCANNER.kind.reports());
    let step = Step::uses("Scan the image (Trivy)", "aquasecurity/trivy-action")
        .with("scan-type", "image")
        .with("image-ref", image)
        .with("format", "sarif")
        .with("output", report.clone());
    Scan {
        scanner: &SCANNER,
        steps: vec![step],
        report,
    }
}
