//! With which framework a package is written.

use super::super::model::{Found, Kind};
use super::super::repo::Repo;
use super::super::tree::file_name;
use super::package::Package;
use super::{Root, parent_name};

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
    ("@redwoodjs/web", "redwood", Kind::App),
    ("@redwoodjs/api", "redwood", Kind::Service),
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
pub(super) const SERVERS: &[(&str, &str)] = &[
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

/// Whether a configuration file of a framework lies in the folder.
pub(super) fn whole_config(repo: &Repo<'_>, folder: &str) -> bool {
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

pub(super) fn whole_framework(
    package: &Package,
) -> Option<&'static (&'static str, &'static str, Kind)> {
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
pub(super) fn of(
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
    let whole = whole_framework(package).filter(|_| kind != Kind::Assets);
    if let Some((dependency, name, _)) = whole {
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
pub(super) fn nx_framework(
    repo: &Repo<'_>,
    package: &Package,
    root: Option<&Root>,
) -> Option<&'static str> {
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
