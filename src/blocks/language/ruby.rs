//! Ruby with Bundler.

use super::{Component, Covered, Language, Purpose, Tool};
use crate::pipeline::Step;

pub(super) static LANGUAGE: Language = Language {
    names: &["ruby"],
    default_version: "4.0",
    package_managers: &["bundler"],
    ecosystem: |_| "bundler",
    tools: TOOLS,
    setup,
    prefix: |_| "",
    test: |_| "bundle exec rake",
    measures_coverage: true,
    lines: |_| None,
    covered,
    combine: None,
    binaries: None,
};

static TOOLS: &[Tool] = &[
    Tool {
        name: "brakeman",
        title: "Security of Rails (Brakeman)",
        command: "bundle exec brakeman --no-pager",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "erb-lint",
        title: "Templates (ERB Lint)",
        command: "bundle exec erb_lint --lint-all",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "reek",
        title: "Lint (Reek)",
        command: "bundle exec reek {source}",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "rubocop",
        title: "Style (RuboCop)",
        command: "bundle exec rubocop {source}",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "sorbet",
        title: "Types (Sorbet)",
        command: "bundle exec srb tc",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "standardrb",
        title: "Style (Standard)",
        command: "bundle exec standardrb {source}",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "steep",
        title: "Types (Steep)",
        command: "bundle exec steep check",
        elsewhere: &[],
        needs_dependencies: true,
    },
];

fn setup(component: &Component<'_>, _: Purpose) -> Vec<Step> {
    let ruby = Step::uses("Set up Ruby", "ruby/setup-ruby")
        .with("ruby-version", component.version.clone());
    let ruby = match component.folder() {
        Some(folder) => ruby.with("working-directory", folder),
        None => ruby,
    };
    // With its cache the action installs the dependencies as well.
    match component.install {
        None if component.cached => vec![ruby.with("bundler-cache", "true")],
        install => {
            let command = install.unwrap_or("bundle install");
            vec![
                ruby.with("bundler-cache", "false"),
                Step::run(super::INSTALL, command),
            ]
        }
    }
}

fn covered(_: &Component<'_>, suite: &Covered<'_>) -> Vec<Step> {
    let mut steps = vec![Step::run(suite.title.clone(), suite.command)];
    if let Some(minimum) = suite.minimum {
        steps.push(
            Step::script("Judge the coverage", "coverage-simplecov")
                .env("RESULT_FILE", "coverage/.last_run.json")
                .env("MINIMUM", minimum.to_string()),
        );
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::super::testing::{component, lint_setup, setup, shown, suite};
    use super::*;

    #[test]
    fn bundler_installs_with_and_without_a_cache() {
        let cached = component(None);
        assert_eq!(
            setup(&LANGUAGE, &cached),
            ["ruby/setup-ruby ruby-version=1.2 working-directory=api bundler-cache=true"]
        );
        let own = Component {
            install: Some("bin/setup"),
            ..cached.clone()
        };
        assert_eq!(setup(&LANGUAGE, &own)[1], "$ bin/setup");
        let release = Component {
            cached: false,
            ..cached
        };
        assert_eq!(
            setup(&LANGUAGE, &release),
            [
                "ruby/setup-ruby ruby-version=1.2 working-directory=api bundler-cache=false",
                "$ bundle install"
            ]
        );
        assert_eq!(lint_setup(&LANGUAGE, &["rubocop"]).len(), 1);
    }

    #[test]
    fn a_suite_is_judged_by_its_last_run() {
        assert_eq!(
            shown(&covered(&component(None), &suite("bin/rails test"))),
            [
                "$ bin/rails test",
                "coverage-simplecov.sh RESULT_FILE=coverage/.last_run.json MINIMUM=80"
            ]
        );
    }
}
