//! pip-audit: vulnerable Python packages, by the Python advisory database.

use super::{JsonReport, Kind, Scan, Scanner, Scope, pipx, to_sarif};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "pip-audit",
    kind: Kind::Dependencies,
    languages: &["python"],
    history: false,
    installed: false,
    unrated: None,
    scan,
};

fn scan(scope: &Scope<'_>) -> Scan {
    let mut commands = vec![pipx("pip-audit")];
    let mut reports = Vec::new();
    for component in &scope.components {
        let (what, file) = requirements(component);
        let report = JsonReport::of(&SCANNER, component, file);
        // Code 1 means findings, or an error that leaves no report.
        commands.push(format!(
            "pip-audit {what} \\\n  --format json --output {} || [ $? -eq 1 ]",
            report.path
        ));
        reports.push(report);
    }
    let steps = vec![
        Step::run("Scan dependencies (pip-audit)", commands.join("\n")),
        to_sarif(&SCANNER, &reports),
    ];
    Scan::new(&SCANNER, steps)
}

/// What to audit, as arguments, and the file that findings point at.
fn requirements(component: &super::Component<'_>) -> (String, String) {
    let files: Vec<_> = component
        .dependencies
        .iter()
        .map(|file| component.fixed_file(file))
        .collect();
    let lists: Vec<_> = files.iter().filter(|file| file.ends_with(".txt")).collect();
    match (lists.first(), component.package_manager) {
        (Some(first), _) => {
            let all: Vec<_> = lists.iter().map(|file| format!("-r {file}")).collect();
            (all.join(" "), (*first).clone())
        }
        (None, Some(_)) => (
            component.fixed_file("."),
            component.fixed_file("pyproject.toml"),
        ),
        (None, None) if files.is_empty() => {
            let file = component.fixed_file("requirements.txt");
            (format!("-r {file}"), file)
        }
        (None, None) => (component.fixed_file("."), files.concat()),
    }
}
