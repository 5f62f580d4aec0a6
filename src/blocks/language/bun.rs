//! JavaScript and TypeScript on Bun, without Node.

use super::coverage::{Report, with_options};
use super::{Component, Covered, Folder, Language, Lockfile, Purpose, Tool};
use crate::pipeline::Step;

pub(super) static LANGUAGE: Language = Language {
    names: &["bun"],
    default_version: "latest",
    package_managers: &["bun"],
    ecosystem: |_| "bun",
    tools: TOOLS,
    setup,
    prefix: |_| "",
    test: |_| "bun test",
    measures_coverage: true,
    lines: |_| REPORT.lines(),
    covered,
    combine: Some(|_, minimum| REPORT.combine(minimum)),
    binaries: None,
};

static TOOLS: &[Tool] = &[
    Tool {
        name: "biome",
        title: "Lint and format (Biome)",
        command: "bunx biome ci {source}",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "eslint",
        title: "Lint (ESLint)",
        command: "bunx eslint {source}",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "oxlint",
        title: "Lint (Oxlint)",
        command: "bunx oxlint {source}",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "prettier",
        title: "Format (Prettier)",
        command: "bunx prettier --check {source}",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "tsc",
        title: "Types (tsc)",
        command: "bunx tsc --noEmit",
        elsewhere: &[],
        needs_dependencies: true,
    },
];

const REPORT: Report = Report {
    script: "coverage-lcov",
    paths: "./coverage/lcov.info",
};

fn setup(component: &Component<'_>, _: Purpose) -> Vec<Step> {
    let bun = Step::uses("Set up Bun", "oven-sh/setup-bun")
        .with("bun-version", component.version.clone());
    // The lock file of a workspace lies at its root.
    let shared = component.lockfile.folder();
    let locked = Component {
        path: shared.map_or(component.path, Folder::Fixed),
        ..component.clone()
    };
    let mut steps = if component.cached && component.lockfile != Lockfile::Missing {
        let folders = vec!["~/.bun/install/cache".into()];
        vec![bun, locked.cache("bun", folders, &["bun.lock"])]
    } else {
        vec![bun.with("no-cache", "true")]
    };
    let usual = match component.lockfile {
        Lockfile::Missing => "bun install",
        _ => "bun install --frozen-lockfile",
    };
    let install = Step::run(super::INSTALL, component.install.unwrap_or(usual));
    steps.push(match shared {
        Some(folder) => install.folder(folder),
        None => install,
    });
    steps
}

fn covered(_: &Component<'_>, suite: &Covered<'_>) -> Vec<Step> {
    let options = "--coverage --coverage-reporter=lcov";
    let command = with_options(suite.command, "bun test", options)
        .filter(|_| !suite.command.contains("--coverage"))
        .unwrap_or_else(|| suite.command.to_owned());
    REPORT.steps(suite, command)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{component, lint_setup, setup, shown, suite};
    use super::*;

    #[test]
    fn downloads_are_cached_only_where_that_is_safe() {
        let cached = component(None);
        let install = "$ bun install --frozen-lockfile";
        let steps = setup(&LANGUAGE, &cached);
        assert_eq!(steps[0], "oven-sh/setup-bun bun-version=1.2");
        assert!(steps[1].starts_with("actions/cache path=~/.bun/install/cache key=bun-"));
        assert_eq!(steps[2], install);
        let release = Component {
            cached: false,
            ..cached
        };
        assert_eq!(
            setup(&LANGUAGE, &release),
            ["oven-sh/setup-bun bun-version=1.2 no-cache=true", install]
        );
        assert_eq!(lint_setup(&LANGUAGE, &["biome"]).last().unwrap(), install);
    }

    #[test]
    fn a_member_of_a_workspace_installs_where_the_lock_file_lies() {
        let member = Component {
            lockfile: Lockfile::At("bun.lock"),
            ..component(None)
        };
        let steps = super::setup(&member, Purpose::Test);
        assert_eq!(steps[2].folder, Some(".".into()));
        let shown = setup(&LANGUAGE, &member);
        assert!(shown[1].contains("hashFiles('bun.lock')"), "{shown:?}");
        let missing = Component {
            lockfile: Lockfile::Missing,
            ..component(None)
        };
        let shown = setup(&LANGUAGE, &missing);
        assert_eq!(
            shown[1..],
            ["$ bun install".to_owned()],
            "nothing to cache by, nothing to freeze"
        );
    }

    #[test]
    fn a_suite_is_judged_by_its_report() {
        assert_eq!(
            shown(&covered(&component(None), &suite("bun test tests/unit"))),
            [
                "$ bun test --coverage --coverage-reporter=lcov tests/unit",
                "coverage-lcov.sh REPORTS=./coverage/lcov.info MINIMUM=80"
            ]
        );
    }
}
