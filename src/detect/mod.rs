//! Reads the files of a repository and says which stack they make: languages,
//! versions, tools, services, images.
//!
//! In: a [`FileTree`], paths of all files and the texts of the wanted ones
//! ([`is_wanted`]; [`is_pruned`] says which folders need no walk). Out: a
//! [`Detection`], what a person would put under `stack:`, each fact with the
//! place where it was read. No I/O, and no opinion on the manifest: what
//! becomes of a fact is for the modules above.
//!
//! A wrong component is worse than a missing one: fixtures, examples,
//! templates and code of others are none, and what is not written down stays
//! absent.
//!
//! To add a language: a file with `detect(&Repo, &mut Findings)`, its line in
//! [`LANGUAGES`], and the names of its manifests in `wanted`.

mod ci;
mod compose;
mod dart;
mod deno;
mod deploy;
mod dotnet;
mod elixir;
mod go;
mod images;
mod javascript;
mod jvm;
mod last;
mod model;
mod php;
mod python;
mod read;
mod repo;
mod ruby;
mod rust;
mod services;
mod skip;
mod system;
mod tree;
mod versions;
mod wanted;

pub use model::{
    Check, Component, DeployTarget, Detection, Evidence, Found, Kind, Language, OtherCi, Runtime,
    Strength, Workspace,
};
pub use skip::is_pruned;
pub use tree::{FileTree, MAX_TEXT_BYTES};
pub use wanted::is_wanted;

use repo::{Findings, Repo};

/// The detectors in the order they run: Rust asks what else was found, the last one fills gaps.
const LANGUAGES: &[fn(&Repo<'_>, &mut Findings)] = &[
    python::detect,
    javascript::detect,
    deno::detect,
    go::detect,
    jvm::detect,
    dotnet::detect,
    ruby::detect,
    php::detect,
    elixir::detect,
    dart::detect,
    rust::detect,
    last::detect,
];

/// Detects the stack of a repository.
pub fn detect(tree: &FileTree) -> Detection {
    let repo = Repo::new(tree);
    let mut found = Findings::default();
    for detect in LANGUAGES {
        detect(&repo, &mut found);
    }
    // What only helps another component in its folder stands behind it.
    let helps =
        |component: &Component| matches!(component.kind, Kind::Assets | Kind::Tooling | Kind::E2e);
    found
        .components
        .sort_by(|a, b| (&a.path, helps(a), a.language).cmp(&(&b.path, helps(b), b.language)));
    for component in &mut found.components {
        runs_in_image(&repo, component);
        shows_pages(&repo, component);
    }
    images::attach(&repo, &mut found.components);
    for component in &mut found.components {
        versions::fill(&repo, component);
        system::fill(&repo, component);
    }
    services::attach(&repo, &mut found.components);
    note_skipped(tree, &mut found);
    let (deploy, environments) = deploy::detect(&repo, &found);
    Detection {
        components: found.components,
        workspaces: found.workspaces,
        deploy,
        environments,
        compose_files: compose::paths(tree),
        workflows: ci::workflow_paths(tree),
        other_ci: ci::other_ci(tree),
        notes: found.notes,
    }
}

/// A server with pages of its own is something that people open.
fn shows_pages(repo: &Repo<'_>, component: &mut Component) {
    let below = || repo.tree.below(&component.path);
    let pages = match component.language {
        Language::Java | Language::Kotlin => {
            below().any(|path| path.contains("/resources/templates/") && path.ends_with(".html"))
        }
        Language::CSharp => below().any(|path| path.ends_with(".razor")),
        Language::Python => below().any(|path| {
            ["templates/base.html", "templates/layout.html"]
                .iter()
                .any(|page| path.ends_with(page))
        }),
        _ => false,
    };
    if component.kind == Kind::Service && pages {
        component.kind = Kind::App;
    }
}

/// What looks like a library but has an image in its own folder is a service.
fn runs_in_image(repo: &Repo<'_>, component: &mut Component) {
    let has_image =
        component.path != "." && repo.tree.file_in(&component.path, "Dockerfile").is_some();
    component.kind = match component.kind {
        Kind::Library | Kind::Tooling if has_image => Kind::Service,
        Kind::Cli if has_image && component.language == Language::CSharp => Kind::Worker,
        kind => kind,
    };
}

/// Says once per folder why the manifests in it were left out.
fn note_skipped(tree: &FileTree, found: &mut Findings) {
    const MANIFESTS: &[&str] = &[
        "package.json",
        "pyproject.toml",
        "requirements.txt",
        "go.mod",
        "Cargo.toml",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "Gemfile",
        "composer.json",
        "mix.exs",
        "pubspec.yaml",
        "deno.json",
    ];
    let mut skipped: Vec<(&str, skip::Reason)> = MANIFESTS
        .iter()
        .flat_map(|name| tree.named(name))
        .filter_map(repo::skip_reason)
        .collect();
    skipped.sort_unstable();
    skipped.dedup();
    for (folder, why) in skipped {
        found.note(folder, format!("left out: {}", why.describe()));
    }
}
