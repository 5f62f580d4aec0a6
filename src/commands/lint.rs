//! `lint`: findings in workflows and actions, whoever wrote them.

use std::io::Read;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::commands::{Failure, Status, Terminal};
use crate::diagnostics::{self, Diagnostic, Diagnostics, Severity};
use crate::lint::{self, FileKind};
use crate::report;
use crate::source::Sources;

/// What to lint.
#[derive(Debug)]
pub struct Options {
    /// Files and folders; a folder stands for the workflows and actions of its repository.
    pub paths: Vec<PathBuf>,
    /// The name under which standard input is read, for the path `-`.
    pub stdin_name: Option<String>,
    /// Groups and rules to tell of; all if there are none.
    pub select: Vec<String>,
}

/// Lints files and tells what is found.
pub fn run(options: &Options, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    let mut sources = Sources::new();
    let mut found = Diagnostics::new();
    for path in &options.paths {
        if path.as_os_str() == "-" {
            let name = options
                .stdin_name
                .as_deref()
                .unwrap_or(".github/workflows/stdin.yml");
            let mut bytes = Vec::new();
            let read = std::io::stdin().lock().read_to_end(&mut bytes);
            read.map_err(|error| Failure::disk("read", "standard input", &error))?;
            file(name, bytes, &mut sources, &mut found);
            continue;
        }
        for path in files(path)? {
            let shown = path.display().to_string();
            match std::fs::read(&path) {
                Ok(bytes) => file(&shown, bytes, &mut sources, &mut found),
                Err(error) => return Err(Failure::disk("read", &shown, &error)),
            }
        }
    }
    let selected = |one: &Diagnostic| {
        options.select.is_empty()
            || options
                .select
                .iter()
                .any(|word| word == one.code || word == "correctness")
    };
    let found: Diagnostics = found.into_iter().filter(selected).collect();
    report::write(
        terminal.out,
        terminal.format,
        report::Color::Always,
        &found,
        &sources,
    )?;
    let weighs = found.iter().any(|one| one.severity != Severity::Note);
    Ok(if weighs {
        Status::Changed
    } else {
        Status::Clean
    })
}

fn file(name: &str, bytes: Vec<u8>, sources: &mut Sources, found: &mut Diagnostics) {
    let kind = FileKind::of(&name.replace('\\', "/")).unwrap_or(FileKind::Workflow);
    match diagnostics::load(sources, name, bytes) {
        Ok(id) => {
            if let Some(source) = sources.get(id) {
                found.extend(lint::lint(source, id, kind));
            }
        }
        Err(refused) => found.push(*refused),
    }
}

/// The files that a path stands for, sorted.
fn files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        if path.exists() {
            return Ok(vec![path.to_owned()]);
        }
        let shown = path.display();
        let missing = Diagnostic::error("no-such-file", format!("there is no file `{shown}`"));
        return Err(missing
            .help("name a workflow file, or a folder with some")
            .into());
    }
    let walk = WalkDir::new(path).sort_by_file_name().into_iter();
    let walk = walk.filter_entry(|entry| {
        // What others wrote lies in such folders.
        !matches!(
            entry.file_name().to_str(),
            Some(".git" | "node_modules" | "target")
        )
    });
    let mut known = Vec::new();
    let mut other = Vec::new();
    for entry in walk.flatten().filter(|entry| entry.file_type().is_file()) {
        let path = entry.into_path();
        let slashed = path.to_string_lossy().replace('\\', "/");
        if FileKind::of(&slashed).is_some() {
            known.push(path);
        } else if slashed.ends_with(".yml") || slashed.ends_with(".yaml") {
            other.push(path);
        }
    }
    // A folder with nothing that lies where GitHub looks is one of workflows themselves.
    Ok(if known.is_empty() { other } else { known })
}
