//! C#, F# and Visual Basic on .NET.

use super::coverage::{Report, with_options};
use super::{Component, Covered, Language, Purpose, Tool};
use crate::pipeline::Step;

pub(super) static LANGUAGE: Language = Language {
    names: &["dotnet", "csharp", "fsharp"],
    default_version: "10.0.x",
    package_managers: &["nuget"],
    ecosystem: |_| "nuget",
    tools: TOOLS,
    setup,
    prefix: |_| "",
    test: |_| "dotnet test --no-restore",
    measures_coverage: true,
    lines: |_| REPORT.lines(),
    covered,
    combine: Some(|_, minimum| REPORT.combine(minimum)),
    binaries: None,
};

static TOOLS: &[Tool] = &[
    Tool {
        name: "csharpier",
        title: "Format (CSharpier)",
        command: "dotnet csharpier check {source}",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "dotnet-format",
        title: "Format and style (dotnet format)",
        command: "dotnet format --verify-no-changes --no-restore",
        elsewhere: &[],
        needs_dependencies: true,
    },
];

const REPORT: Report = Report {
    script: "coverage-cobertura",
    paths: "*/coverage.cobertura.xml",
};

fn setup(component: &Component<'_>, purpose: Purpose) -> Vec<Step> {
    let dotnet = Step::uses("Set up .NET", "actions/setup-dotnet")
        .with("dotnet-version", component.version.clone());
    let mut steps = vec![dotnet];
    if component.cached {
        // The action's own cache refuses projects without a lock file.
        let files = ["**/*.*proj", "**/*.props", "**/packages.lock.json"];
        steps.push(component.cache("nuget", vec!["~/.nuget/packages".into()], &files));
    }
    let restore = component.install.unwrap_or("dotnet restore");
    steps.push(Step::run(super::INSTALL, restore));
    if component.lints_with("csharpier", purpose) {
        steps.push(Step::run("Install the tools", "dotnet tool restore"));
    }
    steps
}

fn covered(_: &Component<'_>, suite: &Covered<'_>) -> Vec<Step> {
    // The collector comes with the templates of all test frameworks.
    let options = "--collect \"XPlat Code Coverage\"";
    let own = suite.command.to_ascii_lowercase().contains("coverage");
    let command = with_options(suite.command, "dotnet test", options)
        .filter(|_| !own)
        .unwrap_or_else(|| suite.command.to_owned());
    REPORT.steps(suite, command)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{component, lint_setup, setup, shown, suite};
    use super::*;

    #[test]
    fn packages_are_cached_only_where_that_is_safe() {
        let cached = component(None);
        let steps = setup(&LANGUAGE, &cached);
        assert_eq!(steps[0], "actions/setup-dotnet dotnet-version=1.2");
        assert_eq!(
            steps[1],
            "actions/cache path=~/.nuget/packages \
             key=nuget-${{ runner.os }}-1.2-${{ hashFiles('api/**/*.*proj', 'api/**/*.props', 'api/**/packages.lock.json') }} \
             restore-keys=nuget-${{ runner.os }}-1.2-"
        );
        assert_eq!(steps[2], "$ dotnet restore");
        let release = Component {
            cached: false,
            ..cached
        };
        assert_eq!(setup(&LANGUAGE, &release).len(), 2);
    }

    #[test]
    fn tools_of_the_project_are_restored() {
        let steps = lint_setup(&LANGUAGE, &["csharpier"]);
        assert_eq!(steps.last().unwrap(), "$ dotnet tool restore");
    }

    #[test]
    fn a_suite_is_judged_by_what_the_collector_reports() {
        let steps = |command| shown(&covered(&component(None), &suite(command)));
        assert_eq!(
            steps("dotnet test --no-restore"),
            [
                "$ dotnet test --collect \"XPlat Code Coverage\" --no-restore",
                "coverage-cobertura.sh REPORTS=*/coverage.cobertura.xml MINIMUM=80"
            ]
        );
        let own = "dotnet test -- --coverage --coverage-output-format cobertura";
        assert_eq!(steps(own)[0], format!("$ {own}"));
    }
}
