//! The stack: each detected component as an entry that a person would write.

use super::text::{self, comment};
use super::{lint, workspace};
use crate::blocks::language::{self, Language};
use crate::blocks::service;
use crate::blocks::shape::WordKind;
use crate::blocks::words::{SystemPackageKind, Versioned};
use crate::detect::{self, Component, Detection, FileTree, Kind};

/// An entry of the stack.
pub(super) struct Entry<'d> {
    /// Its name.
    pub(super) name: String,
    /// What it was made from; nothing for what stands for a whole workspace.
    pub(super) component: Option<&'d Component>,
    /// The language that takes care of it.
    pub(super) language: &'static Language,
    /// The lines below its name, not indented.
    pub(super) lines: Vec<String>,
}

/// The entries below `stack:`.
pub(super) fn stack<'d>(
    detection: &'d Detection,
    tree: &FileTree,
    folder: &str,
    notes: &mut Vec<String>,
) -> Vec<Entry<'d>> {
    let mut names: Vec<String> = Vec::new();
    let mut entries = Vec::new();
    let wholes = workspace::wholes(detection);
    for whole in &wholes {
        if let Some(entry) = entry_of(whole, tree, folder, &mut names, notes) {
            entries.push(entry);
        }
    }
    for component in &detection.components {
        let in_whole = wholes
            .iter()
            .any(|whole| component.workspace.as_ref() == Some(&whole.path));
        let Some(mut entry) = entry_of(component, tree, folder, &mut names, notes) else {
            continue;
        };
        if !does_something(&entry.lines) {
            if in_whole {
                names.pop();
                notes.push(format!(
                    "{}: has no entry of its own: its workspace is checked as a whole",
                    component.path
                ));
                continue;
            }
            entry.lines.extend(build_line(component, entry.language));
        }
        entry.component = Some(component);
        entries.push(entry);
    }
    entries
}

/// The entry for a component, if its language is known and its folder can be written.
fn entry_of<'d>(
    component: &Component,
    tree: &FileTree,
    folder: &str,
    names: &mut Vec<String>,
    notes: &mut Vec<String>,
) -> Option<Entry<'d>> {
    let Some(language) = language_of(component) else {
        notes.push(format!(
            "{}: {} is not supported yet and was left out",
            component.path, component.language
        ));
        return None;
    };
    if !text::is_path(&component.path) {
        notes.push(format!(
            "{}: a folder with such a name cannot be written into a workflow",
            component.path
        ));
        return None;
    }
    let name = unique(component, folder, names);
    names.push(name.clone());
    Some(Entry {
        name,
        component: None,
        language,
        lines: entry(component, language, tree, notes),
    })
}

/// Whether an entry says something to do, and not only what there is.
fn does_something(lines: &[String]) -> bool {
    let keys = ["lint:", "test:", "image:"];
    lines
        .iter()
        .any(|line| keys.iter().any(|key| line.starts_with(key)))
}

/// A name that no other component has: the folder's, and more of its path where that is taken.
fn unique(component: &Component, folder: &str, taken: &[String]) -> String {
    let own = component.name.as_deref().map(text::name);
    let by_path = if component.path == "." {
        folder
    } else {
        &component.path
    };
    let base = own
        .clone()
        .filter(|_| component.path == ".")
        .unwrap_or_else(|| text::name(by_path));
    let role = match component.kind {
        Kind::Assets => Some("assets".to_owned()),
        Kind::Tooling => Some("tooling".to_owned()),
        _ => None,
    };
    let outer = component
        .path
        .rsplit_once('/')
        .map(|(outer, name)| text::name(&format!("{}-{name}", text::name(outer))));
    let with_language = format!("{base}-{}", component.language);
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    let mut candidates = std::iter::once(base.clone())
        .chain(role)
        .chain(outer)
        .chain(own)
        .chain([with_language])
        .chain(numbered);
    candidates
        .find(|name| !taken.contains(name))
        .unwrap_or(base)
}

