//! ZAP: a baseline scan of a running site, which looks and attacks nothing.
//!
//! Manifests do not name it among the scanners: it needs an address, not a repository.

use super::{Kind, Scan, Scanner};
use crate::knowledge::tools;
use crate::pipeline::{Step, Text};

/// What is known of it.
pub static SCANNER: Scanner = Scanner {
    name: "zap",
    kind: Kind::Site,
    minutes: 15,
    ..Scanner::USUAL
};

/// Scans the site at an address. Findings point at `file`, since SARIF knows no addresses.
pub fn scan(reports: &str, url: Text, file: &str) -> Scan {
    let name = SCANNER.name;
    let version = tools::version("zaproxy");
    let sarif = format!("{reports}/{name}.sarif");
    // Codes 1 and 2 mean findings, 3 that it could not do its work.
    let command = format!(
        "mkdir -p \"$RUNNER_TEMP/zap\"\n\
         chmod a+rwx \"$RUNNER_TEMP/zap\"\n\
         rules=()\n\
         if [[ -f .zap/rules.tsv ]]; then cp .zap/rules.tsv \"$RUNNER_TEMP/zap/\"; rules=(-c rules.tsv); fi\n\
         docker run --rm --volume \"$RUNNER_TEMP/zap:/zap/wrk:rw\" ghcr.io/zaproxy/zaproxy:{version} \\\n  \
         zap-baseline.py -t \"$URL\" -J zap.json -I \"${{rules[@]}}\" || [ $? -le 2 ]\n\
         cp \"$RUNNER_TEMP/zap/zap.json\" {reports}/{name}.json"
    );
    let steps = vec![
        Step::run("Scan the site (ZAP)", command)
            .about("Rules of the repository's own are in `.zap/rules.tsv`.")
            .env("URL", url),
        Step::script("Convert the report (zap)", "zap-to-sarif")
            .env("REPORTS", format!("{reports}/{name}.json {file}"))
            .env("SARIF", sarif.as_str()),
    ];
    Scan::new(sarif, steps)
}
