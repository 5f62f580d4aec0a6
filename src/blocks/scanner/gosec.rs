//! gosec: dangerous Go code.

use super::{Kind, Scan, Scanner, Scope, go_install, reports, together};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "gosec",
    kind: Kind::Code,
    languages: &["go"],
    usual: true,
    installed: true,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let parts = scope.json_of_each("go.mod");
    let install = go_install("gosec", "github.com/securego/gosec/v2/cmd/gosec");
    let steps = vec![
        Step::run("Install gosec", install),
        Step::script("Scan code (gosec)", "gosec").env("REPORTS", reports(&parts)),
        together(scope, &parts),
    ];
    Scan::new(scope.sarif(), steps)
}
