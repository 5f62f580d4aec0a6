//! Diagnostics to bytes: for people, and for programs.
//!
//! Diagnostics and the texts that they are about go in, and are written in the
//! order given. No rule is known here by name, and nobody is asked whether the
//! terminal has colours: the caller says so.
//!
//! To add a format, write `<format>.rs` beside `text.rs`, add its variant to
//! [`Format`], and give the canned diagnostics of `canned.rs` a snapshot.

mod json;
mod text;

#[cfg(test)]
mod canned;

use std::io::{self, Write};

use crate::diagnostics::Diagnostics;
use crate::source::Sources;

/// How diagnostics are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Excerpts with words, for people.
    Text,
    /// One document, for programs.
    Json,
}

/// Whether text has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// Only letters.
    Never,
    /// With escape codes of a terminal.
    Always,
}

/// Writes diagnostics in the order given; text says nothing when there are none.
pub fn write(
    out: &mut dyn Write,
    format: Format,
    color: Color,
    diagnostics: &Diagnostics,
    sources: &Sources,
) -> io::Result<()> {
    match format {
        Format::Text => text::write(out, color, diagnostics, sources),
        Format::Json => json::write(out, diagnostics, sources),
    }
}
