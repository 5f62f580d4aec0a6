//! `lint`: findings in workflows and actions, whoever wrote them.

pub mod baseline;
mod fix;
mod found;
mod import;
mod input;
mod load;
mod named;
mod settings;
mod shellcheck;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::commands::{Failure, Status, Terminal, project};
use crate::diagnostics::{Diagnostic, Diagnostics, Severity, nearest};
use crate::lint::{self, File, Group, Rule};
use crate::parallel;
use crate::report::{self, Color, Described, Format};
use crate::source::Sources;

use crate::commands::lint::load::Loaded;
use crate::commands::lint::shellcheck::Checked;

pub use fix::Fixes;

/// What to lint.
#[derive(Debug)]
pub struct Options {
    /// Files and folders; a folder stands for its workflows and actions. Without any, the
    /// repository.
    pub paths: Vec<PathBuf>,
    /// The name under which standard input is read, for the path `-`.
    pub stdin_name: Option<String>,
    /// Groups and rules to tell of; all but those of policy if there are none.
    pub select: Vec<String>,
    /// Groups and rules not to tell of.
    pub ignore: Vec<String>,
    /// The fixes to make, if any.
    pub fix: Option<Fixes>,
    /// The file with known findings, and what to do with it.
    pub baseline: Option<(PathBuf, baseline::Task)>,
    /// Whether to print the settings of other linters as ours instead.
    pub import_config: bool,
    /// Whether ShellCheck may read scripts, if it is installed.
    pub shellcheck: bool,
}

/// Lints files and tells what is found.
pub fn run(options: &Options, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    if options.import_config {
        return import::run(&options.paths, terminal);
    }
    known(&options.select, terminal)?;
    known(&options.ignore, terminal)?;
    let mut inputs = found::inputs(&options.paths, options.stdin_name.as_deref())?;
    if inputs.is_empty() {
        say(terminal, &nothing(), &Sources::new())?;
    }
    let mut asked = lint::settings::Options {
        settings: BTreeMap::new(),
        select: options.select.clone(),
        ignore: options.ignore.clone(),
    };
    // In the order of the inputs, which is that of what is said of them.
    let mut seen = BTreeSet::new();
    let all = inputs.iter().filter(|input| input.may_be_configured);
    let all = all.map(|input| input.repository.as_str());
    let repositories: Vec<_> = all.filter(|repository| seen.insert(*repository)).collect();
    let read = parallel::map(&repositories, |repository| settings::Read::of(repository));
    let mut manifests = Vec::new();
    for (repository, read) in repositories.into_iter().zip(read) {
        let read = read?;
        say(terminal, &read.odd, &read.sources)?;
        if read.has_manifest {
            manifests.push(repository.to_owned());
        }
        asked.settings.insert(repository.to_owned(), read.settings);
    }
    inputs.retain_mut(|input| {
        let settings = asked.settings.get(&input.repository);
        let Some(settings) = settings.filter(|settings| !settings.ignore.is_empty()) else {
            return true;
        };
        // What is not to be linted may yet be called by what is.
        input.with_others = false;
        !settings.ignores(&input.path)
    });
    let mut loaded = load::read(inputs);
    loaded.read_neighbours();
    loaded.read_named();
    // Where texts change, what another program says of their lines would be stale.
    let reads_scripts = options.shellcheck && options.fix.is_none();
    let others = match reads_scripts && wants_shellcheck(&options.select) {
        true => shells(&options.select, &loaded.sources, &loaded.files, terminal)?,
        false => Diagnostics::new(),
    };
    let (mut found, changed) = find(&mut loaded, options.fix, &asked, others, terminal)?;
    if let Some((path, task)) = &options.baseline {
        let asked = (path.as_path(), *task);
        found = baseline::apply(asked, found, &loaded.sources, &loaded.files, terminal)?;
    }
    if options.select.is_empty() && options.paths.iter().all(|path| path.is_dir()) {
        manifests.sort();
        for repository in &manifests {
            found.extend(manifest(repository, &mut loaded.sources)?);
        }
        found.sort();
    }
    let rules: &[&Rule] = match terminal.format.describes() {
        true => lint::all(),
        false => &[],
    };
    // Where the text itself is what was asked for, findings go beside it.
    let beside = options
        .fix
        .is_some_and(|fixes| fixes.diff || loaded.stdin.is_some());
    report::write(
        if beside { terminal.err } else { terminal.out },
        terminal.format,
        if beside {
            Color::Always
        } else {
            terminal.color
        },
        &found,
        &loaded.sources,
        &described(rules),
    )?;
    let weighs = found.iter().any(|one| one.severity != Severity::Note);
    // The program ends here, and giving back thousands of texts one by one takes its time.
    std::mem::forget((loaded, found));
    Ok(if weighs || changed > 0 {
        Status::Changed
    } else {
        Status::Clean
    })
}

/// What is wrong with the manifest of a repository.
fn manifest(repository: &str, sources: &mut Sources) -> Result<Diagnostics, Failure> {
    let path = Path::new(repository).join(settings::MANIFEST);
    match project::load(&path) {
        Ok(_) => Ok(Diagnostics::new()),
        Err(Failure::Reported(report)) => {
            let by = sources.append(report.sources);
            let wrong = report.diagnostics.into_iter();
            let wrong = wrong.filter(|one| one.severity == Severity::Error);
            Ok(wrong.map(|one| one.moved(by)).collect())
        }
        Err(other) => Err(other),
    }
}

/// Lints, beside what `others` found, and perhaps fixes; returns what is to be told, and in how
/// many files something changed.
fn find(
    loaded: &mut Loaded,
    fixes: Option<Fixes>,
    asked: &lint::settings::Options,
    others: Diagnostics,
    terminal: &mut Terminal<'_>,
) -> Result<(Diagnostics, usize), Failure> {
    let Loaded {
        sources,
        files,
        stdin,
        refused,
        ..
    } = loaded;
    let (mut found, changed) = match fixes {
        None => (lint::lint_for(sources, files, asked, others), 0),
        Some(fixes) => {
            let (found, changed) = fix::run(sources, files, asked, fixes, *stdin, terminal)?;
            (lint::weigh(found, files, asked), changed)
        }
    };
    if !refused.is_empty() {
        let (unread, wrong): (Vec<_>, Vec<_>) = std::mem::take(refused).into_iter().unzip();
        let wrong = wrong.into_iter().map(lint::refused).collect();
        found.extend(lint::weigh(wrong, &unread, asked));
        files.extend(unread);
        found.sort();
    }
    Ok((found, changed))
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
    say(terminal, &told.into_iter().collect(), &Sources::new())?;
    Ok(match checked {
        Checked::Done(found) => found,
        Checked::Absent | Checked::Failed(_) => Diagnostics::new(),
    })
}

/// Says what people should know besides the findings.
fn say(terminal: &mut Terminal<'_>, said: &Diagnostics, sources: &Sources) -> std::io::Result<()> {
    let (format, color) = (Format::Text, Color::Always);
    report::write(terminal.err, format, color, said, sources, &[])
}

fn nothing() -> Diagnostics {
    Diagnostic::warning("nothing-to-lint", "there are no workflows or actions here")
        .help("name files, or a folder with `.github/workflows`")
        .into()
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
    let all = settings::names();
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
    say(terminal, &told, &Sources::new())?;
    Ok(())
}
