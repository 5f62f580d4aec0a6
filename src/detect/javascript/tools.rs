//! Linters, formatters, type checkers and migrations of a package.

use super::super::model::{Component, Found};
use super::super::repo::{Repo, skip_reason};
use super::package::Package;
use super::{Root, config_file};

/// A tool with the packages and the configuration files that show it.
type Tool = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

/// The names of all tools.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let listed = LINTERS.iter().chain(FORMATTERS).map(|(name, ..)| *name);
    listed.chain(TYPE_CHECKERS.iter().copied())
}

const TYPE_CHECKERS: &[&str] = &["tsc", "vue-tsc", "svelte-check"];
const LINTERS: &[Tool] = &[
    ("eslint", &["eslint"], &["eslint.config.", ".eslintrc"]),
    ("biome", &["@biomejs/biome"], &["biome.json"]),
    ("oxlint", &["oxlint"], &[".oxlintrc"]),
    (
        "stylelint",
        &["stylelint"],
        &["stylelint.config.", ".stylelintrc"],
    ),
    ("standard", &["standard"], &[]),
    ("xo", &["xo"], &[]),
];
const FORMATTERS: &[Tool] = &[
    (
        "prettier",
        &["prettier"],
        &["prettier.config.", ".prettierrc"],
    ),
    ("biome", &["@biomejs/biome"], &["biome.json"]),
    ("dprint", &["dprint"], &["dprint.json", ".dprint.json"]),
];

/// Adds the tools that the package or its workspace has chosen.
pub(super) fn fill(
    repo: &Repo<'_>,
    package: &Package,
    root: Option<&Root>,
    component: &mut Component,
) {
    component.lint = chosen(repo, package, root, LINTERS);
    component.format = chosen(repo, package, root, FORMATTERS);
    component.typecheck = TYPE_CHECKERS
        .iter()
        .filter_map(|tool| {
            let (name, _) = package
                .scripts()
                .filter(|(name, _)| !name.starts_with("gen"))
                .find(|(_, script)| script.split([' ', ';', '&']).any(|word| word == *tool))?;
            Some(Found::new(*tool, &package.path, format!("script `{name}`")))
        })
        .collect();
    component.migrations = migrations(repo, package);
}

fn chosen(repo: &Repo<'_>, package: &Package, root: Option<&Root>, tools: &[Tool]) -> Vec<Found> {
    tools
        .iter()
        .filter_map(|(name, dependencies, files)| {
            if dependencies
                .iter()
                .any(|dependency| package.has(dependency))
            {
                return Some(Found::new(*name, &package.path, "dependency"));
            }
            if let Some(path) = config_file(repo, package, root, files) {
                return Some(Found::new(*name, path, "configuration"));
            }
            let root = root.filter(|root| dependencies.iter().any(|d| root.has(d)))?;
            Some(Found::new(*name, &root.path, "dependency of the workspace"))
        })
        .collect()
}

fn migrations(repo: &Repo<'_>, package: &Package) -> Option<Found> {
    const TOOLS: &[(&str, &str)] = &[
        ("prisma", "prisma"),
        ("@prisma/client", "prisma"),
        ("drizzle-kit", "drizzle"),
        ("knex", "knex"),
        ("typeorm", "typeorm"),
        ("sequelize-cli", "sequelize"),
        ("@mikro-orm/migrations", "mikro-orm"),
        ("node-pg-migrate", "node-pg-migrate"),
    ];
    // A generator carries the packages of what it generates: only files or run-time use count.
    let has_files = repo
        .tree
        .below(&package.folder)
        .filter(|path| skip_reason(path).is_none())
        .any(|path| {
            path.ends_with(".prisma")
                || path.contains("drizzle.config.")
                || path.contains("/migrations/")
        });
    TOOLS
        .iter()
        .find(|(dependency, _)| {
            package.runs_with(dependency) || has_files && package.has(dependency)
        })
        .map(|(dependency, tool)| {
            Found::new(*tool, &package.path, format!("dependency `{dependency}`"))
        })
}
