//! C and C++ with CMake or Make, by the compilers of the runner.

use super::coverage::Report;
use super::{Component, Covered, Language, Purpose, Tool};
use crate::knowledge::tools;
use crate::pipeline::Step;

pub(super) static LANGUAGE: Language = Language {
    names: &["cpp", "c"],
    default_version: "",
    package_managers: &["cmake", "make"],
    ecosystem: |_| "",
    tools: TOOLS,
    setup,
    prefix: |_| "",
    test: |component| match component.manager(&LANGUAGE) {
        "make" => "make test",
        _ => CMAKE_TEST,
    },
    measures_coverage: true,
    lines: |_| REPORT.lines(),
    covered,
    combine: Some(|_, minimum| REPORT.combine(minimum)),
    binaries: None,
};

static TOOLS: &[Tool] = &[
    Tool {
        name: "clang-format",
        title: "Format (clang-format)",
        command: "git ls-files -z '*.c' '*.h' '*.cc' '*.cpp' '*.cxx' '*.hh' '*.hpp' '*.hxx' | xargs -0 -r clang-format --dry-run --Werror",
        elsewhere: &[],
        needs_dependencies: false,
    },
    Tool {
        name: "clang-tidy",
        title: "Lint (clang-tidy)",
        command: "git ls-files -z '*.c' '*.cc' '*.cpp' '*.cxx' | xargs -0 -r clang-tidy -p build --quiet --warnings-as-errors='*'",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "cppcheck",
        title: "Lint (Cppcheck)",
        command: "cppcheck --error-exitcode=1 --enable=warning,performance,portability --inline-suppr {source}",
        elsewhere: &[],
        needs_dependencies: false,
    },
];

const CMAKE_TEST: &str = "cmake -S . -B build\n\
                          cmake --build build --parallel\n\
                          ctest --test-dir build --output-on-failure";

const REPORT: Report = Report {
    script: "coverage-lcov",
    paths: "./coverage.lcov",
};

fn setup(component: &Component<'_>, purpose: Purpose) -> Vec<Step> {
    let mut steps = Vec::new();
    if purpose.wants_dependencies() {
        let install = component.install;
        steps.extend(install.map(|command| Step::run(super::INSTALL, command)));
    }
    if component.lints_with("cppcheck", purpose) {
        let install = "sudo apt-get update\n\
                       sudo apt-get install --yes --no-install-recommends cppcheck";
        steps.push(Step::run("Install Cppcheck", install));
    }
    if component.lints_with("clang-tidy", purpose) && component.manager(&LANGUAGE) == "cmake" {
        let configure = "cmake -S . -B build -D CMAKE_EXPORT_COMPILE_COMMANDS=ON";
        steps.push(Step::run("List the compiler's options", configure));
    }
    steps
}

fn covered(component: &Component<'_>, suite: &Covered<'_>) -> Vec<Step> {
    let gcovr = tools::version("gcovr");
    let mut export = "gcovr --exclude build/ --lcov coverage.lcov".to_owned();
    if component.source != "." {
        export.push_str(&format!(" --filter {}/", component.source));
    }
    let install = format!("pipx install gcovr=={gcovr}");
    let mut steps = vec![Step::run("Install gcovr", install)];
    steps.extend(REPORT.steps(suite, format!("{}\n{export}", suite.command)));
    // CMake and the rules that Make brings along read the options here.
    for name in ["CFLAGS", "CXXFLAGS", "LDFLAGS"] {
        steps[1].env.push((name.to_owned(), "--coverage".into()));
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::super::testing::{component, lint_setup, setup, shown, suite};
    use super::*;

    #[test]
    fn only_what_runners_lack_is_installed() {
        assert!(setup(&LANGUAGE, &component(None)).is_empty());
        assert!(lint_setup(&LANGUAGE, &["clang-format"]).is_empty());
        let steps = lint_setup(&LANGUAGE, &["cppcheck", "clang-tidy"]);
        assert!(steps[0].ends_with("cppcheck"));
        assert!(steps[1].starts_with("$ cmake -S . -B build"));
        let own = Component {
            install: Some("conan install ."),
            ..component(Some("make"))
        };
        assert_eq!(setup(&LANGUAGE, &own), ["$ conan install ."]);
        assert_eq!((LANGUAGE.test)(&own), "make test");
    }

    #[test]
    fn a_suite_is_compiled_for_coverage_and_judged() {
        let component = component(None);
        let steps = covered(&component, &suite((LANGUAGE.test)(&component)));
        let lines = shown(&steps);
        assert!(lines[0].starts_with("$ pipx install gcovr=="));
        assert!(lines[1].ends_with(
            "--output-on-failure\ngcovr --exclude build/ --lcov coverage.lcov --filter src/"
        ));
        assert_eq!(steps[1].env.len(), 3);
        assert_eq!(
            lines[2],
            "coverage-lcov.sh REPORTS=./coverage.lcov MINIMUM=80"
        );
    }
}
