//! Licences of crates, as their manifests state them.

use super::{Kind, Scan, Scanner, Scope, each, licenses_to_sarif};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "cargo-licenses",
    kind: Kind::Licenses,
    languages: &["rust"],
    usual: true,
    installed: true,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let parts = scope.json_of_each("Cargo.toml");
    // Crates of the project itself have no source. Old ones write `MIT/Apache-2.0`.
    let list = each(&parts, |report, manifest| {
        format!(
            "cargo metadata --locked --format-version 1 --manifest-path {manifest} |\n  \
             jq '[.packages[] | select(.source) | {{Name: .name, Version: .version, License: (.license // \"UNKNOWN\" | gsub(\"/\"; \" OR \"))}}]' > {report}"
        )
    });
    let steps = vec![
        Step::run("List licences (Cargo)", list),
        licenses_to_sarif(scope, &parts),
    ];
    Scan::new(scope.sarif(), steps)
}
