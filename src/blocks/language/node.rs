//! JavaScript and TypeScript on Node with npm, pnpm, Yarn or Bun.

use super::{Component, Covered, Language, Lockfile, Purpose, Tool};
use crate::pipeline::{Step, Text};

pub(super) static LANGUAGE: Language = Language {
    names: &["node", "javascript", "typescript"],
    default_version: "24",
    package_managers: &["npm", "pnpm", "yarn", "bun"],
    ecosystem: |manager| if manager == "bun" { "bun" } else { "npm" },
    tools: TOOLS,
    setup,
    prefix: |_| "",
    test: |component| match component.manager(&LANGUAGE) {
        "pnpm" => "pnpm test",
        "yarn" => "yarn test",
        "bun" => "bun run test",
        _ => "npm test",
    },
    measures_coverage: true,
    lines: |_| None,
    covered,
    combine: None,
    binaries: None,
};

static TOOLS: &[Tool] = &[
    Tool {
        name: "biome",
        title: "Lint and format (Biome)",
        command: "npx biome ci {source}",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "eslint",
        title: "Lint (ESLint)",
        command: "npx eslint {source}",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "oxlint",
        title: "Lint (Oxlint)",
        command: "npx oxlint {source}",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "prettier",
        title: "Format (Prettier)",
        command: "npx prettier --check {source}",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "tsc",
        title: "Types (tsc)",
        command: "npx tsc --noEmit",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "type-coverage",
        title: "Share of typed code (type-coverage)",
        command: "npx type-coverage",
        elsewhere: &[],
        needs_dependencies: true,
    },
];

fn lock_file(manager: &str) -> &'static str {
    match manager {
        "pnpm" => "pnpm-lock.yaml",
        "yarn" => "yarn.lock",
        "bun" => "bun.lock",
        _ => "package-lock.json",
    }
}

/// The file that names the version of the package manager: that of the workspace.
fn package_json(component: &Component<'_>) -> Text {
    match component.lockfile.folder() {
        Some(".") => "package.json".into(),
        Some(folder) => format!("{folder}/package.json").into(),
        None => component.file("package.json"),
    }
}

fn setup(component: &Component<'_>, _: Purpose) -> Vec<Step> {
    let manager = component.manager(&LANGUAGE);
    let version = component.package_manager.and_then(|(_, version)| version);
    let mut steps = Vec::new();
    match manager {
        "pnpm" => {
            let pnpm = Step::uses("Set up pnpm", "pnpm/action-setup");
            // Without a version it takes the one that package.json names.
            let pnpm = match version {
                Some(version) => pnpm.with("version", version),
                None => pnpm.with("package_json_file", package_json(component)),
            };
            steps.push(pnpm);
        }
        "yarn" => steps.push(Step::run("Set up Yarn", "corepack enable")),
        "bun" => {
            let bun = Step::uses("Set up Bun", "oven-sh/setup-bun")
                .with("no-cache", if component.cached { "false" } else { "true" });
            let bun = match version {
                Some(version) => bun.with("bun-version", version),
                None => bun.with("bun-version-file", package_json(component)),
            };
            steps.push(bun);
        }
        _ => {}
    }
    let node = Step::uses("Set up Node", "actions/setup-node")
        .with("node-version", component.version.clone());
    steps.push(match manager {
        // The action knows no cache for Bun.
        "bun" => node.with("package-manager-cache", "false"),
        _ if !component.cached || component.lockfile == Lockfile::Missing => {
            node.with("package-manager-cache", "false")
        }
        manager => {
            let lock_file = match component.lockfile {
                Lockfile::At(path) => path.into(),
                _ => component.file(lock_file(manager)),
            };
            node.with("cache", manager)
                .with("cache-dependency-path", lock_file)
        }
    });
    let usual = match (manager, component.lockfile) {
        (manager, Lockfile::Missing) => match manager {
            "pnpm" => "pnpm install",
            "yarn" => "yarn install",
            "bun" => "bun install",
            _ => "npm install",
        },
        ("pnpm", _) => "pnpm install --frozen-lockfile",
        ("yarn", _) if is_classic(version) => "yarn install --frozen-lockfile",
        ("yarn", _) => "yarn install --immutable",
        ("bun", _) => "bun install --frozen-lockfile",
        _ => "npm ci",
    };
    let install = Step::run(super::INSTALL, component.install.unwrap_or(usual));
    steps.push(match component.lockfile.folder() {
        Some(folder) => install.folder(folder),
        None => install,
    });
    steps
}

/// Whether it is the first Yarn, which passes over options that it does not know.
fn is_classic(version: Option<&str>) -> bool {
    version.is_some_and(|version| version == "1" || version.starts_with("1."))
}

fn covered(_: &Component<'_>, suite: &Covered<'_>) -> Vec<Step> {
    let mut steps = vec![Step::run(suite.title.clone(), suite.command)];
    if let Some(minimum) = suite.minimum {
        // Istanbul's summary is what Jest, Vitest, c8 and nyc all write.
        steps.push(
            Step::script("Judge the coverage", "coverage-summary")
                .env("SUMMARY_FILE", "coverage/coverage-summary.json")
                .env("MINIMUM", minimum.to_string()),
        );
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::super::testing::{component, setup};
    use super::*;

    #[test]
    fn each_yarn_gets_the_option_it_knows() {
        let install = |version| {
            let yarn = Component {
                package_manager: Some(("yarn", version)),
                ..component(None)
            };
            setup(&LANGUAGE, &yarn).pop().unwrap()
        };
        assert_eq!(install(Some("1")), "$ yarn install --frozen-lockfile");
        assert_eq!(install(Some("1.22.22")), "$ yarn install --frozen-lockfile");
        assert_eq!(install(Some("10")), "$ yarn install --immutable");
        assert_eq!(install(None), "$ yarn install --immutable");
    }
}
