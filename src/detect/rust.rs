//! Rust: a Cargo workspace is one component, tested and locked as one.
//!
//! Only in a repository with components of other languages are the members
//! of a small workspace without a root package listed each in its own folder.

use serde_json::Value;

use super::ci::Job;
use super::model::{Check, Component, Evidence, Found, Kind, Language, Workspace};
use super::read::{strings, text_at, toml, value_at};
use super::repo::{Findings, Repo};
use super::tree::{folder_of, is_within, join, resolve};
use crate::glob;

struct Crate {
    folder: String,
    path: String,
    value: Value,
}

impl Crate {
    fn at(&self, keys: &[&str]) -> Option<&Value> {
        value_at(&self.value, keys)
    }

    fn depends(&self, name: &str) -> bool {
        self.at(&["dependencies", name]).is_some()
    }
}

const FRAMEWORKS: &[(&str, &str)] = &[
    ("tauri", "tauri"),
    ("axum", "axum"),
    ("actix-web", "actix-web"),
    ("rocket", "rocket"),
    ("warp", "warp"),
    ("poem", "poem"),
    ("salvo", "salvo"),
    ("loco-rs", "loco"),
    ("tonic", "tonic"),
    ("leptos", "leptos"),
    ("dioxus", "dioxus"),
    ("yew", "yew"),
    ("bevy", "bevy"),
];

/// A workspace with more members than this is one program in parts.
const MAX_SPLIT: usize = 6;

/// Finds the components of Rust; call it after all other languages.
pub(super) fn detect(repo: &Repo<'_>, found: &mut Findings) {
    let crates: Vec<Crate> = repo
        .manifests("Cargo.toml")
        .filter_map(|path| {
            Some(Crate {
                folder: folder_of(path).to_owned(),
                path: path.to_owned(),
                value: toml(repo.tree.text(path)?)?,
            })
        })
        .collect();
    let is_polyglot = found
        .components
        .iter()
        .any(|component| component.kind != Kind::Site);
    let mut covered: Vec<&str> = Vec::new();
    for one in &crates {
        let members = members(one, &crates);
        if one.at(&["workspace"]).is_some() {
            found.workspaces.push(workspace(repo, one, &members));
        }
        let is_virtual = one.at(&["package"]).is_none();
        if is_virtual && is_polyglot && members.len() <= MAX_SPLIT {
            for member in &members {
                found
                    .components
                    .push(component(repo, member, Some(one), false, &[]));
            }
        } else if !covered.contains(&one.folder.as_str()) {
            found
                .components
                .push(component(repo, one, None, !members.is_empty(), &members));
        }
        covered.extend(members.iter().map(|member| member.folder.as_str()));
    }
}

/// The crates that belong to the workspace of `root`, or that it uses by path.
fn members<'c>(root: &Crate, crates: &'c [Crate]) -> Vec<&'c Crate> {
    let list = |key: &str| {
        let globs = root
            .at(&["workspace", key])
            .map(strings)
            .unwrap_or_default();
        globs
            .iter()
            .filter_map(|glob| resolve(&root.folder, glob))
            .collect::<Vec<_>>()
    };
    let (globs, excluded) = (list("members"), list("exclude"));
    let by_path: Vec<String> = [
        &["dependencies"][..],
        &["workspace", "dependencies"],
        &["dev-dependencies"],
    ]
    .iter()
    .filter_map(|keys| root.at(keys)?.as_object())
    .flat_map(|table| table.values())
    .filter_map(|dependency| resolve(&root.folder, dependency.get("path")?.as_str()?))
    .collect();
    crates
        .iter()
        .filter(|other| other.folder != root.folder && is_within(&other.folder, &root.folder))
        .filter(|other| {
            !excluded
                .iter()
                .any(|folder| is_within(&other.folder, folder))
        })
        .filter(|other| {
            globs.iter().any(|glob| glob::matches(glob, &other.folder))
                || by_path.contains(&other.folder)
        })
        .collect()
}

fn workspace(repo: &Repo<'_>, root: &Crate, members: &[&Crate]) -> Workspace {
    Workspace {
        path: root.folder.clone(),
        tool: "cargo".to_owned(),
        members: members.iter().map(|member| member.folder.clone()).collect(),
        lockfile: repo
            .tree
            .file_in(&root.folder, "Cargo.lock")
            .map(str::to_owned),
        test_command: Some(Found::new(
            "cargo test --workspace",
            &root.path,
            "workspace",
        )),
        lint_command: None,
        checks: Vec::new(),
        evidence: Evidence::new(&root.path, "workspace"),
    }
}

