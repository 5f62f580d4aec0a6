//! Python: packages with a `pyproject.toml` or `setup.py`, and programs with requirements only.
//!
//! Requirements alone are weak: linters and documentation have them too. They
//! count where Python sources lie and no other component covers them.

mod dependencies;
mod facts;
mod tools;

use std::collections::BTreeSet;

use serde_json::Value;

use super::model::{Component, Evidence, Language, Workspace};
use super::read::{assignment, strings, text_at, value_at};
use super::repo::{Findings, Repo, skip_reason};
use super::tree::{file_name, folder_of, is_within, join, upwards};
use crate::glob;
use dependencies::Dependencies;

/// A folder that may be a Python component.
struct Project {
    folder: String,
    /// The file that makes it one.
    manifest: String,
    pyproject: Option<Value>,
    dependencies: Dependencies,
    /// Whether more than requirements says so.
    is_package: bool,
}

impl Project {
    fn at(&self, keys: &[&str]) -> Option<&Value> {
        value_at(self.pyproject.as_ref()?, keys)
    }

    fn text(&self, keys: &[&str]) -> Option<String> {
        text_at(self.pyproject.as_ref()?, keys)
    }
}

/// Finds the components of Python.
pub(super) fn detect(repo: &Repo<'_>, found: &mut Findings) {
    let projects = projects(repo);
    let workspaces: Vec<Workspace> = projects
        .iter()
        .filter_map(|project| uv_workspace(repo, project, &projects))
        .collect();
    for project in &projects {
        match exclusion(repo, project, &projects) {
            Some(reason) => found.note(&project.manifest, reason),
            None => found.components.push(component(repo, project, &workspaces)),
        }
    }
    found.workspaces.extend(workspaces);
}

fn projects(repo: &Repo<'_>) -> Vec<Project> {
    let mut folders: BTreeSet<String> = BTreeSet::new();
    for name in [
        "pyproject.toml",
        "setup.py",
        "requirements.txt",
        "Pipfile",
        "manage.py",
        "setup.cfg",
    ] {
        folders.extend(repo.manifests(name).map(|path| folder_of(path).to_owned()));
    }
    // `requirements/base.txt` belongs to the folder above.
    let lists = repo.tree.paths().filter(|path| {
        path.ends_with(".txt")
            && file_name(folder_of(path)) == "requirements"
            && skip_reason(path).is_none()
    });
    folders.extend(lists.map(|path| folder_of(folder_of(path)).to_owned()));
    folders.retain(|folder| file_name(folder) != "requirements");
    folders
        .into_iter()
        .filter_map(|folder| project(repo, folder))
        .collect()
}

fn project(repo: &Repo<'_>, folder: String) -> Option<Project> {
    let pyproject = repo.toml_in(&folder, "pyproject.toml");
    let says = |keys: &[&str]| {
        pyproject
            .as_ref()
            .is_some_and(|value| value_at(value, keys).is_some())
    };
    let declared = says(&["project"])
        || says(&["tool", "poetry", "dependencies"])
        || says(&["tool", "uv", "workspace"]);
    let configured = repo
        .text_in(&folder, "setup.cfg")
        .is_some_and(|text| text.contains("[metadata]") || text.contains("install_requires"));
    // A module of a program may be called so as well.
    let imports = ["from setuptools", "import setuptools", "from distutils"];
    let is_setup = |text: &str| {
        text.lines()
            .any(|line| imports.iter().any(|import| line.starts_with(import)))
    };
    let setup = repo
        .tree
        .file_in(&folder, "setup.py")
        .filter(|path| repo.tree.text(path).is_some_and(is_setup));
    let requirements = repo
        .tree
        .first_in(&folder, &["requirements.txt", "Pipfile"]);
    let lists = join(&folder, "requirements");
    let list = repo.tree.below(&lists).find(|path| path.ends_with(".txt"));
    let manifest = if declared {
        Some(join(&folder, "pyproject.toml"))
    } else if configured {
        Some(join(&folder, "setup.cfg"))
    } else {
        setup.or(requirements).or(list).map(str::to_owned)
    };
    let manage = repo.tree.file_in(&folder, "manage.py").map(str::to_owned);
    // A `manage.py` below the manifest belongs to it.
    let alone = |path: &str| {
        let names = ["pyproject.toml", "requirements.txt", "setup.py", "Pipfile"];
        !upwards(folder_of(path)).any(|folder| repo.tree.first_in(folder, &names).is_some())
    };
    let manifest = manifest.or_else(|| manage.filter(|path| alone(path)))?;
    Some(Project {
        dependencies: dependencies::read(repo, &folder, pyproject.as_ref()),
        is_package: declared || configured || setup.is_some(),
        folder,
        manifest,
        pyproject,
    })
}

