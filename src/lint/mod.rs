//! The linter: a workflow or action file in, findings out.
//!
//! A file is parsed once. What GitHub refuses by its grammar comes from
//! [`workflow::shape`](crate::workflow::shape); every other rule is a file under `rules/`
//! that looks at the [`Cx`]. No file is opened here.

mod expressions;
mod grammar;
mod repository;
mod rule;
mod rules;
mod yaml;

pub use repository::File;
pub use rule::{Group, Rule};

use crate::diagnostics::Diagnostics;
use crate::lint::repository::Repository;
use crate::source::{Location, Sources};
use crate::syntax::{Node, Tree};
use crate::workflow::{Site, Workflow, shape};

/// Returns all rules by name.
pub fn all() -> Vec<&'static Rule> {
    let of_files = [yaml::RULES, grammar::RULES, expressions::RULES];
    let families = of_files.into_iter().chain(rules::FAMILIES);
    let mut all: Vec<_> = families.flatten().collect();
    all.sort_by_key(|rule| rule.id);
    all
}

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
struct Cx<'f> {
    /// The text.
    text: &'f str,
    /// The whole file.
    root: Node<'f>,
    /// The file's jobs and steps; nothing for an action.
    workflow: Option<Workflow<'f>>,
    /// Every text that may hold expressions.
    sites: &'f [Site<'f>],
}

/// Lints files, each by itself and those of a repository together.
///
/// The findings come in the order of the files, and of the text in each.
pub fn lint(sources: &Sources, files: &[File]) -> Diagnostics {
    let mut repository = Repository::read(sources, files);
    let mut found = Diagnostics::new();
    for read in &mut repository.files {
        let own = std::mem::take(&mut read.diagnostics);
        found.extend(own.into_iter().map(yaml::with_rule));
    }
    for read in &repository.files {
        // A text that breaks off says little about what it would have been.
        let (Some(tree), Some(source)) = (&read.tree, sources.get(read.file.id)) else {
            continue;
        };
        if !read.file.wanted {
            continue;
        }
        match tree.root().filter(|root| !root.is_null()) {
            Some(root) => one(source.text(), tree, root, read.file.kind, &mut found),
            None => found.push(rules::empty(read.file.id)),
        }
        if let (FileKind::Workflow, Some(workflow)) = (read.file.kind, Workflow::read(tree)) {
            rules::check_calls(&repository, &read.file, &workflow, &mut found);
        }
    }
    let wanted = |place: Option<Location>| {
        let mut all = files.iter();
        place.is_none_or(|place| all.any(|file| file.wanted && file.id == place.source))
    };
    let mut found: Diagnostics = found
        .into_iter()
        .filter(|one| wanted(one.primary))
        .collect();
    found.sort();
    found
}

fn one(text: &str, tree: &Tree, root: Node<'_>, kind: FileKind, found: &mut Diagnostics) {
    let shape = match kind {
        FileKind::Workflow => shape::workflow(root),
        FileKind::Action => shape::action(root),
    };
    found.extend(shape.diagnostics);
    let cx = Cx {
        text,
        root,
        workflow: (kind == FileKind::Workflow)
            .then(|| Workflow::read(tree))
            .flatten(),
        sites: &shape.sites,
    };
    expressions::check(&cx, found);
    rules::check(&cx, found);
}
