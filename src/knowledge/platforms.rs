//! Platforms that read workflows of GitHub's form, and what they lack.

const TABLE: &str = include_str!("data/platforms.tsv");

/// Where workflows run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Platform {
    /// github.com, and GitHub Enterprise Cloud.
    #[default]
    GitHub,
    /// GitHub Enterprise Server.
    Ghes,
    /// Gitea.
    Gitea,
    /// Forgejo, such as Codeberg.
    Forgejo,
}

impl Platform {
    /// Returns its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub",
            Self::Ghes => "GitHub Enterprise Server",
            Self::Gitea => "Gitea",
            Self::Forgejo => "Forgejo",
        }
    }

    /// Says whether it has runners of its own, whose labels GitHub decides.
    pub fn has_hosted_runners(self) -> bool {
        self == Self::GitHub
    }

    /// Says whether `uses` may be the address of a repository.
    pub fn takes_urls(self) -> bool {
        matches!(self, Self::Gitea | Self::Forgejo)
    }

    /// Returns what it lacks of this kind.
    pub fn lacks(self, kind: &str) -> impl Iterator<Item = Lacking> {
        let key = match self {
            Self::GitHub => "",
            Self::Ghes => "ghes",
            Self::Gitea => "gitea",
            Self::Forgejo => "forgejo",
        };
        let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
        rows.filter_map(move |row| {
            let mut columns = row.split('\t');
            let is_own = columns.next()? == key && columns.next()? == kind;
            let (name, effect) = (columns.next()?, columns.next()?);
            let effect = match effect {
                "fails" => Effect::Fails,
                "missing" => Effect::Missing,
                _ => Effect::Ignored,
            };
            is_own.then_some(Lacking { name, effect })
        })
    }
}

/// Something that a platform lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lacking {
    /// Its name.
    pub name: &'static str,
    /// What becomes of it.
    pub effect: Effect,
}

/// What becomes of something that a platform lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The run or the step fails.
    Fails,
    /// It is passed over.
    Ignored,
    /// Its value is empty.
    Missing,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_each_row_is_found() {
        let rows: Vec<_> = TABLE
            .lines()
            .filter(|line| !line.starts_with('#'))
            .collect();
        assert!(rows.is_sorted_by(|one, next| one < next));
        let all = [Platform::Ghes, Platform::Gitea, Platform::Forgejo];
        let kinds = ["action", "context", "form", "job-key", "permission"];
        let found = all
            .iter()
            .flat_map(|one| kinds.iter().flat_map(|kind| one.lacks(kind)));
        assert_eq!(found.count(), rows.len());
    }

    #[test]
    fn github_lacks_nothing() {
        assert_eq!(Platform::GitHub.lacks("action").count(), 0);
        assert_eq!(Platform::default(), Platform::GitHub);
    }
}
