//! A shipped preset where one fits: the manifest builds on it and says what differs.
//!
//! In: the only component of a repository, as the entry that it would be given by
//! itself. Out: the preset and the lines that remain. What a preset would demand
//! beyond what the repository has, such as a coverage, is taken back.

use serde_json::Value as Json;

use super::text;
use crate::assets;
use crate::blocks::language::Language;
use crate::detect::{Component, Detection, FileTree, Kind};
use crate::diagnostics;
use crate::manifest;
use crate::source::Sources;

/// A preset, and what the manifest says of its own.
pub(super) struct Fit {
    /// The preset.
    pub(super) preset: &'static str,
    /// What it calls the component.
    pub(super) name: String,
    /// The lines of the component that differ; none if all is as the preset says.
    pub(super) lines: Vec<String>,
    /// The environments of the preset, which the manifest leaves out: nobody deploys on a guess.
    pub(super) environments: Vec<String>,
}

/// With more keys to take back than this, a manifest without the preset reads better.
const MOST_REMOVED: usize = 1;
/// And so it does if the preset says nothing of the component: what it scans and when is not
/// worth a manifest that contradicts it in all else.
const LEAST_KEPT: usize = 1;

/// The preset that fits a repository with one component at its root, if there is one.
pub(super) fn fit(
    detection: &Detection,
    tree: &FileTree,
    component: &Component,
    language: &'static Language,
    entry: &[String],
) -> Option<Fit> {
    if component.path != "." {
        return None;
    }
    let wanted = candidate(component, language, entry)?;
    let text = assets::preset(wanted)?;
    let says = values(text)?;
    if is_in_the_way(detection, &says) {
        return None;
    }
    let (name, below) = says["stack"].as_object()?.iter().next()?;
    let own = values(&format!(
        "version: 1\nstack:\n  it:\n{}\n",
        text::indented(entry).collect::<Vec<_>>().join("\n")
    ))?;
    let own = own["stack"]["it"].as_object()?;
    let mut lines = Vec::new();
    let mut kept = 0;
    for line in entry {
        let key = line.split(':').next().unwrap_or_default();
        // A version that the repository names is its own, whatever presets say one day.
        let fits = if key == "language" {
            *line == format!("language: {}", language.names[0])
        } else {
            own.get(key)
                .is_some_and(|value| is_same(value, &below[key]))
        };
        if fits {
            kept += 1;
        } else {
            lines.push(line.clone());
        }
    }
    let environments = says["environments"].as_object();
    let environments = environments.into_iter().flat_map(|all| all.keys().cloned());
    let mut removed = 0;
    for key in below
        .as_object()?
        .keys()
        .filter(|key| !own.contains_key(*key))
    {
        if key == "build" && tree.builds() {
            kept += 1;
        } else if key == "source" {
            lines.push("source: . # the tests are looked at, too".to_owned());
        } else {
            removed += 1;
            lines.push(format!("{key}: # none here"));
        }
    }
    (removed <= MOST_REMOVED && kept >= LEAST_KEPT).then(|| Fit {
        preset: wanted,
        name: name.clone(),
        lines,
        environments: environments.collect(),
    })
}

/// The preset for what a component is.
fn candidate(
    component: &Component,
    language: &'static Language,
    entry: &[String],
) -> Option<&'static str> {
    let image = entry.iter().any(|line| line.starts_with("image:"));
    let runs = matches!(component.kind, Kind::App | Kind::Service);
    let is_used = matches!(component.kind, Kind::Library | Kind::Cli) && !image;
    Some(match language.names[0] {
        "node" if component.kind == Kind::Site => "static-site",
        "node" if runs && image => "node-service",
        "node" if is_used => "node-library",
        "python" if runs && image => "python-service",
        "python" if is_used => "python-library",
        "go" if runs && image => "go-service",
        "go" if is_used => "go-library",
        "rust" if is_used => "rust-crate",
        "terraform" => "terraform-module",
        _ => return None,
    })
}

/// The values of a manifest, if it is one.
fn values(text: &str) -> Option<Json> {
    let mut sources = Sources::new();
    let main = diagnostics::load(&mut sources, "cicd.yml", text.as_bytes().to_vec()).ok()?;
    let reading = manifest::read(&mut sources, main, &mut |path| Err(path.to_owned()));
    reading.document.map(|document| document.to_json())
}

/// Whether a workflow of the preset's has the name of one that is there already.
fn is_in_the_way(detection: &Detection, preset: &Json) -> bool {
    let files = preset["workflows"].as_object();
    let mut files = files.into_iter().flat_map(|workflows| workflows.keys());
    files.any(|file| {
        let names = [format!("{file}.yml"), format!("{file}.yaml")];
        let taken = |path: &String| {
            names
                .iter()
                .any(|name| path.rsplit('/').next() == Some(name))
        };
        detection.workflows.iter().any(taken)
    })
}

/// Whether two values mean the same: one of something may stand without its list, and
/// checks may run in any order.
fn is_same(one: &Json, other: &Json) -> bool {
    let items = |value: &Json| match value {
        Json::Array(items) => items.iter().map(Json::to_string).collect(),
        single => vec![single.to_string()],
    };
    let (mut one, mut other) = (items(one), items(other));
    one.sort();
    other.sort();
    one == other
}
