//! `lint`: findings in workflows and actions, whoever wrote them.

mod load;
mod shellcheck;

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::commands::lint::load::Load;
use crate::commands::lint::shellcheck::Checked;
use crate::commands::{Failure, Status, Terminal};
use crate::diagnostics::{Diagnostic, Diagnostics, Severity, nearest};
use crate::lint::{self, File, FileKind, Group};
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
    /// Whether ShellCheck may read scripts, if it is installed.
    pub shellcheck: bool,
}

/// Lints files and tells what is found.
pub fn run(options: &Options, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    known(&options.select, terminal)?;
    let mut load = Load::default();
    for path in &options.paths {
        if path.as_os_str() == "-" {
            let name = options.stdin_name.as_deref();
            load.stdin(name.unwrap_or(".github/workflows/stdin.yml"))?;
            continue;
        }
        for path in files(path)? {
            load.file(&path, true)?;
        }
    }
    load.rest();
    let Load {
        sources,
        files,
        mut refused,
        ..
    } = load;
    refused.extend(lint::lint(&sources, &files));
    if options.shellcheck && wants_shellcheck(&options.select) {
        refused.extend(shells(&options.select, &sources, &files, terminal)?);
        refused.sort_and_dedup();
    }
    let rules = lint::all();
    let selected = |one: &Diagnostic| {
        let rule = rules.iter().find(|rule| rule.id == one.code);
        let group = rule.map_or("correctness", |rule| rule.group.as_str());
        let named = |word: &String| word == one.code || word == group;
        match options.select.as_slice() {
            [] => group != Group::Policy.as_str(),
            names => names.iter().any(named),
        }
    };
    let found: Diagnostics = refused.into_iter().filter(selected).collect();
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

/// The rule of what ShellCheck finds, and its group.
const SCRIPTS: [&str; 2] = ["script-shell", "correctness"];

fn wants_shellcheck(select: &[String]) -> bool {
    let is_named = |name: &String| SCRIPTS.contains(&name.as_str());
    select.is_empty() || select.iter().any(is_named)
}

/// What ShellCheck finds; whoever asked for it by name is told if it is not there.
fn shells(
    select: &[String],
    sources: &Sources,
    files: &[File],
    terminal: &mut Terminal<'_>,
) -> Result<Diagnostics, Failure> {
    let checked = shellcheck::check(&lint::shell_scripts(sources, files));
    let is_asked = select.iter().any(|name| name == SCRIPTS[0]);
    let told = shellcheck::unavailable(&checked);
    let told = told.filter(|_| is_asked || matches!(checked, Checked::Failed(_)));
    report::write(
        terminal.err,
        report::Format::Text,
        report::Color::Always,
        &told.into_iter().collect(),
        &Sources::new(),
    )?;
    Ok(match checked {
        Checked::Done(found) => found,
        Checked::Absent | Checked::Failed(_) => Diagnostics::new(),
    })
}

/// Tells of names that are neither a group nor a rule; fails if there is no other.
fn known(names: &[String], terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let rules = lint::all().into_iter().map(|rule| rule.id);
    let all: Vec<_> = Group::ALL
        .iter()
        .map(|group| group.as_str())
        .chain(rules)
        .collect();
    let unknown = names.iter().filter(|name| !all.contains(&name.as_str()));
    let told: Diagnostics = unknown
        .map(|name| {
            let message = format!("`{name}` is neither a group nor a rule");
            let warning = Diagnostic::warning("unknown-rule", message);
            match nearest(name, all.iter().copied()) {
                Some(near) => warning.help(format!("write `{near}`")),
                None => warning.help("`cicd explain` lists all rules"),
            }
        })
        .collect();
    if !names.is_empty() && told.len() == names.len() {
        return Err(Failure::new(told, Sources::new()));
    }
    report::write(
        terminal.err,
        report::Format::Text,
        report::Color::Always,
        &told,
        &Sources::new(),
    )?;
    Ok(())
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
