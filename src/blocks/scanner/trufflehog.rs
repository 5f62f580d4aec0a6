//! TruffleHog: secrets in the history that still open something.

use super::{JsonReport, Kind, Scan, Scanner, Scope, to_sarif};
use crate::knowledge::tools;
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "trufflehog",
    kind: Kind::Secrets,
    languages: &[],
    history: true,
    installed: false,
    unrated: None,
    scan,
};

fn scan(_: &Scope<'_>) -> Scan {
    let reports = SCANNER.kind.reports();
    let version = tools::version("trufflehog");
    let report = JsonReport {
        path: format!("{reports}/trufflehog.json"),
        about: ".".to_owned(),
    };
    let command = format!(
        "docker run --rm --volume \"$PWD:/repository:ro\" ghcr.io/trufflesecurity/trufflehog:{version} \\\n  \
         git file:///repository --only-verified --json --no-update > {}",
        report.path
    );
    let steps = vec![
        Step::run("Scan the history for live secrets (TruffleHog)", command),
        to_sarif(&SCANNER, &[report]),
    ];
    Scan::new(&SCANNER, steps)
}
