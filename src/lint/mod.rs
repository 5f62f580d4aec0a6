//! The linter: a workflow or action file in, findings out.
//!
//! A file is parsed once. What GitHub refuses by its grammar comes from
//! [`workflow::shape`](crate::workflow::shape); every other rule is a file under `rules/`
//! that looks at the [`Cx`]. No file is opened here.

mod expressions;
mod grammar;
mod named;
mod parallel;
mod repository;
mod rule;
mod rules;
mod scope;
mod script;
mod shellcheck;
mod yaml;

pub use named::{Named, named};
pub use repository::File;
pub use rule::{Group, Rule};
pub use shellcheck::{Remark, ShellScript, shell_scripts};

use crate::diagnostics::Diagnostics;
use crate::lint::expressions::Expression;
use crate::lint::repository::{Member, Read, Repository};
use crate::lint::rules::FAMILIES;
use crate::lint::scope::Scopes;
use crate::source::Sources;
use crate::syntax::Node;
use crate::workflow::{Action, Site, Step, Workflow, shape};

/// Returns all rules by name.
pub fn all() -> Vec<&'static Rule> {
    let families = FAMILIES.iter().map(|family| family.rules);
    let all = [yaml::RULES, grammar::RULES, shellcheck::RULES]
        .into_iter()
        .chain(families);
    let mut all: Vec<_> = all.flatten().collect();
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
    /// The file, as its repository knows it.
    file: &'f File,
    /// The text.
    text: &'f str,
    /// The whole file.
    root: Node<'f>,
    /// The file's jobs and steps; nothing for an action.
    workflow: Option<&'f Workflow<'f>>,
    /// The action; nothing for a workflow.
    action: Option<&'f Action<'f>>,
    /// Every text that may hold expressions.
    sites: &'f [Site<'f>],
    /// The expressions in them.
    expressions: &'f [Expression<'f>],
    /// What the contexts are.
    scopes: &'f Scopes<'f>,
    /// All files.
    repository: &'f Repository<'f>,
}

impl<'f> Cx<'f> {
    /// All steps of the file, of whatever job.
    fn steps(&self) -> impl Iterator<Item = &'f Step<'f>> + use<'f> {
        let jobs = self
            .workflow
            .into_iter()
            .flat_map(|workflow| &workflow.jobs);
        let own = self.action.into_iter().flat_map(|action| &action.steps);
        jobs.flat_map(|job| &job.steps).chain(own)
    }
}

/// Lints files, each by itself and those of a repository together.
///
/// The findings come in the order of the files, and of the text in each.
pub fn lint(sources: &Sources, files: &[File]) -> Diagnostics {
    let read = parallel::map(files, |file| Read::new(sources, file));
    let read: Vec<_> = read.into_iter().flatten().collect();
    let repository = Repository::new(&read);
    let wanted: Vec<_> = repository
        .files
        .iter()
        .filter(|one| one.file.wanted)
        .collect();
    let found = parallel::map(&wanted, |member| one(member, &repository));
    let mut found: Diagnostics = found.into_iter().flatten().collect();
    // An alias shows what its anchor shows.
    found.sort_and_dedup();
    found
}

fn one(member: &Member<'_>, repository: &Repository<'_>) -> Diagnostics {
    let mut found = Diagnostics::new();
    found.extend(member.diagnostics.iter().cloned().map(yaml::with_rule));
    let Some(root) = member.root else {
        if member.complete {
            found.push(grammar::empty(member.file.id));
        }
        return found;
    };
    let shape = match member.file.kind {
        FileKind::Workflow => shape::workflow(root),
        FileKind::Action => shape::action(root),
    };
    found.extend(shape.diagnostics);
    let scopes = Scopes::new(member.file, root, member.workflow.as_ref(), repository);
    let cx = Cx {
        file: member.file,
        text: member.text,
        root,
        workflow: member.workflow.as_ref(),
        action: member.action.as_ref(),
        sites: &shape.sites,
        expressions: &expressions::read(&shape.sites),
        scopes: &scopes,
        repository,
    };
    for family in FAMILIES {
        (family.check)(&cx, &mut found);
    }
    found
}
