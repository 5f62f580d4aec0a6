//! Licences of the installed packages of Node.

use super::{Kind, Scan, Scanner, Scope, each, licenses_to_sarif};
use crate::knowledge::tools;
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "npm-licenses",
    kind: Kind::Licenses,
    languages: &["node", "javascript", "typescript"],
    usual: true,
    installed: true,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let parts = scope.json_of_each("package.json");
    let version = tools::version("license-checker-rseidelsohn");
    let list = each(&parts, |report, file| {
        let folder = file.strip_suffix("/package.json").unwrap_or(".");
        format!(
            "npx --yes license-checker-rseidelsohn@{version} --start {folder} --excludePrivatePackages --json |\n  \
             jq '[to_entries[] | {{Name: .key, Version: \"\", License: ([.value.licenses] | flatten | join(\" OR \") | gsub(\"[()*]\"; \"\"))}}]' > {report}"
        )
    });
    let steps = vec![
        Step::run("List licences (Node)", list),
        licenses_to_sarif(scope, &parts),
    ];
    Scan::new(scope.sarif(), steps)
}
