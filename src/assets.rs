//! Embedded files: presets and schemas.
//!
//! Tables of names and texts, nothing else. A test holds each table against
//! its folder.

/// The JSON Schema of manifests, as published.
pub const MANIFEST_SCHEMA: &str = include_str!("../schemas/manifest.schema.json");

/// The shipped presets by name, in the order of their names.
pub const PRESETS: &[(&str, &str)] = &[];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_presets_is_the_folder() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("presets");
        let files = std::fs::read_dir(folder).into_iter().flatten();
        let mut found: Vec<_> = files
            .map(|file| file.unwrap().path())
            .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        found.sort();
        let listed: Vec<_> = PRESETS.iter().map(|(name, _)| *name).collect();
        assert_eq!(listed, found, "list each file of presets/ in `PRESETS`");
    }
}
