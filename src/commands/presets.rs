//! `presets`: what ships, and what a manifest says when all of its layers are put together.

use std::path::Path;

use serde::Serialize;
use serde_json::json;

use crate::assets;
use crate::commands::project::Project;
use crate::commands::{Failure, Status, Terminal, project};
use crate::diagnostics::{Diagnostic, nearest};
use crate::report::Format;

/// A preset in the list.
#[derive(Serialize)]
struct Listed {
    name: &'static str,
    /// Its first comment.
    about: String,
    languages: Vec<String>,
    scanners: Vec<String>,
    environments: Vec<String>,
    workflows: Vec<String>,
}

/// Lists the shipped presets: what each is for, and what it covers.
pub fn list(terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    // Not the repository around: what lies there must not change what a preset covers.
    let nowhere =
        tempfile::tempdir().map_err(|error| Failure::disk("make", "a temporary folder", &error))?;
    let presets: Vec<_> = assets::PRESETS
        .iter()
        .map(|(name, text)| listed(nowhere.path(), name, text))
        .collect::<Result<_, _>>()?;
    if terminal.format == Format::Json {
        let document = json!({"version": 1, "presets": presets});
        serde_json::to_writer_pretty(&mut *terminal.out, &document)
            .map_err(std::io::Error::from)?;
        writeln!(terminal.out)?;
        return Ok(Status::Clean);
    }
    for preset in &presets {
        writeln!(terminal.out, "{}", preset.name)?;
        for line in wrapped(&preset.about) {
            writeln!(terminal.out, "    {line}")?;
        }
        for (word, items) in [
            ("languages", &preset.languages),
            ("scanners", &preset.scanners),
            ("environments", &preset.environments),
            ("workflows", &preset.workflows),
        ] {
            if !items.is_empty() {
                writeln!(terminal.out, "    {word}: {}", items.join(", "))?;
            }
        }
        writeln!(terminal.out)?;
    }
    writeln!(
        terminal.out,
        "`cicd init --preset NAME` begins with one; `extends: NAME` in cicd.yml builds on it."
    )?;
    Ok(Status::Clean)
}

fn listed(root: &Path, name: &'static str, text: &str) -> Result<Listed, Failure> {
    let comment = text.lines().take_while(|line| line.starts_with('#'));
    let comment: Vec<_> = comment
        .map(|line| line.trim_start_matches('#').trim())
        .collect();
    let project = project::build(root, name, text.as_bytes().to_vec())?;
    let Project {
        manifest, pipeline, ..
    } = &project;
    let mut languages = Vec::new();
    for component in &manifest.components {
        let language = component.language.names[0].to_owned();
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    let scanners = manifest.gates.scanners.iter();
    let environments = manifest.environments.iter();
    let workflows = pipeline.workflows.iter();
    Ok(Listed {
        name,
        about: comment.join(" "),
        languages,
        scanners: scanners
            .map(|choice| choice.scanner.name.to_owned())
            .collect(),
        environments: environments.map(|one| one.name.clone()).collect(),
        workflows: workflows.map(|workflow| workflow.file.clone()).collect(),
    })
}

/// A text in lines that fit beside each other on any terminal.
fn wrapped(text: &str) -> Vec<String> {
    const WIDTH: usize = 76;
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Prints a preset as it is written.
pub fn show(name: &str, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    let Some(text) = assets::preset(name) else {
        return Err(unknown(name, ""));
    };
    terminal.out.write_all(text.as_bytes())?;
    Ok(Status::Clean)
}

/// Prints a manifest with all of its layers: for people each value with the place it
/// comes from, for programs the values.
pub fn show_resolved(manifest: &Path, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    let (text, values) = project::resolved(manifest)?;
    if terminal.format == Format::Json {
        let document = json!({"version": 1, "manifest": values});
        serde_json::to_writer_pretty(&mut *terminal.out, &document)
            .map_err(std::io::Error::from)?;
        writeln!(terminal.out)?;
    } else {
        terminal.out.write_all(text.as_bytes())?;
    }
    Ok(Status::Clean)
}

/// There is no such preset; `before` is what stands before its name on the command line.
pub(super) fn unknown(name: &str, before: &str) -> Failure {
    let names = assets::PRESETS.iter().map(|(name, _)| *name);
    let help = match nearest(name, names.clone()) {
        Some(near) => format!("write `{before}{near}`"),
        None => format!("one of {}", names.collect::<Vec<_>>().join(", ")),
    };
    Diagnostic::error("unknown-preset", format!("there is no preset `{name}`"))
        .help(help)
        .into()
}
