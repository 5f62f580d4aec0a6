//! npm audit: vulnerable packages of npm.

use super::{JsonReport, Kind, Scan, Scanner, Scope, to_sarif};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "npm-audit",
    kind: Kind::Dependencies,
    languages: &["node", "javascript", "typescript"],
    history: false,
    installed: false,
    unrated: None,
    scan,
};

fn scan(scope: &Scope<'_>) -> Scan {
    let mut commands = Vec::new();
    let mut reports = Vec::new();
    for component in &scope.components {
        let lock = component.fixed_file("package-lock.json");
        let report = JsonReport::of(&SCANNER, component, lock);
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
        to_sarif(&SCANNER, &reports),
    ];
    Scan::new(&SCANNER, steps)
}
