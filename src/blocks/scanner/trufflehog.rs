//! TruffleHog: secrets in the history that still open something.

use super::{Kind, Scan, Scanner, Scope};
use crate::knowledge::tools;
use crate::pipeline::{Step, Text};

pub(super) static SCANNER: Scanner = Scanner {
    name: "trufflehog",
    kind: Kind::Secrets,
    history: true,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let version = tools::version("trufflehog");
    let command = format!(
        "docker run --rm --volume \"$PWD:/repository:ro\" ghcr.io/trufflesecurity/trufflehog:{version} \\\n  \
         git file:///repository --only-verified --json --no-update > \"$RUNNER_TEMP/trufflehog.json\""
    );
    // Its own report has the secrets in it, so that it is not kept with the others.
    let report = Text::code("runner.temp").then("/trufflehog.json .");
    let steps = vec![
        Step::run("Scan the history for live secrets (TruffleHog)", command),
        Step::script("Convert the report (trufflehog)", "trufflehog-to-sarif")
            .env("REPORTS", report)
            .env("SARIF", scope.sarif()),
    ];
    Scan::new(scope.sarif(), steps)
}
