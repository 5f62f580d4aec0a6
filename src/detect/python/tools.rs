//! Tests, linters, formatters, type checkers and migrations of a Python project.

use super::super::model::{Component, Found, Workspace};
use super::super::repo::Repo;
use super::super::tree::{file_name, join};
use super::Project;

/// The command that runs the tests once, if there are any.
pub(super) fn test(repo: &Repo<'_>, project: &Project, manager: &str) -> Option<Found> {
    let runner = match manager {
        "uv" => "uv run ",
        "poetry" => "poetry run ",
        "pdm" => "pdm run ",
        "pipenv" => "pipenv run ",
        _ => "",
    };
    let test = repo
        .tree
        .below(&project.folder)
        .find(|path| is_test(path))?;
    if let Some((path, what)) = pytest(repo, project) {
        return Some(Found::new(format!("{runner}pytest"), path, what));
    }
    let django = project.dependencies.source("django").is_some();
    let manage = repo
        .tree
        .below(&project.folder)
        .find(|path| file_name(path) == "manage.py")
        .filter(|_| django);
    if let Some(path) = manage {
        let relative = if project.folder == "." {
            path
        } else {
            &path[project.folder.len() + 1..]
        };
        return Some(Found::new(
            format!("{runner}python {relative} test"),
            path,
            "Django",
        ));
    }
    for (file, command) in [("tox.ini", "tox"), ("noxfile.py", "nox")] {
        if let Some(path) = repo.tree.file_in(&project.folder, file) {
            return Some(Found::new(
                format!("{runner}{command}"),
                path,
                "configuration",
            ));
        }
    }
    if file_name(test) == "tests.py" {
        let is_direct = repo.tree.file_in(&project.folder, "tests.py").is_some();
        return is_direct.then(|| {
            Found::new(
                format!("{runner}python -m unittest tests"),
                test,
                "test file",
            )
        });
    }
    Some(Found::new(
        format!("{runner}python -m unittest"),
        test,
        "test file",
    ))
}

fn is_test(path: &str) -> bool {
    let name = file_name(path);
    let named = name.starts_with("test_") || name.ends_with("_test.py") || name == "tests.py";
    name.ends_with(".py") && named
}

fn pytest(repo: &Repo<'_>, project: &Project) -> Option<(String, &'static str)> {
    if let Some(path) = ["pytest", "pytest-django", "pytest-asyncio", "pytest-cov"]
        .iter()
        .find_map(|name| project.dependencies.source(name))
    {
        return Some((path.to_owned(), "dependency `pytest`"));
    }
    if project.at(&["tool", "pytest"]).is_some() {
        return Some((project.manifest.clone(), "configuration of pytest"));
    }
    let file = ["pytest.ini", "conftest.py", "tests/conftest.py"];
    if let Some(path) = repo.tree.first_in(&project.folder, &file) {
        return Some((path.to_owned(), "configuration of pytest"));
    }
    [
        ("setup.cfg", "[tool:pytest]"),
        ("tox.ini", "[pytest]"),
        ("tox.ini", "pytest"),
    ]
    .iter()
    .find(|(file, section)| {
        repo.text_in(&project.folder, file)
            .is_some_and(|text| text.contains(section))
    })
    .map(|(file, _)| (join(&project.folder, file), "configuration of pytest"))
}

/// A tool: its distribution, its configuration files, and what a hook of pre-commit calls it.
struct Tool {
    name: &'static str,
    files: &'static [&'static str],
}

