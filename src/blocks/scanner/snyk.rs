//! Snyk: vulnerable dependencies of all languages.

use super::{Component, Scan, Scanner, Scope};
use crate::pipeline::{Step, Text};

pub(super) static SCANNER: Scanner = Scanner {
    name: "snyk",
    installed: true,
    secrets: &["SNYK_TOKEN"],
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    // Code 1 means findings, 3 that there is nothing Snyk understands. GitHub refuses
    // two runs of a tool unless their ids differ, and Snyk writes one for each project.
    let mut commands: Vec<_> = projects(scope)
        .iter()
        .enumerate()
        .map(|(number, what)| {
            format!(
                "snyk test {what} --sarif-file-output=\"$RUNNER_TEMP/snyk-{number}.sarif\" || [ $? -eq 1 ]"
            )
        })
        .collect();
    commands.push(format!(
        "jq --slurp '.[0] + {{runs: [[.[].runs[]] | to_entries[] | .value + {{automationDetails: {{id: \"snyk-\\(.key)/\"}}}}]}}' \\\n  \
         \"$RUNNER_TEMP\"/snyk-*.sarif > {}",
        scope.sarif()
    ));
    let steps = vec![
        Step::uses("Set up Snyk", "snyk/actions/setup"),
        Step::run("Scan dependencies (Snyk)", commands.join("\n"))
            .env("SNYK_TOKEN", Text::secret("SNYK_TOKEN")),
    ];
    Scan::new(scope.sarif(), steps)
}

/// What to test, as arguments. By itself Snyk finds a list of Python packages only
/// under its usual name, and fails if it finds nothing at all.
fn projects(scope: &Scope<'_>) -> Vec<String> {
    let is_usual = |file: &str| file.rsplit('/').next() == Some("requirements.txt");
    let is_list = |file: &str| file.ends_with(".txt") && !is_usual(file);
    let mut projects = Vec::new();
    let finds = |component: &Component<'_>| {
        component.dependencies.is_empty()
            || component.dependencies.iter().any(|file| !is_list(file))
    };
    if scope.components.is_empty() || scope.components.iter().any(finds) {
        projects.push("--all-projects".to_owned());
    }
    for component in &scope.components {
        let lists = component.dependencies.iter().filter(|file| is_list(file));
        projects.extend(lists.map(|file| {
            format!(
                "--file={} --package-manager=pip",
                component.fixed_file(file)
            )
        }));
    }
    projects
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocks::scanner::tests::{component, scan};

    #[test]
    fn snyk_looks_for_projects_where_no_list_is_named() {
        for components in [vec![], vec![component()]] {
            let scan = scan(&SCANNER, components).unwrap();
            let written = format!("{:?}", scan.steps);
            assert!(written.contains("snyk test --all-projects"), "{written}");
            assert!(!written.contains("--file="), "{written}");
        }
    }
}
