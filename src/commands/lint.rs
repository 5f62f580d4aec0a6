//! `lint`: findings in workflows and actions, whoever wrote them.

mod fix;

use std::io::Read;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::commands::{Failure, Status, Terminal};
use crate::diagnostics::{self, Diagnostic, Diagnostics, Severity, nearest};
use crate::lint::{self, File, FileKind, Group, Rule};
use crate::report::{self, Described};
use crate::source::{SourceId, Sources};

pub use fix::Fixes;

/// What to lint.
#[derive(Debug)]
pub struct Options {
    /// Files and folders; a folder stands for the workflows and actions of its repository.
    pub paths: Vec<PathBuf>,
    /// The name under which standard input is read, for the path `-`.
    pub stdin_name: Option<String>,
    /// Groups and rules to tell of; all but policies if there are none.
    pub select: Vec<String>,
    /// The fixes to make, if any.
    pub fix: Option<Fixes>,
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
    load.neighbours();
    let Load {
        mut sources,
        files,
        stdin,
        mut refused,
    } = load;
    let rules = lint::all();
    let selected = |one: &Diagnostic| {
        let rule = rules.iter().find(|rule| rule.id == one.code);
        let group = rule.map_or(Group::Correctness, |rule| rule.group);
        let named = |word: &String| word == one.code || word == group.as_str();
        options.select.iter().any(named) || options.select.is_empty() && group.is_default()
    };
    let mut changed = 0;
    match options.fix {
        None => refused.extend(lint::lint(&sources, &files)),
        Some(fixes) => {
            let (found, count) = fix::run(&mut sources, &files, fixes, stdin, &selected, terminal)?;
            refused.extend(found);
            changed = count;
        }
    }
    let found: Diagnostics = refused.into_iter().filter(selected).collect();
    // Where the text itself is what was asked for, findings go beside it.
    let beside = options
        .fix
        .is_some_and(|fixes| fixes.diff || stdin.is_some());
    report::write(
        if beside { terminal.err } else { terminal.out },
        terminal.format,
        report::Color::Always,
        &found,
        &sources,
        &described(&rules),
    )?;
    let weighs = found.iter().any(|one| one.severity != Severity::Note);
    Ok(if weighs || changed > 0 {
        Status::Changed
    } else {
        Status::Clean
    })
}

/// Says of the rules what reports tell of them.
fn described<'r>(rules: &[&'r Rule]) -> Vec<Described<'r>> {
    let described = rules.iter().map(|rule| Described {
        id: rule.id,
        severity: rule.severity,
        group: rule.group.as_str(),
        security: rule.group == Group::Security,
        finds: rule.finds,
        why: rule.why,
        examples: [("Found", rule.bad), ("Fine", rule.good)]
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(caption, text)| (caption, text.concat()))
            .collect(),
    });
    described.collect()
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
        &[],
    )?;
    Ok(())
}

/// The files that were read so far.
#[derive(Default)]
struct Load {
    sources: Sources,
    files: Vec<File>,
    /// What was read from standard input.
    stdin: Option<SourceId>,
    /// What is wrong with files that are no text.
    refused: Diagnostics,
}

/// Where GitHub looks for workflows.
const WORKFLOWS: &str = ".github/workflows/";

impl Load {
    fn stdin(&mut self, name: &str) -> Result<(), Failure> {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut bytes);
        read.map_err(|error| Failure::disk("read", "standard input", &error))?;
        self.stdin = self.add(name, bytes, true);
        Ok(())
    }

    fn file(&mut self, path: &Path, wanted: bool) -> Result<(), Failure> {
        let shown = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| Failure::disk("read", &shown, &error))?;
        self.add(&shown, bytes, wanted);
        Ok(())
    }

    fn add(&mut self, name: &str, bytes: Vec<u8>, wanted: bool) -> Option<SourceId> {
        let slashed = name.replace('\\', "/");
        let (repository, path) = match slashed.find(WORKFLOWS) {
            Some(at) => slashed.split_at(at),
            None => ("", slashed.as_str()),
        };
        match diagnostics::load(&mut self.sources, name, bytes) {
            Ok(id) => {
                self.files.push(File {
                    id,
                    kind: FileKind::of(&slashed).unwrap_or(FileKind::Workflow),
                    repository: repository.trim_start_matches("./").to_owned(),
                    path: path.trim_start_matches("./").to_owned(),
                    wanted,
                });
                Some(id)
            }
            Err(refused) => {
                self.refused.push(*refused);
                None
            }
        }
    }

    /// Reads the other workflows of the repositories, which those to lint may call.
    fn neighbours(&mut self) {
        let mut folders: Vec<_> = self
            .files
            .iter()
            .filter(|file| file.path.starts_with(WORKFLOWS))
            .map(|file| file.repository.clone())
            .collect();
        folders.sort();
        folders.dedup();
        for repository in folders {
            let folder = Path::new(&repository).join(WORKFLOWS);
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            for path in entries.map(|entry| entry.path()) {
                let slashed = path.to_string_lossy().replace('\\', "/");
                let path_within = slashed.strip_prefix(&repository).unwrap_or(&slashed);
                let known = self
                    .files
                    .iter()
                    .any(|file| file.repository == repository && file.path == path_within);
                if !known && FileKind::of(&slashed) == Some(FileKind::Workflow) {
                    // One that cannot be read is as good as none.
                    let _ = self.file(&path, false);
                }
            }
        }
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
