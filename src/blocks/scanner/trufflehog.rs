//! TruffleHog: secrets in the history that still open something.

use super::{Kind, Scanner, Scope, to_sarif};
use crate::knowledge::tools;
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "trufflehog",
    kind: Kind::Secrets,
    languages: &[],
    history: true,
    installed: false,
    unrated: Some("critical"),
    steps,
};

fn steps(_: &Scope<'_>) -> Vec<Step> {
    let reports = SCANNER.kind.reports();
    let version = tools::version("trufflehog");
    let command = format!(
        "mkdir -p {reports}\n\
         docker run --rm --volume \"$PWD:/repository:ro\" ghcr.io/trufflesecurity/trufflehog:{version} \\\n  \
         git file:///repository --only-verified --json --no-update > {reports}/trufflehog.json"
    );
    vec![
        Step::run("Scan the history for live secrets (TruffleHog)", command),
        to_sarif(&SCANNER, "trufflehog"),
    ]
}
