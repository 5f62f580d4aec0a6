//! `presets`: what ships, and what a manifest says when all of its layers are put together.

use std::path::Path;

use serde_json::json;

use crate::assets;
use crate::commands::{Failure, Status, Terminal, project};
use crate::diagnostics::{Diagnostic, nearest};
use crate::report::Format;

/// Lists the shipped presets, each with its first lines of comment.
pub fn list(terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    let about = |text: &str| -> String {
        let lines = text.lines().take_while(|line| line.starts_with('#'));
        lines
            .map(|line| line.trim_start_matches('#').trim())
            .collect::<Vec<_>>()
            .join(" ")
    };
    if terminal.format == Format::Json {
        let presets: Vec<_> = assets::PRESETS
            .iter()
            .map(|(name, text)| json!({"name": name, "about": about(text)}))
            .collect();
        serde_json::to_writer_pretty(
            &mut *terminal.out,
            &json!({"version": 1, "presets": presets}),
        )
        .map_err(std::io::Error::from)?;
        writeln!(terminal.out)?;
        return Ok(Status::Clean);
    }
    for (name, text) in assets::PRESETS {
        writeln!(terminal.out, "{name}\n  {}", about(text))?;
    }
    Ok(Status::Clean)
}

/// Prints a preset as it is written.
pub fn show(name: &str, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    let Some((_, text)) = assets::PRESETS.iter().find(|(known, _)| *known == name) else {
        return Err(unknown(name));
    };
    terminal.out.write_all(text.as_bytes())?;
    Ok(Status::Clean)
}

/// Prints a manifest with all of its layers, each value with the place it comes from.
pub fn show_resolved(manifest: &Path, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    let text = project::resolved(manifest)?;
    terminal.out.write_all(text.as_bytes())?;
    Ok(Status::Clean)
}

fn unknown(name: &str) -> Failure {
    let names = assets::PRESETS.iter().map(|(name, _)| *name);
    let help = match nearest(name, names.clone()) {
        Some(near) => format!("write `{near}`"),
        None => format!("one of {}", names.collect::<Vec<_>>().join(", ")),
    };
    Diagnostic::error("unknown-preset", format!("there is no preset `{name}`"))
        .help(help)
        .into()
}
