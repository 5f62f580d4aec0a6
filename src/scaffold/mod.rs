//! What was detected in a repository, written as a manifest that a person would have written.
//!
//! In: a [`Detection`] with the tree it was read from. Out: the text of a
//! manifest, and what a person should know about it. What is not written down
//! in the repository is not asked for here; defaults stay unwritten.

mod component;
mod lint;
mod preset;
mod text;
mod workspace;

use crate::blocks::target::TargetKeys;
use crate::detect::{Detection, FileTree, Strength};
use crate::lock::PinMode;

/// A proposed manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scaffold {
    /// The text of the manifest.
    pub manifest: String,
    /// The preset that it builds on, if one fits.
    pub preset: Option<&'static str>,
    /// What was left out or is doubtful, a line each.
    pub notes: Vec<String>,
}

/// The first line of every manifest that is written here.
const HEADER: &str =
    "# What this project is and how it ships. `cicd generate` writes the workflows from it.";

/// Whether a manifest to begin with leaves room for a bot that updates dependencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bot {
    /// The repository has one, which is used.
    Kept,
    /// It has none, and gets none unasked.
    None,
}

/// Writes a manifest that says nothing yet. `folder` is the repository's own name, `pins` how its
/// workflows name their actions.
pub fn minimal(folder: &str, bot: Bot, pins: PinMode) -> String {
    let name = text::name(folder);
    let never = match bot {
        Bot::Kept => "",
        Bot::None => "repository: {dependabot: never} # without this line, Dependabot is set up\n",
    };
    let tags = match pins {
        PinMode::Sha => "",
        PinMode::Tag | PinMode::Lock => {
            "pins: tag # as the workflows have it; `sha` holds each action at one commit\n"
        }
    };
    format!("{HEADER}\nversion: 1\nname: {name}\n{never}{tags}")
}

/// Writes a manifest for what was detected. `folder` is the repository's own name.
pub fn write(detection: &Detection, tree: &FileTree, folder: &str) -> Scaffold {
    let mut notes: Vec<String> = detection
        .notes
        .iter()
        .map(|note| format!("{}: {}", note.path, note.what))
        .collect();
    let stack = component::stack(detection, tree, folder, &mut notes);
    let root = detection
        .components
        .iter()
        .find(|component| component.path == ".");
    let name = text::name(
        root.and_then(|component| component.name.as_deref())
            .unwrap_or(folder),
    );
    for workspace in &detection.workspaces {
        if let Some(test) = &workspace.test_command
            && workspace::is_untested(detection, workspace)
        {
            notes.push(format!("{}: `{}` tests the whole workspace; add it as `test` of the component it belongs to", workspace.path, test.value));
        }
    }
    let fit = match stack.as_slice() {
        [only] => only
            .component
            .and_then(|one| preset::fit(detection, tree, one, only.language, &only.lines)),
        _ => None,
    };
    let mut lines = vec![
        HEADER.to_owned(),
        "version: 1".to_owned(),
        format!("name: {name}"),
    ];
    let preset = fit.as_ref().map(|fit| fit.preset);
    let publishes = fit.as_ref().is_some_and(|fit| !fit.environments.is_empty());
    match fit {
        Some(fit) => lines.extend(built_on(&fit)),
        None => {
            lines.push(String::new());
            lines.extend(by_itself(&stack));
            lines.push(String::new());
            lines.extend(gates(detection));
        }
    }
    lines.extend(seen(detection));
    if !publishes {
        lines.extend(to_deploy(detection, &name));
    }
    Scaffold {
        manifest: lines.join("\n") + "\n",
        preset,
        notes,
    }
}

