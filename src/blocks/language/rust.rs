//! Rust with Cargo.

use super::coverage::Report;
use super::{Component, Covered, Language, Purpose, Tool};
use crate::knowledge::tools;
use crate::pipeline::Step;

pub(super) static LANGUAGE: Language = Language {
    names: &["rust"],
    default_version: "stable",
    package_managers: &["cargo"],
    ecosystem: |_| "cargo",
    tools: TOOLS,
    setup,
    prefix: |_| "",
    test: |_| "cargo test",
    measures_coverage: true,
    lines: |_| REPORT.lines(),
    covered,
    combine: Some(|_, minimum| REPORT.combine(minimum)),
    binaries: None,
};

static TOOLS: &[Tool] = &[
    Tool {
        name: "cargo-deny",
        title: "Dependencies (cargo-deny)",
        command: "cargo deny check",
        elsewhere: &[],
        needs_dependencies: false,
    },
    Tool {
        name: "cargo-machete",
        title: "Unused dependencies (cargo-machete)",
        command: "cargo machete {source}",
        elsewhere: &[],
        needs_dependencies: false,
    },
    Tool {
        name: "clippy",
        title: "Lint (Clippy)",
        command: "cargo clippy --all-targets -- --deny warnings",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "rustfmt",
        title: "Format (rustfmt)",
        command: "cargo fmt --all --check",
        elsewhere: &[],
        needs_dependencies: false,
    },
];

const REPORT: Report = Report {
    script: "coverage-lcov",
    paths: "./lcov.info",
};

fn setup(component: &Component<'_>, purpose: Purpose) -> Vec<Step> {
    let install = r#"rustup toolchain install "$TOOLCHAIN" --profile minimal"#;
    let components = match purpose {
        Purpose::Lint { .. } => " --component clippy,rustfmt",
        Purpose::Test | Purpose::Scan => "",
    };
    // The runners bring rustup. A version from a matrix must not stand in a command.
    let commands = format!("{install}{components}\nrustup default \"$TOOLCHAIN\"");
    let rust = Step::run("Set up Rust", commands).env("TOOLCHAIN", component.version.clone());
    let mut steps = vec![rust];
    if purpose.wants_dependencies() {
        if component.cached {
            let cache = Step::uses("Keep builds for the next run", "Swatinem/rust-cache");
            steps.push(match component.folder() {
                Some(folder) => cache.with("workspaces", folder),
                None => cache,
            });
        }
        let install = component.install;
        steps.extend(install.map(|command| Step::run(super::INSTALL, command)));
    }
    let extras = ["cargo-deny", "cargo-machete"].into_iter();
    let extras: Vec<_> = extras
        .filter(|tool| component.lints_with(tool, purpose))
        .collect();
    if !extras.is_empty() {
        steps.push(install_tools(&extras));
    }
    steps
}

fn install_tools(names: &[&str]) -> Step {
    let versions = names
        .iter()
        .map(|name| format!("{name}@{}", tools::version(name)));
    let list = versions.collect::<Vec<_>>().join(",");
    Step::uses(
        format!("Install {}", names.join(" and ")),
        "taiki-e/install-action",
    )
    .with("tool", list)
}

fn covered(_: &Component<'_>, suite: &Covered<'_>) -> Vec<Step> {
    let mut extras = vec!["cargo-llvm-cov"];
    if suite.command.contains("nextest") {
        extras.push("cargo-nextest");
    }
    let mut steps = vec![
        Step::run("Set up coverage", "rustup component add llvm-tools-preview"),
        install_tools(&extras),
    ];
    steps.extend(REPORT.steps(suite, measured(suite.command)));
    steps
}

/// The command under cargo-llvm-cov, with the report that is judged.
fn measured(command: &str) -> String {
    if command.contains("--lcov") {
        return command.to_owned();
    }
    let report = "--lcov --output-path lcov.info";
    for (runner, measuring) in [
        ("cargo llvm-cov nextest", "cargo llvm-cov nextest"),
        ("cargo llvm-cov", "cargo llvm-cov"),
        ("cargo nextest run", "cargo llvm-cov nextest"),
        ("cargo test", "cargo llvm-cov"),
    ] {
        if command.contains(runner) {
            return command.replacen(runner, &format!("{measuring} {report}"), 1);
        }
    }
    // Tests behind another program are measured through their environment.
    format!(
        "cargo llvm-cov show-env --sh > \"$RUNNER_TEMP/coverage-env\"\n\
         source \"$RUNNER_TEMP/coverage-env\"\n\
         {command}\n\
         cargo llvm-cov report {report}"
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{component, lint_setup, setup, shown, suite};
    use super::*;

    #[test]
    fn builds_are_cached_only_where_that_is_safe() {
        let cached = component(None);
        let steps = (LANGUAGE.setup)(&cached, Purpose::Test);
        assert_eq!(
            shown(&steps),
            [
                "$ rustup toolchain install \"$TOOLCHAIN\" --profile minimal\nrustup default \"$TOOLCHAIN\"",
                "Swatinem/rust-cache workspaces=api"
            ]
        );
        assert_eq!(steps[0].env, [("TOOLCHAIN".to_owned(), "1.2".into())]);
        let release = Component {
            cached: false,
            ..cached
        };
        assert_eq!(setup(&LANGUAGE, &release).len(), 1);
    }

    #[test]
    fn linters_are_installed_when_a_check_names_them() {
        let steps = lint_setup(&LANGUAGE, &["rustfmt", "cargo-deny"]);
        assert!(steps[0].contains("--component clippy,rustfmt\n"));
        assert!(steps[1].starts_with("taiki-e/install-action tool=cargo-deny@"));
        assert_eq!(steps.len(), 2);
    }

    #[test]
    fn a_suite_runs_under_llvm_cov() {
        let run = |command| {
            let steps = shown(&covered(&component(None), &suite(command)));
            assert_eq!(steps[3], "coverage-lcov.sh REPORTS=./lcov.info MINIMUM=80");
            (steps[1].clone(), steps[2].clone())
        };
        let (tools, plain) = run("cargo test --workspace -- --test-threads 1");
        assert!(!tools.contains("nextest"));
        assert_eq!(
            plain,
            "$ cargo llvm-cov --lcov --output-path lcov.info --workspace -- --test-threads 1"
        );
        let (tools, nextest) = run("cargo nextest run");
        assert!(tools.contains(",cargo-nextest@0."));
        assert_eq!(
            nextest,
            "$ cargo llvm-cov nextest --lcov --output-path lcov.info"
        );
        let (_, make) = run("make test");
        assert!(make.contains("\nmake test\ncargo llvm-cov report --lcov"));
        let own = "cargo llvm-cov --lcov --output-path lcov.info --doc";
        assert_eq!(measured(own), own);
    }
}
