//! pip-audit: vulnerable Python packages, by the Python advisory database.

use super::{Component, Scan, Scanner, Scope, pipx, to_sarif};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "pip-audit",
    languages: &["python"],
    usual: true,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let mut commands = vec![pipx("pip-audit")];
    let mut reports = Vec::new();
    for component in &scope.components {
        let (what, file) = requirements(component);
        let report = scope.json_of(component, &file);
        // Code 1 means findings, or an error that leaves no report.
        commands.push(format!(
            "pip-audit {what} \\\n  --format json --output {} || [ $? -eq 1 ]",
            report.path
        ));
        reports.push(report);
    }
    let steps = vec![
        Step::run("Scan dependencies (pip-audit)", commands.join("\n")),
        to_sarif(scope, "pip-audit-to-sarif", &reports),
    ];
    Scan::new(scope.sarif(), steps)
}

/// What to audit, as arguments, and the file in its folder that findings point at.
fn requirements(component: &Component<'_>) -> (String, String) {
    let files = component.dependencies;
    let lists: Vec<_> = files.iter().filter(|file| file.ends_with(".txt")).collect();
    let list = |file: &str| format!("-r {}", component.fixed_file(file));
    match (lists.first(), component.package_manager) {
        (Some(first), _) => {
            let all: Vec<_> = lists.iter().map(|file| list(file)).collect();
            (all.join(" "), first.as_str().to_owned())
        }
        (None, None) if files.is_empty() => {
            let file = "requirements.txt";
            (list(file), file.to_owned())
        }
        (None, _) => {
            let first = files.first();
            let file = first.map_or("pyproject.toml", |file| file.as_str());
            (component.fixed_file("."), file.to_owned())
        }
    }
}
