//! cargo-audit: vulnerable crates, by the advisory database of RustSec.

use super::{Scan, Scanner, Scope, each, released, together};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "cargo-audit",
    languages: &["rust"],
    usual: true,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let parts = scope.json_of_each("Cargo.lock");
    // Code 1 means findings, or an error that leaves no report.
    let audit = each(&parts, |report, lock| {
        format!("cargo audit --file {lock} --format sarif > {report} || [ $? -eq 1 ]")
    });
    let steps = vec![
        released("cargo-audit"),
        Step::run("Scan dependencies (cargo-audit)", audit),
        together(scope, &parts).env("ALL_AT_FILE", "true"),
    ];
    Scan::new(scope.sarif(), steps)
}
