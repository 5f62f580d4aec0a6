//! What the token of a job may do: what is raised first, what is lowered later.

use std::collections::{BTreeMap, BTreeSet};

use super::both::Both;
use super::lines::{Lines, Rank, code, list};
use crate::syntax::{Kind, Node};

/// How much a token may do with one scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Access {
    None,
    Read,
    Write,
}

impl Access {
    fn of(word: &str) -> Self {
        match word {
            "write" => Self::Write,
            "read" => Self::Read,
            _ => Self::None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// What is written under `permissions`.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Permissions<'t> {
    /// Nothing: what the repository gives to all, which may be everything.
    Unset,
    /// The same for every scope.
    All(Access),
    /// By scope; those that are not named have none.
    Scopes(BTreeMap<&'t str, Access>),
}

impl<'t> Permissions<'t> {
    fn read(node: Option<Node<'t>>) -> Self {
        let Some(node) = node else { return Self::Unset };
        match node.kind() {
            Kind::Mapping(entries) => Self::Scopes(
                entries
                    .filter_map(|entry| Some((entry.key.as_str()?, entry.value.as_str()?)))
                    .map(|(scope, access)| (scope, Access::of(access)))
                    .collect(),
            ),
            Kind::String("write-all") => Self::All(Access::Write),
            Kind::String("read-all") => Self::All(Access::Read),
            _ => Self::Unset,
        }
    }

    fn scopes(&self) -> impl Iterator<Item = &'t str> {
        let scopes = match self {
            Self::Scopes(scopes) => Some(scopes.keys().copied()),
            _ => None,
        };
        scopes.into_iter().flatten()
    }

    /// The access to a scope, `None` standing for all that nobody names.
    fn access(&self, wanted: Option<&str>) -> Access {
        match self {
            Self::Unset => Access::None,
            Self::All(access) => *access,
            Self::Scopes(scopes) => {
                let named = wanted.and_then(|scope| scopes.get(scope));
                named.copied().unwrap_or(Access::None)
            }
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Unset => "the default of the repository".to_owned(),
            Self::All(access) => format!("`{}-all`", access.word()),
            Self::Scopes(scopes) if scopes.is_empty() => "nothing".to_owned(),
            Self::Scopes(scopes) => {
                let each = scopes.iter().map(|(scope, access)| named(scope, *access));
                list(each, 6)
            }
        }
    }
}

fn named(scope: &str, access: Access) -> String {
    code(&format!("{scope}: {}", access.word()))
}

/// Compares what holds for all jobs that do not say otherwise.
pub(super) fn of_workflow(both: Both<'_>, lines: &mut Lines) {
    let (old, new) = (Permissions::read(both.old), Permissions::read(both.new));
    compare(&old, &new, None, lines);
}

/// Compares what a job may do, if it says so itself before or after.
pub(super) fn of_job(id: &str, workflow: Both<'_>, job: Both<'_>, lines: &mut Lines) {
    let own = job.get("permissions");
    let inherits = own.old.is_none() && own.new.is_none();
    if !inherits {
        let old = Permissions::read(own.old.or(workflow.get("permissions").old));
        let new = Permissions::read(own.new.or(workflow.get("permissions").new));
        compare(&old, &new, Some(id), lines);
    }
}

/// Says what a new job may write: nobody has agreed to it yet.
pub(super) fn of_new_job(id: &str, workflow: Both<'_>, job: Node<'_>, lines: &mut Lines) {
    let permissions = job.get("permissions").or(workflow.get("permissions").new);
    match Permissions::read(permissions) {
        Permissions::All(Access::Write) => raised("to `write-all`", Some(id), lines),
        Permissions::Scopes(scopes) => {
            for (scope, access) in scopes {
                if access == Access::Write {
                    raised(&format!("to {}", named(scope, access)), Some(id), lines);
                }
            }
        }
        _ => {}
    }
}

fn raised(what: &str, job: Option<&str>, lines: &mut Lines) {
    lines.of(
        Rank::Raised,
        "permissions raised: ",
        job,
        format!(" {what}"),
    );
}

fn lowered(what: &str, job: Option<&str>, lines: &mut Lines) {
    lines.of(
        Rank::Lowered,
        "permissions lowered: ",
        job,
        format!(" {what}"),
    );
}

fn compare(old: &Permissions<'_>, new: &Permissions<'_>, job: Option<&str>, lines: &mut Lines) {
    match (old, new) {
        (Permissions::Unset, Permissions::Unset) => {}
        (Permissions::Unset, new) => {
            lowered(
                &format!("to {}, was {}", new.shown(), old.shown()),
                job,
                lines,
            );
        }
        (old, Permissions::Unset) => {
            raised(
                &format!("to {}, was {}", new.shown(), old.shown()),
                job,
                lines,
            );
        }
        _ => by_scope(old, new, job, lines),
    }
}

fn by_scope(old: &Permissions<'_>, new: &Permissions<'_>, job: Option<&str>, lines: &mut Lines) {
    let others = (old.access(None), new.access(None));
    if others.0 != others.1 {
        let what = format!("to {}, was {}", new.shown(), old.shown());
        return if others.0 < others.1 {
            raised(&what, job, lines);
        } else {
            // Below the word for all, single scopes may still have been raised.
            lowered(&what, job, lines);
            each(old, new, job, Only::Raised, lines);
        };
    }
    each(old, new, job, Only::All, lines);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Only {
    All,
    Raised,
}

fn each(
    old: &Permissions<'_>,
    new: &Permissions<'_>,
    job: Option<&str>,
    only: Only,
    lines: &mut Lines,
) {
    let scopes: BTreeSet<_> = new.scopes().chain(old.scopes()).collect();
    for scope in scopes {
        let (was, is) = (old.access(Some(scope)), new.access(Some(scope)));
        let what = format!("to {}, was `{}`", named(scope, is), was.word());
        if is > was {
            raised(&what, job, lines);
        } else if is < was && only == Only::All {
            lowered(&what, job, lines);
        }
    }
}
