//! Snyk: vulnerable dependencies of all languages.

use super::{Kind, Scan, Scanner, Scope};
use crate::pipeline::{Step, Text};

pub(super) static SCANNER: Scanner = Scanner {
    name: "snyk",
    kind: Kind::Dependencies,
    languages: &[],
    history: false,
    installed: true,
    unrated: None,
    scan,
};

fn scan(_: &Scope<'_>) -> Scan {
    let reports = SCANNER.kind.reports();
    // Code 1 means findings, 3 that there is nothing Snyk understands. GitHub refuses
    // two runs of a tool unless their ids differ, and Snyk writes one for each project.
    let command = format!(
        "snyk test --all-projects --sarif-file-output=\"$RUNNER_TEMP/snyk.sarif\" || [ $? -eq 1 ]\n\
         jq '.runs |= [to_entries[] | .value + {{automationDetails: {{id: \"snyk-\\(.key)/\"}}}}]' \\\n  \
         \"$RUNNER_TEMP/snyk.sarif\" > {reports}/snyk.sarif"
    );
    let steps = vec![
        Step::uses("Set up Snyk", "snyk/actions/setup"),
        Step::run("Scan dependencies (Snyk)", command)
            .env("SNYK_TOKEN", Text::secret("SNYK_TOKEN")),
    ];
    Scan::new(&SCANNER, steps)
}
