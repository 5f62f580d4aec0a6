//! Paths that stay inside the repository, on every host.

use std::path::{Path, PathBuf};

/// The longest path that is accepted, in bytes.
const MAX_BYTES: usize = 1024;

/// Why a text is no path inside the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathProblem {
    /// No text at all.
    #[error("a path cannot be empty")]
    Empty,
    /// Longer than any file of ours.
    #[error("a path has at most {MAX_BYTES} bytes")]
    TooLong,
    /// Starts at a root or a drive.
    #[error("a path starts at the repository's root, without a leading `/` or a drive")]
    Absolute,
    /// Climbs, or names nothing.
    #[error("a path has no `..`, no `.` and no empty part")]
    Climbs,
    /// Would leave files where git keeps its own.
    #[error("a path does not enter `.git`")]
    Git,
    /// Would be another file on another host.
    #[error(
        "a path has no `\\`, no `:`, no control character, and no part that ends in `.` or a blank"
    )]
    Unportable,
}

/// Checks a path relative to the repository's root.
///
/// What passes names the same file on every host and none outside the root,
/// symbolic links aside, which only the file system can tell.
pub fn check_path(path: &str) -> Result<(), PathProblem> {
    if path.is_empty() {
        return Err(PathProblem::Empty);
    }
    if path.len() > MAX_BYTES {
        return Err(PathProblem::TooLong);
    }
    let bytes = path.as_bytes();
    if bytes[0] == b'/' || bytes[0] == b'\\' || bytes.get(1) == Some(&b':') {
        return Err(PathProblem::Absolute);
    }
    if path.contains(['\\', ':']) || path.contains(char::is_control) {
        return Err(PathProblem::Unportable);
    }
    path.split('/').try_for_each(check_part)
}

/// Returns the path of a checked `path` below `root`.
pub fn below(root: &Path, path: &str) -> PathBuf {
    let mut full = root.to_path_buf();
    full.extend(path.split('/'));
    full
}

fn check_part(part: &str) -> Result<(), PathProblem> {
    match part {
        "" | "." | ".." => Err(PathProblem::Climbs),
        _ if part.ends_with(['.', ' ']) => Err(PathProblem::Unportable),
        // Some file systems ignore case, and NTFS knows `.git` by a short name.
        _ if part.eq_ignore_ascii_case(".git") || part.eq_ignore_ascii_case("git~1") => {
            Err(PathProblem::Git)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_paths_pass() {
        for path in [
            ".github/workflows/ci.yml",
            "a",
            "scripts/smoke test.sh",
            "dokümente/…",
            ".gitignore",
        ] {
            assert_eq!(check_path(path), Ok(()), "{path}");
        }
    }

    #[test]
    fn hostile_paths_do_not() {
        use PathProblem::{Absolute, Climbs, Empty, Git, TooLong, Unportable};
        let long = "a/".repeat(600);
        for (path, problem) in [
            ("", Empty),
            (&*long, TooLong),
            ("/etc/passwd", Absolute),
            ("\\\\host\\share", Absolute),
            ("C:/Windows", Absolute),
            ("c:x", Absolute),
            ("..", Climbs),
            ("a/../../b", Climbs),
            ("./a", Climbs),
            ("a//b", Climbs),
            ("a/", Climbs),
            (".git/hooks/pre-commit", Git),
            ("sub/.GIT/config", Git),
            ("a\\..\\b", Unportable),
            ("a.yml:stream", Unportable),
            ("a\nb", Unportable),
            ("a\0", Unportable),
            (".git./config", Unportable),
            ("... /x", Unportable),
        ] {
            assert_eq!(check_path(path), Err(problem), "{path:?}");
        }
    }
}
