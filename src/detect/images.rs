//! Which Dockerfile builds the image of which component.
//!
//! Compose files, workflows and `fly.toml` say it outright; otherwise the
//! Dockerfile in the component's folder, and for a component at the root the
//! ones in the customary folders.

use super::model::{Component, Found, Kind, Language, Runtime};
use super::read::text_at;
use super::repo::{Repo, is_hidden, skip_reason};
use super::tree::{file_name, folder_of, is_within, resolve};

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
    let special = [
        "dev",
        "test",
        "export",
        "local",
        "debug",
        "ci",
        "alpine",
        "e2e",
        "playwright",
    ]
    .iter()
    .any(|word| lower.contains(word));
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
            let plain = |key: &str| text_at(with, &[key]).filter(|text| !text.contains("${{"));
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
            let folder = folder_of(path);
            let is_helper_folder = matches!(
                file_name(folder),
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
            let context = if is_helper_folder {
                folder_of(folder)
            } else {
                folder
            };
            builds.push(Build {
                dockerfile: path.clone(),
                context: context.to_owned(),
                from: None,
            });
        }
    }
    builds
}

fn is_excluded(path: &str) -> bool {
    is_hidden(path)
        || skip_reason(path).is_some_and(|(_, why)| {
            why != "built files" && why != "helpers of the repository itself"
        })
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
    // An image in a folder of its own below the root (a database, a proxy) is not the root's.
    let is_near = |index: &usize| {
        let component = &components[*index];
        let customary = matches!(
            file_name(folder),
            "docker"
                | "build"
                | "other"
                | "deploy"
                | "deployment"
                | "package"
                | "ops"
                | "infra"
                | ".docker"
                | "production"
                | "app"
                | "web"
                | "server"
                | "api"
        );
        let depth = folder.matches('/').count();
        folder == component.path
            || component.path.starts_with(&format!("{folder}/"))
            || customary
                && (component.path == "." && depth < 2 || folder_of(folder) == component.path)
    };
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
    let in_workspace = below
        .iter()
        .all(|index| components[*index].workspace.is_some());
    match below.as_slice() {
        [only] if in_workspace || folder != "." => Some(*only),
        _ => None,
    }
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
