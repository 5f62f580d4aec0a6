//! Elixir with Mix.

use super::coverage::with_options;
use super::{Component, Covered, Language, Purpose, Tool};
use crate::pipeline::{Step, Text};

pub(super) static LANGUAGE: Language = Language {
    names: &["elixir"],
    default_version: "1.19",
    package_managers: &["mix"],
    ecosystem: |_| "mix",
    tools: TOOLS,
    setup,
    prefix: |_| "",
    test: |_| "mix test",
    measures_coverage: true,
    lines: |_| None,
    covered,
    combine: Some(combine),
    binaries: None,
};

static TOOLS: &[Tool] = &[
    Tool {
        name: "credo",
        title: "Lint (Credo)",
        command: "mix credo --strict",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "dialyzer",
        title: "Types (Dialyzer)",
        command: "mix dialyzer",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "mix-compile",
        title: "Warnings of the compiler",
        command: "mix compile --warnings-as-errors",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "mix-format",
        title: "Format (mix format)",
        command: "mix format --check-formatted",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "sobelow",
        title: "Security of Phoenix (Sobelow)",
        command: "mix sobelow --exit",
        elsewhere: &[],
        needs_dependencies: true,
    },
];

/// The version of Elixir and that of the Erlang it runs on.
///
/// Versions such as `1.18-otp-27` name both. Otherwise it is one that the
/// version of Elixir supports: 26 up to 1.16, 27 from 1.17 on.
fn versions(component: &Component<'_>) -> (Text, Text) {
    let Some(version) = component.fixed_version() else {
        return (component.version.clone(), "27".into());
    };
    if let Some((elixir, erlang)) = version.split_once("-otp-") {
        return (elixir.into(), erlang.into());
    }
    let minor = version.split('.').nth(1).and_then(|part| part.parse().ok());
    let erlang = if minor.is_some_and(|minor: u32| minor <= 16) {
        "26"
    } else {
        "27"
    };
    (version.into(), erlang.into())
}

fn setup(component: &Component<'_>, _: Purpose) -> Vec<Step> {
    let (elixir, erlang) = versions(component);
    let beam = Step::uses("Set up Elixir", "erlef/setup-beam")
        .with("elixir-version", elixir)
        .with("otp-version", erlang);
    let mut steps = vec![beam];
    if component.cached {
        let folders = vec![component.file("deps"), component.file("_build")];
        steps.push(component.cache("mix", folders, &["mix.lock"]));
    }
    let install = component.install.unwrap_or("mix deps.get");
    steps.push(Step::run(super::INSTALL, install));
    steps
}

fn covered(_: &Component<'_>, suite: &Covered<'_>) -> Vec<Step> {
    // Data that is exported is judged by us: Mix knows no minimum on its command line.
    let options = format!("--cover --export-coverage {}", suite.suite);
    let command = with_options(suite.command, "mix test", &options)
        .unwrap_or_else(|| suite.command.to_owned());
    let mut steps = vec![Step::run(suite.title.clone(), command)];
    if suite.keep {
        let copy = format!("cp cover/{0}.coverdata .coverage.{0}", suite.suite);
        steps.push(Step::run("Put the coverage aside", copy));
    }
    steps.extend(suite.minimum.map(judge));
    steps
}

fn combine(component: &Component<'_>, minimum: u32) -> Vec<Step> {
    let import = "mkdir -p cover\n\
                  for data in coverage-data/.coverage.*; do\n  \
                  cp \"$data\" \"cover/${data##*.}.coverdata\"\n\
                  done";
    let mut steps = setup(component, Purpose::Test);
    steps.push(Step::run("Put the coverage together", import));
    steps.push(judge(minimum));
    steps
}

fn judge(minimum: u32) -> Step {
    Step::script("Judge the coverage", "coverage-mix")
        .env("MIX_ENV", "test")
        .env("MINIMUM", minimum.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{component, lint_setup, setup, shown, suite};
    use super::*;

    #[test]
    fn builds_are_cached_only_where_that_is_safe() {
        let cached = component(None);
        let beam = "erlef/setup-beam elixir-version=1.2 otp-version=26";
        assert_eq!(
            setup(&LANGUAGE, &cached),
            [
                beam,
                "actions/cache path=api/deps\napi/_build \
                 key=mix-${{ runner.os }}-1.2-${{ hashFiles('api/mix.lock') }} \
                 restore-keys=mix-${{ runner.os }}-1.2-",
                "$ mix deps.get"
            ]
        );
        let release = Component {
            cached: false,
            ..cached
        };
        assert_eq!(setup(&LANGUAGE, &release), [beam, "$ mix deps.get"]);
        assert_eq!(lint_setup(&LANGUAGE, &["credo"]).len(), 3);
    }

    #[test]
    fn each_elixir_gets_an_erlang_that_it_supports() {
        for (written, elixir, erlang) in [
            ("1.15.8", "1.15.8", "26"),
            ("1.18", "1.18", "27"),
            ("1.19.5-otp-28", "1.19.5", "28"),
        ] {
            let component = Component {
                version: written.into(),
                ..component(None)
            };
            assert_eq!(versions(&component), (elixir.into(), erlang.into()));
        }
    }

    #[test]
    fn a_suite_exports_its_data_and_is_judged() {
        let kept = Covered {
            keep: true,
            ..suite("mix test --only unit")
        };
        let judge = "coverage-mix.sh MIX_ENV=test MINIMUM=80";
        assert_eq!(
            shown(&covered(&component(None), &kept)),
            [
                "$ mix test --cover --export-coverage unit --only unit",
                "$ cp cover/unit.coverdata .coverage.unit",
                judge
            ]
        );
        let combined = shown(&combine(&component(None), 80));
        assert!(combined[3].contains("cover/${data##*.}.coverdata"));
        assert_eq!(combined[4], judge);
    }
}
