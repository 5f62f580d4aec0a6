//! JavaScript and TypeScript on Deno.

use super::coverage::{Report, with_options};
use super::{Component, Covered, Language, Purpose, Tool};
use crate::pipeline::Step;

pub(super) static LANGUAGE: Language = Language {
    names: &["deno"],
    default_version: "2.x",
    package_managers: &["deno"],
    ecosystem: |_| "deno",
    tools: TOOLS,
    setup,
    prefix: |_| "",
    test: |_| "deno test",
    measures_coverage: true,
    lines: |_| REPORT.lines(),
    covered,
    combine: Some(|_, minimum| REPORT.combine(minimum)),
    binaries: None,
};

static TOOLS: &[Tool] = &[
    Tool {
        name: "deno-check",
        title: "Types (deno check)",
        command: "deno check {source}",
        elsewhere: &[],
        needs_dependencies: false,
    },
    Tool {
        name: "deno-fmt",
        title: "Format (deno fmt)",
        command: "deno fmt --check {source}",
        elsewhere: &[],
        needs_dependencies: false,
    },
    Tool {
        name: "deno-lint",
        title: "Lint (deno lint)",
        command: "deno lint {source}",
        elsewhere: &[],
        needs_dependencies: false,
    },
];

const REPORT: Report = Report {
    script: "coverage-lcov",
    paths: "./coverage.lcov",
};

fn setup(component: &Component<'_>, _: Purpose) -> Vec<Step> {
    let deno = Step::uses("Set up Deno", "denoland/setup-deno")
        .with("deno-version", component.version.clone());
    let deno = if component.cached {
        deno.with("cache", "true")
            .with("cache-hash", component.hash(&["deno.lock"]))
    } else {
        deno.with("cache", "false")
    };
    let mut steps = vec![deno];
    // Deno fetches what it needs when it runs.
    let install = component.install;
    steps.extend(install.map(|command| Step::run(super::INSTALL, command)));
    steps
}

fn covered(_: &Component<'_>, suite: &Covered<'_>) -> Vec<Step> {
    let option = "--coverage=coverage";
    let command = suite.command;
    let command = if command.contains("--coverage") {
        command.to_owned()
    } else if command.starts_with("deno task ") {
        format!("{command} {option}")
    } else {
        with_options(command, "deno test", option).unwrap_or_else(|| command.to_owned())
    };
    let export = "deno coverage coverage --lcov --output=coverage.lcov";
    REPORT.steps(suite, format!("{command}\n{export}"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{component, lint_setup, setup, shown, suite};
    use super::*;

    #[test]
    fn downloads_are_cached_only_where_that_is_safe() {
        let cached = component(None);
        assert_eq!(
            setup(&LANGUAGE, &cached),
            [
                "denoland/setup-deno deno-version=1.2 cache=true cache-hash=${{ hashFiles('api/deno.lock') }}"
            ]
        );
        let release = Component {
            cached: false,
            ..cached
        };
        assert_eq!(
            setup(&LANGUAGE, &release),
            ["denoland/setup-deno deno-version=1.2 cache=false"]
        );
        assert_eq!(lint_setup(&LANGUAGE, &["deno-lint"]).len(), 1);
    }

    #[test]
    fn a_suite_is_judged_by_its_report() {
        let steps = |command| shown(&covered(&component(None), &suite(command)));
        let export = "deno coverage coverage --lcov --output=coverage.lcov";
        assert_eq!(
            steps("deno test --allow-read"),
            [
                format!("$ deno test --coverage=coverage --allow-read\n{export}"),
                "coverage-lcov.sh REPORTS=./coverage.lcov MINIMUM=80".to_owned()
            ]
        );
        assert_eq!(
            steps("deno task test")[0],
            format!("$ deno task test --coverage=coverage\n{export}")
        );
    }
}
