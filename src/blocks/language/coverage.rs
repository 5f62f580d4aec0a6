//! Coverage reports that a script of ours judges.
//!
//! In: the report that a language's test runner writes. Out: the steps that run
//! a suite, keep its report for a combined one, and hold it against the
//! minimum. What runners judge themselves is in the languages' own files.

use super::{Covered, Lines};
use crate::pipeline::Step;

/// A form of reports.
pub(super) struct Report {
    /// The script that judges it.
    pub(super) script: &'static str,
    /// Where the runner leaves it: patterns for `find -path`, separated by spaces.
    pub(super) paths: &'static str,
}

impl Report {
    /// Runs the suite and judges what it reports.
    pub(super) fn steps(&self, suite: &Covered<'_>, command: impl Into<String>) -> Vec<Step> {
        let mut steps = vec![Step::run(suite.title.clone(), command)];
        steps.extend(self.keep(suite));
        if let Some(minimum) = suite.minimum {
            steps.push(self.judge(self.paths, minimum));
        }
        steps
    }

    /// The report, if it says which lines were covered.
    pub(super) fn lines(&self) -> Option<Lines> {
        let format = self.script.strip_prefix("coverage-")?;
        let formats = ["go", "lcov", "cobertura", "jacoco", "clover"];
        formats.contains(&format).then_some(Lines {
            format,
            paths: self.paths,
        })
    }

    /// Puts the reports of several suites together.
    pub(super) fn combine(&self, minimum: u32) -> Vec<Step> {
        vec![self.judge("*/coverage-data/*", minimum)]
    }

    /// Several reports, such as those of modules, become one file behind each
    /// other, which the scripts read just as well.
    fn keep(&self, suite: &Covered<'_>) -> Option<Step> {
        let patterns: Vec<_> = self
            .paths
            .split(' ')
            .map(|path| format!("-path '{path}'"))
            .collect();
        let command = format!(
            "find . -type f \\( {} \\) -exec cat {{}} + > .coverage.{}",
            patterns.join(" -o "),
            suite.suite
        );
        suite
            .keep
            .then(|| Step::run("Put the coverage aside", command))
    }

    fn judge(&self, reports: &str, minimum: u32) -> Step {
        Step::script("Judge the coverage", self.script)
            .env("REPORTS", reports)
            .env("MINIMUM", minimum.to_string())
    }
}

/// The command with options behind the words that start the tests, or `None` if
/// these words are not in it.
pub(super) fn with_options(command: &str, start: &str, options: &str) -> Option<String> {
    command
        .contains(start)
        .then(|| command.replacen(start, &format!("{start} {options}"), 1))
}
