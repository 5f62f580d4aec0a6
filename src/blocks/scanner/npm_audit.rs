//! npm audit: vulnerable packages of npm.

use super::{Kind, REPORTS, Scanner, Scope, report, to_sarif};
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
    let mut steps = Vec::new();
    for component in &scope.components {
        let name = report("npm-audit", component);
        // Code 1 means findings; anything else that the report has no data.
        let command = format!(
            "mkdir -p {REPORTS}\n\
             npm audit --prefix {} --package-lock-only --json > {REPORTS}/{name}.json || [ $? -eq 1 ]",
            component.path
        );
        steps.push(Step::run(
            format!("Scan {} (npm audit)", component.file("package-lock.json")),
            command,
        ));
        steps.push(
            to_sarif("npm-audit", &name).env("MANIFEST_FILE", component.file("package-lock.json")),
        );
    }
    steps
}
