//! The files of a repository together.

use crate::diagnostics::Diagnostics;
use crate::lint::FileKind;
use crate::source::{SourceId, Sources};
use crate::syntax::{self, Tree};
use crate::workflow::Workflow;

/// A file to lint, or one that others name.
#[derive(Debug, Clone)]
pub struct File {
    /// Its text.
    pub id: SourceId,
    /// What it is for.
    pub kind: FileKind,
    /// The repository that it lies in, by any name.
    pub repository: String,
    /// Its path within the repository, with `/` between folders.
    pub path: String,
    /// Whether its findings are wanted.
    pub wanted: bool,
}

/// A file that was read.
pub(super) struct Read {
    pub(super) file: File,
    /// Its tree, if the text could be read to its end.
    pub(super) tree: Option<Tree>,
    pub(super) diagnostics: Diagnostics,
}

/// The files that were read.
pub(super) struct Repository {
    pub(super) files: Vec<Read>,
}

impl Repository {
    pub(super) fn read(sources: &Sources, files: &[File]) -> Self {
        let read = |file: &File| {
            let source = sources.get(file.id)?;
            let parsed = syntax::parse(file.id, source.text());
            Some(Read {
                file: file.clone(),
                tree: parsed.document.filter(Tree::is_complete),
                diagnostics: parsed.diagnostics,
            })
        };
        Self {
            files: files.iter().filter_map(read).collect(),
        }
    }

    /// The workflow that a job of this repository calls by `uses`.
    pub(super) fn called<'r>(&'r self, from: &File, uses: &str) -> Option<Called<'r>> {
        let path = uses
            .strip_prefix("./")
            .or_else(|| uses.strip_prefix("$/"))?;
        let found = self
            .files
            .iter()
            .find(|read| read.file.repository == from.repository && read.file.path == path);
        Some(match found {
            Some(read) => match read.tree.as_ref().and_then(Workflow::read) {
                Some(workflow) => Called::Workflow(&read.file, workflow),
                None => Called::Broken,
            },
            None => Called::Missing,
        })
    }
}

/// What a `uses` of this repository leads to.
pub(super) enum Called<'r> {
    Workflow(&'r File, Workflow<'r>),
    /// It cannot be read.
    Broken,
    /// There is no such file.
    Missing,
}
