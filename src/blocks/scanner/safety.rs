//! Safety: vulnerable Python packages, by the open Safety database.

use super::{Component, Scan, Scanner, Scope, pipx, to_sarif};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "safety",
    languages: &["python"],
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let mut commands = vec![pipx("safety")];
    let mut reports = Vec::new();
    for component in &scope.components {
        let lists = lists(component);
        let report = scope.json_of(component, &lists[0]);
        let all: Vec<_> = lists
            .iter()
            .map(|file| component.fixed_file(file))
            .collect();
        // Code 64 means findings; anything else that the report has no data. What it
        // prints is no JSON, since it also says that the command is deprecated.
        commands.push(format!(
            "safety check --file {} \\\n  --output json --save-json {} > /dev/null || [ $? -eq 64 ]",
            all.join(" --file "),
            report.path
        ));
        reports.push(report);
    }
    let steps = vec![
        Step::run("Scan dependencies (Safety)", commands.join("\n"))
            .about("`safety scan` needs an account; `safety check` reads the open database."),
        to_sarif(scope, "safety-to-sarif", &reports),
    ];
    Scan::new(scope.sarif(), steps)
}

/// The files in its folder that list the dependencies in pip's format; never empty.
fn lists(component: &Component<'_>) -> Vec<String> {
    let named = component.dependencies.iter();
    let lists: Vec<_> = named
        .filter(|file| file.ends_with(".txt"))
        .map(|file| file.as_str().to_owned())
        .collect();
    if lists.is_empty() {
        return vec!["requirements.txt".to_owned()];
    }
    lists
}
