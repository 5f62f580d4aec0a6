//! `schema`: the JSON Schema of manifests, for editors and other tools.

use crate::assets;
use crate::commands::{Failure, Status, Terminal};

/// Prints the schema.
pub fn run(terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    terminal.out.write_all(assets::MANIFEST_SCHEMA.as_bytes())?;
    Ok(Status::Clean)
}
