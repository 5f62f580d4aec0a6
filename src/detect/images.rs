//! Which Dockerfile builds the image of which component.
//!
//! Compose files, workflows and `fly.toml` say it outright; otherwise the
//! Dockerfile in the component's folder, and for a component at the root the
//! ones in the customary folders.

use super::model::{Component, Found, Kind, Language, Runtime};
use super::read::text_at;
use super::repo::{Repo, is_hidden, skip_reason};
use super::skip::Reason;
use super::tree::{file_name, folder_of, is_within, resolve, upwards};
use crate::expression;

/// A Dockerfile with the folder it is built in and the file that says so.
struct Build {
    dockerfile: String,
    context: String,
    from: Option<String>,
}

/// Gives each component its Dockerfile.
pub(super) fn attach(repo: &Repo<'_>, components: &mut [Component]) {
    let builds = builds(repo);
    let owners: Vec<Option<usize>> = builds
        .iter()
        .map(|build| owner(repo, build, components))
        .collect();
    for (index, component) in components.iter_mut().enumerate() {
        let own = builds
            .iter()
            .zip(&owners)
            .filter(|(_, owner)| **owner == Some(index))
            .map(|(build, _)| build)
            .min_by_key(|build| rank(build, &component.path));
        if let Some(build) = own {
            let what = build
                .from
                .as_ref()
                .map_or("Dockerfile".to_owned(), |from| format!("built by `{from}`"));
            component.dockerfile = Some(Found::new(&build.dockerfile, &build.dockerfile, what));
            component.docker_context = Some(build.context.clone());
        }
    }
}

/// The plainest name in the nearest folder is the image that is deployed.
fn rank(build: &Build, folder: &str) -> (usize, bool, bool, usize) {
    let name = file_name(&build.dockerfile);
    let lower = name.to_ascii_lowercase();
    let special = lower.contains("alpine") || lower.contains("debug");
    let depth = build.dockerfile.matches('/').count();
    let distance = if folder_of(&build.dockerfile) == folder {
        0
    } else {
        depth
    };
    (
        distance,
        special,
        name != "Dockerfile",
        build.from.is_none().into(),
    )
}

fn builds(repo: &Repo<'_>) -> Vec<Build> {
    let mut builds: Vec<Build> = Vec::new();
    let mut add = |dockerfile: String, context: String, from: &str| {
        if repo.dockerfiles.contains_key(&dockerfile) && !is_excluded(&dockerfile) {
            builds.push(Build {
                dockerfile,
                context,
                from: Some(from.to_owned()),
            });
        }
    };
    for path in repo.tree.named("fly.toml") {
        let value = repo.tree.text(path).and_then(super::read::toml);
        let file = value.and_then(|value| text_at(&value, &["build", "dockerfile"]));
        let folder = folder_of(path);
        if let Some(file) = file.and_then(|file| resolve(folder, file.trim_start_matches('/'))) {
            add(file, folder.to_owned(), path);
        }
    }
    for job in &repo.jobs {
        for (action, with) in job
            .uses
            .iter()
            .filter(|(action, _)| action == "docker/build-push-action")
        {
            let plain = |key: &str| text_at(with, &[key]).filter(|text| !expression::is_in(text));
            let context = plain("context")
                .and_then(|folder| resolve(".", &folder))
                .unwrap_or_else(|| ".".to_owned());
            let file = plain("file").and_then(|file| resolve(".", &file));
            let file = file.or_else(|| resolve(&context, "Dockerfile"));
            if let Some(file) = file.filter(|_| !action.is_empty()) {
                add(file, context, &job.path);
            }
        }
    }
    for compose in &repo.composes {
        for service in &compose.services {
            if let Some((context, file)) = &service.build {
                add(file.clone(), context.clone(), &compose.path);
            }
        }
    }
    for path in repo.dockerfiles.keys().filter(|path| !is_excluded(path)) {
        if builds.iter().all(|build| build.dockerfile != *path) {
            let context = context(repo, path);
            builds.push(Build {
                dockerfile: path.clone(),
                context,
                from: None,
            });
        }
    }
    builds
}

