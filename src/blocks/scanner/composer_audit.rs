//! composer audit: vulnerable packages of PHP, by the advisories of their repositories.

use super::{Scan, Scanner, Scope, each, to_sarif};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "composer-audit",
    languages: &["php"],
    usual: true,
    installed: true,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let parts = scope.json_of_each("composer.lock");
    // Codes 1 to 3 mean vulnerable packages, abandoned ones, or both.
    let audit = each(&parts, |report, lock| {
        let folder = lock.strip_suffix("/composer.lock").unwrap_or(".");
        format!(
            "composer audit --working-dir {folder} --locked --format json > {report} || [ $? -le 3 ]"
        )
    });
    let steps = vec![
        Step::run("Scan dependencies (Composer)", audit),
        to_sarif(scope, "composer-audit-to-sarif", &parts),
    ];
    Scan::new(scope.sarif(), steps)
}
