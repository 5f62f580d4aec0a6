//! The published JSON Schema, and the few questions that are asked of it.
//!
//! It is made from [`Raw`](super::raw::Raw) by a test in `publish.rs`, which fails
//! when the file is stale; `UPDATE_SCHEMAS=1 cargo test` writes it anew.

use std::sync::OnceLock;

use serde_json::Value as Json;

use crate::assets::MANIFEST_SCHEMA;

/// Returns the schema of the whole manifest.
pub(super) fn root() -> &'static Json {
    static ROOT: OnceLock<Json> = OnceLock::new();
    ROOT.get_or_init(|| {
        serde_json::from_str(MANIFEST_SCHEMA).expect("internal error: the embedded schema is JSON")
    })
}

/// Returns the schema of what stands under `lint`.
pub(super) fn of_linting() -> &'static Json {
    let definition = root().pointer("/$defs/Linting");
    definition.expect("internal error: the schema defines what stands under `lint`")
}

/// Returns the forms that a value may have, each with a type of its own.
pub(super) fn forms(schema: &Json) -> Vec<&Json> {
    let schema = resolve(schema);
    match schema.get("anyOf").and_then(Json::as_array) {
        Some(branches) => branches.iter().flat_map(forms).collect(),
        None => vec![schema],
    }
}

/// Follows references to the schema that they name.
pub(super) fn resolve(mut schema: &Json) -> &Json {
    while let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
        let Some(target) = root().pointer(reference.trim_start_matches('#')) else {
            break;
        };
        schema = target;
    }
    schema
}

/// Returns the names of the types that a form has; none means all.
pub(super) fn types(form: &Json) -> Vec<&str> {
    match form.get("type") {
        Some(Json::String(name)) => vec![name],
        Some(Json::Array(names)) => names.iter().filter_map(Json::as_str).collect(),
        _ if form.get("oneOf").is_some() => vec!["string"],
        _ => Vec::new(),
    }
}

/// Returns the values that a form allows, if they are counted.
pub(super) fn options(form: &Json) -> Vec<&Json> {
    if let Some(options) = form.get("enum").and_then(Json::as_array) {
        return options.iter().collect();
    }
    let constants = form.get("oneOf").and_then(Json::as_array);
    constants
        .into_iter()
        .flatten()
        .filter_map(|one| one.get("const"))
        .collect()
}

/// Returns the pattern of a key without its mark, if it is one for marked keys.
pub(super) fn unmarked(pattern: &str) -> Option<String> {
    pattern.strip_suffix(r"\+$").map(|rest| format!("{rest}$"))
}
