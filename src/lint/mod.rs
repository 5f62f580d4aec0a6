//! The linter: a workflow or action file in, findings out.
//!
//! A file is parsed once. What GitHub refuses by its grammar comes from
//! [`workflow::shape`](crate::workflow::shape); every other rule is a file under `rules/`
//! that looks at the [`Cx`]. No file is opened here.

mod expressions;
pub mod rules;

use crate::diagnostics::Diagnostics;
use crate::source::{Source, SourceId};
use crate::syntax::{self, Node, Tree};
use crate::workflow::{Site, Workflow, shape};

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A workflow.
    Workflow,
    /// An `action.yml`.
    Action,
}

impl FileKind {
    /// Returns the kind of a file by its path with `/` between folders.
    pub fn of(path: &str) -> Option<Self> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if matches!(name, "action.yml" | "action.yaml") {
            return Some(Self::Action);
        }
        let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
        let in_place = folder == ".github/workflows" || folder.ends_with("/.github/workflows");
        (is_yaml && in_place).then_some(Self::Workflow)
    }
}

/// A file with all that rules look at.
pub struct Cx<'f> {
    /// The text.
    pub text: &'f str,
    /// The file's jobs and steps; nothing for an action.
    pub workflow: Option<Workflow<'f>>,
    /// Every text that may hold expressions.
    pub sites: &'f [Site<'f>],
}

/// Lints one file.
pub fn lint(source: &Source, id: SourceId, kind: FileKind) -> Diagnostics {
    let parsed = syntax::parse(id, source.text());
    let mut found = parsed.diagnostics;
    // A text that breaks off says little about what it would have been.
    if let Some(tree) = parsed.document.filter(Tree::is_complete) {
        match tree.root().filter(|root| !root.is_null()) {
            Some(root) => tree_findings(source.text(), &tree, root, kind, &mut found),
            None => found.push(rules::empty(id)),
        }
    }
    found.sort();
    found
}

fn tree_findings(text: &str, tree: &Tree, root: Node<'_>, kind: FileKind, found: &mut Diagnostics) {
    let shape = match kind {
        FileKind::Workflow => shape::workflow(root),
        FileKind::Action => shape::action(root),
    };
    found.extend(shape.diagnostics);
    let cx = Cx {
        text,
        workflow: (kind == FileKind::Workflow)
            .then(|| Workflow::read(tree))
            .flatten(),
        sites: &shape.sites,
    };
    expressions::check(&cx, found);
    rules::check(&cx, found);
}
