//! Pipeline to text. The only user of the template engine; decides nothing.
//!
//! What goes in is a [`Pipeline`] and the pins of its actions; what comes out are
//! whole files. Templates lay values out; how a value is written in YAML is the
//! business of [`scalar`] alone, so that no text of a manifest can become syntax.

mod engine;
mod own;
mod scalar;
mod script;
mod updates;
mod view;

use crate::lock::{PINS_PATH, Pins};
use crate::pipeline::{Care, Pipeline, Work};

pub use engine::RenderError;
pub use own::without_header;

/// A file that the repository should hold, text and place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedFile {
    /// Relative to the repository's root, with `/` on every host.
    pub path: String,
    /// LF only, with a final newline.
    pub text: String,
    /// What the file is to GitHub and to us.
    pub kind: FileKind,
}

impl RenderedFile {
    /// What it is to the repository, if it is a support file.
    pub fn care(&self) -> Option<&Care> {
        match &self.kind {
            FileKind::Support(care) => Some(care),
            FileKind::Workflow | FileKind::Pins => None,
        }
    }
}

/// What a rendered file is to GitHub and to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A workflow under `.github/workflows`.
    Workflow,
    /// The file of pins, which update bots edit.
    Pins,
    /// Anything else that the workflows need.
    Support(Care),
}

/// The published actions that a pipeline uses, each once, in the order of their names.
pub fn actions(pipeline: &Pipeline) -> Vec<&str> {
    let jobs = pipeline
        .workflows
        .iter()
        .flat_map(|workflow| &workflow.jobs);
    let mut names: Vec<_> = jobs
        .flat_map(|job| &job.steps)
        .filter_map(|step| match &step.work {
            Work::Use(action, _) if is_published(&action.0) => Some(action.0.as_str()),
            _ => None,
        })
        .collect();
    let own = pipeline.own.iter().flat_map(|workflow| &workflow.unpinned);
    names.extend(own.map(|unpinned| unpinned.action.as_str()));
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether an action is named for the pins to complete, rather than by a path or
/// by a version of the user's.
fn is_published(action: &str) -> bool {
    !action.starts_with('.') && !action.starts_with("docker://") && !action.contains('@')
}

/// Renders all files of a pipeline. `source` is the manifest's name, for the headers.
pub fn render(
    pipeline: &Pipeline,
    pins: &Pins,
    source: &str,
) -> Result<Vec<RenderedFile>, RenderError> {
    let engine = engine::Engine::new();
    let mut files = Vec::new();
    for workflow in &pipeline.workflows {
        let view = view::workflow(workflow, pins, source);
        files.push(RenderedFile {
            path: workflow.path(),
            text: engine.workflow(&view)?,
            kind: FileKind::Workflow,
        });
    }
    for workflow in &pipeline.own {
        files.push(own::file(workflow, pins, source));
    }
    for file in &pipeline.support {
        files.push(RenderedFile {
            path: file.path.clone(),
            text: file.text.clone(),
            kind: FileKind::Support(file.care),
        });
    }
    if !pipeline.updates.is_empty() {
        let view = updates::view(&pipeline.updates, source);
        files.push(updates::file(engine.dependabot(&view)?));
    }
    files.push(RenderedFile {
        path: PINS_PATH.to_owned(),
        text: pins.to_string(),
        kind: FileKind::Pins,
    });
    Ok(files)
}
