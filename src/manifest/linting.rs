//! The settings of the linter in a file of their own, for repositories without a manifest.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::diagnostics::Diagnostics;
use crate::manifest::raw::Linting;
use crate::manifest::value::{BUDGET, Value};
use crate::manifest::{check, guard, schema, tidy, typed};
use crate::source::{SourceId, Sources};

/// Reads what a manifest has under `lint`, which stands in a text at this path of keys.
///
/// Nothing comes out when something is wrong with it, or when it is not there.
pub fn read_linting(
    sources: &Sources,
    id: SourceId,
    path: &[&str],
) -> (Option<(Linting, Value)>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let text = sources.get(id).map_or("", |source| source.text());
    let mut budget = BUDGET;
    let mut read = None;
    let values = Value::read(id, text, &mut budget, &mut diagnostics);
    let values = values.and_then(|values| Some(values.find(path)?.value.clone()));
    if let Some(values) = values {
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

/// Returns the schema of such a file: the part of the manifest's with all that it names.
pub fn linting_schema() -> Json {
    let whole = json!({"$ref": "#/$defs/Linting"});
    let mut definitions = BTreeMap::new();
    collect(&whole, &mut definitions);
    json!({
        "$schema": schema::root()["$schema"],
        "title": "cicd lint settings",
        "$ref": whole["$ref"],
        "$defs": definitions,
    })
}

/// Collects the definitions that a schema names, and those that they name.
fn collect<'s>(schema: &'s Json, found: &mut BTreeMap<&'s str, &'static Json>) {
    match schema {
        Json::Object(entries) => {
            let named = entries.get("$ref").and_then(Json::as_str);
            let name = named.and_then(|named| named.strip_prefix("#/$defs/"));
            let definition = name.and_then(|name| schema::root()["$defs"].get(name));
            if let (Some(name), Some(definition)) = (name, definition)
                && found.insert(name, definition).is_none()
            {
                collect(definition, found);
            }
            entries.values().for_each(|value| collect(value, found));
        }
        Json::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}
