//! What a package is for, and with which framework.

use super::super::model::{Found, Kind};
use super::super::repo::{Repo, skip_reason};
use super::super::tree::{extension, file_name, is_within, join};
use super::package::Package;
use super::{Root, parent_name};

/// Whether a package is a component.
pub(super) enum Role {
    Component(Kind),
    /// It is none, and why.
    None(&'static str),
}

/// Frameworks that make whole apps or sites: package, name, kind.
const WHOLE: &[(&str, &str, Kind)] = &[
    ("next", "next", Kind::App),
    ("nuxt", "nuxt", Kind::App),
    ("@react-router/dev", "react-router", Kind::App),
    ("@remix-run/react", "remix", Kind::App),
    ("@remix-run/dev", "remix", Kind::App),
    ("@angular/core", "angular", Kind::App),
    ("astro", "astro", Kind::Site),
    ("@sveltejs/kit", "sveltekit", Kind::App),
    ("gatsby", "gatsby", Kind::Site),
    ("@docusaurus/core", "docusaurus", Kind::Site),
    ("vitepress", "vitepress", Kind::Site),
    ("vuepress", "vuepress", Kind::Site),
    ("@11ty/eleventy", "eleventy", Kind::Site),
    ("@solidjs/start", "solid-start", Kind::App),
    ("@tanstack/react-start", "tanstack-start", Kind::App),
    ("@builder.io/qwik-city", "qwik", Kind::App),
    ("ember-source", "ember", Kind::App),
    ("@redwoodjs/core", "redwood", Kind::App),
    ("expo", "expo", Kind::Mobile),
    ("react-native", "react-native", Kind::Mobile),
    ("@strapi/strapi", "strapi", Kind::Service),
    ("@nestjs/core", "nestjs", Kind::Service),
    ("@adonisjs/core", "adonis", Kind::Service),
    ("nitropack", "nitro", Kind::Service),
    ("nitro", "nitro", Kind::Service),
    ("firebase-functions", "firebase-functions", Kind::Functions),
];
/// Libraries that answer requests; they count only as a run-time dependency.
const SERVERS: &[(&str, &str)] = &[
    ("fastify", "fastify"),
    ("express", "express"),
    ("koa", "koa"),
    ("hono", "hono"),
    ("elysia", "elysia"),
    ("@hapi/hapi", "hapi"),
    ("apollo-server", "apollo-server"),
    ("@apollo/server", "apollo-server"),
    ("restify", "restify"),
];
/// Bundlers and libraries of pages.
const PAGES: &[(&str, &str)] = &[
    ("vite", "vite"),
    ("react-scripts", "react"),
    ("@vue/cli-service", "vue"),
    ("react", "react"),
    ("vue", "vue"),
    ("svelte", "svelte"),
    ("solid-js", "solid"),
    ("preact", "preact"),
    ("parcel", "parcel"),
];
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

/// Whether a configuration file of a framework lies in the folder.
fn whole_config(repo: &Repo<'_>, folder: &str) -> bool {
    const STARTS: &[&str] = &[
        "next.config.",
        "nuxt.config.",
        "astro.config.",
        "svelte.config.",
        "angular.json",
        "gatsby-config.",
        "react-router.config.",
        "remix.config.",
        "nest-cli.json",
        "docusaurus.config.",
    ];
    repo.tree
        .names_in(folder)
        .any(|name| STARTS.iter().any(|start| name.starts_with(start)))
}

fn whole_framework(package: &Package) -> Option<&'static (&'static str, &'static str, Kind)> {
    WHOLE.iter().find(|(dependency, _, _)| {
        let is_itself = package.text(&["name"]).as_deref() == Some(dependency);
        !is_itself
            && if *dependency == "react-native" || *dependency == "expo" {
                package.runs_with(dependency)
            } else {
                package.has(dependency) && !only_peer(package, dependency)
            }
    })
}

fn only_peer(package: &Package, name: &str) -> bool {
    let lists = |key: &str| {
        package
            .value
            .get(key)
            .is_some_and(|list| list.get(name).is_some())
    };
    lists("peerDependencies") && !lists("dependencies")
}

/// Whether the package is a worker of Cloudflare: `main` in its wrangler file tells it from a page project.
pub(super) fn is_cloudflare_worker(repo: &Repo<'_>, package: &Package) -> bool {
    ["wrangler.toml", "wrangler.json", "wrangler.jsonc"]
        .iter()
        .any(|name| {
            let value = if name.ends_with("toml") {
                repo.toml_in(&package.folder, name)
            } else {
                repo.json_in(&package.folder, name)
            };
            value.is_some_and(|value| value.get("main").is_some())
        })
        && whole_framework(package).is_none()
}

/// The main framework of a package.
pub(super) fn framework(
    repo: &Repo<'_>,
    package: &Package,
    root: Option<&Root>,
    kind: Kind,
) -> Option<Found> {
    let at = |name: &str, what: String| Some(Found::new(name, &package.path, what));
    match kind {
        Kind::Cli | Kind::Library | Kind::E2e | Kind::Tooling => return None,
        Kind::Worker => return at("cloudflare-workers", "wrangler file".to_owned()),
        _ => {}
    }
    if let Some((dependency, name, _)) = whole_framework(package) {
        return at(name, format!("dependency `{dependency}`"));
    }
    let server = SERVERS
        .iter()
        .find(|(dependency, _)| package.runs_with(dependency));
    let page = PAGES.iter().find(|(dependency, _)| package.has(dependency));
    let first = if kind == Kind::Service {
        server.or(page)
    } else {
        page.or(server)
    };
    if let Some((dependency, name)) = first {
        return at(name, format!("dependency `{dependency}`"));
    }
    nx_framework(repo, package, root)
        .and_then(|name| at(name, "dependency of the workspace and its files".to_owned()))
}

/// In an Nx workspace the dependencies stand at the root; the files tell which of them is used.
fn nx_framework(repo: &Repo<'_>, package: &Package, root: Option<&Root>) -> Option<&'static str> {
    let root = root?;
    let uses = |dependency: &str, fits: &dyn Fn(&str) -> bool| {
        root.has(dependency) && repo.tree.below(&package.folder).any(fits)
    };
    if parent_name(&package.folder) != "apps" {
        None
    } else if uses("@angular/core", &|path| {
        path.ends_with(".component.ts") || path.ends_with("/app.config.ts")
    }) {
        Some("angular")
    } else if uses("@nestjs/core", &|path| path.ends_with(".module.ts")) {
        Some("nestjs")
    } else if uses("next", &|path| file_name(path).starts_with("next.config.")) {
        Some("next")
    } else if uses("react", &|path| {
        path.ends_with(".tsx") || path.ends_with(".jsx")
    }) {
        Some("react")
    } else if uses("vue", &|path| path.ends_with(".vue")) {
        Some("vue")
    } else {
        None
    }
}
