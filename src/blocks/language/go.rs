//! Go with modules.

use super::coverage::{Report, with_options};
use super::{Binaries, Component, Covered, Language, Purpose, Tool};
use crate::knowledge::tools;
use crate::pipeline::Step;

pub(super) static LANGUAGE: Language = Language {
    names: &["go", "golang"],
    default_version: "stable",
    package_managers: &["go"],
    ecosystem: |_| "gomod",
    tools: TOOLS,
    setup,
    prefix: |_| "",
    test: |_| "go test ./...",
    measures_coverage: true,
    lines: |_| REPORT.lines(),
    covered,
    combine: Some(|_, minimum| REPORT.combine(minimum)),
    binaries: Some(BINARIES),
};

const BINARIES: Binaries = Binaries {
    command: r#"go build -trimpath -o "$BINARIES/" ./..."#,
    system: "GOOS",
    processor: "GOARCH",
    manifest: "go.mod",
    // A program that needs no C library runs on every system of its kind.
    variables: &[("CGO_ENABLED", "0")],
};

static TOOLS: &[Tool] = &[
    Tool {
        name: "gofmt",
        title: "Format (gofmt)",
        command: r#"test -z "$(gofmt -l {source} | tee /dev/stderr)""#,
        elsewhere: &[],
        needs_dependencies: false,
    },
    Tool {
        name: "golangci-lint",
        title: "Lint (golangci-lint)",
        command: "golangci-lint run ./{source}/...",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "govet",
        title: "Vet",
        command: "go vet ./{source}/...",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "ineffassign",
        title: "Useless assignments (ineffassign)",
        command: "golangci-lint run --enable-only ineffassign ./{source}/...",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "misspell",
        title: "Spelling (misspell)",
        command: "golangci-lint run --enable-only misspell ./{source}/...",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "staticcheck",
        title: "Lint (Staticcheck)",
        command: "staticcheck ./{source}/...",
        elsewhere: &[],
        needs_dependencies: true,
    },
];

const REPORT: Report = Report {
    script: "coverage-go",
    paths: "./coverage.out",
};

fn setup(component: &Component<'_>, purpose: Purpose) -> Vec<Step> {
    let go =
        Step::uses("Set up Go", "actions/setup-go").with("go-version", component.version.clone());
    let go = if component.cached {
        go.with("cache-dependency-path", component.file("go.sum"))
    } else {
        go.with("cache", "false")
    };
    let mut steps = vec![go];
    if purpose.wants_dependencies() {
        let download = component.install.unwrap_or("go mod download");
        steps.push(Step::run(super::INSTALL, download));
    }
    // It carries the linters that have no program of their own here.
    let linters = ["golangci-lint", "ineffassign", "misspell"];
    if linters
        .iter()
        .any(|linter| component.lints_with(linter, purpose))
    {
        let version = format!("v{}", tools::version("golangci-lint"));
        let linter = Step::uses("Set up golangci-lint", "golangci/golangci-lint-action")
            .with("version", version)
            .with("install-only", "true");
        steps.push(if component.cached {
            linter
        } else {
            linter.with("skip-cache", "true")
        });
    }
    if component.lints_with("staticcheck", purpose) {
        let version = tools::version("staticcheck");
        let command = format!("go install honnef.co/go/tools/cmd/staticcheck@{version}");
        steps.push(Step::run("Install Staticcheck", command));
    }
    steps
}

fn covered(_: &Component<'_>, suite: &Covered<'_>) -> Vec<Step> {
    let option = "-coverprofile=coverage.out";
    if suite.command.contains("-coverprofile") {
        return REPORT.steps(suite, suite.command);
    }
    if let Some(command) = with_options(suite.command, "go test", option) {
        return REPORT.steps(suite, command);
    }
    // Behind a Makefile or a task runner, Go finds the option here.
    let mut steps = REPORT.steps(suite, suite.command);
    if let Some(tests) = steps.first_mut() {
        tests.env.push(("GOFLAGS".to_owned(), option.into()));
    }
    steps
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
                "actions/setup-go go-version=1.2 cache-dependency-path=api/go.sum",
                "$ go mod download"
            ]
        );
        let release = Component {
            cached: false,
            ..cached
        };
        assert_eq!(
            setup(&LANGUAGE, &release)[0],
            "actions/setup-go go-version=1.2 cache=false"
        );
    }

    #[test]
    fn linters_are_installed_when_a_check_names_them() {
        let steps = lint_setup(&LANGUAGE, &["gofmt", "golangci-lint", "staticcheck"]);
        assert_eq!(steps.len(), 3);
        assert!(steps[1].starts_with("golangci/golangci-lint-action version=v2."));
        assert!(steps[2].starts_with("$ go install honnef.co/go/tools/cmd/staticcheck@20"));
        assert_eq!(lint_setup(&LANGUAGE, &["gofmt"]).len(), 1);
        assert_eq!(lint_setup(&LANGUAGE, &["gofmt", "misspell"]).len(), 2);
    }

    #[test]
    fn a_suite_is_judged_by_its_profile() {
        let component = component(None);
        let judge = "coverage-go.sh REPORTS=./coverage.out MINIMUM=80";
        assert_eq!(
            shown(&covered(&component, &suite("go test -race ./..."))),
            ["$ go test -coverprofile=coverage.out -race ./...", judge]
        );
        let make = covered(&component, &suite("make test"));
        assert_eq!(shown(&make), ["$ make test", judge]);
        assert_eq!(
            make[0].env,
            [("GOFLAGS".to_owned(), "-coverprofile=coverage.out".into())]
        );
    }
}
