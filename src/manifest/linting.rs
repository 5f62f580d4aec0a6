//! The settings of the linter in a file of their own, for repositories without a manifest.

use crate::diagnostics::Diagnostics;
use crate::manifest::raw::Linting;
use crate::manifest::value::{BUDGET, Value};
use crate::manifest::{check, guard, schema, tidy, typed};
use crate::source::{SourceId, Sources};

/// Reads what a manifest has under `lint`, as a text of its own.
///
/// Nothing comes out when something is wrong with it.
pub fn read_linting(sources: &Sources, id: SourceId) -> (Option<(Linting, Value)>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let text = sources.get(id).map_or("", |source| source.text());
    let mut budget = BUDGET;
    let mut read = None;
    if let Some(values) = Value::read(id, text, &mut budget, &mut diagnostics) {
        guard::refuse_expressions(&values, &mut diagnostics);
        let _ = check::check(schema::of_linting(), &values, sources, &mut diagnostics);
        if !diagnostics.has_errors() {
            match typed(&values) {
                Ok(linting) => read = Some((linting, values)),
                Err(misfit) => diagnostics.push(misfit.diagnostic(&values)),
            }
        }
    }
    (read, tidy(diagnostics))
}
