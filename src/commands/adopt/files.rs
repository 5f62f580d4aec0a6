//! Which workflow files are meant.

use std::fs;
use std::path::Path;

use crate::commands::Failure;
use crate::diagnostics::Diagnostic;
use crate::knowledge::WORKFLOWS;

/// The workflow files of a repository, in the order of their names.
pub(super) fn all(root: &Path) -> Result<Vec<String>, Failure> {
    let folder = root.join(WORKFLOWS);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Failure::disk("read", WORKFLOWS, &error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Failure::disk("read", WORKFLOWS, &error))?;
        // A name that is no text cannot stand in a manifest, nor would GitHub show it.
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_workflow(&name) && !is_folder {
            files.push(format!("{WORKFLOWS}{name}"));
        }
    }
    files.sort();
    Ok(files)
}

/// The path of a file as the lock has it, from how a person names it.
pub(crate) fn within(root: &Path, file: &Path) -> Result<String, Failure> {
    let shown = file.display().to_string();
    let full = if file.exists() {
        file.to_path_buf()
    } else {
        root.join(file)
    };
    let missing = |_| -> Failure {
        Diagnostic::error("no-file", format!("there is no file `{shown}`"))
            .help("give the path of a file in this repository")
            .into()
    };
    // The file itself may be a link, which is refused when it is read.
    let folder = full
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let folder = folder.canonicalize().map_err(missing)?;
    let root = root.canonicalize().map_err(missing)?;
    let name = full.file_name().unwrap_or_default();
    let path = folder.join(name);
    let inside = path.strip_prefix(&root).ok().and_then(Path::to_str);
    let inside = inside.map(|path| path.replace(std::path::MAIN_SEPARATOR, "/"));
    if fs::symlink_metadata(&path).is_err() {
        return Err(missing(std::io::Error::from(std::io::ErrorKind::NotFound)));
    }
    inside.ok_or_else(|| {
        Diagnostic::error("path", format!("`{shown}` is no file of this repository"))
            .note("the repository is the folder of the manifest")
            .help("name the repository's manifest with `--manifest FILE`")
            .into()
    })
}

/// Whether GitHub would read a file of this name as a workflow.
pub(super) fn is_workflow(name: &str) -> bool {
    name.ends_with(".yml") || name.ends_with(".yaml")
}
