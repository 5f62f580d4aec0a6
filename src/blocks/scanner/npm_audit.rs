//! npm audit: vulnerable packages of npm.

use super::{Kind, Scanner, Scope, report, to_sarif};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "npm-audit",
    kind: Kind::Dependencies,
    languages: &["node", "javascript", "typescript"],
    history: false,
    installed: false,
    unrated: None,
    steps,
};

fn steps(scope: &Scope<'_>) -> Vec<Step> {
    let reports = SCANNER.kind.reports();
    let mut steps = Vec::new();
    for component in &scope.components {
        let name = report("npm-audit", component);
        // Code 1 means findings; anything else that the report has no data.
        let command = format!(
            "mkdir -p {reports}\n\
             npm audit --prefix {} --package-lock-only --json > {reports}/{name}.json || [ $? -eq 1 ]",
            component.fixed_file(".")
        );
        steps.push(Step::run(
            format!(
                "Scan {} (npm audit)",
                component.fixed_file("package-lock.json")
            ),
            command,
        ));
        steps.push(
            to_sarif(&SCANNER, &name)
                .env("MANIFEST_FILE", component.fixed_file("package-lock.json")),
        );
    }
    steps
}
