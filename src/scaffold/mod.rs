//! What was detected in a repository, written as a manifest that a person would have written.
//!
//! In: a [`Detection`] with the tree it was read from. Out: the text of a
//! manifest, and what a person should know about it. What is not written down
//! in the repository is not asked for here; defaults stay unwritten.

mod component;
mod text;

use crate::detect::{Detection, FileTree, Strength};

/// A proposed manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scaffold {
    /// The text of the manifest.
    pub manifest: String,
    /// What was left out or is doubtful, a line each.
    pub notes: Vec<String>,
}

/// Writes a manifest for what was detected. `folder` is the repository's own name.
pub fn write(detection: &Detection, tree: &FileTree, folder: &str) -> Scaffold {
    let mut notes: Vec<String> = detection.notes.iter().map(|note| format!("{}: {}", note.path, note.what)).collect();
    let stack = component::stack(detection, tree, folder, &mut notes);
    let mut lines = vec![
        "# What this project is and how it ships. `cicd generate` writes the workflows from it.".to_owned(),
        "version: 1".to_owned(),
        format!("name: {}", text::name(folder)),
        String::new(),
    ];
    if stack.is_empty() {
        lines.push("# Nothing to build or test was found. Describe it here:".to_owned());
        lines.push("# stack:".to_owned());
        lines.push("#   app: {language: python@3.13, test: pytest}".to_owned());
    } else {
        lines.push("stack:".to_owned());
        lines.extend(stack);
    }
    lines.push(String::new());
    lines.extend(gates());
    lines.extend(environments(detection));
    Scaffold { manifest: lines.join("\n") + "\n", notes }
}

/// A beginning that costs nothing: secrets in the history, known holes in lock files.
fn gates() -> Vec<String> {
    ["gates:", "  scanners: [gitleaks, trivy]", "", "workflows:", "  ci:", "    scan: {tools: [gitleaks, trivy]}", ""]
        .map(str::to_owned)
        .to_vec()
}

/// Where it might be deployed: shown as a comment, since nobody deploys on a guess.
fn environments(detection: &Detection) -> Vec<String> {
    let mut lines = Vec::new();
    for target in detection.deploy.iter().filter(|target| target.strength == Strength::Configured) {
        let files: Vec<_> = target.from.iter().map(|evidence| evidence.path.as_str()).take(3).collect();
        lines.push(format!("# Seen, but not managed here yet: {} ({})", text::comment(&target.target), text::comment(&files.join(", "))));
    }
    let compose = detection.compose_files.iter().find(|file| text::is_path(file));
    let compose = compose.map_or("compose.yml", String::as_str);
    lines.extend([
        "# To deploy, say where it runs:".to_owned(),
        "# environments:".to_owned(),
        "#   production:".to_owned(),
        "#     url: https://example.com".to_owned(),
        "#     deploy:".to_owned(),
        "#       on: [tag v*.*.*, dispatch]".to_owned(),
        format!("#       target: {{ssh-compose: {{compose: {compose}, path: /opt/{}}}}}", text::name(&text::name("app"))),
        "#     verify: {health: /health}".to_owned(),
        "#     rollback: automatic".to_owned(),
    ]);
    lines
}
