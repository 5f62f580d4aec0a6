//! ESLint with the rules of `eslint-plugin-security`, whatever the project's own rules are.

use super::{Kind, Scan, Scanner, Scope, reports, together};
use crate::knowledge::tools;
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "eslint-security",
    kind: Kind::Code,
    languages: &["node", "javascript", "typescript", "deno", "bun"],
    usual: true,
    repository: Some(scan),
    ..Scanner::USUAL
};

const PACKAGES: [&str; 4] = [
    "eslint",
    "eslint-plugin-security",
    "typescript-eslint",
    "@microsoft/eslint-formatter-sarif",
];

fn scan(scope: &Scope<'_>) -> Scan {
    let packages = PACKAGES.map(|name| format!("{name}@{}", tools::version(name)));
    let parts: Vec<_> = scope
        .components
        .iter()
        .map(|component| scope.json_of(component, component.source))
        .collect();
    let steps = vec![
        Step::script("Scan code (ESLint)", "eslint-security")
            .env("PACKAGES", packages.join("\n"))
            .env("REPORTS", reports(&parts)),
        together(scope, &parts),
    ];
    Scan::new(scope.sarif(), steps)
}
