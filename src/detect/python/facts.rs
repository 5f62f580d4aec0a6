//! Package manager, framework, kind and versions of a Python project.

use super::super::model::{Component, Found, Kind, Workspace};
use super::super::read::{assignment, text_at};
use super::super::repo::Repo;
use super::super::tree::join;
use super::super::versions::plain_version;
use super::Project;

pub(super) fn manager(
    repo: &Repo<'_>,
    project: &Project,
    workspace: Option<&Workspace>,
) -> (Found, Option<String>) {
    const LOCKS: &[(&str, &str)] = &[
        ("uv.lock", "uv"),
        ("poetry.lock", "poetry"),
        ("pdm.lock", "pdm"),
        ("Pipfile.lock", "pipenv"),
    ];
    let own = LOCKS
        .iter()
        .find_map(|(file, name)| Some((repo.tree.file_in(&project.folder, file)?, *name)));
    if let Some((path, name)) = own {
        return (Found::new(name, path, "lock file"), Some(path.to_owned()));
    }
    if let Some(workspace) = workspace {
        return (
            Found::new("uv", &workspace.evidence.path, "uv workspace"),
            workspace.lockfile.clone(),
        );
    }
    let name = if project.at(&["tool", "poetry"]).is_some() {
        "poetry"
    } else if project.at(&["tool", "pdm"]).is_some() {
        "pdm"
    } else if project.at(&["tool", "uv"]).is_some() {
        "uv"
    } else if repo.tree.file_in(&project.folder, "Pipfile").is_some() {
        "pipenv"
    } else {
        "pip"
    };
    (Found::new(name, &project.manifest, "manifest"), None)
}

/// Frameworks: the distribution, the name, and what they make.
const FRAMEWORKS: &[(&str, &str, Kind)] = &[
    ("django", "django", Kind::App),
    ("fastapi", "fastapi", Kind::Service),
    ("flask", "flask", Kind::Service),
    ("litestar", "litestar", Kind::Service),
    ("starlette", "starlette", Kind::Service),
    ("sanic", "sanic", Kind::Service),
    ("quart", "quart", Kind::Service),
    ("falcon", "falcon", Kind::Service),
    ("pyramid", "pyramid", Kind::App),
    ("bottle", "bottle", Kind::Service),
    ("streamlit", "streamlit", Kind::App),
    ("gradio", "gradio", Kind::App),
    ("mkdocs", "mkdocs", Kind::Site),
    ("mkdocs-material", "mkdocs", Kind::Site),
    ("zensical", "zensical", Kind::Site),
];

pub(super) fn framework(repo: &Repo<'_>, project: &Project) -> Option<Found> {
    let own_name = project
        .text(&["project", "name"])
        .map(|name| name.to_ascii_lowercase());
    let is_site = repo
        .tree
        .first_in(&project.folder, &["mkdocs.yml", "mkdocs.yaml"])
        .is_some();
    FRAMEWORKS
        .iter()
        .filter(|(_, _, kind)| *kind != Kind::Site || is_site)
        .filter(|(name, _, _)| own_name.as_deref() != Some(name))
        .find_map(|(name, framework, _)| {
            let path = project.dependencies.runtime_source(name)?;
            Some(Found::new(*framework, path, format!("dependency `{name}`")))
        })
}

pub(super) fn kind(repo: &Repo<'_>, project: &Project, framework: Option<&Found>) -> Kind {
    let is_built = project.at(&["build-system"]).is_some()
        || repo.tree.file_in(&project.folder, "setup.py").is_some();
    let has_scripts = ["scripts", "entry-points"]
        .iter()
        .any(|key| project.at(&["project", key]).is_some())
        || project.at(&["tool", "poetry", "scripts"]).is_some();
    let runs = repo
        .tree
        .first_in(
            &project.folder,
            &["manage.py", "Dockerfile", "Procfile", "wsgi.py", "asgi.py"],
        )
        .is_some();
    match framework {
        Some(framework) if runs || !is_built => FRAMEWORKS
            .iter()
            .find(|(_, name, _)| *name == framework.value)
            .map_or(Kind::App, |(_, _, kind)| *kind),
        _ if has_scripts => Kind::Cli,
        _ if is_built && project.is_package => Kind::Library,
        _ => Kind::App,
    }
}

pub(super) fn versions(repo: &Repo<'_>, project: &Project, component: &mut Component) {
    let pipfile = repo.toml_in(&project.folder, "Pipfile").and_then(|value| {
        let version = text_at(&value, &["requires", "python_full_version"])
            .or_else(|| text_at(&value, &["requires", "python_version"]))?;
        Some((version, join(&project.folder, "Pipfile")))
    });
    let setup = || {
        let text = repo.text_in(&project.folder, "setup.py")?;
        Some((
            assignment(text, "python_requires")?.to_owned(),
            join(&project.folder, "setup.py"),
        ))
    };
    let range = project
        .text(&["project", "requires-python"])
        .or_else(|| project.text(&["tool", "poetry", "dependencies", "python"]))
        .or_else(|| project.text(&["tool", "poetry", "dependencies", "python", "version"]))
        .map(|range| (range, project.manifest.clone()))
        .or(pipfile)
        .or_else(setup);
    let Some((range, path)) = range else { return };
    if let Some(version) = plain_version(&range) {
        component.version = Some(Found::new(version, &path, "pinned in the manifest"));
    }
    component.version_range = Some(Found::new(range, path, "manifest"));
}
