//! Gitleaks: secrets in the history, also by the patterns of the repository's own `.gitleaks.toml`.

use super::{Kind, Scan, Scanner, Scope, go_install};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "gitleaks",
    kind: Kind::Secrets,
    history: true,
    unrated: Some("critical"),
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let report = scope.sarif();
    let install = go_install("gitleaks", "github.com/zricethezav/gitleaks/v8");
    let steps = vec![
        Step::run(
            "Scan for secrets (Gitleaks)",
            format!(
                "{install}\n\
                 \"$(go env GOPATH)/bin/gitleaks\" git --redact --no-banner --exit-code 0 \\\n  \
                 --report-format sarif --report-path {report}"
            ),
        )
        .about("The program itself: its action asks organisations for a licence key."),
    ];
    Scan::new(report, steps)
}
