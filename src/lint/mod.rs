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
mod runs_on;
mod scope;
mod script;
pub mod settings;
mod shellcheck;
mod suppress;
mod yaml;

pub use files::unreadable;
pub use fix::{Fixing, fix};
use judge::Told;
pub use judge::{Judge, weigh};
pub use named::{Named, named};
pub use repository::File;
pub use rule::{Fixes, Group, Rule};
pub use shellcheck::{Remark, ShellScript, shell_scripts};

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::expression::{Type, infer};
use crate::lint::expressions::{Expression, Role};
use crate::lint::repository::{Member, Read, Repository};
use crate::lint::rules::FAMILIES;
use crate::lint::scope::Scopes;
use crate::lint::script::Script;
use crate::lint::settings::{ByRepository, Options, Settings};
use crate::lint::suppress::Suppressions;
use crate::parallel;
use crate::source::{SourceId, Sources};
use crate::syntax::Node;
use crate::workflow::{Action, Site, Step, Workflow, shape};

/// Returns all rules by name.
pub fn all() -> &'static [&'static Rule] {
    &ALL
}

/// Returns the rule of a name.
fn rule(id: &str) -> Option<&'static Rule> {
    let at = all().binary_search_by_key(&id, |rule| rule.id).ok()?;
    Some(all()[at])
}

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

/// Lints files of repositories that say nothing about their findings.
pub fn lint(sources: &Sources, files: &[File]) -> Diagnostics {
    lint_with(sources, files, &ByRepository::new())
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

/// Lints files, each by itself and those of a repository together.
///
/// The findings come in the order of the files, and of the text in each; what comments suppress
/// is not among them. [`weigh`] says which are told.
pub fn lint_with(sources: &Sources, files: &[File], settings: &ByRepository) -> Diagnostics {
    run(sources, files, settings, None, Diagnostics::new())
}

/// Lints files as [`lint_with`] does, and returns what is told, at its weight; `others` is
/// what other programs found there.
///
/// A rule that is off unless somebody asks for it is not even looked for then.
pub fn lint_for(
    sources: &Sources,
    files: &[File],
    options: &Options,
    others: Diagnostics,
) -> Diagnostics {
    run(sources, files, &options.settings, Some(options), others)
}

fn run(
    sources: &Sources,
    files: &[File],
    settings: &ByRepository,
    options: Option<&Options>,
    others: Diagnostics,
) -> Diagnostics {
    let mut by_file: HashMap<SourceId, Vec<Diagnostic>> = HashMap::new();
    for one in others {
        if let Some(place) = one.primary {
            by_file.entry(place.source).or_default().push(one);
        }
    }
    let given = Given {
        sources,
        settings,
        options,
        others: by_file,
    };
    let repositories = by_repository(files);
    let found = parallel::map(&repositories, |files| together(files, &given));
    let mut found = Diagnostics::concat(found);
    found.sort();
    found
}

/// What is the same for all files.
struct Given<'g> {
    sources: &'g Sources,
    settings: &'g ByRepository,
    /// What the findings are wanted for; without it, all are.
    options: Option<&'g Options>,
    others: HashMap<SourceId, Vec<Diagnostic>>,
}

/// The files of each repository, in the order given.
fn by_repository(files: &[File]) -> Vec<Vec<&File>> {
    let mut all: Vec<Vec<&File>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for file in files {
        let place = *places.entry(&file.repository).or_insert(all.len());
        match all.get_mut(place) {
            Some(files) => files.push(file),
            None => all.push(vec![file]),
        }
    }
    all
}

/// Lints the files of a repository. Their trees are gone before those of the next are read:
/// memory that is used again is near.
fn together(files: &[&File], given: &Given<'_>) -> Diagnostics {
    let Given {
        sources,
        settings,
        options,
        others,
    } = given;
    let read = parallel::map(files, |file| Read::new(sources, file));
    let read: Vec<_> = read.into_iter().flatten().collect();
    let repository = Repository::new(&read);
    let wanted: Vec<_> = repository
        .files
        .iter()
        .filter(|one| one.file.wanted)
        .collect();
    let found = parallel::map(&wanted, |member| {
        let settings = settings.get(&member.file.repository);
        let settings = settings.unwrap_or(Settings::NONE);
        let told = Told::new(member.file, settings, *options);
        let source = sources.get(member.file.id);
        let comments = source.zip(member.tree);
        let comments = comments.map(|(source, tree)| Suppressions::read(source, tree));
        let comments = comments.filter(|comments| !comments.is_empty());
        // Whether a suppression suppresses something does not hang on what is told.
        let looked_for = match comments {
            Some(_) => told.everything(),
            None => told,
        };
        let mut found = one(member, &repository, settings, looked_for);
        let others = others.get(&member.file.id);
        found.extend(others.into_iter().flatten().cloned());
        if let Some(comments) = comments {
            suppress::apply(&comments, &mut found);
        }
        told.weigh(&mut found);
        found
    });
    let mut found = Diagnostics::concat(found);
    // An alias shows what its anchor shows.
    found.sort_and_dedup();
    found
}

/// Gives the message of a file that could not be read the name of its rule.
pub fn refused(diagnostic: Diagnostic) -> Diagnostic {
    yaml::with_rule(diagnostic)
}

fn one(
    member: &Member<'_>,
    repository: &Repository<'_>,
    settings: &Settings,
    told: Told<'_>,
) -> Diagnostics {
    let mut found = Diagnostics::new();
    found.extend(member.diagnostics.iter().cloned().map(yaml::with_rule));
    let Some(root) = member.root else {
        if member.complete {
            found.push(grammar::empty(member.file.id));
        }
        return found;
    };
    let shape = match member.file.kind {
        FileKind::Workflow => shape::workflow(root, member.text),
        FileKind::Action => shape::action(root, member.text),
        FileKind::Dependabot => shape::dependabot(root, member.text),
    };
    let takes_urls = settings.platform.takes_urls();
    let refused = shape.diagnostics.into_iter();
    found.extend(refused.filter(|one| !(takes_urls && is_of_url(one, member.text))));
    let scopes = Scopes::new(
        member.file,
        member.text,
        root,
        member.workflow.as_ref(),
        repository,
    );
    let cx = Cx {
        file: member.file,
        text: member.text,
        root,
        workflow: member.workflow.as_ref(),
        action: member.action.as_ref(),
        sites: &shape.sites,
        expressions: &expressions::read(&shape.sites),
        values: OnceCell::new(),
        scripts: OnceCell::new(),
        scopes: &scopes,
        repository,
        settings,
        told,
    };
    for family in FAMILIES {
        (family.check)(&cx, &mut found);
    }
    found
}

/// Whether GitHub's grammar refuses the address of an action, which other platforms take.
fn is_of_url(one: &Diagnostic, text: &str) -> bool {
    let place = one.primary.and_then(|place| text.get(place.span.range()));
    one.code == "uses-format" && place.is_some_and(|text| text.contains("://"))
}
