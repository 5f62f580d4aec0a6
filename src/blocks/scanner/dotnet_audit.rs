//! Vulnerable packages of .NET, by the advisories of their sources.

use super::{Scan, Scanner, Scope, each, to_sarif};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "dotnet-audit",
    languages: &["dotnet"],
    usual: true,
    installed: true,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let parts = scope.json_of_each(".");
    let list = each(&parts, |report, folder| {
        format!(
            "dotnet list {folder} package --vulnerable --include-transitive --format json > {report}"
        )
    });
    let steps = vec![
        Step::run("Scan dependencies (.NET)", list),
        to_sarif(scope, "dotnet-audit-to-sarif", &parts),
    ];
    Scan::new(scope.sarif(), steps)
}
