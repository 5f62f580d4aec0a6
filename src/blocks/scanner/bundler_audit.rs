//! bundler-audit: vulnerable gems, by the Ruby advisory database.

use super::{Scan, Scanner, Scope, each, to_sarif};
use crate::knowledge::tools;
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "bundler-audit",
    languages: &["ruby"],
    usual: true,
    installed: true,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let parts = scope.json_of_each("Gemfile.lock");
    let version = tools::version("bundler-audit");
    // Code 1 means findings, or an error that leaves no report.
    let audit = each(&parts, |report, lock| {
        let folder = lock.strip_suffix("/Gemfile.lock").unwrap_or(".");
        format!(
            "bundle exec bundler-audit check {folder} --format json --output {report} || [ $? -eq 1 ]"
        )
    });
    // With a Gemfile of its own, so that it needs no place in the project's.
    let install = format!(
        "printf '%s\\n' 'source \"https://rubygems.org\"' 'gem \"bundler-audit\", \"{version}\"' > \"$RUNNER_TEMP/Gemfile\"\n\
         export BUNDLE_GEMFILE=\"$RUNNER_TEMP/Gemfile\"\n\
         bundle install\n\
         bundle exec bundler-audit update"
    );
    let steps = vec![
        Step::run(
            "Scan dependencies (bundler-audit)",
            format!("{install}\n{audit}"),
        ),
        to_sarif(scope, "bundler-audit-to-sarif", &parts),
    ];
    Scan::new(scope.sarif(), steps)
}
