//! Flutter, and Dart, which comes with it.
//!
//! The version is always Flutter's: `3.x`, or a channel such as `stable`.

use super::coverage::{Report, with_options};
use super::{Component, Covered, Language, Purpose, Tool};
use crate::pipeline::Step;

pub(super) static LANGUAGE: Language = Language {
    names: &["flutter", "dart"],
    default_version: "stable",
    package_managers: &["pub"],
    ecosystem: |_| "pub",
    tools: TOOLS,
    setup,
    prefix: |_| "",
    test: |_| "flutter test",
    measures_coverage: true,
    lines: |_| REPORT.lines(),
    covered,
    combine: Some(|_, minimum| REPORT.combine(minimum)),
    binaries: None,
};

static TOOLS: &[Tool] = &[
    Tool {
        name: "dart-analyze",
        title: "Lint (dart analyze)",
        command: "dart analyze --fatal-infos {source}",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "dart-format",
        title: "Format (dart format)",
        command: "dart format --output=none --set-exit-if-changed {source}",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "flutter-analyze",
        title: "Lint (flutter analyze)",
        command: "flutter analyze {source}",
        elsewhere: &[],
        needs_dependencies: true,
    },
];

const REPORT: Report = Report {
    script: "coverage-lcov",
    paths: "./coverage/lcov.info",
};

fn setup(component: &Component<'_>, _: Purpose) -> Vec<Step> {
    let flutter = Step::uses("Set up Flutter", "subosito/flutter-action");
    let flutter = match component.fixed_version() {
        Some("stable" | "beta" | "main" | "master") => {
            flutter.with("channel", component.version.clone())
        }
        _ => flutter
            .with("channel", "stable")
            .with("flutter-version", component.version.clone()),
    };
    let flutter = if component.cached {
        flutter.with("cache", "true").with("pub-cache", "true")
    } else {
        flutter.with("cache", "false").with("pub-cache", "false")
    };
    let install = component.install.unwrap_or("flutter pub get");
    vec![flutter, Step::run(super::INSTALL, install)]
}

fn covered(_: &Component<'_>, suite: &Covered<'_>) -> Vec<Step> {
    let command = suite.command;
    let measured = with_options(command, "flutter test", "--coverage")
        .or_else(|| with_options(command, "dart test", "--coverage-path=coverage/lcov.info"))
        .filter(|_| !command.contains("--coverage"))
        .unwrap_or_else(|| command.to_owned());
    REPORT.steps(suite, measured)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{component, lint_setup, setup, shown, suite};
    use super::*;

    #[test]
    fn a_channel_is_no_version() {
        let cached = component(None);
        let get = "$ flutter pub get";
        assert_eq!(
            setup(&LANGUAGE, &cached),
            [
                "subosito/flutter-action channel=stable flutter-version=1.2 cache=true pub-cache=true",
                get
            ]
        );
        let release = Component {
            version: "beta".into(),
            cached: false,
            ..cached
        };
        assert_eq!(
            setup(&LANGUAGE, &release),
            [
                "subosito/flutter-action channel=beta cache=false pub-cache=false",
                get
            ]
        );
        // The formatter reads the language version from what `pub get` resolved.
        assert_eq!(lint_setup(&LANGUAGE, &["dart-format"])[1], get);
    }

    #[test]
    fn a_suite_is_judged_by_its_report() {
        let steps = |command| shown(&covered(&component(None), &suite(command)));
        assert_eq!(
            steps("flutter test test/unit"),
            [
                "$ flutter test --coverage test/unit",
                "coverage-lcov.sh REPORTS=./coverage/lcov.info MINIMUM=80"
            ]
        );
        assert_eq!(
            steps("dart test")[0],
            "$ dart test --coverage-path=coverage/lcov.info"
        );
    }
}
