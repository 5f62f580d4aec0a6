//! PHP with Composer.

use super::coverage::Report;
use super::{Component, Covered, Language, Purpose, Tool};
use crate::pipeline::Step;

pub(super) static LANGUAGE: Language = Language {
    names: &["php"],
    default_version: "8.5",
    package_managers: &["composer"],
    ecosystem: |_| "composer",
    tools: TOOLS,
    setup,
    prefix: |_| "",
    test: |_| "vendor/bin/phpunit",
    measures_coverage: true,
    lines: |_| REPORT.lines(),
    covered,
    combine: Some(|_, minimum| REPORT.combine(minimum)),
    binaries: None,
};

static TOOLS: &[Tool] = &[
    Tool {
        name: "php-cs-fixer",
        title: "Style (PHP CS Fixer)",
        command: "vendor/bin/php-cs-fixer fix --dry-run --diff",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "phpcs",
        title: "Style (PHP_CodeSniffer)",
        command: "vendor/bin/phpcs",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "phpstan",
        title: "Types (PHPStan)",
        command: "vendor/bin/phpstan analyse --no-progress",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "pint",
        title: "Style (Pint)",
        command: "vendor/bin/pint --test",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "psalm",
        title: "Types (Psalm)",
        command: "vendor/bin/psalm --no-progress",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "rector",
        title: "Upgrades (Rector)",
        command: "vendor/bin/rector process --dry-run",
        elsewhere: &[],
        needs_dependencies: true,
    },
];

const REPORT: Report = Report {
    script: "coverage-clover",
    paths: "./clover.xml",
};

fn setup(component: &Component<'_>, purpose: Purpose) -> Vec<Step> {
    let driver = match purpose {
        Purpose::Lint { .. } | Purpose::Scan => "none",
        Purpose::Test => "pcov",
    };
    let php = Step::uses("Set up PHP", "shivammathur/setup-php")
        .with("php-version", component.version.clone())
        .with("coverage", driver);
    let mut steps = vec![php];
    if component.cached {
        let folders = vec!["~/.cache/composer".into()];
        steps.push(component.cache("composer", folders, &["composer.lock"]));
    }
    let usual = "composer install --no-interaction --no-progress";
    let install = component.install.unwrap_or(usual);
    steps.push(Step::run(super::INSTALL, install));
    steps
}

fn covered(_: &Component<'_>, suite: &Covered<'_>) -> Vec<Step> {
    REPORT.steps(suite, measured(suite.command))
}

/// The command with the report that is judged, if it is known to take the option.
fn measured(command: &str) -> String {
    let option = "--coverage-clover clover.xml";
    let takes = ["phpunit", "pest", "artisan test"];
    if command.contains("--coverage-clover") {
        command.to_owned()
    } else if takes.iter().any(|runner| command.contains(runner)) {
        format!("{command} {option}")
    } else if command.starts_with("composer ") && !command.contains(" -- ") {
        format!("{command} -- {option}")
    } else {
        command.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{component, lint_setup, setup, shown, suite};
    use super::*;

    #[test]
    fn downloads_are_cached_only_where_that_is_safe() {
        let cached = component(None);
        let install = "$ composer install --no-interaction --no-progress";
        assert_eq!(
            setup(&LANGUAGE, &cached),
            [
                "shivammathur/setup-php php-version=1.2 coverage=pcov",
                "actions/cache path=~/.cache/composer \
                 key=composer-${{ runner.os }}-1.2-${{ hashFiles('api/composer.lock') }} \
                 restore-keys=composer-${{ runner.os }}-1.2-",
                install
            ]
        );
        let release = Component {
            cached: false,
            ..cached
        };
        assert_eq!(setup(&LANGUAGE, &release)[1..], [install]);
        assert!(lint_setup(&LANGUAGE, &["phpstan"])[0].ends_with("coverage=none"));
    }

    #[test]
    fn a_suite_is_judged_by_its_clover_report() {
        assert_eq!(
            shown(&covered(&component(None), &suite("vendor/bin/phpunit"))),
            [
                "$ vendor/bin/phpunit --coverage-clover clover.xml",
                "coverage-clover.sh REPORTS=./clover.xml MINIMUM=80"
            ]
        );
        assert_eq!(
            measured("composer test"),
            "composer test -- --coverage-clover clover.xml"
        );
        assert_eq!(measured("make test"), "make test");
    }
}
