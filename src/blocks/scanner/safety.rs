//! Safety: vulnerable Python packages, by the open Safety database.

use super::{Kind, Scanner, Scope, pipx, report, to_sarif};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "safety",
    kind: Kind::Dependencies,
    languages: &["python"],
    history: false,
    installed: false,
    unrated: Some("high"),
    steps,
};

fn steps(scope: &Scope<'_>) -> Vec<Step> {
    let reports = SCANNER.kind.reports();
    let mut steps = vec![Step::run("Install Safety", pipx("safety"))];
    for component in &scope.components {
        let name = report("safety", component);
        let first = component
            .dependencies
            .iter()
            .find(|file| file.ends_with(".txt"));
        let file = component.fixed_file(first.map_or("requirements.txt", |file| file.as_str()));
        // Code 64 means findings; anything else that the report has no data.
        let command = format!(
            "mkdir -p {reports}\n\
             safety check --file {file} --output json > {reports}/{name}.json || [ $? -eq 64 ]"
        );
        steps.push(
            Step::run(format!("Scan {file} (Safety)"), command)
                .about("`safety scan` needs an account; `safety check` reads the open database."),
        );
        steps.push(to_sarif(&SCANNER, &name).env("MANIFEST_FILE", file));
    }
    steps
}