/// The folder in which everything lies that the Dockerfile copies; its own, if that is open.
fn context(repo: &Repo<'_>, path: &str) -> String {
    let copies = repo
        .dockerfiles
        .get(path)
        .map_or(&[][..], |file| &file.copies);
    let found_in = |folder: &str| {
        let exists = |copy: &&String| {
            resolve(folder, copy.trim_start_matches('/'))
                .is_some_and(|copy| repo.tree.has(&copy) || repo.tree.has_folder(&copy))
        };
        copies
            .iter()
            .filter(|copy| {
                !copy.contains(['*', '$', ':']) && !matches!(copy.as_str(), "." | "./" | "/")
            })
            .filter(exists)
            .count()
    };
    let own = folder_of(path);
    let is_helper_folder = matches!(
        file_name(own),
        "docker"
            | "build"
            | "other"
            | ".docker"
            | "deploy"
            | "deployment"
            | "package"
            | "ops"
            | "infra"
    );
    let near = if is_helper_folder {
        folder_of(own)
    } else {
        own
    };
    let outer = upwards(near).max_by_key(|folder| (found_in(folder), folder.len()));
    outer.unwrap_or(near).to_owned()
}

/// Images for tests and development only.
fn is_special(path: &str) -> bool {
    let name = file_name(path).to_ascii_lowercase();
    name.split(['.', '-', '_']).any(|word| {
        matches!(
            word,
            "dev"
                | "development"
                | "test"
                | "tests"
                | "export"
                | "local"
                | "ci"
                | "e2e"
                | "playwright"
                | "cypress"
        )
    })
}

fn is_excluded(path: &str) -> bool {
    is_hidden(path)
        || is_special(path)
        || skip_reason(path).is_some_and(|(_, why)| !matches!(why, Reason::Built | Reason::Helpers))
}

/// The component whose image it is: the innermost around the Dockerfile, else around its context.
fn owner(repo: &Repo<'_>, build: &Build, components: &[Component]) -> Option<usize> {
    let folder = folder_of(&build.dockerfile);
    let candidates = |place: &str| {
        components
            .iter()
            .enumerate()
            .filter(|(_, component)| is_within(place, &component.path) && takes_images(component))
            .max_by_key(|(_, component)| (component.path.len(), fits(repo, build, component)))
            .map(|(index, _)| index)
    };
    let is_near = |index: &usize| is_near(folder, &components[*index].path);
    if let Some(index) = candidates(folder).filter(is_near) {
        return Some(index);
    }
    // `api/Dockerfile` with the sources in `api/src`, or the Dockerfile of a workspace at its root.
    let below: Vec<usize> = components
        .iter()
        .enumerate()
        .filter(|(_, component)| takes_images(component) && component.is_deployable())
        .filter(|(_, component)| is_within(&component.path, folder) && component.path != folder)
        .map(|(index, _)| index)
        .collect();
    let in_workspace = |index: &usize| {
        components[*index].workspace.is_some() && components[*index].kind != Kind::Site
    };
    let members: Vec<usize> = below.iter().copied().filter(in_workspace).collect();
    match (members.as_slice(), below.as_slice()) {
        ([only], _) => Some(*only),
        (_, [only]) if folder != "." => Some(*only),
        _ => None,
    }
}

/// Whether an image in `folder` is that of the component around it.
///
/// One in a folder of its own below the root (a database, a proxy) is not the root's.
fn is_near(folder: &str, component: &str) -> bool {
    const CUSTOMARY: &[&str] = &[
        "docker",
        "build",
        "other",
        "deploy",
        "deployment",
        "package",
        "ops",
        "infra",
        ".docker",
        "production",
        "app",
        "web",
        "server",
        "api",
    ];
    if component == "." {
        return folder == "."
            || folder.matches('/').count() < 2 && CUSTOMARY.contains(&file_name(folder));
    }
    folder == component || folder_of(folder) == component
}

fn takes_images(component: &Component) -> bool {
    !matches!(
        component.kind,
        Kind::Library | Kind::E2e | Kind::Tooling | Kind::Assets
    ) || component.path == "." && component.kind == Kind::Library
}

/// Two components may share a folder: the one that the base image is for comes first.
fn fits(repo: &Repo<'_>, build: &Build, component: &Component) -> bool {
    let Some(file) = repo.dockerfiles.get(&build.dockerfile) else {
        return false;
    };
    let word = match component.language {
        Language::JavaScript | Language::TypeScript => match component.runtime {
            Some(Runtime::Bun) => "bun",
            Some(Runtime::Deno) => "deno",
            _ => "node",
        },
        Language::Go => "golang",
        Language::CSharp | Language::FSharp => "dotnet",
        Language::Java | Language::Kotlin => "j",
        language => language.name(),
    };
    file.images
        .last()
        .is_some_and(|image| image.name.contains(word))
}
