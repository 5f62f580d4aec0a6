//! The linter: a workflow or action file in, findings out.
//!
//! A file is parsed once. What GitHub refuses by its grammar comes from
//! [`workflow::shape`](crate::workflow::shape); every other rule is a file under `rules/`
//! that looks at the [`Cx`]. No file is opened here.

pub mod baseline;
mod constant;
mod expressions;
mod fix;
mod files;
mod grammar;
pub mod import;
mod judge;
mod named;
mod repository;
mod rule;
mod rules;
mod run;
mod runs_on;
mod scope;
mod script;
pub mod settings;
mod shellcheck;
mod suppress;
mod yaml;

pub use files::unreadable;
pub use fix::{Fixing, fix};
pub use judge::{Judge, weigh};
pub use named::{Named, named};
pub use repository::File;
pub use rule::{Fixes, Group, Rule};
pub use run::{lint, lint_for, lint_with};
pub use shellcheck::{Remark, ShellScript, shell_scripts};

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use crate::diagnostics::Diagnostic;
use crate::expression::{Type, infer};
use crate::lint::expressions::{Expression, Role};
use crate::lint::judge::Told;
use crate::lint::repository::Repository;
use crate::lint::rules::FAMILIES;
use crate::lint::scope::Scopes;
use crate::lint::script::Script;
use crate::lint::settings::Settings;
use crate::syntax::Node;
use crate::workflow::{Action, Site, Step, Workflow};

/// Returns all rules by name.
pub fn all() -> &'static [&'static Rule] {
    &ALL
}

/// Returns the rule of a name.
fn rule_named(id: &str) -> Option<&'static Rule> {
    BY_NAME.get(id).copied()
}

/// Each finding asks for its rule, several times.
static BY_NAME: LazyLock<HashMap<&str, &Rule, RandomState>> =
    LazyLock::new(|| all().iter().map(|rule| (rule.id, *rule)).collect());

static ALL: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
    let families = FAMILIES.iter().map(|family| family.rules);
    let others = [
        files::RULES,
        yaml::RULES,
        shellcheck::RULES,
        suppress::RULES,
    ];
    let all = others.into_iter().chain(grammar::RULES).chain(families);
    let mut all: Vec<_> = all.flatten().collect();
    all.sort_by_key(|rule| rule.id);
    all
});

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A workflow.
    Workflow,
    /// An `action.yml`.
    Action,
    /// A `dependabot.yml`.
    Dependabot,
}

impl FileKind {
    /// Returns the kind of a file by its path with `/` between folders.
    pub fn of(path: &str) -> Option<Self> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if matches!(name, "action.yml" | "action.yaml") {
            return Some(Self::Action);
        }
        if matches!(name, "dependabot.yml" | "dependabot.yaml") && in_folder(folder, ".github") {
            return Some(Self::Dependabot);
        }
        let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
        (is_yaml && in_folder(folder, ".github/workflows")).then_some(Self::Workflow)
    }
}

/// Whether a folder is this one of some repository.
fn in_folder(folder: &str, wanted: &str) -> bool {
    let before = folder.strip_suffix(wanted);
    before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
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
    /// Those that are the value of their key, by the number of its node.
    values: OnceCell<HashMap<u32, &'f Expression<'f>>>,
    /// The scripts of its steps; `script::scripts` returns them.
    scripts: OnceCell<Vec<Script<'f>>>,
    /// What the contexts are.
    scopes: &'f Scopes<'f>,
    /// All files.
    repository: &'f Repository<'f>,
    /// What the file's repository says to the linter.
    settings: &'f Settings,
    /// What is told of it.
    told: Told<'f>,
}

impl<'f> Cx<'f> {
    /// Whether the findings of a rule are told. A rule that is off unless somebody asks for it
    /// asks before it makes one: on most workflows they would be two of three.
    fn wants(&self, rule: &str) -> bool {
        self.told.has(rule)
    }

    /// The type of a value that is an expression.
    fn value_type(&self, node: Node<'_>) -> Option<Type> {
        let values = self.values.get_or_init(|| {
            let values = self
                .expressions
                .iter()
                .filter(|one| one.role == Role::Value);
            values.map(|one| (one.site.node.id(), one)).collect()
        });
        let found = values.get(&node.id())?;
        let read = found.read.as_ref().ok()?;
        let scope = self.scopes.of(found.site);
        Some(infer(found.text, read, false, &scope).0)
    }

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

/// Gives the message of a file that could not be read the name of its rule.
pub fn refused(diagnostic: Diagnostic) -> Diagnostic {
    yaml::with_rule(diagnostic)
}
