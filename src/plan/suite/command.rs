//! The command of a suite: with its coverage, and with the folders that it keeps.

use crate::blocks::language::{self, Covered};
use crate::manifest::model::{Component, Suite};
use crate::pipeline::{Expression, Step, Text};
use crate::plan::shared::Plan;

pub(in crate::plan) fn capital(suite: &str) -> &'static str {
    match suite {
        "unit" => "Run the unit tests",
        "integration" => "Run the integration tests",
        "e2e" => "Run the end-to-end tests",
        "performance" => "Run the performance tests",
        _ => "Run the regression tests",
    }
}

/// Brings back the folders that the suite left in the newest run of the branch, or of
/// any, and keeps them afterwards: also of a failed run, whose results matter most.
pub(super) fn with_kept_folders(
    view: &language::Component<'_>,
    component: &Component,
    suite: &Suite,
    tests: Vec<Step>,
) -> Vec<Step> {
    let usual = Text::literal(format!("kept-{}-{}-", component.name, suite.name));
    let usual = if component.parts.len() > 1 {
        usual.then(Expression::new("matrix.name")).then("-")
    } else {
        usual
    };
    let branch = usual
        .clone()
        .then(Expression::new("github.ref_name"))
        .then("-");
    let run = Expression::new("github.run_id");
    let key = branch
        .clone()
        .then(run)
        .then("-")
        .then(Expression::new("github.run_attempt"));
    let paths = Text::lines(component.cache.iter().map(|folder| view.file(folder)));
    let restore = Step::uses("Bring back what the tests keep", "actions/cache/restore")
        .with("path", paths.clone())
        .with("key", key.clone())
        .with("restore-keys", Text::lines([branch, usual]));
    let save = Step::uses("Keep it for the next run", "actions/cache/save")
        .when(Expression::new("!cancelled()"))
        .with("path", paths)
        .with("key", key);
    std::iter::once(restore)
        .chain(tests)
        .chain([save])
        .collect()
}

/// The steps that run the command of a suite.
pub(in crate::plan) fn test_steps(
    plan: &Plan<'_>,
    view: &language::Component<'_>,
    component: &Component,
    suite: &Suite,
    keep: bool,
) -> Vec<Step> {
    let language = component.language;
    let usual = (language.test)(view);
    let command = suite.run.as_deref().unwrap_or(usual);
    let title = capital(suite.name).to_owned();
    let parts = suite.critical.is_some() || suite.changed.is_some();
    if suite.coverage.is_none() && !parts || !language.measures_coverage {
        let prefix = (language.prefix)(view);
        let command = if command.starts_with(prefix) {
            command.to_owned()
        } else {
            format!("{prefix}{command}")
        };
        return vec![Step::run(title, command)];
    }
    let covered = Covered {
        title,
        command,
        suite: suite.name,
        minimum: suite.coverage,
        keep,
    };
    let mut steps = (language.covered)(view, &covered);
    steps.extend(judge_parts(plan, view, component, suite));
    steps
}

/// Holds the files that matter most, and what a pull request changes, against minimums of their own.
fn judge_parts(
    plan: &Plan<'_>,
    view: &language::Component<'_>,
    component: &Component,
    suite: &Suite,
) -> Option<Step> {
    let changed = suite.changed.filter(|_| plan.has_pull_requests());
    if suite.critical.is_none() && changed.is_none() {
        return None;
    }
    let lines = (component.language.lines)(view)?;
    let mut step = Step::script(
        "Judge the coverage of important and changed lines",
        "coverage-parts",
    )
    .env("FORMAT", lines.format)
    .env("REPORTS", lines.paths);
    if let Some(critical) = &suite.critical {
        let paths: Vec<_> = critical.paths.iter().map(|path| path.as_str()).collect();
        step = step
            .env("CRITICAL_PATHS", paths.join("\n"))
            .env("CRITICAL_MINIMUM", critical.at_least.number().to_string());
    }
    if let Some(changed) = changed {
        let only = format!("github.event_name == 'pull_request' && {changed} || ''");
        step = step.env("CHANGED_MINIMUM", Expression::new(only));
    }
    Some(step)
}
