//! OSV-Scanner: vulnerable dependencies of all languages, by the open database of advisories.

use super::{Scan, Scanner, Scope, released};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "osv-scanner",
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let report = scope.sarif();
    // Code 1 means findings; that there is no lock file at all has a code of its own.
    let command = format!(
        "osv-scanner scan source --recursive --format sarif --output-file {report} . || [ $? -eq 1 ]"
    );
    let steps = vec![
        released("osv-scanner"),
        Step::run("Scan dependencies (OSV-Scanner)", command),
    ];
    Scan::new(report, steps)
}
