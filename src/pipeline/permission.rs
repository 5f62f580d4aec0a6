//! Token permissions, declared by steps and lifted to their job.

use std::collections::BTreeMap;
use std::collections::btree_map;

/// What a scope may be used for. The order is that of power.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Look at it.
    Read,
    /// Change it.
    Write,
}

/// The scopes that our building blocks ask for, by GitHub's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Scope {
    Actions,
    Attestations,
    Checks,
    Contents,
    Deployments,
    IdToken,
    Issues,
    Packages,
    Pages,
    PullRequests,
    SecurityEvents,
    Statuses,
}

impl Scope {
    /// The name in a workflow file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Actions => "actions",
            Self::Attestations => "attestations",
            Self::Checks => "checks",
            Self::Contents => "contents",
            Self::Deployments => "deployments",
            Self::IdToken => "id-token",
            Self::Issues => "issues",
            Self::Packages => "packages",
            Self::Pages => "pages",
            Self::PullRequests => "pull-requests",
            Self::SecurityEvents => "security-events",
            Self::Statuses => "statuses",
        }
    }
}

impl Access {
    /// The name in a workflow file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// Scopes, each with the highest access asked for and the reason for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permissions(BTreeMap<Scope, (Access, String)>);

impl Permissions {
    /// Asks for a scope; `reason` is shown beside it ("post the comment").
    pub fn ask(&mut self, scope: Scope, access: Access, reason: &str) {
        match self.0.entry(scope) {
            btree_map::Entry::Vacant(free) => {
                free.insert((access, reason.to_owned()));
            }
            btree_map::Entry::Occupied(mut held) if held.get().0 < access => {
                held.insert((access, reason.to_owned()));
            }
            btree_map::Entry::Occupied(_) => {}
        }
    }

    /// Takes over everything that another asks for.
    pub fn merge(&mut self, other: &Self) {
        for (scope, access, reason) in other.iter() {
            self.ask(scope, access, reason);
        }
    }

    /// Scope, access and reason, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (Scope, Access, &str)> {
        self.0
            .iter()
            .map(|(scope, (access, reason))| (*scope, *access, reason.as_str()))
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_union_keeps_the_higher_access() {
        let mut permissions = Permissions::default();
        permissions.ask(Scope::Contents, Access::Write, "create the release");
        permissions.ask(Scope::Contents, Access::Read, "check out");
        let held: Vec<_> = permissions.iter().collect();
        assert_eq!(
            held,
            [(Scope::Contents, Access::Write, "create the release")]
        );
    }
}
