//! `pins`: whether everything agrees about the actions, which newer releases there are,
//! and what somebody moved in a workflow.

mod absorb;
mod check;
mod git;
mod update;

use std::path::Path;

use crate::commands::disk::Repository;
use crate::commands::project::Planned;
use crate::commands::{Failure, Terminal, project};
use crate::diagnostics::{Diagnostics, load};
use crate::report::{Color, Format, write};
use crate::source::{SourceId, Sources};

pub use absorb::{Options as Absorb, run as absorb};
pub use check::run as check;
pub use update::{Options as Update, run as update};

/// Plans a manifest, and tells people what is odd about one that works.
fn plan(manifest: &Path, terminal: &mut Terminal<'_>) -> Result<Planned, Failure> {
    let mut planned = project::plan(manifest)?;
    if planned.report.diagnostics.has_errors() {
        return Err(Failure::Reported(Box::new(planned.report)));
    }
    let odd = std::mem::take(&mut planned.report.diagnostics);
    say(terminal, &odd, &planned.report.sources)?;
    Ok(planned)
}

/// Reads a file among the sources; nothing if there is none or it is no text, which is told.
fn read(
    repository: &Repository,
    path: &str,
    sources: &mut Sources,
    said: &mut Diagnostics,
) -> Result<Option<SourceId>, Failure> {
    let Some(bytes) = repository.read(path)? else {
        return Ok(None);
    };
    Ok(match load(sources, path, bytes) {
        Ok(id) => Some(id),
        Err(refused) => {
            said.push(refused);
            None
        }
    })
}

/// Says what people should know besides the results.
fn say(terminal: &mut Terminal<'_>, said: &Diagnostics, sources: &Sources) -> std::io::Result<()> {
    terminal.out.flush()?;
    write(
        terminal.err,
        Format::Text,
        Color::Always,
        said,
        sources,
        &[],
    )
}
