//! pip-audit: vulnerable Python packages, by the Python advisory database.

use super::{Kind, Scanner, Scope, pipx, report, to_sarif};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "pip-audit",
    kind: Kind::Dependencies,
    languages: &["python"],
    history: false,
    installed: false,
    // The advisories carry no severity.
    unrated: Some("high"),
    steps,
};

fn steps(scope: &Scope<'_>) -> Vec<Step> {
    let reports = SCANNER.kind.reports();
    let mut steps = vec![Step::run("Install pip-audit", pipx("pip-audit"))];
    for component in &scope.components {
        let name = report("pip-audit", component);
        let (what, file) = requirements(component);
        // Code 1 means findings; anything else that the report has no data.
        let command = format!(
            "mkdir -p {reports}\n\
             pip-audit {what} --format json --output {reports}/{name}.json || [ $? -eq 1 ]"
        );
        steps.push(Step::run(format!("Scan {file} (pip-audit)"), command));
        steps.push(to_sarif(&SCANNER, &name).env("MANIFEST_FILE", file));
    }
    steps
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
            let all: Vec<_> = lists
                .iter()
                .map(|file| format!("--requirement {file}"))
                .collect();
            (all.join(" "), (*first).clone())
        }
        (None, Some(_)) => (
            component.fixed_file("."),
            component.fixed_file("pyproject.toml"),
        ),
        (None, None) if files.is_empty() => {
            let file = component.fixed_file("requirements.txt");
            (format!("--requirement {file}"), file)
        }
        (None, None) => (component.fixed_file("."), files.concat()),
    }
}
