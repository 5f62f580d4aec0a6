//! Bandit: dangerous Python code.

use super::{Kind, REPORTS, Scanner, Scope};
use crate::knowledge::tools;
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "bandit",
    kind: Kind::Code,
    languages: &["python"],
    history: false,
    installed: false,
    unrated: None,
    steps,
};

fn steps(scope: &Scope<'_>) -> Vec<Step> {
    let folders: Vec<_> = scope
        .components
        .iter()
        .map(|component| component.file(component.source))
        .collect();
    let version = tools::version("bandit");
    vec![Step::run(
        "Scan code (Bandit)",
        format!(
            "pipx install 'bandit[sarif]=={version}'\nmkdir -p {REPORTS}\n\
             bandit --recursive {} --format sarif --output {REPORTS}/bandit.sarif --exit-zero",
            folders.join(" ")
        ),
    )]
}
