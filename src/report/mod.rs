//! Diagnostics to bytes: for people, and for programs.
//!
//! Diagnostics and the texts that they are about go in, and are written in the
//! order given. No rule is known here by name, and nobody is asked whether the
//! terminal has colours: the caller says so.
//!
//! To add a format, write `<format>.rs` beside `text.rs`, add its variant to
//! [`Format`], and give the canned diagnostics of `canned.rs` a snapshot.

mod github;
mod json;
mod junit;
mod markdown;
mod oneline;
mod sarif;
mod text;

#[cfg(test)]
mod canned;

use std::io::{self, Write};

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::source::Sources;

/// How diagnostics are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Excerpts with words, for people.
    Text,
    /// A line each, for people and for editors.
    Oneline,
    /// One document, for programs.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of a run on GitHub.
    Github,
    /// JUnit's XML, for whatever shows the results of tests.
    Junit,
    /// A table, for the summary of a job on GitHub.
    Markdown,
}

impl Format {
    /// Says whether it has a place for what is known of rules.
    pub const fn describes(self) -> bool {
        matches!(self, Self::Sarif)
    }

    /// Says whether people read it rather than programs.
    pub const fn is_for_people(self) -> bool {
        matches!(self, Self::Text | Self::Oneline)
    }
}

/// Whether text has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// Only letters.
    Never,
    /// With escape codes of a terminal.
    Always,
}

/// What is known of the diagnostics with one code, for formats that have a place for it.
#[derive(Clone, Debug)]
pub struct Described<'r> {
    /// The code.
    pub id: &'r str,
    /// How much such diagnostics weigh unless somebody says otherwise.
    pub severity: Severity,
    /// What they belong to.
    pub group: &'r str,
    /// Whether what they find can be used against its owner.
    pub security: bool,
    /// What they find, as a phrase.
    pub finds: &'r str,
    /// Why that matters and what to do, in sentences.
    pub why: &'r str,
    /// Examples with captions.
    pub examples: Vec<(&'static str, String)>,
}

/// Writes diagnostics in the order given; formats for people say nothing when there are none.
pub fn write(
    out: &mut dyn Write,
    format: Format,
    color: Color,
    diagnostics: &Diagnostics,
    sources: &Sources,
    described: &[Described<'_>],
) -> io::Result<()> {
    match format {
        Format::Text => text::write(out, color, diagnostics, sources),
        Format::Oneline => oneline::write(out, diagnostics, sources),
        Format::Json => json::write(out, diagnostics, sources),
        Format::Sarif => sarif::write(out, diagnostics, sources, described),
        Format::Github => github::write(out, diagnostics, sources),
        Format::Junit => junit::write(out, diagnostics, sources),
        Format::Markdown => markdown::write(out, diagnostics, sources),
    }
}

/// Writes one diagnostic for people, for whoever has more to say after it.
pub fn write_one(
    out: &mut dyn Write,
    color: Color,
    diagnostic: &Diagnostic,
    sources: &Sources,
) -> io::Result<()> {
    text::write_one(out, color, diagnostic, sources)
}

/// Returns all words of a diagnostic, for formats with one text: what, why, what to do.
fn paragraphs(diagnostic: &Diagnostic) -> String {
    let mut text = diagnostic.message.clone();
    for note in &diagnostic.notes {
        text.push_str("\nnote: ");
        text.push_str(note);
    }
    if let Some(help) = &diagnostic.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    text
}
