//! govulncheck on programs: the modules that really are in what was built.

use super::govulncheck::MODULE;
use super::{Scan, Scanner, Scope, go_install, reports, together};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "govulncheck-binary",
    languages: &["go"],
    installed: true,
    minutes: 15,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let parts = scope.json_of_each("go.mod");
    let steps = vec![
        Step::run("Install govulncheck", go_install("govulncheck", MODULE)),
        Step::script(
            "Build the programs and scan them (govulncheck)",
            "govulncheck-binary",
        )
        .env("REPORTS", reports(&parts)),
        together(scope, &parts),
    ];
    Scan::new(scope.sarif(), steps)
}
