//! Verdicts to people and to programs.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::commands::Terminal;
use crate::commands::apply::{Mode, Outcome};
use crate::diagnostics::Diagnostics;
use crate::drift::{Cause, Change, Verdict, hunks};
use crate::report::{self, Color, Format};
use crate::source::Sources;

/// Grows when a field changes its meaning or goes away.
const VERSION: u32 = 1;

/// So many lines of a file's difference are shown; `cicd diff` has them all.
const MAX_LINES: usize = 60;

/// Tells what has drifted in each project.
pub(super) fn tell(terminal: &mut Terminal<'_>, outcomes: &[Outcome]) -> io::Result<()> {
    match terminal.format {
        Format::Json => to_programs(terminal.out, outcomes),
        Format::Text => to_people(terminal.out, terminal.color, outcomes),
        Format::Markdown => {
            writeln!(
                terminal.out,
                "## Generated files\n\n{}.\n",
                conclusion(outcomes)
            )?;
            findings(terminal.out, terminal.format, outcomes)
        }
        format => findings(terminal.out, format, outcomes),
    }
}

fn findings(out: &mut dyn Write, format: Format, outcomes: &[Outcome]) -> io::Result<()> {
    let (mut all, mut sources) = (Diagnostics::new(), Sources::new());
    for outcome in outcomes {
        let (found, texts) = outcome.findings(Mode::Check);
        let by = sources.append(texts);
        all.extend(found.into_iter().map(|one| one.moved(by)));
    }
    report::write(out, format, Color::Never, &all, &sources, &[])
}

/// First what it means, then the lines.
fn to_people(out: &mut dyn Write, color: Color, outcomes: &[Outcome]) -> io::Result<()> {
    for outcome in outcomes {
        for (verdict, change) in outcome.verdicts() {
            if let Some(said) = verdict.diagnostic() {
                report::write_one(out, color, &said, &Sources::new())?;
                lines(out, &verdict, change)?;
            }
        }
        if outcome.interrupted {
            writeln!(
                out,
                "an earlier run was interrupted; `cicd generate` clears up after it"
            )?;
        }
    }
    writeln!(out, "{}", conclusion(outcomes))
}

/// The lines that differ, of a file whose difference is not told in a word.
fn lines(out: &mut dyn Write, verdict: &Verdict, change: Option<&Change>) -> io::Result<()> {
    let tells = match verdict.cause {
        Cause::Edited | Cause::ManifestChanged | Cause::GeneratorChanged | Cause::PinsChanged => {
            change
        }
        _ => None,
    };
    let Some(change) = tells else { return Ok(()) };
    let hunks = hunks(change, verdict.tells_an_edit());
    for line in hunks.lines().take(MAX_LINES) {
        writeln!(out, "{line}")?;
    }
    match hunks.lines().count().saturating_sub(MAX_LINES) {
        0 => {}
        more => writeln!(out, "… {more} more lines, which `cicd diff` shows")?,
    }
    writeln!(out)
}

/// How many files have drifted, and by what.
fn conclusion(outcomes: &[Outcome]) -> String {
    let verdicts = outcomes.iter().flat_map(Outcome::verdicts);
    let verdicts: Vec<_> = verdicts.map(|(verdict, _)| verdict).collect();
    let drifted: Vec<_> = verdicts.iter().filter(|one| one.is_error()).collect();
    if drifted.is_empty() {
        return match verdicts.len() {
            1 => "1 file is as generated".to_owned(),
            all => format!("{all} files are as generated"),
        };
    }
    let mut causes: BTreeMap<&str, usize> = BTreeMap::new();
    for one in &drifted {
        *causes.entry(one.cause.as_str()).or_default() += 1;
    }
    let causes: Vec<_> = causes
        .iter()
        .map(|(cause, many)| format!("{many} {cause}"))
        .collect();
    let has = if drifted.len() == 1 { "has" } else { "have" };
    format!(
        "{} of {} files {has} drifted: {}",
        drifted.len(),
        verdicts.len(),
        causes.join(", ")
    )
}

#[derive(Serialize)]
struct Document {
    version: u32,
    files: Vec<FileView>,
}

#[derive(Serialize)]
struct FileView {
    path: String,
    cause: &'static str,
    severity: &'static str,
    /// What mends it.
    remedy: Option<String>,
    /// Whether `changes` tell what somebody did, or what generating would do.
    tells: &'static str,
    changes: Vec<String>,
}

fn to_programs(out: &mut dyn Write, outcomes: &[Outcome]) -> io::Result<()> {
    let files = outcomes.iter().flat_map(|outcome| {
        let verdicts = outcome.verdicts().into_iter();
        verdicts.map(|(verdict, _)| FileView {
            path: outcome.spoken.path(&verdict.path),
            cause: verdict.cause.as_str(),
            severity: verdict.cause.severity().as_str(),
            tells: if verdict.tells_an_edit() {
                "edit"
            } else {
                "generate"
            },
            changes: verdict.changes.lines,
            remedy: verdict.remedy,
        })
    });
    let document = Document {
        version: VERSION,
        files: files.collect(),
    };
    serde_json::to_writer(&mut *out, &document)?;
    writeln!(out)
}