/// The language block that takes care of a component.
fn language_of(component: &Component) -> Option<&'static Language> {
    let runtime = match component.runtime {
        Some(detect::Runtime::Deno) => Some("deno"),
        Some(detect::Runtime::Bun) => Some("bun"),
        Some(_) => Some("node"),
        None => None,
    };
    let name = runtime.unwrap_or(match component.language {
        detect::Language::CSharp | detect::Language::FSharp => "dotnet",
        detect::Language::JavaScript | detect::Language::TypeScript => "node",
        detect::Language::Html => "static",
        other => other.name(),
    });
    language::find(name)
}

fn entry(
    component: &Component,
    language: &'static Language,
    tree: &FileTree,
    notes: &mut Vec<String>,
) -> Vec<String> {
    let mut lines = Vec::new();
    if component.path != "." {
        lines.push(format!("path: {}", text::scalar(&component.path)));
    }
    lines.push(language_line(component, language));
    lines.extend(manager_lines(component, language, notes));
    lines.extend(lockfile_line(component, language));
    lines.extend(dependency_line(component, language, tree));
    if let Some(framework) = &component.framework {
        let name = text::name(&framework.value);
        lines.push(format!("framework: {name}"));
    }
    lines.extend(service_lines(component));
    let packages: Vec<&str> = component
        .system_packages
        .iter()
        .map(|found| found.value.as_str())
        .filter(|name| SystemPackageKind::accepts(name))
        .collect();
    if !packages.is_empty() {
        lines.push(text::list("system-packages", &packages));
    }
    lines.extend(lint::lines(component, language));
    lines.extend(test_line(component, notes));
    lines.extend(image_lines(component));
    lines
}

/// Where nothing else would look at the code, seeing that it can be built is better than nothing.
fn build_line(component: &Component, language: &'static Language) -> Option<String> {
    let manager = component.package_manager.as_ref();
    let manager = manager.map_or("", |found| found.value.as_str());
    let framework = component.framework.as_ref();
    let framework = framework.map_or("", |found| found.value.as_str());
    let command = match language.names[0] {
        // It needs workloads, and for some platforms another system.
        "dotnet" if framework == "maui" => return None,
        "dotnet" => "dotnet build",
        "go" => "go build ./...",
        "java" if manager != "gradle" => "mvn --batch-mode package",
        "java" => "./gradlew build",
        "python" if framework == "mkdocs" && manager == "uv" => "uv run mkdocs build",
        "python" if framework == "mkdocs" => "mkdocs build",
        "rust" => "cargo build",
        _ => {
            let found = component.build_command.as_ref()?;
            let command = text::command(&found.value)?;
            return Some(format!("build: {command}"));
        }
    };
    Some(format!("build: {command}"))
}

fn language_line(component: &Component, language: &'static Language) -> String {
    let name = language.names[0];
    let version = component
        .version
        .as_ref()
        .filter(|found| Versioned::new(&format!("{name}@{}", found.value)).is_some());
    match (version, &component.version_range) {
        (Some(found), _) => format!("language: {name}@{}", found.value),
        (None, Some(range)) => format!(
            "language: {name} # {} in {}",
            comment(&range.value),
            comment(&range.from.path)
        ),
        (None, None) => format!("language: {name}"),
    }
}

fn manager_lines(
    component: &Component,
    language: &'static Language,
    notes: &mut Vec<String>,
) -> Option<String> {
    let found = component.package_manager.as_ref()?;
    let word = found.value.to_ascii_lowercase();
    let (tool, version) = word
        .split_once('@')
        .map_or((word.as_str(), None), |(tool, version)| {
            (tool, Some(version))
        });
    if !language.package_managers.contains(&tool) {
        if !language.package_managers.is_empty() {
            notes.push(format!(
                "{}: the package manager {tool} is not known; `install` can say how it installs",
                component.path
            ));
        }
        return None;
    }
    match version.filter(|version| Versioned::new(&format!("{tool}@{version}")).is_some()) {
        Some(version) => Some(format!("package-manager: {tool}@{version}")),
        None if language.package_managers.first() == Some(&tool) => None,
        None => Some(format!("package-manager: {tool}")),
    }
}

