//! Bandit: dangerous Python code.

use super::{Kind, Scan, Scanner, Scope};
use crate::knowledge::tools;
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "bandit",
    kind: Kind::Code,
    languages: &["python"],
    usual: true,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let report = scope.sarif();
    let folders: Vec<_> = scope
        .components
        .iter()
        .map(|component| component.fixed_file(component.source))
        .collect();
    let version = tools::version("bandit");
    let steps = vec![Step::run(
        "Scan code (Bandit)",
        format!(
            "pipx install 'bandit[sarif]=={version}'\nbandit --recursive {} --format sarif --output {report} --exit-zero",
            folders.join(" ")
        ),
    )];
    Scan::new(report, steps)
}
