//! Trivy's list of licences, for languages that have no list of their own.

use super::trivy::trivy;
use super::{Kind, Scan, Scanner, Scope, licenses_to_sarif};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "trivy-licenses",
    kind: Kind::Licenses,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let list = scope.json(".".to_owned());
    let raw = format!("{}/{}-raw.json", scope.reports, scope.scanner.name);
    let steps = vec![
        trivy("List licences (Trivy)", "fs", scope.cached)
            .with("scanners", "license")
            .with("format", "json")
            .with("output", raw.as_str()),
        Step::run(
            "Name each package with its licence",
            format!(
                "jq '[.Results[]?.Licenses[]? | {{Name: (.PkgName // .FilePath), Version: \"\", License: .Name}}]' {raw} > {}",
                list.path
            ),
        ),
        licenses_to_sarif(scope, &[list]),
    ];
    Scan::new(scope.sarif(), steps)
}
