//! Snyk: vulnerable dependencies of all languages.

use super::{Kind, REPORTS, Scanner, Scope};
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
    // Code 1 means findings, 3 that there is nothing Snyk understands.
    let command = format!(
        "mkdir -p {REPORTS}\n\
         snyk test --all-projects --sarif-file-output={REPORTS}/snyk.sarif || [ $? -eq 1 ]"
    );
    vec![
        Step::uses("Set up Snyk", "snyk/actions/setup"),
        Step::run("Scan dependencies (Snyk)", command)
            .env("SNYK_TOKEN", Text::secret("SNYK_TOKEN")),
    ]
}