/// A manifest on a preset: what differs.
fn built_on(fit: &preset::Fit) -> Vec<String> {
    let mut lines = vec![
        format!(
            "# `cicd presets show {}` tells what this stands for.",
            fit.preset
        ),
        format!("extends: {}", fit.preset),
        String::new(),
    ];
    if !fit.lines.is_empty() {
        lines.push("stack:".to_owned());
        lines.push(format!("  {}:", fit.name));
        lines.extend(text::indented(&fit.lines));
        lines.push(String::new());
    }
    if !fit.environments.is_empty() {
        lines.push(format!(
            "environments: # none; without this line, tags such as v1.2.3 are published ({})",
            fit.environments.join(", ")
        ));
    }
    lines
}

/// The whole stack.
fn by_itself(stack: &[component::Entry<'_>]) -> Vec<String> {
    if stack.is_empty() {
        return [
            "# Nothing to build or test was found. Describe it here:",
            "# stack:",
            "#   app: {language: python@3.13, test: pytest}",
        ]
        .map(str::to_owned)
        .to_vec();
    }
    let mut lines = vec!["stack:".to_owned()];
    for entry in stack {
        lines.push(format!("  {}:", entry.name));
        lines.extend(text::indented(&entry.lines));
    }
    lines
}

/// A beginning that costs nothing: secrets in the history, known holes in lock files.
fn gates(detection: &Detection) -> Vec<String> {
    let taken = |file: &str| {
        let names = [format!("{file}.yml"), format!("{file}.yaml")];
        detection.workflows.iter().any(|path| {
            names
                .iter()
                .any(|name| path.rsplit('/').next() == Some(name))
        })
    };
    // A workflow of that name which somebody wrote stays as it is.
    let file = ["ci", "checks", "cicd", "cicd-checks"]
        .into_iter()
        .find(|file| !taken(file))
        .unwrap_or("cicd-generated");
    [
        "gates:",
        "  scanners: [gitleaks, trivy]",
        "",
        "workflows:",
        &format!("  {file}:"),
        "    scan:",
        "      tools: [gitleaks, trivy]",
        "",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// The deploy target for a place that was seen, if there is one.
fn managed(seen: &str) -> Option<&'static str> {
    let name = match seen {
        "helm" | "kustomize" => "kubernetes",
        "docker-compose" => "ssh-compose",
        "npm" | "pypi" | "crates registry" => "package",
        other => other,
    };
    TargetKeys::names().find(|known| *known == name)
}

/// Where it might be deployed: shown as a comment, since nobody deploys on a guess.
fn seen(detection: &Detection) -> Vec<String> {
    let mut lines = Vec::new();
    for target in detection
        .deploy
        .iter()
        .filter(|target| target.strength == Strength::Configured)
    {
        let files: Vec<_> = target
            .from
            .iter()
            .map(|evidence| evidence.path.as_str())
            .take(3)
            .collect();
        let seen = format!(
            "{} ({})",
            text::comment(&target.target),
            text::comment(&files.join(", "))
        );
        lines.push(match managed(&target.target) {
            _ if ["container-registry", "ecr"].contains(&target.target.as_str()) => {
                format!(
                    "# Seen: {seen}; `kind: images` in `cicd reference workflows` publishes images."
                )
            }
            Some(name) => {
                format!("# Seen: {seen}; `cicd reference {name}` tells how to deploy there.")
            }
            None => format!("# Seen, but not managed here yet: {seen}"),
        });
    }
    lines
}

/// How a deployment is described, as a comment.
fn to_deploy(detection: &Detection, name: &str) -> Vec<String> {
    let compose = detection
        .compose_files
        .iter()
        .find(|file| text::is_path(file));
    let compose = compose.map_or("compose.yml", String::as_str);
    vec![
        "# To deploy, say where it runs:".to_owned(),
        "# environments:".to_owned(),
        "#   production:".to_owned(),
        "#     url: https://example.com".to_owned(),
        "#     deploy:".to_owned(),
        "#       on: [tag v*.*.*, dispatch]".to_owned(),
        format!("#       target: {{ssh-compose: {{compose: {compose}, path: /opt/{name}}}}}"),
        "#     verify: {health: /health}".to_owned(),
        "#     rollback: automatic".to_owned(),
    ]
}
