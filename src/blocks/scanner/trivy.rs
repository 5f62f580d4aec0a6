//! Trivy: vulnerabilities of the repository's lock files, or of an image.

use super::{Kind, Scanner, Scope};
use crate::pipeline::{Step, Text};

pub(super) static SCANNER: Scanner = Scanner {
    name: "trivy",
    kind: Kind::Container,
    languages: &[],
    history: false,
    installed: false,
    unrated: None,
    steps,
};

fn steps(_: &Scope<'_>) -> Vec<Step> {
    let reports = SCANNER.kind.reports();
    vec![
        Step::uses("Scan the repository (Trivy)", "aquasecurity/trivy-action")
            .with("scan-type", "fs")
            .with("scanners", "vuln,misconfig")
            .with("format", "sarif")
            .with("output", format!("{reports}/trivy.sarif")),
    ]
}

/// Scans an image that was built in this job.
pub(super) fn image(image: Text) -> Step {
    let reports = SCANNER.kind.reports();
    Step::uses("Scan the image (Trivy)", "aquasecurity/trivy-action")
        .with("scan-type", "image")
        .with("image-ref", image)
        .with("format", "sarif")
        .with("output", format!("{reports}/trivy-image.sarif"))
}
