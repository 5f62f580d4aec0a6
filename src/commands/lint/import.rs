//! `lint --import-config`: the settings of actionlint and zizmor as ours.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde::Serialize;

use crate::commands::lint::{found, input, say, settings};
use crate::commands::{Failure, Status, Terminal};
use crate::diagnostics::{self, Diagnostic};
use crate::lint;
use crate::lint::import::Imported;
use crate::lint::settings::{Level, Levels, Settings};
use crate::source::{SourceId, Sources};

/// Where the others look for their settings, from the root of a repository.
const ACTIONLINT: [&str; 2] = [".github/actionlint.yaml", ".github/actionlint.yml"];
const ZIZMOR: [&str; 4] = [
    ".github/zizmor.yml",
    ".github/zizmor.yaml",
    "zizmor.yml",
    "zizmor.yaml",
];

/// Prints the settings that others have as ours, and tells what has no equivalent.
pub(super) fn run(paths: &[PathBuf], terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    let root = match paths {
        [] => input::repository_root(),
        [root, ..] => root.clone(),
    };
    let mut sources = Sources::new();
    let mut imported = Imported::for_rules(lint::all().iter().map(|rule| rule.id));
    let mut from = Vec::new();
    if let Some((id, path)) = first(&root, &ACTIONLINT, &mut sources)? {
        imported.actionlint(&sources, id);
        from.push(path);
    }
    if let Some((id, path)) = first(&root, &ZIZMOR, &mut sources)? {
        imported.zizmor(&sources, id);
        from.push(path);
    }
    for input in found::inputs(std::slice::from_ref(&root), None)? {
        if let Ok(bytes) = std::fs::read(&input.shown)
            && let Ok(id) = diagnostics::load(&mut sources, &input.shown, bytes)
        {
            imported.comments(&sources, id);
        }
    }
    if from.is_empty() && imported.told.is_empty() {
        let shown = root.display();
        let none = format!("there are no settings of actionlint or zizmor in `{shown}`");
        let wanted = [&ACTIONLINT[..1], &ZIZMOR[..1]].concat().join("` and `");
        return Err(Diagnostic::error("no-such-file", none)
            .note(format!("looked for `{wanted}` and their other names"))
            .into());
    }
    let is_managed = root.join(settings::MANIFEST).is_file();
    terminal
        .out
        .write_all(text(&imported.settings, &from, is_managed).as_bytes())?;
    terminal.out.flush()?;
    say(terminal, &imported.told, &sources)?;
    Ok(Status::Clean)
}

/// Reads the first of these files that is there.
fn first<'p>(
    root: &Path,
    paths: &[&'p str],
    sources: &mut Sources,
) -> Result<Option<(SourceId, &'p str)>, Failure> {
    let Some(path) = paths.iter().find(|path| root.join(path).is_file()) else {
        return Ok(None);
    };
    let full = root.join(path);
    let full = full.strip_prefix(".").unwrap_or(&full);
    let shown = full.display().to_string();
    let bytes = std::fs::read(full).map_err(|error| Failure::disk("read", &shown, &error))?;
    match diagnostics::load(sources, &shown, bytes) {
        Ok(id) => Ok(Some((id, path))),
        Err(refused) => Err(Failure::new(*refused, std::mem::take(sources))),
    }
}

/// Settings as they are written: in the manifest if there is one, else in their own file.
fn text(settings: &Settings, from: &[&str], is_managed: bool) -> String {
    let home = match is_managed {
        true => settings::MANIFEST,
        false => settings::FILE,
    };
    let from = match from {
        [] => "the comments in the workflows".to_owned(),
        _ => from.join(" and "),
    };
    let head = format!("# From {from}; for {home}\n");
    let view = View::of(settings);
    let written = if view.is_empty() {
        Ok("# nothing has to be said\n".to_owned())
    } else if is_managed {
        serde_yaml::to_string(&IndexMap::from([("lint", view)]))
    } else {
        serde_yaml::to_string(&view)
    };
    head + &written.unwrap_or_default()
}

#[derive(Serialize)]
struct View<'s> {
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    rules: IndexMap<&'s str, &'static str>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    paths: IndexMap<&'s str, IndexMap<&'s str, &'static str>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    runners: &'s [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    variables: Option<&'s [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secrets: Option<&'s [String]>,
}

impl<'s> View<'s> {
    fn of(settings: &'s Settings) -> Self {
        let paths = settings.paths.iter();
        Self {
            rules: weights(&settings.rules),
            paths: paths
                .map(|(path, own)| (path.as_str(), weights(own)))
                .collect(),
            runners: &settings.runners,
            variables: settings.variables.as_deref(),
            secrets: settings.secrets.as_deref(),
        }
    }

    fn is_empty(&self) -> bool {
        let no_names = self.variables.is_none() && self.secrets.is_none();
        self.rules.is_empty() && self.paths.is_empty() && self.runners.is_empty() && no_names
    }
}

fn weights(levels: &Levels) -> IndexMap<&str, &'static str> {
    let words = levels.iter().map(|(name, level)| {
        let word = match level {
            Level::Told(severity) => severity.as_str(),
            Level::Off => "off",
        };
        (name.as_str(), word)
    });
    words.collect()
}
