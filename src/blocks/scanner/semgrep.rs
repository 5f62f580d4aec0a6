//! Semgrep: dangerous code, by the community's rules and by the repository's own.

use super::{Kind, Scan, Scanner, Scope, pipx};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "semgrep",
    kind: Kind::Sast,
    minutes: 15,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let report = scope.sarif();
    let steps = vec![
        Step::run(
            "Scan code (Semgrep)",
            format!(
                "{}\nrules=(--config p/default)\n\
             for own in .semgrep.yml .semgrep; do\n  \
             if [[ -e $own ]]; then rules+=(--config \"$own\"); fi\n\
             done\n\
             semgrep scan \"${{rules[@]}}\" --metrics off --sarif --output {report}",
                pipx("semgrep")
            ),
        )
        .about("Rules of the repository's own are in `.semgrep.yml` or in the folder `.semgrep`."),
    ];
    Scan::new(report, steps)
}
