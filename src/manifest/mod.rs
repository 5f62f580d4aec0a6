//! The manifest: text to a validated value, every problem reported at its place.
//!
//! [`read`] takes a text with what it builds on and gives the keys as they are
//! written, or says everything that is wrong. Files come through the caller's
//! function; nothing here opens one.

mod check;
mod example;
mod explain;
mod guard;
mod layer;
mod linting;
mod mend;
mod merge;
pub mod model;
mod own;
pub mod raw;
mod resolve;
mod schema;
mod text;
mod trigger;
mod value;

pub use layer::Fetch;
pub use linting::{linting_schema, read_linting};
pub use mend::Rest;
pub use model::Manifest;
pub use own::{lines, unpinned, uses_of_steps};
pub use resolve::{Exists, resolve};
pub use value::{Entry, Found, Kind, Value};

use serde::de::DeserializeOwned;

use crate::assets;
use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::manifest::raw::Raw;
use crate::pipeline::OwnWorkflow;
use crate::source::{SourceId, Sources};

/// What a manifest says.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The manifest; nothing when there is an error.
    pub document: Option<Document>,
    /// What remains without the wrong parts, for the problems in it.
    pub rest: Option<Rest>,
    /// What is wrong or doubtful, in the order of the texts.
    pub diagnostics: Diagnostics,
}

/// A manifest whose shape is right.
#[derive(Clone, Debug)]
pub struct Document {
    /// The keys as they are written.
    pub raw: Raw,
    /// The same values with their places: find `["environments", "production", "deploy"]`.
    pub values: Value,
    /// The workflows in GitHub's own syntax.
    pub own: Vec<OwnWorkflow>,
}

impl Document {
    /// Returns the manifest with all layers merged, for hashing.
    ///
    /// It is the same for the same values in the same order, wherever they are
    /// written; the order counts since jobs are written in it.
    pub fn to_json(&self) -> serde_json::Value {
        self.values.to_json()
    }

    /// Returns the manifest with all layers merged as YAML, with the origin of each value.
    pub fn show_resolved(&self, sources: &Sources) -> String {
        text::show(&self.values, sources)
    }
}

/// More diagnostics help nobody.
const MAX_SHOWN: usize = 50;

/// Reads the manifest `main` with all that it builds on.
pub fn read(sources: &mut Sources, main: SourceId, fetch: &mut Fetch<'_>) -> Reading {
    read_with(sources, main, fetch, assets::PRESETS)
}

fn read_with(
    sources: &mut Sources,
    main: SourceId,
    fetch: &mut Fetch<'_>,
    presets: &[(&str, &str)],
) -> Reading {
    let mut diagnostics = Diagnostics::new();
    let mut reading = Reading {
        document: None,
        rest: None,
        diagnostics: Diagnostics::new(),
    };
    if let Some(mut values) = layer::resolve(sources, main, fetch, presets, &mut diagnostics) {
        merge::spread_defaults(&mut values, &mut diagnostics);
        guard::refuse_expressions(&values, &mut diagnostics);
        let meant = check::check(schema::root(), &values, sources, &mut diagnostics);
        if diagnostics.has_errors() {
            reading.rest = mend::mend(&values, &diagnostics, &meant);
        }
        merge::prune(&mut values, &mut diagnostics);
        if !diagnostics.has_errors() {
            match typed(&values) {
                Ok(raw) => {
                    let own = own::workflows(&values, sources, &mut diagnostics);
                    reading.document = Some(Document { raw, values, own });
                }
                Err(misfit) => diagnostics.push(misfit.diagnostic(&values)),
            }
        }
    }
    reading.diagnostics = tidy(diagnostics);
    reading
}

/// Sorts diagnostics, keeps one for a place (an error, if there is one), and not too many.
fn tidy(diagnostics: Diagnostics) -> Diagnostics {
    let mut all: Vec<_> = diagnostics.into_iter().collect();
    all.sort_by_key(|diagnostic| (diagnostic.primary, diagnostic.severity));
    // A value that an alias copies is wrong at each copy, and written once.
    all.dedup_by(|next, kept| next.primary.is_some() && next.primary == kept.primary);
    if all.len() > MAX_SHOWN {
        // Warnings must not push out the errors for which there is no document.
        all.sort_by_key(|diagnostic| diagnostic.severity);
        all.truncate(MAX_SHOWN);
        all.sort_by_key(|diagnostic| diagnostic.primary);
        let message = format!("only {MAX_SHOWN} are shown, and there are more");
        let note = Diagnostic::new(Severity::Note, "too-many-diagnostics", message);
        all.push(note.help("mend these first"));
    }
    all.into_iter().collect()
}

/// A value that no type fits.
struct Misfit {
    /// The keys that lead to it.
    path: Vec<String>,
    /// Why it does not fit.
    message: String,
}

impl Misfit {
    fn diagnostic(self, values: &Value) -> Diagnostic {
        let path: Vec<_> = self.path.iter().map(String::as_str).collect();
        let found = (0..=path.len())
            .rev()
            .find_map(|length| values.find(&path[..length]));
        let place = found.map_or(values.origin, |found| found.value.origin);
        Diagnostic::error("wrong-value", self.message).at(place)
    }
}

/// Reads values into types, which cannot fail for values of the right shape.
fn typed<T: DeserializeOwned>(values: &Value) -> Result<T, Misfit> {
    serde_path_to_error::deserialize(values.to_json()).map_err(|error| Misfit {
        path: error.path().iter().map(ToString::to_string).collect(),
        message: error.inner().to_string(),
    })
}

#[cfg(test)]
mod publish;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
