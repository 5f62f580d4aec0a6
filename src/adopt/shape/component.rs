//! A component of the stack as a person would write it.

use super::Job;
use crate::blocks::language;
use crate::syntax::{Place, scalar};

/// What a language's planned jobs install with, so that it need not be said.
const USUAL: &[(&str, &str, &str)] = &[
    ("bun", "", "bun install --frozen-lockfile"),
    ("dotnet", "", "dotnet restore"),
    ("elixir", "", "mix deps.get"),
    ("go", "", "go mod download"),
    ("node", "", "npm ci"),
    ("node", "bun", "bun install --frozen-lockfile"),
    ("node", "pnpm", "pnpm install --frozen-lockfile"),
    ("node", "yarn", "yarn install --immutable"),
    ("php", "", "composer install --no-interaction --no-progress"),
    ("python", "", "python -m pip install -r requirements.txt"),
    ("python", "poetry", "poetry install"),
    ("python", "uv", "uv sync --locked --all-groups"),
    ("ruby", "", "bundle install"),
];

/// The lines below the component's name, from the margin on, or what stands in the way.
pub(super) fn lines(
    jobs: &[Job],
    files: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<String>, String> {
    let Some(first) = jobs.first() else {
        return Ok(Vec::new());
    };
    let known = language::find(&first.language)
        .ok_or_else(|| format!("the language {}", first.language))?;
    let mut lines = Vec::new();
    if first.folder != "." {
        lines.push(format!("path: {}", scalar(&first.folder, Place::Block)));
    }
    lines.push(language_line(jobs, known.default_version));
    let manager = first
        .manager
        .as_deref()
        .filter(|manager| known.package_managers.contains(manager));
    let usual = known.package_managers.first().copied();
    match (manager, &first.manager_version) {
        (Some(manager), Some(version)) => {
            let tool = format!("{manager}@{version}");
            lines.push(format!("package-manager: {}", scalar(&tool, Place::Block)))
        }
        (Some(manager), None) if Some(manager) != usual => {
            lines.push(format!("package-manager: {manager}"))
        }
        _ => {}
    }
    lines.extend(dependencies(first, manager, files)?);
    let named = manager
        .filter(|manager| Some(*manager) != usual)
        .unwrap_or_default();
    let install = first.install.join("\n");
    let is_usual = USUAL.contains(&(first.language.as_str(), named, install.as_str()));
    if !install.is_empty() && !is_usual {
        lines.push(command("install", &first.install));
    }
    if !first.system.is_empty() {
        let names = first.system.iter().map(|name| scalar(name, Place::Flow));
        lines.extend(list("system-packages", &names.collect::<Vec<_>>()));
    }
    let all = |of: fn(&Job) -> &Vec<String>| jobs.iter().flat_map(of).cloned().collect::<Vec<_>>();
    let checks: Vec<_> = all(|job| &job.lint)
        .iter()
        .map(|line| check(known, named, line))
        .collect();
    lines.extend(list("lint", &checks));
    for (key, all) in [
        ("test", all(|job| &job.test)),
        ("build", all(|job| &job.build)),
    ] {
        if !all.is_empty() {
            lines.push(command(key, &all));
        }
    }
    if !first.env.is_empty() {
        lines.push("env:".to_owned());
        let values = first.env.iter();
        lines.extend(values.map(|(name, value)| {
            format!(
                "  {}: {}",
                scalar(name, Place::Block),
                scalar(value, Place::Block)
            )
        }));
    }
    Ok(lines)
}

/// The language with its versions: the one that checks and builds use goes first.
fn language_line(jobs: &[Job], default: &str) -> String {
    let name = &jobs[0].language;
    let mut versions = jobs[0].versions.clone();
    if let Some([alone]) = jobs.get(1).map(|job| job.versions.as_slice())
        && let Some(at) = versions.iter().position(|version| version == alone)
    {
        versions[..=at].rotate_right(1);
    }
    match versions.as_slice() {
        [] => format!("language: {name}"),
        [one] if one == default => format!("language: {name}"),
        [one] => format!(
            "language: {}",
            scalar(&format!("{name}@{one}"), Place::Block)
        ),
        several => {
            let several: Vec<_> = several
                .iter()
                .map(|version| scalar(&format!("{name}@{version}"), Place::Flow))
                .collect();
            format!("language: [{}]", several.join(", "))
        }
    }
}

/// Where the files are that list the dependencies, if they are not where planned jobs look.
fn dependencies(
    job: &Job,
    manager: Option<&str>,
    files: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<String>, String> {
    let within = |file: &str| match job.folder.as_str() {
        "." => file.to_owned(),
        folder => format!("{folder}/{file}"),
    };
    let is_there = |file: &str| files(&within(file)).is_some();
    match (job.language.as_str(), manager) {
        ("node" | "bun", manager) => {
            let usual = match manager {
                Some("pnpm") => "pnpm-lock.yaml",
                Some("yarn") => "yarn.lock",
                Some("bun") => "bun.lock",
                _ if job.language == "bun" => "bun.lock",
                _ => "package-lock.json",
            };
            if let Some(path) = job.lockfile.as_ref().filter(|path| **path != within(usual)) {
                return Ok(Some(format!("lockfile: {}", scalar(path, Place::Block))));
            }
            let locked = job.cached
                || job
                    .install
                    .iter()
                    .any(|line| line == "npm ci" || line.contains("--frozen"));
            let none = !locked && !is_there(usual);
            Ok(none.then(|| "lockfile: none".to_owned()))
        }
        ("python", None | Some("pip")) => {
            if let Some(path) = &job.lockfile {
                let inner = path.strip_prefix(&within("")).unwrap_or(path);
                return Ok(Some(format!(
                    "dependencies: {}",
                    scalar(inner, Place::Block)
                )));
            }
            if job.cached || is_there("requirements.txt") || is_there("pyproject.toml") {
                return Ok(None);
            }
            let project = ["setup.py", "setup.cfg"]
                .into_iter()
                .find(|file| is_there(file));
            let project = project.ok_or("no file that lists its dependencies")?;
            Ok(Some(format!("dependencies: {project}")))
        }
        _ => Ok(None),
    }
}

/// A check by the name of its tool, where that runs the same line; else the line.
fn check(known: &'static language::Language, manager: &str, line: &str) -> String {
    let tool = known
        .tools
        .iter()
        .find(|tool| tool.line(manager, None, ".") == line);
    tool.map_or_else(|| scalar(line, Place::Flow), |tool| tool.name.to_owned())
}

/// A list on one line if it fits.
fn list(key: &str, items: &[String]) -> Vec<String> {
    let line = format!("{key}: [{}]", items.join(", "));
    match items {
        [] => Vec::new(),
        _ if line.len() <= 76 => vec![line],
        items => {
            let items = items.iter().map(|item| format!("  - {item}"));
            std::iter::once(format!("{key}:")).chain(items).collect()
        }
    }
}

/// A command, of several lines where it has them.
fn command(key: &str, lines: &[String]) -> String {
    match lines {
        [one] => format!("{key}: {}", scalar(one, Place::Block)),
        several => format!("{key}: |\n  {}", several.join("\n  ")),
    }
}
