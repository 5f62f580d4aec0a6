//! Repositories elsewhere, asked by the program `git`: which tags they have, and of which day.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::pins::Tags;

/// Why a repository does not answer.
#[derive(Debug)]
pub(super) enum Trouble {
    /// There is no `git`.
    NoGit,
    /// What `git` says, or the system.
    Said(String),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NoGit,
            _ => Self::Said(error.to_string()),
        }
    }
}

/// Asks for the tags of a repository.
pub(super) fn tags(url: &str) -> Result<Tags, Trouble> {
    let folder = tempfile::tempdir()?;
    let listed = git(folder.path(), &["ls-remote", "--tags", "--", url])?;
    Ok(Tags::parse(&listed))
}

/// Asks for the time of each tag, in seconds since 1970: its own or its commit's, whichever
/// is later. Listings have no times, so the commits are fetched, without their files.
pub(super) fn times(url: &str, tags: &[&str]) -> Result<BTreeMap<String, i64>, Trouble> {
    let folder = tempfile::tempdir()?;
    let here = folder.path();
    git(here, &["init", "--quiet", "--bare"])?;
    git(here, &["remote", "add", "origin", url])?;
    let mut fetch = vec![
        "fetch",
        "--quiet",
        "--depth=1",
        "--filter=tree:0",
        "--no-tags",
        "origin",
    ];
    let refs: Vec<_> = tags
        .iter()
        .map(|tag| format!("refs/tags/{tag}:refs/tags/{tag}"))
        .collect();
    fetch.extend(refs.iter().map(String::as_str));
    git(here, &fetch)?;
    let format = "--format=%(refname:strip=2) %(taggerdate:unix) %(committerdate:unix) %(*committerdate:unix)";
    let listed = git(here, &["for-each-ref", format, "refs/tags"])?;
    let time = |line: &str| {
        let mut words = line.split_whitespace();
        let tag = words.next()?;
        let latest = words.filter_map(|word| word.parse::<i64>().ok()).max()?;
        Some((tag.to_owned(), latest))
    };
    Ok(listed.lines().filter_map(time).collect())
}

/// Runs `git` where no repository of the user's has a say, and asks nobody for passwords.
fn git(folder: &Path, arguments: &[&str]) -> Result<String, Trouble> {
    let mut command = Command::new("git");
    for name in [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
    ] {
        command.env_remove(name);
    }
    let output = command
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C")
        .env("GIT_TERMINAL_PROMPT", "0")
        // A line that has gone dead ends after half a minute.
        .env("GIT_HTTP_LOW_SPEED_LIMIT", "1")
        .env("GIT_HTTP_LOW_SPEED_TIME", "30")
        .stdin(Stdio::null())
        .output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let mut lines = said.lines().filter(|line| !line.trim().is_empty());
    let line = lines.find(|line| line.starts_with("fatal:") || line.starts_with("error:"));
    let line = line
        .or_else(|| said.lines().next())
        .unwrap_or("git said nothing");
    let plain = line.chars().filter(|letter| !letter.is_control());
    Err(Trouble::Said(plain.collect()))
}
