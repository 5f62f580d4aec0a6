//! TruffleHog: secrets in the history that still open something.

use super::{Kind, Scan, Scanner, Scope, to_sarif};
use crate::knowledge::tools;
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "trufflehog",
    kind: Kind::Secrets,
    history: true,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let version = tools::version("trufflehog");
    let report = scope.json(".".to_owned());
    let command = format!(
        "docker run --rm --volume \"$PWD:/repository:ro\" ghcr.io/trufflesecurity/trufflehog:{version} \\\n  \
         git file:///repository --only-verified --json --no-update > {}",
        report.path
    );
    let steps = vec![
        Step::run("Scan the history for live secrets (TruffleHog)", command),
        to_sarif(scope, "trufflehog-to-sarif", &[report]),
    ];
    Scan::new(scope.sarif(), steps)
}
