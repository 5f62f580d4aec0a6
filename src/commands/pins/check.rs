//! `pins check`: the pins file, the workflows and the locks against each other, offline.

use std::path::Path;

use super::{plan, read};
use crate::commands::disk::Repository;
use crate::commands::{Failure, Status, Terminal};
use crate::diagnostics::{Diagnostics, Severity};
use crate::lock::{LOCK_PATH, Lock, PINS_PATH};
use crate::pins::{self, Found, NATIVE_PATH, Output, Wanted};
use crate::pipeline::{OwnWorkflow, Workflow};
use crate::report::{self, Format};
use crate::source::Sources;

/// Checks, and tells what does not agree.
pub fn run(manifest: &Path, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    let planned = plan(manifest, terminal)?;
    let repository = Repository::open(&planned.root)?;
    let (mut sources, mut said) = (Sources::new(), Diagnostics::new());
    let mut outputs = Vec::new();
    let workflows = planned.pipeline.workflows.iter().map(Workflow::path);
    let own = planned.pipeline.own.iter().map(OwnWorkflow::path);
    for path in workflows.chain(own) {
        let text = read(&repository, &path, &mut sources, &mut said)?;
        outputs.push(Output { path, text });
    }
    let pins = read(&repository, PINS_PATH, &mut sources, &mut said)?;
    let native = read(&repository, NATIVE_PATH, &mut sources, &mut said)?;
    let lock_text = read(&repository, LOCK_PATH, &mut sources, &mut said)?;
    let lock = lock_text.and_then(|id| {
        let parsed = Lock::parse(sources.get(id)?, id);
        parsed
            .map_err(|problems| said.extend(problems))
            .ok()
            .map(|lock| (id, lock))
    });
    let found = Found {
        sources: &sources,
        pins,
        lock: lock.as_ref().map(|(id, lock)| (*id, lock)),
        native,
        outputs: &outputs,
    };
    let wanted = Wanted {
        mode: planned.manifest.pins,
        used: planned.actions(),
        named: planned.named(),
        flags: &planned.spoken.flags,
    };
    said.extend(pins::check(&found, &wanted));
    if said.is_empty() && terminal.format == Format::Text {
        let (actions, files) = (
            count(wanted.used.len(), "action"),
            count(outputs.len(), "workflow"),
        );
        writeln!(terminal.out, "{actions} pinned in {files}, and all agree")?;
        return Ok(Status::Clean);
    }
    let color = terminal.color;
    report::write(terminal.out, terminal.format, color, &said, &sources, &[])?;
    let weighs = said.iter().any(|one| one.severity != Severity::Note);
    Ok(if weighs {
        Status::Changed
    } else {
        Status::Clean
    })
}

fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}
