//! Runs ShellCheck over the scripts of workflows.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use serde::Deserialize;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::lint::{Remark, ShellScript};

/// What came of it.
pub(super) enum Checked {
    /// It has run.
    Done(Diagnostics),
    /// It is not installed.
    Absent,
    /// It has failed, for this reason.
    Failed(String),
}

/// Scripts that one process reads at most: a command line has an end.
const MAX_FILES: usize = 200;

/// Lets ShellCheck read scripts, in as many processes as there are cores.
pub(super) fn check(scripts: &[ShellScript]) -> Checked {
    if scripts.is_empty() {
        return Checked::Done(Diagnostics::new());
    }
    match run(scripts) {
        Ok(found) => Checked::Done(found),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Checked::Absent,
        Err(error) => Checked::Failed(error.to_string()),
    }
}

fn run(scripts: &[ShellScript]) -> io::Result<Diagnostics> {
    let folder = tempfile::tempdir()?;
    for (number, script) in scripts.iter().enumerate() {
        std::fs::write(folder.path().join(number.to_string()), &script.text)?;
    }
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let size = scripts.len().div_ceil(cores).clamp(1, MAX_FILES);
    let numbers: Vec<_> = (0..scripts.len()).collect();
    let mut found = Diagnostics::new();
    let parts: Vec<_> = numbers.chunks(size).collect();
    for parts in parts.chunks(cores) {
        let told: Vec<_> = thread::scope(|scope| {
            let started: Vec<_> = parts
                .iter()
                .map(|part| scope.spawn(|| process(folder.path(), part)))
                .collect();
            let ended = started.into_iter().map(|thread| thread.join());
            ended
                .map(|told| told.unwrap_or_else(|_| Err(io::Error::other("it broke off"))))
                .collect()
        });
        for told in told {
            for comment in told?.comments {
                let script = comment
                    .file
                    .parse()
                    .ok()
                    .and_then(|at: usize| scripts.get(at));
                found.extend(script.and_then(|script| script.finding(&comment.remark())));
            }
        }
    }
    Ok(found)
}

fn process(folder: &Path, numbers: &[usize]) -> io::Result<Told> {
    // No settings of whoever runs it: the same findings everywhere.
    let output = Command::new("shellcheck")
        .args(["--norc", "--format=json1", "--"])
        .args(numbers.iter().map(usize::to_string))
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()?;
    serde_json::from_slice(&output.stdout).map_err(|_| {
        let said = String::from_utf8_lossy(&output.stderr);
        let line = said.lines().next().unwrap_or("it said nothing");
        io::Error::other(line.to_owned())
    })
}

/// What it writes.
#[derive(Deserialize)]
struct Told {
    comments: Vec<Comment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Comment {
    file: String,
    line: u32,
    end_line: u32,
    column: u32,
    end_column: u32,
    level: String,
    code: u32,
    message: String,
}

impl Comment {
    fn remark(self) -> Remark {
        Remark {
            code: self.code,
            level: self.level,
            message: self.message,
            start: [self.line, self.column],
            end: [self.end_line, self.end_column],
        }
    }
}

/// Says to whoever asked for it that it is not there, or has failed.
pub(super) fn unavailable(checked: &Checked) -> Option<Diagnostic> {
    match checked {
        Checked::Done(_) => None,
        Checked::Absent => Some(
            Diagnostic::warning("script-shell", "`shellcheck` is not installed")
                .note("`script-shell` tells what it finds in scripts")
                .help("install ShellCheck, version 0.7 or newer, and see that it is on the `PATH`"),
        ),
        Checked::Failed(reason) => Some(
            Diagnostic::warning("script-shell", format!("`shellcheck` has failed: {reason}"))
                .help("install ShellCheck of version 0.7 or newer, or write `--no-shellcheck`"),
        ),
    }
}
