//! npm audit: vulnerable packages of npm.

use super::{Scan, Scanner, Scope, to_sarif};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "npm-audit",
    languages: &["node", "javascript", "typescript"],
    managers: &["npm"],
    usual: true,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let mut commands = Vec::new();
    let mut reports = Vec::new();
    for component in &scope.components {
        let report = scope.json_of(component, "package-lock.json");
        // Without a level only a scan that could not be done fails.
        commands.push(format!(
            "npm audit --prefix {} --package-lock-only --audit-level none --json > {}",
            component.fixed_file("."),
            report.path
        ));
        reports.push(report);
    }
    let steps = vec![
        Step::run("Scan dependencies (npm audit)", commands.join("\n")),
        to_sarif(scope, "npm-audit-to-sarif", &reports),
    ];
    Scan::new(scope.sarif(), steps)
}
