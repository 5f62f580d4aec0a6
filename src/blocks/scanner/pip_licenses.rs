//! pip-licenses: licences of the installed Python packages.

use super::{Component, Kind, Scan, Scanner, Scope, licenses_to_sarif};
use crate::knowledge::tools;
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "pip-licenses",
    kind: Kind::Licenses,
    languages: &["python"],
    installed: true,
    usual: true,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    // It lists what is installed, whichever component asked for it.
    let report = scope.json(scope.components.first().map_or_else(String::new, list));
    let command = format!(
        "python -m pip install pip-licenses=={}\n\
         pip-licenses --format json --output-file {}",
        tools::version("pip-licenses"),
        report.path
    );
    let steps = vec![
        Step::run("List licences (pip-licenses)", command),
        licenses_to_sarif(scope, &[report]),
    ];
    Scan::new(scope.sarif(), steps)
}

/// The first file that lists dependencies.
fn list(component: &Component<'_>) -> String {
    let first = component.dependencies.first();
    component.fixed_file(first.map_or("requirements.txt", |file| file.as_str()))
}
