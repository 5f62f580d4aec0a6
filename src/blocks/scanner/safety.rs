//! Safety: vulnerable Python packages, by the open Safety database.

use super::{Component, JsonReport, Kind, Scan, Scanner, Scope, pipx, to_sarif};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "safety",
    kind: Kind::Dependencies,
    languages: &["python"],
    history: false,
    installed: false,
    unrated: None,
    scan,
};

fn scan(scope: &Scope<'_>) -> Scan {
    let mut commands = vec![pipx("safety")];
    let mut reports = Vec::new();
    for component in &scope.components {
        let lists = lists(component);
        let report = JsonReport::of(&SCANNER, component, lists[0].clone());
        // Code 64 means findings; anything else that the report has no data. What it
        // prints is no JSON, since it also says that the command is deprecated.
        commands.push(format!(
            "safety check --file {} \\\n  --output json --save-json {} > /dev/null || [ $? -eq 64 ]",
            lists.join(" --file "),
            report.path
        ));
        reports.push(report);
    }
    let steps = vec![
        Step::run("Scan dependencies (Safety)", commands.join("\n"))
            .about("`safety scan` needs an account; `safety check` reads the open database."),
        to_sarif(&SCANNER, &reports),
    ];
    Scan::new(&SCANNER, steps)
}

/// The files that list the dependencies in pip's format; never empty.
fn lists(component: &Component<'_>) -> Vec<String> {
    let named = component.dependencies.iter();
    let lists: Vec<_> = named
        .filter(|file| file.ends_with(".txt"))
        .map(|file| component.fixed_file(file))
        .collect();
    if lists.is_empty() {
        return vec![component.fixed_file("requirements.txt")];
    }
    lists
}
