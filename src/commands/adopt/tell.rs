//! What becomes of each workflow, told to people and to programs.

use std::io::{self, Write};

use serde::Serialize;

use super::judge::{Fate, Known, Own, Planned, What};
use super::proposal::Proposal;
use crate::commands::Terminal;
use crate::commands::apply::Outcome;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::lock::PINS_PATH;
use crate::report::{self, Color, Format};

/// Grows when a field changes its meaning or goes away.
const VERSION: u32 = 1;

/// How much of a hash is shown.
const SHOWN: usize = 12;

pub(super) fn tell(
    terminal: &mut Terminal<'_>,
    proposal: &Proposal,
    outcome: &Outcome,
) -> io::Result<()> {
    if terminal.format == Format::Json {
        return tell_programs(terminal.out, proposal, outcome);
    }
    let out = &mut *terminal.out;
    for fate in &proposal.fates {
        writeln!(out, "{}: {}", fate.path, said(fate))?;
        let planned = match &fate.what {
            What::Planned(planned) => planned,
            _ => match fate.differing() {
                Some(planned) => planned,
                None => continue,
            },
        };
        match fate.what {
            What::Own(_) => {
                writeln!(out, "  its shape is known; with `--accept-differences`,")?;
                show_offer(out, fate, planned)?;
            }
            _ => show_lines(out, &planned.differences)?,
        }
    }
    writeln!(out, "{}", conclusion(proposal, outcome))?;
    out.flush()?;
    let mut messages: Diagnostics = proposal.fates.iter().filter_map(reason).collect();
    if proposal.adopts() {
        messages.extend(outcome.refusals());
        messages.extend(outcome.advice());
    }
    let (format, color) = (Format::Text, Color::Always);
    report::write(
        terminal.err,
        format,
        color,
        &messages,
        &proposal.sources,
        &[],
    )
}

/// What the manifest would say for a known shape, and how the workflow would differ.
pub(super) fn show_offer(out: &mut dyn Write, fate: &Fate, planned: &Planned) -> io::Result<()> {
    writeln!(out, "  the manifest says{}", with_jobs(fate, planned))?;
    let indented = |line: &str| match line {
        "" => String::new(),
        line => format!("    {line}"),
    };
    let mut lines = planned.words.lines();
    lines.try_for_each(|line| writeln!(out, "{}", indented(line)))?;
    writeln!(out, "  and the workflow differs in this:")?;
    let mut lines = planned.differences.iter();
    lines.try_for_each(|line| writeln!(out, "    {line}"))
}

pub(super) fn show_lines(out: &mut dyn Write, lines: &[String]) -> io::Result<()> {
    lines.iter().try_for_each(|line| writeln!(out, "  {line}"))
}

/// What becomes of a file, with the proof that it stays what it is.
fn said(fate: &Fate) -> String {
    let tree = fate.tree.to_string();
    let proof = format!("the tree stays {}", &tree[..SHOWN.min(tree.len())]);
    match &fate.what {
        What::Planned(planned) if planned.differences.is_empty() => {
            format!(
                "structured, as the manifest plans it{}; {proof}",
                with_jobs(fate, planned)
            )
        }
        What::Planned(planned) => format!(
            "structured, as the manifest plans it{}, with these differences",
            with_jobs(fate, planned)
        ),
        What::Differs(_) => "refused: the manifest plans another one for this file".to_owned(),
        What::Own(own) if own.pinned.is_empty() => {
            let why = why(own);
            format!("verbatim, as `workflows.{}.own`; {proof}{why}", own.name)
        }
        What::Own(own) => format!(
            "structured, with the pins of {} in `{PINS_PATH}`, and the rest verbatim as `workflows.{}.own`; {proof}{}",
            own.pinned.join(", "),
            own.name,
            why(own)
        ),
        What::Foreign(generator) => {
            format!("left alone, since {generator} writes it; without its mark it would be yours")
        }
        What::Refused(refused) => format!("refused: {}", refused.message),
    }
}

/// Why a manifest does not say it in its own words.
fn why(own: &Own) -> String {
    match &own.known {
        Known::No(reason) => format!("; no known shape: {reason}"),
        Known::Yes(_) | Known::Unasked => String::new(),
    }
}

