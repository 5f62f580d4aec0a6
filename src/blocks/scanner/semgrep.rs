//! Semgrep: dangerous code, by the community's rules.

use super::{Kind, REPORTS, Scanner, Scope, pipx};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "semgrep",
    kind: Kind::Sast,
    languages: &[],
    history: false,
    installed: false,
    unrated: None,
    steps,
};

fn steps(_: &Scope<'_>) -> Vec<Step> {
    vec![Step::run(
        "Scan code (Semgrep)",
        format!(
            "{}\nmkdir -p {REPORTS}\n\
             semgrep scan --config p/default --metrics off --sarif --output {REPORTS}/semgrep.sarif",
            pipx("semgrep")
        ),
    )]
}
