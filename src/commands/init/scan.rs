//! The repository's files, as far as detection wants them.

use std::collections::BTreeMap;
use std::path::Path;

use walkdir::WalkDir;

use crate::commands::Failure;
use crate::detect::{FileTree, MAX_TEXT_BYTES, is_pruned, is_wanted};

/// So many files are looked at; a larger tree is cut off, which loses optional facts only.
const MOST_FILES: usize = 200_000;

/// Walks the repository. Links are not followed, unreadable folders are passed over.
pub(super) fn read(root: &Path) -> Result<FileTree, Failure> {
    if !root.exists() {
        return Ok(FileTree::new([], []));
    }
    let walk = WalkDir::new(root)
        .follow_links(false)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| {
            let name = entry.file_name().to_string_lossy();
            entry.depth() == 0 || !entry.file_type().is_dir() || !is_pruned(&name)
        });
    let mut paths = Vec::new();
    let mut texts = BTreeMap::new();
    for entry in walk
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .take(MOST_FILES)
    {
        let Ok(relative) = entry.path().strip_prefix(root) else {
            continue;
        };
        let Some(relative) = relative.to_str() else {
            continue;
        };
        let relative = relative.replace('\\', "/");
        let small = entry
            .metadata()
            .is_ok_and(|metadata| metadata.len() <= MAX_TEXT_BYTES as u64);
        if small && is_wanted(&relative) {
            // What is no text tells nothing; it is no fault of the repository either.
            if let Ok(text) = std::fs::read_to_string(entry.path()) {
                texts.insert(relative.clone(), text);
            }
        }
        paths.push(relative);
    }
    Ok(FileTree::new(paths, texts))
}

/// The name of the repository's folder.
pub(crate) fn name_of(root: &Path) -> String {
    let real = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    real.file_name().map_or_else(
        || "app".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}
