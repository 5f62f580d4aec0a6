//! govulncheck: vulnerable Go modules. Those count most whose code is called.

use super::{BinaryScope, Scan, Scanner, Scope, each, go_install, together};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "govulncheck",
    languages: &["go"],
    usual: true,
    installed: true,
    repository: Some(scan),
    binaries: Some(scan_binaries),
    ..Scanner::USUAL
};

/// What is installed.
pub(super) const MODULE: &str = "golang.org/x/vuln/cmd/govulncheck";

fn scan(scope: &Scope<'_>) -> Scan {
    let parts = scope.json_of_each("go.mod");
    // In this format findings are no failure.
    let check = each(&parts, |report, module| {
        let folder = module.strip_suffix("/go.mod").unwrap_or(".");
        format!("\"$(go env GOPATH)/bin/govulncheck\" -C {folder} -format sarif ./... > {report}")
    });
    let install = go_install("govulncheck", MODULE);
    let steps = vec![
        Step::run(
            "Scan dependencies (govulncheck)",
            format!("{install}\n{check}"),
        ),
        together(scope, &parts),
    ];
    Scan::new(scope.sarif(), steps)
}

fn scan_binaries(scope: &BinaryScope<'_>) -> Scan {
    let report = format!("{}/govulncheck-binaries.json", scope.reports);
    let reports = format!("{report} {}", scope.about);
    let steps = vec![
        Step::run("Install govulncheck", go_install("govulncheck", MODULE)),
        Step::script("Scan the binaries (govulncheck)", "govulncheck-binary")
            .env("REPORTS", reports.as_str())
            .env("BINARIES", scope.folder.clone()),
        Step::script("Convert the report (govulncheck)", "sarif-together")
            .env("TOOL", "govulncheck")
            .env("REPORTS", reports)
            .env("SARIF", scope.sarif()),
    ];
    Scan::new(scope.sarif(), steps)
}
