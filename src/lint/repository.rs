//! The files of a repository together.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::diagnostics::Diagnostics;
use crate::knowledge::WORKFLOWS;
use crate::lint::FileKind;
use crate::lint::named;
use crate::parallel;
use crate::source::SourceId;
use crate::syntax::{self, Node, Tree};
use crate::workflow::{Action, Workflow};

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
    /// What it names and is not there, as [`named`](crate::lint::named) gives it.
    pub absent: Vec<String>,
}

/// The text of a file, read.
pub(super) struct Read<'s> {
    pub(super) file: &'s File,
    pub(super) text: &'s str,
    pub(super) tree: Option<Tree>,
    pub(super) diagnostics: Diagnostics,
}

impl<'s> Read<'s> {
    pub(super) fn new(file: &'s File, text: &'s str) -> Self {
        let parsed = syntax::parse(file.id, text);
        Self {
            file,
            text,
            tree: parsed.document,
            diagnostics: parsed.diagnostics,
        }
    }
}

/// A file with what is known of it.
pub(super) struct Member<'r> {
    pub(super) file: &'r File,
    pub(super) text: &'r str,
    /// What YAML itself gives.
    pub(super) diagnostics: &'r Diagnostics,
    /// Whether the text could be read to its end.
    pub(super) complete: bool,
    /// The tree of a text that was.
    pub(super) tree: Option<&'r Tree>,
    /// Its content, if there is any.
    pub(super) root: Option<Node<'r>>,
    /// Jobs and steps, of a workflow.
    pub(super) workflow: Option<Workflow<'r>>,
    /// The action, of an `action.yml`.
    pub(super) action: Option<Action<'r>>,
}

impl<'r> Member<'r> {
    pub(super) fn new(read: &'r Read<'_>) -> Self {
        let complete = read.tree.as_ref().is_none_or(Tree::is_complete);
        // A text that breaks off says little about what it would have been.
        let tree = read.tree.as_ref().filter(|_| complete);
        let root = tree.and_then(Tree::root).filter(|root| !root.is_null());
        let is = |kind| read.file.kind == kind;
        Self {
            file: read.file,
            text: read.text,
            diagnostics: &read.diagnostics,
            complete,
            tree,
            root,
            workflow: root.filter(|_| is(FileKind::Workflow)).map(Workflow::read),
            action: root.filter(|_| is(FileKind::Action)).map(Action::read),
        }
    }
}

/// The files that were read, of one or more repositories.
pub(super) struct Repository<'r> {
    pub(super) files: Vec<Member<'r>>,
    /// By repository and path.
    index: HashMap<(&'r str, &'r str), usize, RandomState>,
}

impl<'r> Repository<'r> {
    pub(super) fn new(read: &'r [Read<'_>]) -> Self {
        let files = parallel::map(read, Member::new);
        let places = files
            .iter()
            .map(|read| (&*read.file.repository, &*read.file.path));
        let index = places.zip(0..).collect();
        Self { files, index }
    }

    /// The workflows of a repository that lie where GitHub looks.
    pub(super) fn workflows(&self, repository: &str) -> impl Iterator<Item = &Member<'r>> {
        let files = self.files.iter();
        files.filter(move |member| {
            let File { kind, path, .. } = member.file;
            *kind == FileKind::Workflow
                && member.file.repository == repository
                && path.starts_with(WORKFLOWS)
        })
    }

    /// The workflow that a job of this repository calls by `uses`.
    pub(super) fn called(&self, from: &File, uses: &str) -> Option<Called<'_, 'r>> {
        let path = uses
            .strip_prefix("./")
            .or_else(|| uses.strip_prefix("$/"))?;
        Some(match self.index.get(&(&*from.repository, path)) {
            Some(at) => match &self.files[*at] {
                Member {
                    file,
                    workflow: Some(workflow),
                    ..
                } => Called::Workflow(file, workflow),
                _ => Called::Broken,
            },
            None => Called::Missing,
        })
    }

    /// The action of this repository that a step names.
    pub(super) fn action(&self, from: &File, uses: &str) -> Option<Used<'_, 'r>> {
        let folder = named::folder(uses)?;
        let mut names = ["action.yml", "action.yaml"]
            .iter()
            .map(|name| match &*folder {
                "" => (*name).to_owned(),
                _ => format!("{folder}/{name}"),
            });
        let found = names.find_map(|path| self.index.get(&(&*from.repository, &*path)).copied());
        Some(match found {
            Some(at) => match &self.files[at] {
                Member {
                    action: Some(action),
                    ..
                } => Used::Action(action),
                _ => Used::Broken,
            },
            None if from.absent.iter().any(|path| **path == *folder) => Used::Missing,
            None => return None,
        })
    }
}

/// What a step's `uses` of this repository leads to.
pub(super) enum Used<'a, 'r> {
    Action(&'a Action<'r>),
    /// It cannot be read.
    Broken,
    /// There is none.
    Missing,
}

/// What a `uses` of this repository leads to.
pub(super) enum Called<'a, 'r> {
    Workflow(&'r File, &'a Workflow<'r>),
    /// It cannot be read.
    Broken,
    /// There is no such file.
    Missing,
}
