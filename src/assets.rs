//! Embedded files: presets, schemas, templates and scripts.
//!
//! Tables of names and texts, in the order of the names; `build.rs` makes them
//! from the folders. A name is that of the file without its ending.

/// Names and texts.
pub type Table = &'static [(&'static str, &'static str)];

/// The reference page of manifests.
pub const MANIFEST_REFERENCE: &str = include_str!("../docs/manifest.md");

/// The JSON Schema of manifests, as published.
pub const MANIFEST_SCHEMA: &str = include_str!("../schemas/manifest.schema.json");

/// The shipped presets.
pub const PRESETS: Table = include!(concat!(env!("OUT_DIR"), "/presets.rs"));

/// The templates.
pub const TEMPLATES: Table = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// The scripts.
pub const SCRIPTS: Table = include!(concat!(env!("OUT_DIR"), "/templates-scripts.rs"));

/// What several scripts share.
pub const SCRIPT_PARTS: Table = include!(concat!(env!("OUT_DIR"), "/templates-scripts-parts.rs"));

/// The text of a preset.
pub fn preset(name: &str) -> Option<&'static str> {
    find(PRESETS, name)
}

/// The text of a template.
pub fn template(name: &str) -> Option<&'static str> {
    find(TEMPLATES, name)
}

/// The text of a script. Scripts are named by our own code only.
pub fn script(name: &str) -> &'static str {
    find(SCRIPTS, name)
        .unwrap_or_else(|| unreachable!("internal error: there is no script `{name}`"))
}

/// The text of a part. Parts are named by our own scripts only.
pub fn script_part(name: &str) -> &'static str {
    find(SCRIPT_PARTS, name)
        .unwrap_or_else(|| unreachable!("internal error: there is no part `{name}`"))
}

fn find(table: Table, name: &str) -> Option<&'static str> {
    let row = table.binary_search_by_key(&name, |(name, _)| name).ok()?;
    Some(table[row].1)
}
