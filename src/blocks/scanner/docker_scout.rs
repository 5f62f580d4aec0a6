//! Docker Scout: vulnerabilities of images, with an account of Docker Hub.

use super::{Image, ImageScope, Kind, Scan, Scanner};
use crate::pipeline::{Access, Expression, Scope as Permission, Step, Text};

pub(super) static SCANNER: Scanner = Scanner {
    name: "docker-scout",
    kind: Kind::Container,
    secrets: &["DOCKERHUB_USERNAME", "DOCKERHUB_TOKEN"],
    image: Some(scan_image),
    ..Scanner::USUAL
};

fn scan_image(scope: &ImageScope<'_>) -> Scan {
    let report = scope.sarif();
    let Image { reference, local } = scope.image;
    let place = if *local { "local://" } else { "registry://" };
    let mut step = Step::uses("Scan the image (Docker Scout)", "docker/scout-action")
        .with("command", "cves")
        .with("image", Text::literal(place).then(reference.clone()))
        .with("sarif-file", report.as_str())
        .with("summary", "false")
        .with("write-comment", "false")
        .with("dockerhub-user", Text::secret("DOCKERHUB_USERNAME"))
        .with("dockerhub-password", Text::secret("DOCKERHUB_TOKEN"));
    if !local {
        step = step
            .with("registry-user", Expression::new("github.actor"))
            .with("registry-password", Expression::new("github.token"))
            .allow(Permission::Packages, Access::Read, "read the images");
    }
    Scan::new(report, vec![step])
}
