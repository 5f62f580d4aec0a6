//! What git knows of the files of a repository.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// Returns those of the paths below `root` that git was never told of, although it is not to
/// ignore them either.
pub(super) fn untracked(root: &Path, paths: &[&str]) -> io::Result<Vec<String>> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let output = Command::new("git")
        .args([
            "--literal-pathspecs",
            "ls-files",
            "-z",
            "--others",
            "--exclude-standard",
            "--",
        ])
        .args(paths)
        .current_dir(root)
        .stdin(Stdio::null())
        .output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(io::Error::other(said.trim().to_owned()));
    }
    let names = output.stdout.split(|byte| *byte == 0);
    let names = names.filter(|name| !name.is_empty());
    Ok(names
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect())
}
