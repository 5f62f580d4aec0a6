//! Safety: vulnerable Python packages, by the open Safety database.

use super::{Kind, REPORTS, Scanner, Scope, pipx, report, to_sarif};
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
    let mut steps = vec![Step::run("Install Safety", pipx("safety"))];
    for component in &scope.components {
        let name = report("safety", component);
        let first = component
            .dependencies
            .iter()
            .find(|file| file.ends_with(".txt"));
        let file = component.file(first.map_or("requirements.txt", |file| file.as_str()));
        // Code 64 means findings; anything else that the report has no data.
        let command = format!(
            "mkdir -p {REPORTS}\n\
             safety check --file {file} --output json > {REPORTS}/{name}.json || [ $? -eq 64 ]"
        );
        steps.push(
            Step::run(format!("Scan {file} (Safety)"), command)
                .about("`safety scan` needs an account; `safety check` reads the open database."),
        );
        steps.push(to_sarif("safety", &name).env("MANIFEST_FILE", file));
    }
    steps
}
