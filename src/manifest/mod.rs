//! The manifest: text to a validated value, every problem reported at its place.
//!
//! [`read`] takes a text with what it builds on and gives the keys as they are
//! written, or says everything that is wrong. Files come through the caller's
//! function; nothing here opens one.

mod layer;
mod merge;
pub mod model;
pub mod raw;
mod resolve;
mod trigger;
mod value;

pub use layer::Fetch;
pub use model::Manifest;
pub use resolve::{Exists, resolve};
pub use value::{Entry, Found, Kind, Value};

use crate::assets;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::manifest::raw::Raw;
use crate::source::{SourceId, Sources};

/// What a manifest says.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The manifest; nothing when there is an error.
    pub document: Option<Document>,
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
}

impl Document {
    /// Returns the manifest with all layers merged, for hashing.
    ///
    /// It is the same for the same values in the same order, wherever they are
    /// written; the order counts since jobs are written in it.
    pub fn to_json(&self) -> serde_json::Value {
        self.values.to_json()
    }
}

/// Reads the manifest `main` with all that it builds on.
pub fn read(sources: &mut Sources, main: SourceId, fetch: &mut Fetch<'_>) -> Reading {
    let mut diagnostics = Diagnostics::new();
    let values = layer::resolve(sources, main, fetch, assets::PRESETS, &mut diagnostics);
    let raw = values
        .as_ref()
        .and_then(|values| typed(values, &mut diagnostics));
    diagnostics.sort();
    let document = values
        .zip(raw)
        .map(|(values, raw)| Document { raw, values });
    let document = document.filter(|_| !diagnostics.has_errors());
    Reading {
        document,
        diagnostics,
    }
}

/// Reads values into types, which cannot fail for values of the right shape.
fn typed(values: &Value, diagnostics: &mut Diagnostics) -> Option<Raw> {
    let error = match serde_path_to_error::deserialize(values.to_json()) {
        Ok(raw) => return Some(raw),
        Err(error) => error,
    };
    let path: Vec<_> = error.path().iter().map(ToString::to_string).collect();
    let path: Vec<_> = path.iter().map(String::as_str).collect();
    let place = (0..=path.len())
        .rev()
        .find_map(|length| values.find(&path[..length]));
    let place = place.map_or(values.origin, |found| found.value.origin);
    let diagnostic = Diagnostic::error("wrong-value", error.inner().to_string());
    diagnostics.push(diagnostic.at(place));
    None
}
