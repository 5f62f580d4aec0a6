//! What was done to the files, or would be, told to people and to programs.

use std::io::{self, Write};

use serde::Serialize;

use crate::commands::Terminal;
use crate::commands::apply::{Mode, Outcome};
use crate::drift::{Change, ChangeKind, Spoken, write_patch};
use crate::report::{self, Color, Format};
use crate::source::Sources;

/// Grows when a field changes its meaning or goes away.
const VERSION: u32 = 1;

/// Whether the changes are shown line by line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patch {
    /// Names only.
    Hidden,
    /// With a unified diff.
    Shown,
}

/// Tells an outcome: what happens to which file, and why some are left alone.
pub fn tell(
    terminal: &mut Terminal<'_>,
    outcome: &Outcome,
    mode: Mode,
    patch: Patch,
) -> io::Result<()> {
    match terminal.format {
        Format::Json => tell_programs(terminal.out, outcome, patch),
        Format::Text => {
            tell_people(terminal.out, outcome, mode, patch)?;
            // In this order on a terminal, where both streams meet.
            terminal.out.flush()?;
            let mut messages = outcome.refusals();
            messages.extend(outcome.advice());
            terminal.report(&messages, &Sources::new())
        }
        Format::Oneline | Format::Sarif | Format::Github | Format::Junit | Format::Markdown => {
            let (findings, sources) = outcome.findings(mode);
            let (format, color) = (terminal.format, Color::Never);
            report::write(terminal.out, format, color, &findings, &sources, &[])
        }
    }
}

fn tell_people(out: &mut dyn Write, outcome: &Outcome, mode: Mode, patch: Patch) -> io::Result<()> {
    let upgrade = outcome.upgrade();
    if let Some((from, to)) = &upgrade {
        writeln!(out, "{to} writes some files differently than {from} did:")?;
    }
    for change in &outcome.changes {
        tell_change(out, change, patch, upgrade.is_some())?;
    }
    if patch == Patch::Shown {
        write_patches(out, &outcome.changes, &outcome.spoken.folder)?;
    }
    if outcome.interrupted && mode == Mode::Check {
        writeln!(
            out,
            "an earlier run was interrupted; `cicd generate` clears up after it"
        )?;
    }
    writeln!(out, "{}", conclusion(outcome, mode))
}

/// Says what happens to one file; what that means, only to who wants to see the lines or
/// did not change anything: but rights never rise silently.
fn tell_change(
    out: &mut dyn Write,
    change: &Change,
    patch: Patch,
    upgraded: bool,
) -> io::Result<()> {
    let (kind, path) = (change.kind, &change.path);
    if kind.writes() {
        writeln!(out, "{} {path}", kind.as_str())?;
    } else if kind == ChangeKind::Layout {
        writeln!(out, "kept {path} (only its layout differs)")?;
    } else if kind.is_refused() && patch == Patch::Shown {
        writeln!(
            out,
            "refused {path} ({}); writing it would mean:",
            kind.as_str()
        )?;
    }
    let lines = match patch {
        Patch::Shown => &change.summary.lines,
        Patch::Hidden if upgraded && kind.writes() => &change.summary.lines,
        Patch::Hidden if kind.writes() => &change.summary.grave,
        Patch::Hidden => return Ok(()),
    };
    lines.iter().try_for_each(|line| writeln!(out, "  {line}"))
}

/// Writes all diffs as one patch, with paths that begin with `folder`.
pub fn write_patches(out: &mut dyn Write, changes: &[Change], folder: &str) -> io::Result<()> {
    let shown = |change: &&Change| change.kind != ChangeKind::Layout;
    let mut changes = changes.iter().filter(shown);
    changes.try_for_each(|change| write_patch(change, folder, out))
}

fn conclusion(outcome: &Outcome, mode: Mode) -> String {
    let count = |wanted: fn(ChangeKind) -> bool| {
        outcome
            .changes
            .iter()
            .filter(|change| wanted(change.kind))
            .count()
    };
    let (changed, refused) = (count(ChangeKind::writes), count(ChangeKind::is_refused));
    if refused > 0 && mode == Mode::Write {
        return format!(
            "nothing was written, because {} not ours to change",
            files(refused, "is", "are")
        );
    }
    if outcome.is_clean() {
        let ours = count(|kind| kind != ChangeKind::Theirs);
        return format!("{} up to date", files(ours, "is", "are"));
    }
    match (mode, changed + refused) {
        (Mode::Check, 0) => "the lock is behind; `cicd generate` writes it".to_owned(),
        (Mode::Check, drifted) => {
            let remedy = match refused {
                0 => "`cicd generate` mends it",
                _ => "`cicd generate` refuses until the errors above are settled",
            };
            let drifted = files(drifted, "differs", "differ");
            format!("{drifted} from the manifest; {remedy}")
        }
        (Mode::Write, 0) => "the lock was written; all files were up to date".to_owned(),
        (Mode::Write, _) => format!("{} changed", files(changed, "was", "were")),
    }
}

fn files(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 file {one}"),
        _ => format!("{count} files {many}"),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    written: bool,
    lock_changes: bool,
    changes: Vec<ChangeView<'a>>,
}

#[derive(Serialize)]
struct ChangeView<'a> {
    path: &'a str,
    change: &'static str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    summary: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    generator: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    patch: Option<String>,
}

fn tell_programs(out: &mut dyn Write, outcome: &Outcome, patch: Patch) -> io::Result<()> {
    let changes = outcome.changes.iter();
    let document = Document {
        version: VERSION,
        written: outcome.written,
        lock_changes: outcome.lock_changes,
        changes: changes
            .map(|change| view(change, patch, &outcome.spoken))
            .collect::<io::Result<_>>()?,
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn view<'c>(change: &'c Change, patch: Patch, spoken: &Spoken) -> io::Result<ChangeView<'c>> {
    let said = change.refusal(spoken).or_else(|| change.advised());
    let mut bytes = Vec::new();
    if patch == Patch::Shown {
        write_patch(change, "", &mut bytes)?;
    }
    Ok(ChangeView {
        path: &change.path,
        change: change.kind.as_str(),
        summary: &change.summary.lines,
        generator: match change.kind {
            ChangeKind::Foreign(generator) => generator,
            _ => None,
        },
        message: said.as_ref().map(|said| said.message.clone()),
        help: said.and_then(|said| said.help),
        patch: (!bytes.is_empty()).then(|| String::from_utf8_lossy(&bytes).into_owned()),
    })
}

#[cfg(test)]
mod tests;