/// Which jobs of the file stay, and where.
fn with_jobs(fate: &Fate, planned: &Planned) -> String {
    if planned.jobs.is_empty() {
        return String::new();
    }
    let file = fate.path.rsplit('/').next().unwrap_or_default();
    let name = file.trim_end_matches(".yml");
    let jobs = planned.jobs.join(", ");
    format!(", with {jobs} under `workflows.{name}.jobs`")
}

fn reason(fate: &Fate) -> Option<Diagnostic> {
    match &fate.what {
        What::Refused(refused) => Some((**refused).clone()),
        What::Differs(_) => {
            let message = format!(
                "`{}` differs from what the manifest plans for it",
                fate.path
            );
            let error = Diagnostic::error("differs", message);
            Some(error.help(
                "take the planned one with `--accept-differences`, or rename the file and adopt it under its new name",
            ))
        }
        What::Planned(_) | What::Own(_) | What::Foreign(_) => None,
    }
}

fn conclusion(proposal: &Proposal, outcome: &Outcome) -> String {
    let count = |wanted: fn(&What) -> bool| {
        let fates = proposal.fates.iter();
        fates.filter(|fate| wanted(&fate.what)).count()
    };
    let adopted = count(What::is_adopted);
    let refused = count(What::is_refused);
    let foreign = count(|what| matches!(what, What::Foreign(_)));
    if proposal.fates.is_empty() {
        return "there is no workflow written by hand".to_owned();
    }
    let verb = match (adopted, outcome.written) {
        (0, _) => "nothing was written",
        (_, true) => "written",
        (_, false) => "nothing was written yet",
    };
    format!("{adopted} adopted, {refused} refused, {foreign} left to other generators; {verb}")
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    written: bool,
    manifest: &'a str,
    files: Vec<FileView<'a>>,
}

#[derive(Serialize)]
struct FileView<'a> {
    path: &'a str,
    /// `structured`, `verbatim`, `foreign` or `refused`.
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tree: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<String>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pins: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    jobs: &'a [String],
    /// `known`, or what stands in the way of being said in a manifest's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    shape: Option<&'a str>,
    /// What the manifest would say for a known shape.
    #[serde(skip_serializing_if = "Option::is_none")]
    says: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    differences: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    generator: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
}

fn tell_programs(out: &mut dyn Write, proposal: &Proposal, outcome: &Outcome) -> io::Result<()> {
    let files = proposal.fates.iter().map(|fate| view(fate, proposal));
    let document = Document {
        version: VERSION,
        written: outcome.written,
        manifest: &proposal.manifest_shown,
        files: files.collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn view<'a>(fate: &'a Fate, proposal: &Proposal) -> FileView<'a> {
    let reason = reason(fate);
    let place = reason.as_ref().and_then(|reason| reason.primary);
    let place = place.and_then(|place| proposal.sources.resolve(place));
    let mut view = FileView {
        path: &fate.path,
        result: "refused",
        tree: fate.what.is_adopted().then(|| fate.tree.to_string()),
        entry: None,
        pins: &[],
        jobs: &[],
        shape: None,
        says: None,
        differences: fate.differing().map_or(&[], |planned| &planned.differences),
        generator: None,
        message: reason.as_ref().map(|reason| reason.message.clone()),
        help: reason.and_then(|reason| reason.help),
        line: place.map(|(_, start, _)| start.line),
        column: place.map(|(_, start, _)| start.column),
    };
    match &fate.what {
        What::Planned(planned) => {
            view.result = "structured";
            view.differences = &planned.differences;
            view.jobs = &planned.jobs;
        }
        What::Differs(_) => {}
        What::Own(own) => {
            view.result = if own.pinned.is_empty() {
                "verbatim"
            } else {
                "structured"
            };
            view.entry = Some(format!("workflows.{}.own", own.name));
            view.pins = &own.pinned;
            view.shape = match &own.known {
                Known::Yes(planned) => {
                    view.says = Some(&planned.words);
                    Some("known")
                }
                Known::No(reason) => Some(reason),
                Known::Unasked => None,
            };
        }
        What::Foreign(generator) => {
            view.result = "foreign";
            view.generator = Some(generator);
        }
        What::Refused(_) => {}
    }
    view
}
