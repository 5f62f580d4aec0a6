//! `schema`: the JSON Schemas of what users write, for editors and other tools.

use crate::assets;
use crate::commands::{Failure, Status, Terminal};
use crate::manifest;

/// Which schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// That of manifests.
    Manifest,
    /// That of the linter's settings in a file of their own.
    Linting,
}

/// Prints a schema.
pub fn run(of: Of, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    match of {
        Of::Manifest => terminal.out.write_all(assets::MANIFEST_SCHEMA.as_bytes())?,
        Of::Linting => writeln!(terminal.out, "{:#}", manifest::linting_schema())?,
    }
    Ok(Status::Clean)
}