/// Why a project is no component, if it is none.
fn exclusion(repo: &Repo<'_>, project: &Project, projects: &[Project]) -> Option<&'static str> {
    let is_bare_root =
        project.at(&["project"]).is_none() && project.at(&["tool", "uv", "workspace"]).is_some();
    if is_bare_root {
        return Some("the root of a workspace, not a component itself");
    }
    let has_site = repo
        .tree
        .first_in(&project.folder, &["mkdocs.yml", "mkdocs.yaml"])
        .is_some();
    let in_docs = project
        .folder
        .split('/')
        .any(|part| matches!(part, "docs" | "doc" | "documentation"));
    if in_docs && !(has_site && project.is_package) {
        return Some("requirements of the documentation");
    }
    if project.is_package || has_site {
        return None;
    }
    let sources = repo.count(&project.folder, &["py"]);
    if sources == 0 {
        return Some("requirements without Python sources");
    }
    let has_image = repo.tree.file_in(&project.folder, "Dockerfile").is_some();
    let inside_other = projects.iter().any(|other| {
        other.folder != project.folder
            && is_within(&project.folder, &other.folder)
            && repo.count(&other.folder, &["py"]) > sources
            && other.folder != "."
    });
    if inside_other && !has_image {
        return Some("requirements of a part of another component");
    }
    let foreign = [
        "go.mod",
        "Cargo.toml",
        "pom.xml",
        "build.gradle",
        "mix.exs",
        "composer.json",
        "Gemfile",
        "package.json",
        "CMakeLists.txt",
    ];
    let others = repo.count(
        &project.folder,
        &[
            "go", "rs", "java", "kt", "ex", "php", "rb", "ts", "tsx", "js", "c", "cc", "cpp",
        ],
    );
    if repo.tree.first_in(&project.folder, &foreign).is_some() && sources * 5 < others {
        return Some("requirements of helper scripts");
    }
    None
}

fn component(repo: &Repo<'_>, project: &Project, workspaces: &[Workspace]) -> Component {
    let evidence = Evidence::new(&project.manifest, "Python project");
    let framework = facts::framework(repo, project);
    let kind = facts::kind(repo, project, framework.as_ref());
    let mut component = Component::new(&project.folder, Language::Python, kind, evidence);
    component.name = project
        .text(&["project", "name"])
        .or_else(|| project.text(&["tool", "poetry", "name"]))
        .or_else(|| {
            let text = repo.text_in(&project.folder, "setup.cfg")?;
            let line = text.lines().find_map(|line| line.strip_prefix("name"))?;
            Some(line.trim_start_matches([' ', '=']).trim().to_owned())
        })
        .or_else(|| {
            Some(assignment(repo.text_in(&project.folder, "setup.py")?, "name")?.to_owned())
        });
    let workspace = workspaces
        .iter()
        .find(|workspace| workspace.members.contains(&project.folder));
    component.workspace = workspace.map(|workspace| workspace.path.clone());
    component.framework = framework;
    let (manager, lockfile) = facts::manager(repo, project, workspace);
    component.lockfile = lockfile;
    component.test_command = tools::test(repo, project, &manager.value);
    component.package_manager = Some(manager);
    tools::fill(repo, project, workspace, &mut component);
    facts::versions(repo, project, &mut component);
    component
}

/// The root of a uv workspace and its members.
fn uv_workspace(repo: &Repo<'_>, project: &Project, projects: &[Project]) -> Option<Workspace> {
    let globs = strings(project.at(&["tool", "uv", "workspace", "members"])?);
    let members = projects
        .iter()
        .filter(|other| other.folder != project.folder && is_within(&other.folder, &project.folder))
        .filter(|other| {
            globs
                .iter()
                .any(|glob| glob::matches(&join(&project.folder, glob), &other.folder))
        })
        .map(|other| other.folder.clone())
        .collect();
    Some(Workspace {
        path: project.folder.clone(),
        tool: "uv".to_owned(),
        members,
        lockfile: repo
            .tree
            .file_in(&project.folder, "uv.lock")
            .map(str::to_owned),
        test_command: None,
        lint_command: None,
        checks: Vec::new(),
        evidence: Evidence::new(&project.manifest, "uv workspace"),
    })
}
