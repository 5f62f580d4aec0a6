//! pip-licenses: licences of the installed Python packages.

use super::{Component, JsonReport, Kind, Scan, Scanner, Scope, to_sarif};
use crate::knowledge::tools;
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "pip-licenses",
    kind: Kind::Licenses,
    languages: &["python"],
    history: false,
    installed: true,
    unrated: None,
    scan,
};

fn scan(scope: &Scope<'_>) -> Scan {
    let reports = SCANNER.kind.reports();
    // It lists what is installed, whichever component asked for it.
    let report = JsonReport {
        path: format!("{reports}/pip-licenses.json"),
        about: scope.components.first().map_or_else(String::new, list),
    };
    let command = format!(
        "python -m pip install pip-licenses=={}\n\
         pip-licenses --format json --output-file {}",
        tools::version("pip-licenses"),
        report.path
    );
    let steps = vec![
        Step::run("List licences (pip-licenses)", command),
        to_sarif(&SCANNER, &[report]).env("ALLOWED_LICENSES", scope.licenses.join("\n")),
    ];
    Scan::new(&SCANNER, steps)
}

/// The first file that lists dependencies.
fn list(component: &Component<'_>) -> String {
    let first = component.dependencies.first();
    component.fixed_file(first.map_or("requirements.txt", |file| file.as_str()))
}
