//! JavaScript and TypeScript on Node with npm, pnpm, Yarn or Bun.

use super::{Component, Covered, Language, Purpose, Tool};
use crate::pipeline::Step;

pub(super) static LANGUAGE: Language = Language {
    names: &["node", "javascript", "typescript"],
    default_version: "24",
    package_managers: &["npm", "pnpm", "yarn", "bun"],
    tools: TOOLS,
    setup,
    prefix: |_| "",
    test: |component| match component.manager(&LANGUAGE) {
        "pnpm" => "pnpm test",
        "yarn" => "yarn test",
        "bun" => "bun run test",
        _ => "npm test",
    },
    covered,
    combine: None,
};

static TOOLS: &[Tool] = &[
    Tool {
        name: "biome",
        title: "Lint and format (Biome)",
        command: "npx biome ci {source}",
        needs_dependencies: true,
    },
    Tool {
        name: "eslint",
        title: "Lint (ESLint)",
        command: "npx eslint {source}",
        needs_dependencies: true,
    },
    Tool {
        name: "oxlint",
        title: "Lint (Oxlint)",
        command: "npx oxlint {source}",
        needs_dependencies: true,
    },
    Tool {
        name: "prettier",
        title: "Format (Prettier)",
        command: "npx prettier --check {source}",
        needs_dependencies: true,
    },
    Tool {
        name: "tsc",
        title: "Types (tsc)",
        command: "npx tsc --noEmit",
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
                None => pnpm.with("package_json_file", component.file("package.json")),
            };
            steps.push(pnpm);
        }
        "yarn" => steps.push(Step::run("Set up Yarn", "corepack enable")),
        "bun" => {
            let bun = Step::uses("Set up Bun", "oven-sh/setup-bun")
                .with("no-cache", if component.cached { "false" } else { "true" });
            let bun = match version {
                Some(version) => bun.with("bun-version", version),
                None => bun.with("bun-version-file", component.file("package.json")),
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
        _ if !component.cached => node.with("package-manager-cache", "false"),
        manager => node
            .with("cache", manager)
            .with("cache-dependency-path", component.file(lock_file(manager))),
    });
    let usual = match manager {
        "pnpm" => "pnpm install --frozen-lockfile",
        "yarn" => "yarn install --immutable",
        "bun" => "bun install --frozen-lockfile",
        _ => "npm ci",
    };
    let install = Step::run(super::INSTALL, component.install.unwrap_or(usual));
    steps.push(install);
    steps
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
