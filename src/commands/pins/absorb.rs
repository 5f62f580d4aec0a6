//! `pins absorb`: what somebody moved in a generated workflow, into the pins file.

use std::path::PathBuf;

use super::update::{Raise, tell_programs};
use super::{plan, read, say};
use crate::commands::apply::{self, Mode, Outcome, apply};
use crate::commands::disk::Repository;
use crate::commands::outcome::{Patch, tell};
use crate::commands::{Failure, Status, Terminal};
use crate::diagnostics::{Diagnostic, Diagnostics, nearest};
use crate::lock::{LOCK_PATH, Lock};
use crate::pins::{Absorbed, Moved, absorb};
use crate::render::{FileKind, RenderedFile};
use crate::report::Format;
use crate::source::{SourceId, Sources};

/// What `pins absorb` is asked to do.
#[derive(Debug)]
pub struct Options {
    /// The manifest.
    pub manifest: PathBuf,
    /// The workflows to look at; all that are generated if there are none.
    pub files: Vec<String>,
}

/// Absorbs: all that moved, or nothing.
pub fn run(options: &Options, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    let mut planned = plan(&options.manifest, terminal)?;
    let pins = planned.pins_on_disk(planned.manifest.pins);
    if planned.report.diagnostics.has_errors() {
        return Err(Failure::Reported(Box::new(planned.report)));
    }
    let rendered = planned.render(&pins)?;
    let workflows: Vec<_> = rendered
        .iter()
        .filter(|file| is_asked(file, &options.files))
        .collect();
    for path in &options.files {
        if !workflows.iter().any(|file| file.path == *path) {
            return Err(unknown(path, &rendered).into());
        }
    }
    let repository = Repository::open(&planned.root)?;
    let (mut sources, mut said) = (Sources::new(), Diagnostics::new());
    let lock = lock(&repository, &mut sources, &mut said)?;
    let mut texts = Vec::new();
    for file in workflows {
        if let Some(id) = read(&repository, &file.path, &mut sources, &mut said)? {
            texts.push((file, id));
        }
    }
    if !said.is_empty() {
        return Err(Failure::new(said, sources));
    }
    let absorbed = match absorb(
        &outputs(&texts, lock.as_ref(), &sources),
        &pins,
        &planned.named(),
    ) {
        Ok(absorbed) => absorbed,
        Err(refused) => return Err(Failure::new(refused, sources)),
    };
    if absorbed.paths.is_empty() {
        if terminal.format == Format::Text {
            writeln!(terminal.out, "nothing was moved")?;
        } else {
            tell_programs(terminal.out, &[], false)?;
        }
        return Ok(Status::Clean);
    }
    let files = planned.render(&absorbed.pins)?;
    let request: apply::Options<'_> = planned.request(Mode::Write, &absorbed.paths);
    let outcome = apply(&planned.root, &files, &request)?;
    told(&absorbed, &outcome, &sources, terminal)?;
    Ok(outcome.status(Mode::Write))
}

fn told(
    absorbed: &Absorbed,
    outcome: &Outcome,
    sources: &Sources,
    terminal: &mut Terminal<'_>,
) -> Result<(), Failure> {
    let moves = absorbed.moves.iter();
    let raises: Vec<_> = moves.map(|(from, to)| Raise::moved(from, to)).collect();
    if terminal.format == Format::Text {
        for raise in &raises {
            writeln!(terminal.out, "{raise}")?;
        }
        tell(terminal, outcome, Mode::Write, Patch::Hidden)?;
    } else {
        tell_programs(terminal.out, &raises, outcome.written)?;
    }
    Ok(say(terminal, &absorbed.remarks, sources)?)
}

fn outputs<'o>(
    texts: &[(&'o RenderedFile, SourceId)],
    lock: Option<&Lock>,
    sources: &'o Sources,
) -> Vec<Moved<'o>> {
    let output = |(file, id): &(&'o RenderedFile, SourceId)| {
        let written = lock.and_then(|lock| lock.outputs.get(&file.path));
        Some(Moved {
            path: &file.path,
            text: (*id, sources.get(*id)?),
            written: written.map(|output| output.text),
            rendered: &file.text,
        })
    };
    texts.iter().filter_map(output).collect()
}

fn lock(
    repository: &Repository,
    sources: &mut Sources,
    said: &mut Diagnostics,
) -> Result<Option<Lock>, Failure> {
    let Some(id) = read(repository, LOCK_PATH, sources, said)? else {
        return Ok(None);
    };
    let parsed = sources.get(id).map(|source| Lock::parse(source, id));
    Ok(parsed.and_then(|parsed| parsed.map_err(|problems| said.extend(problems)).ok()))
}

fn is_asked(file: &RenderedFile, asked: &[String]) -> bool {
    file.kind == FileKind::Workflow && (asked.is_empty() || asked.contains(&file.path))
}

fn unknown(path: &str, rendered: &[RenderedFile]) -> Diagnostic {
    let message = format!(
        "`{}` is no workflow that is generated here",
        path.escape_debug()
    );
    let error = Diagnostic::error("absorb", message);
    let workflows = rendered
        .iter()
        .filter(|file| file.kind == FileKind::Workflow);
    match nearest(path, workflows.map(|file| file.path.as_str())) {
        Some(meant) => error.help(format!("did you mean `{meant}`?")),
        None => {
            error.help("name it from the repository's root, such as `.github/workflows/ci.yml`")
        }
    }
}
