//! Gitleaks: secrets in the history.

use super::{Kind, Scan, Scanner, Scope};
use crate::knowledge::tools;
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "gitleaks",
    kind: Kind::Secrets,
    languages: &[],
    history: true,
    installed: false,
    unrated: Some("critical"),
    scan,
};

fn scan(_: &Scope<'_>) -> Scan {
    let reports = SCANNER.kind.reports();
    let version = tools::version("gitleaks");
    let steps = vec![
        Step::run(
            "Scan for secrets (Gitleaks)",
            format!(
                "go install github.com/zricethezav/gitleaks/v8@v{version}\n\
                 \"$(go env GOPATH)/bin/gitleaks\" git --redact --no-banner --exit-code 0 \\\n  \
                 --report-format sarif --report-path {reports}/gitleaks.sarif"
            ),
        )
        .about("The program itself: its action asks organisations for a licence key."),
    ];
    Scan::new(&SCANNER, steps)
}
