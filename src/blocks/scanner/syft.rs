//! Syft: a software bill of materials (SPDX) of the repository or of an image.

use super::{ImageScope, Kind, Scan, Scanner, Scope, released};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "syft",
    kind: Kind::Inventory,
    repository: Some(scan),
    image: Some(scan_image),
    ..Scanner::USUAL
};

/// The list of an image's parts.
pub const SBOM: &str = "reports/sbom/image.spdx.json";

fn scan(scope: &Scope<'_>) -> Scan {
    let command = format!(
        "syft scan dir:. --output spdx-json={}/repository.spdx.json",
        scope.reports
    );
    listed(Step::run("List all parts (Syft)", command))
}

fn scan_image(scope: &ImageScope<'_>) -> Scan {
    let place = if scope.image.local {
        "docker:"
    } else {
        "registry:"
    };
    let command = format!("syft scan \"{place}$IMAGE\" --output spdx-json={SBOM}");
    listed(
        Step::run("List all parts of the image (Syft)", command)
            .env("IMAGE", scope.image.reference.clone()),
    )
}

fn listed(list: Step) -> Scan {
    Scan {
        steps: vec![released("syft"), list],
        report: None,
    }
}
