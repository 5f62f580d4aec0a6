//! Semgrep: dangerous code, by the community's rules.

use super::{Kind, Scan, Scanner, Scope, pipx};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "semgrep",
    kind: Kind::Sast,
    languages: &[],
    history: false,
    installed: false,
    unrated: None,
    scan,
};

fn scan(_: &Scope<'_>) -> Scan {
    let reports = SCANNER.kind.reports();
    let steps = vec![Step::run(
        "Scan code (Semgrep)",
        format!(
            "{}\nsemgrep scan --config p/default --metrics off --sarif --output {reports}/semgrep.sarif",
            pipx("semgrep")
        ),
    )];
    Scan::new(&SCANNER, steps)
}