fn component(
    repo: &Repo<'_>,
    one: &Crate,
    root: Option<&Crate>,
    has_members: bool,
    members: &[&Crate],
) -> Component {
    let framework = FRAMEWORKS
        .iter()
        .find(|(name, _)| one.depends(name))
        .map(|(name, framework)| Found::new(*framework, &one.path, format!("dependency `{name}`")));
    let kind = kind(repo, one, framework.as_ref(), members);
    let mut component = Component::new(
        &one.folder,
        Language::Rust,
        kind,
        Evidence::new(&one.path, "crate"),
    );
    component.name = text_at(&one.value, &["package", "name"]);
    component.framework = framework;
    component.workspace = root.map(|root| root.folder.clone());
    component.package_manager = Some(Found::new("cargo", &one.path, "manifest"));
    component.lockfile = [Some(&one.folder), root.map(|root| &root.folder)]
        .into_iter()
        .flatten()
        .find_map(|folder| repo.tree.file_in(folder, "Cargo.lock"))
        .map(str::to_owned);
    let minimum = [one].into_iter().chain(root).find_map(|one| {
        let version = text_at(&one.value, &["package", "rust-version"])
            .or_else(|| text_at(&one.value, &["workspace", "package", "rust-version"]))?;
        Some(Found::new(
            format!(">={version}"),
            &one.path,
            "rust-version",
        ))
    });
    component.version_range = minimum;
    component.test_command = Some(test(repo, one, has_members));
    tools(repo, one, members, &mut component);
    component
}

fn kind(repo: &Repo<'_>, one: &Crate, framework: Option<&Found>, members: &[&Crate]) -> Kind {
    let is_program = |one: &Crate| {
        one.at(&["bin"]).is_some()
            || repo.tree.has_folder(&join(&one.folder, "src/bin"))
            || repo.tree.file_in(&one.folder, "src/main.rs").is_some()
    };
    match framework.map(|framework| framework.value.as_str()) {
        Some("tauri" | "leptos" | "dioxus" | "yew" | "bevy") => Kind::App,
        Some(_) if is_program(one) => Kind::Service,
        _ if is_program(one) || members.iter().any(|member| is_program(member)) => Kind::Cli,
        _ => Kind::Library,
    }
}

/// `cargo test`, with the features that an existing workflow finds necessary.
fn test(repo: &Repo<'_>, one: &Crate, has_members: bool) -> Found {
    let known = said(repo, one, |line| {
        line.starts_with("cargo test") && line.contains("--features")
    });
    known.unwrap_or_else(|| {
        let command = if has_members {
            "cargo test --workspace"
        } else {
            "cargo test"
        };
        Found::new(command, &one.path, "manifest")
    })
}

/// A command that an existing workflow runs in the folder of the crate as it stands here.
fn said(repo: &Repo<'_>, one: &Crate, is_it: impl Fn(&str) -> bool) -> Option<Found> {
    let is_whole = |line: &&String| is_it(line) && !line.contains(['$', '\\', '|']);
    repo.jobs.iter().find_map(|job| {
        let here = one.folder == "." && job.folders.is_empty() || job.folders.contains(&one.folder);
        let line = job.commands.iter().find(is_whole).filter(|_| here)?;
        let end = line.find("&&").unwrap_or(line.len());
        let command = line[..end].trim();
        Some(Found::new(command, &job.path, "command of a workflow"))
    })
}

/// Whether a job looks at the crate: it works in no folder of another one.
fn looks_at(job: &Job, one: &Crate) -> bool {
    let near = |folder: &String| is_within(folder, &one.folder) || is_within(&one.folder, folder);
    job.folders.is_empty() || job.folders.iter().any(near)
}

fn tools(repo: &Repo<'_>, one: &Crate, members: &[&Crate], component: &mut Component) {
    let job_with = |word: &str| {
        let uses = |line: &String| line.contains(word);
        repo.jobs
            .iter()
            .filter(|job| looks_at(job, one))
            .find(|job| job.commands.iter().any(uses))
            .map(|job| job.path.clone())
    };
    let file = |names: &[&str]| {
        [one.folder.as_str(), "."]
            .iter()
            .find_map(|folder| repo.tree.first_in(folder, names))
            .map(str::to_owned)
    };
    let clippy = file(&["clippy.toml", ".clippy.toml"])
        .or_else(|| job_with("cargo clippy"))
        .or_else(|| {
            one.at(&["lints", "clippy"])
                .or(one.at(&["workspace", "lints", "clippy"]))
                .map(|_| one.path.clone())
        });
    component
        .lint
        .extend(clippy.map(|path| Found::new("clippy", path, "chosen here")));
    component
        .lint
        .extend(file(&["deny.toml"]).map(|path| Found::new("cargo-deny", path, "configuration")));
    let said = said(repo, one, |line| line.starts_with("cargo clippy "));
    component.checks.extend(said.map(|command| Check {
        tools: vec!["clippy".to_owned()],
        says: command.value.clone(),
        command,
    }));
    let rustfmt = file(&["rustfmt.toml", ".rustfmt.toml"])
        .or_else(|| job_with("cargo fmt"))
        .or_else(|| job_with("rustfmt"));
    component
        .format
        .extend(rustfmt.map(|path| Found::new("rustfmt", path, "chosen here")));
    let uses = |name: &str| {
        [one]
            .into_iter()
            .chain(members.iter().copied())
            .find(|one| one.depends(name))
    };
    let has_folder = repo
        .tree
        .below(&one.folder)
        .any(|path| path.split('/').any(|part| part == "migrations"));
    component.migrations = [
        ("diesel", "diesel"),
        ("sqlx", "sqlx"),
        ("sea-orm-migration", "sea-orm"),
        ("refinery", "refinery"),
    ]
    .iter()
    .filter(|_| has_folder)
    .find_map(|(name, tool)| {
        Some(Found::new(
            *tool,
            &uses(name)?.path,
            format!("dependency `{name}`"),
        ))
    });
}