const fn tool(name: &'static str, files: &'static [&'static str]) -> Tool {
    Tool { name, files }
}

const LINTERS: &[Tool] = &[
    tool("ruff", &["ruff.toml", ".ruff.toml"]),
    tool("flake8", &[".flake8"]),
    tool("pylint", &[".pylintrc", "pylintrc"]),
    tool("autoflake", &[]),
    tool("bandit", &[".bandit"]),
    tool("curlylint", &[]),
    tool("djlint", &[]),
    tool("djhtml", &[]),
];
const FORMATTERS: &[Tool] = &[
    tool("black", &[]),
    tool("isort", &[".isort.cfg"]),
    tool("yapf", &[".style.yapf"]),
];
const CHECKERS: &[Tool] = &[
    tool("mypy", &["mypy.ini", ".mypy.ini"]),
    tool("pyright", &["pyrightconfig.json"]),
    tool("basedpyright", &[]),
    tool("ty", &["ty.toml"]),
    tool("pyrefly", &["pyrefly.toml"]),
];

/// Adds the tools that the project has chosen.
pub(super) fn fill(
    repo: &Repo<'_>,
    project: &Project,
    workspace: Option<&Workspace>,
    component: &mut Component,
) {
    let choose = |tools: &[Tool]| -> Vec<Found> {
        tools
            .iter()
            .filter_map(|tool| chosen(repo, project, workspace, tool))
            .collect()
    };
    component.lint = choose(LINTERS);
    component.format = choose(FORMATTERS);
    component.typecheck = choose(CHECKERS);
    if let Some(path) = ruff_formats(repo, &project.folder) {
        component
            .format
            .insert(0, Found::new("ruff", path, "ruff format"));
    }
    component.migrations = migrations(repo, project);
}

fn chosen(
    repo: &Repo<'_>,
    project: &Project,
    workspace: Option<&Workspace>,
    tool: &Tool,
) -> Option<Found> {
    let found = |path: &str, what: &str| Some(Found::new(tool.name, path, what));
    if let Some(path) = project.dependencies.source(tool.name) {
        return found(path, "dependency");
    }
    if project.at(&["tool", tool.name]).is_some() {
        return found(&project.manifest, "configuration");
    }
    if let Some(path) = repo.tree.first_in(&project.folder, tool.files) {
        return found(path, "configuration");
    }
    let section = format!("[{}]", tool.name);
    let sections = ["setup.cfg", "tox.ini"].iter().find(|file| {
        repo.text_in(&project.folder, file)
            .is_some_and(|text| text.contains(&section))
    });
    if let Some(file) = sections {
        return found(&join(&project.folder, file), "configuration");
    }
    if let Some((path, _)) =
        hooks(repo, &project.folder).find(|(_, text)| has_hook(text, tool.name))
    {
        return found(path, "pre-commit hook");
    }
    if let Some((path, _)) = repo.command_with(&format!("{} ", tool.name)) {
        return found(path, "command of a workflow");
    }
    let root = workspace.and_then(|workspace| repo.text_in(&workspace.path, "pyproject.toml"));
    let named = format!("\"{}", tool.name);
    let in_root = root.is_some_and(|text| {
        text.contains(&named) || text.contains(&format!("[tool.{}", tool.name))
    });
    in_root.then(|| {
        Found::new(
            tool.name,
            workspace.map_or("", |w| w.evidence.path.as_str()),
            "workspace",
        )
    })
}

/// The files of pre-commit: beside the project or at the root.
fn hooks<'r>(repo: &'r Repo<'_>, folder: &str) -> impl Iterator<Item = (&'static str, &'r str)> {
    let own = repo.text_in(folder, ".pre-commit-config.yaml");
    let root = repo.text_in(".", ".pre-commit-config.yaml");
    own.or(root)
        .into_iter()
        .map(|text| (".pre-commit-config.yaml", text))
}

/// Whether a hook with that id, or one that starts so, is used.
fn has_hook(text: &str, name: &str) -> bool {
    text.lines()
        .filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("id:"))
        .any(|id| {
            let id = id.trim().trim_matches(['"', '\'']);
            id == name
                || id
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with('-') && !rest.starts_with("-format"))
        })
}

fn ruff_formats(repo: &Repo<'_>, folder: &str) -> Option<String> {
    if let Some((path, _)) = hooks(repo, folder)
        .find(|(_, text)| text.contains("ruff-format") || text.contains("ruff format"))
    {
        return Some(path.to_owned());
    }
    let in_files = ["Makefile", "justfile", "pyproject.toml", "tox.ini"]
        .iter()
        .find(|file| {
            repo.text_in(folder, file).is_some_and(|text| {
                text.contains("ruff format") || text.contains("[tool.ruff.format")
            })
        });
    in_files.map(|file| join(folder, file)).or_else(|| {
        let job = repo
            .jobs
            .iter()
            .find(|job| job.commands.iter().any(|line| line.contains("ruff format")))?;
        Some(job.path.clone())
    })
}

fn migrations(repo: &Repo<'_>, project: &Project) -> Option<Found> {
    let found = |name: &str, path: &str, what: &str| Some(Found::new(name, path, what));
    let manage = repo
        .tree
        .below(&project.folder)
        .find(|path| file_name(path) == "manage.py");
    if let (Some(path), Some(_)) = (manage, project.dependencies.source("django")) {
        return found("django", path, "Django");
    }
    for (distribution, name) in [
        ("flask-migrate", "flask-migrate"),
        ("alembic", "alembic"),
        ("aerich", "aerich"),
    ] {
        if let Some(path) = project.dependencies.source(distribution) {
            return found(name, path, "dependency");
        }
    }
    let path = repo
        .tree
        .below(&project.folder)
        .find(|path| file_name(path) == "alembic.ini")?;
    found("alembic", path, "configuration")
}
