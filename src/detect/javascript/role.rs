//! What a package is for, and whether that makes it a component.

use super::super::model::Kind;
use super::super::repo::{Repo, skip_reason};
use super::super::tree::{extension, file_name, is_within, join};
use super::framework::{
    SERVERS, is_cloudflare_worker, nx_framework, whole_config, whole_framework,
};
use super::package::Package;
use super::{Root, parent_name};

/// Whether a package is a component.
pub(super) enum Role {
    Component(Kind),
    /// It is none, and why.
    None(&'static str),
}

const STARTS: &[&str] = &[
    "start",
    "dev",
    "serve",
    "develop",
    "start:dev",
    "start:prod",
];

/// Decides what a package is for.
pub(super) fn of(
    repo: &Repo<'_>,
    package: &Package,
    root: Option<&Root>,
    is_root: bool,
    packages: &[Package],
) -> Role {
    let kind = kind(repo, package, root);
    if is_root {
        return workspace_root(repo, package, kind, packages);
    }
    if root.is_some() {
        return member(repo, package, kind);
    }
    let works = package
        .scripts()
        .any(|(name, _)| !matches!(name, "prepare" | "postinstall" | "preinstall" | "husky"));
    let depends = package.says("dependencies") || package.says("devDependencies");
    match kind {
        Kind::E2e => Role::Component(kind),
        // The image starts it, whatever the scripts say.
        Kind::Service if has_image(repo, package) => Role::Component(kind),
        _ if !depends && !works => Role::None("neither scripts nor dependencies"),
        _ if !works => Role::None("no scripts: nothing is built, tested or started here"),
        Kind::Tooling => tooling(repo, package, packages),
        Kind::App if whole_framework(package).is_none() && is_foreign(repo, package) => {
            Role::Component(Kind::Assets)
        }
        // The documentation of a program in another language, or the build beside it.
        Kind::Site if is_foreign(repo, package) => Role::Component(Kind::Assets),
        Kind::App if file_name(&package.folder) == "assets" => Role::Component(Kind::Assets),
        _ => Role::Component(kind),
    }
}

/// Whether the folder is first of all that of another language.
fn is_foreign(repo: &Repo<'_>, package: &Package) -> bool {
    let folder = &package.folder;
    repo.tree.first_in(folder, FOREIGN_MANIFESTS).is_some()
        || repo
            .tree
            .names_in(folder)
            .any(|name| name.ends_with(".csproj"))
}

/// A workspace root is a component if it holds an app or a library itself.
fn workspace_root(repo: &Repo<'_>, package: &Package, kind: Kind, packages: &[Package]) -> Role {
    let own_files = repo
        .tree
        .below(&package.folder)
        .filter(|path| is_source(path) && skip_reason(path).is_none())
        .filter(|path| {
            let inside_member =
                |other: &&Package| other.folder != package.folder && is_within(path, &other.folder);
            !packages.iter().any(|other| inside_member(&other))
        })
        .filter(|path| path.contains('/') || path.ends_with(".vue"))
        .count();
    let is_app = whole_framework(package).is_some()
        || repo.tree.file_in(&package.folder, "index.html").is_some();
    let entries = [
        "src/main.ts",
        "src/main.js",
        "src/index.ts",
        "src/index.js",
        "src/server.ts",
        "server.js",
        "app.js",
        "index.js",
    ];
    let serves = SERVERS
        .iter()
        .any(|(dependency, _)| package.runs_with(dependency))
        && repo.tree.first_in(&package.folder, &entries).is_some();
    let is_published = !package.is_private()
        && (package.says("exports") || package.says("main") || package.says("bin"));
    let kind = if serves { Kind::Service } else { kind };
    if own_files > 0 && (is_app && kind != Kind::Tooling || serves || is_published) {
        Role::Component(kind)
    } else {
        Role::None("the root of a workspace, not a component itself")
    }
}

/// Of the members those count that run, or that are published and built or tested.
fn member(repo: &Repo<'_>, package: &Package, kind: Kind) -> Role {
    let has_script = |names: &[&str]| names.iter().any(|name| package.script(name).is_some());
    let in_apps = matches!(
        parent_name(&package.folder),
        "apps" | "services" | "sites" | "workers" | "functions"
    );
    match kind {
        Kind::E2e => Role::Component(kind),
        _ if in_apps || has_image(repo, package) => {
            Role::Component(if matches!(kind, Kind::Tooling | Kind::Library) {
                Kind::App
            } else {
                kind
            })
        }
        Kind::Library
            if !package.is_private()
                && (has_script(&["test", "build"]) || has_any_build(package)) =>
        {
            Role::Component(kind)
        }
        Kind::Library | Kind::Tooling if has_script(&["test", "test:unit"]) => {
            Role::Component(Kind::Library)
        }
        Kind::Library | Kind::Tooling => Role::None("an inner package of the workspace"),
        _ => Role::Component(kind),
    }
}

fn has_image(repo: &Repo<'_>, package: &Package) -> bool {
    repo.tree.file_in(&package.folder, "Dockerfile").is_some()
}

fn has_any_build(package: &Package) -> bool {
    package.scripts().any(|(name, _)| name.starts_with("build"))
}

/// A package for linters and scripts is worth a component if it checks something on its own.
fn tooling(repo: &Repo<'_>, package: &Package, packages: &[Package]) -> Role {
    if is_foreign(repo, package) {
        if package.script("build").is_some() {
            return Role::Component(Kind::Assets);
        }
        let uses = |tools: &[&str]| tools.iter().any(|tool| package.has(tool));
        let lints = package
            .scripts()
            .any(|(name, _)| name == "lint" || name.starts_with("lint:"))
            && uses(&["eslint", "stylelint", "@biomejs/biome"]);
        let tests = package.script("test").is_some() && uses(&["jest", "vitest", "mocha", "karma"]);
        return if lints || tests {
            Role::Component(Kind::Tooling)
        } else {
            Role::None("helps the repository only")
        };
    }
    let holds_others = packages
        .iter()
        .any(|other| other.folder != package.folder && is_within(&other.folder, &package.folder));
    let own_sources = repo.tree.below(&package.folder).any(|path| {
        is_source(path)
            && !packages
                .iter()
                .any(|other| other.folder != package.folder && is_within(path, &other.folder))
    });
    let checks = ["test", "lint", "build"]
        .iter()
        .any(|name| package.script(name).is_some());
    match (holds_others, own_sources && checks) {
        (false, true) => Role::Component(Kind::Tooling),
        (true, _) => Role::None("only calls the packages below it"),
        (false, false) => Role::None("helps the repository only"),
    }
}

const FOREIGN_MANIFESTS: &[&str] = &[
    "manage.py",
    "requirements.txt",
    "pyproject.toml",
    "setup.py",
    "composer.json",
    "Gemfile",
    "mix.exs",
    "go.mod",
    "Cargo.toml",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "pubspec.yaml",
];

fn is_source(path: &str) -> bool {
    let name = file_name(path);
    matches!(
        extension(name),
        "ts" | "tsx" | "js" | "jsx" | "mjs" | "cjs" | "vue" | "svelte" | "astro"
    ) && !name.contains(".config.")
        && !name.starts_with('.')
}

fn kind(repo: &Repo<'_>, package: &Package, root: Option<&Root>) -> Kind {
    let folder = &package.folder;
    let name = file_name(folder).to_ascii_lowercase();
    let starts = STARTS.iter().any(|script| package.script(script).is_some());
    let drives_browser = ["@playwright/test", "playwright", "cypress", "webdriverio"]
        .iter()
        .any(|tool| package.has(tool));
    if name.ends_with("e2e") || matches!(name.as_str(), "playwright" | "cypress" | "e2e-tests") {
        return Kind::E2e;
    }
    if is_cloudflare_worker(repo, package) {
        return Kind::Worker;
    }
    // Libraries have a `dev` script as well, which builds again on each change.
    let says_entry = ["exports", "module", "types", "publishConfig"]
        .iter()
        .any(|key| package.says(key));
    let is_started = ["start", "serve"]
        .iter()
        .any(|script| package.script(script).is_some());
    let is_published =
        !package.is_private() && (says_entry && !is_started || package.says("main") && !starts);
    if package.says("bin") {
        return Kind::Cli;
    }
    if let Some((dependency, _, kind)) = whole_framework(package)
        && (!is_published || package.runs_with(dependency) && whole_config(repo, folder))
    {
        return *kind;
    }
    let server = SERVERS
        .iter()
        .any(|(dependency, _)| package.runs_with(dependency));
    if server && (starts || repo.tree.file_in(folder, "Dockerfile").is_some()) {
        return Kind::Service;
    }
    if repo
        .tree
        .first_in(
            folder,
            &["index.html", "public/index.html", "src/index.html"],
        )
        .is_some()
    {
        return Kind::App;
    }
    if is_published || package.says("exports") || package.says("main") && !starts {
        return Kind::Library;
    }
    if nx_framework(repo, package, root).is_some() || starts {
        return Kind::App;
    }
    let has_sources =
        repo.tree.has_folder(&join(folder, "src")) || repo.tree.has_folder(&join(folder, "lib"));
    if drives_browser && !has_sources {
        return Kind::E2e;
    }
    let named = package.says("name") && !package.is_private() && package.script("test").is_some();
    if named && (has_sources || repo.tree.file_in(folder, "index.js").is_some()) {
        Kind::Library
    } else {
        Kind::Tooling
    }
}