/// Where the lock file lies, if not in the component's own folder.
fn lockfile_line(component: &Component, language: &'static Language) -> Option<String> {
    if !["node", "bun"].contains(&language.names[0]) {
        return None;
    }
    let Some(lock) = component.lockfile.as_deref() else {
        return Some("lockfile: none # commit one, so that every run installs the same".to_owned());
    };
    let folder = lock.rsplit_once('/').map_or(".", |(folder, _)| folder);
    (folder != component.path && text::is_path(lock)).then(|| format!("lockfile: {lock}"))
}

/// The files that list the dependencies, where the language does not know the usual one.
fn dependency_line(
    component: &Component,
    language: &'static Language,
    tree: &FileTree,
) -> Option<String> {
    if language.names[0] != "python" {
        return None;
    }
    let manager = component
        .package_manager
        .as_ref()
        .map(|found| found.value.as_str());
    if manager.is_some_and(|manager| manager != "pip") {
        return None;
    }
    let within = |file: &str| {
        if component.path == "." {
            file.to_owned()
        } else {
            format!("{}/{file}", component.path)
        }
    };
    const LISTS: [&str; 12] = [
        "requirements.txt",
        "requirements/base.txt",
        "requirements/production.txt",
        "requirements/dev.txt",
        "requirements/development.txt",
        "requirements/local.txt",
        "requirements/test.txt",
        "requirements/tests.txt",
        "requirements-dev.txt",
        "requirements_dev.txt",
        "requirements-test.txt",
        "dev-requirements.txt",
    ];
    let files: Vec<_> = LISTS
        .into_iter()
        .filter(|file| tree.has(&within(file)))
        .collect();
    match files.as_slice() {
        [] => {
            let project = ["pyproject.toml", "setup.py", "setup.cfg"]
                .into_iter()
                .find(|file| tree.has(&within(file)))?;
            Some(format!("dependencies: {project}"))
        }
        ["requirements.txt"] => None,
        files => Some(text::list("dependencies", files)),
    }
}

fn service_lines(component: &Component) -> Vec<String> {
    let mut known = Vec::new();
    let mut unknown = Vec::new();
    for found in &component.services {
        let word = Versioned::new(&found.value).filter(|word| service::ready(word).is_some());
        let plain = Versioned::new(found.value.split('@').next().unwrap_or_default())
            .filter(|word| service::ready(word).is_some());
        match word.or(plain) {
            Some(word) => known.push(word.as_str().to_owned()),
            None => unknown.push(comment(&found.value)),
        }
    }
    let mut lines = Vec::new();
    if !known.is_empty() {
        lines.push(text::list("services", &known));
    }
    if !unknown.is_empty() {
        lines.push(format!("# also runs with {}", unknown.join(", ")));
    }
    lines
}

fn test_line(component: &Component, notes: &mut Vec<String>) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(found) = &component.test_command {
        match text::command(&found.value) {
            Some(command) => lines.push(format!("test: {command}")),
            None => notes.push(format!(
                "{}: the test command cannot be written into a workflow",
                component.path
            )),
        }
    }
    if let Some(found) = &component.e2e_command {
        lines.push(format!(
            "# `{}` needs the running system: see `test.e2e`",
            comment(&found.value)
        ));
    }
    lines
}

fn image_lines(component: &Component) -> Option<String> {
    let found = component
        .dockerfile
        .as_ref()
        .filter(|found| text::is_path(&found.value))?;
    if matches!(component.kind, Kind::Assets | Kind::Tooling | Kind::E2e) {
        return None;
    }
    let usual = if component.path == "." {
        "Dockerfile".to_owned()
    } else {
        format!("{}/Dockerfile", component.path)
    };
    let context = component
        .docker_context
        .as_deref()
        .filter(|context| *context != component.path && text::is_path(context));
    let mut keys = Vec::new();
    if found.value != usual {
        keys.push(format!("dockerfile: {}", found.value));
    }
    keys.extend(context.map(|context| format!("context: {context}")));
    Some(if keys.is_empty() {
        "image: true".to_owned()
    } else {
        format!("image:\n  {}", keys.join("\n  "))
    })
}
