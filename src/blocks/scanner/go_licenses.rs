//! go-licenses: licences of the modules that Go programs are made of.

use super::{Kind, Scan, Scanner, Scope, each, go_install, licenses_to_sarif};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "go-licenses",
    kind: Kind::Licenses,
    languages: &["go"],
    usual: true,
    installed: true,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let parts = scope.json_of_each("go.mod");
    let install = go_install("go-licenses", "github.com/google/go-licenses/v2");
    let list = each(&parts, |report, module| {
        let folder = module.strip_suffix("/go.mod").unwrap_or(".");
        format!(
            "(cd {folder} && \"$(go env GOPATH)/bin/go-licenses\" report ./... --ignore \"$(go list -m)\") |\n  \
             jq -Rn '[inputs | split(\",\") | {{Name: .[0], Version: \"\", License: (.[2:] | join(\" OR \"))}}]' > {report}"
        )
    });
    let steps = vec![
        Step::run("List licences (go-licenses)", format!("{install}\n{list}")),
        licenses_to_sarif(scope, &parts),
    ];
    Scan::new(scope.sarif(), steps)
}
