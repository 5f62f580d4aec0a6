//! Snyk: vulnerable dependencies of all languages.

use super::{Kind, Scanner, Scope};
use crate::pipeline::{Step, Text};

pub(super) static SCANNER: Scanner = Scanner {
    name: "snyk",
    kind: Kind::Dependencies,
    languages: &[],
    history: false,
    installed: true,
    unrated: None,
    steps,
};

fn steps(_: &Scope<'_>) -> Vec<Step> {
    let reports = SCANNER.kind.reports();
    // Code 1 means findings, 3 that there is nothing Snyk understands.
    let command = format!(
        "mkdir -p {reports}\n\
         snyk test --all-projects --sarif-file-output={reports}/snyk.sarif || [ $? -eq 1 ]"
    );
    vec![
        Step::uses("Set up Snyk", "snyk/actions/setup"),
        Step::run("Scan dependencies (Snyk)", command)
            .env("SNYK_TOKEN", Text::secret("SNYK_TOKEN")),
    ]
}
