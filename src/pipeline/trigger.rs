//! What starts a workflow.

use super::Expression;

/// An entry of `on:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// Pushed branches or tags.
    Push(PushFilter),
    /// Pull requests against these branches; empty: any.
    PullRequest {
        /// Patterns of target branches.
        branches: Vec<String>,
        /// Patterns of changed paths; empty: any.
        paths: Vec<String>,
    },
    /// Changes that a merge queue tries together before it merges them.
    MergeGroup,
    /// Times in UTC, five fields each.
    Schedule(Vec<String>),
    /// By hand.
    Dispatch(Vec<DispatchInput>),
    /// Called by another workflow.
    Call,
    /// After other workflows have ended, by their names.
    After {
        /// Display names of the workflows.
        workflows: Vec<String>,
        /// Branches they ran on.
        branches: Vec<String>,
    },
}

/// Which pushes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PushFilter {
    /// Branch patterns.
    pub branches: Vec<String>,
    /// Tag patterns.
    pub tags: Vec<String>,
    /// Patterns of changed paths; empty: any.
    pub paths: Vec<String>,
}

impl PushFilter {
    /// Where a pattern stops to be a plain name; nothing for one that is a name.
    pub fn wildcard(pattern: &str) -> Option<usize> {
        pattern.find(['*', '?', '+', '[', '!'])
    }

    /// Whether a run is about one of these branches and tags, as well as a condition can say it:
    /// of a pattern, how the name begins. `None` for a filter without any.
    pub fn condition(&self) -> Option<Expression> {
        let kinds = [("refs/heads/", &self.branches), ("refs/tags/", &self.tags)];
        let refs = kinds.into_iter().flat_map(|(kind, patterns)| {
            patterns.iter().map(move |pattern| {
                let end = Self::wildcard(pattern);
                let name = format!("{kind}{}", &pattern[..end.unwrap_or(pattern.len())]);
                let name = Expression::literal(&name);
                match end {
                    None => Expression::new("github.ref == ").join(name),
                    Some(_) => Expression::new("startsWith(github.ref, ")
                        .join(name)
                        .join(Expression::new(")")),
                }
            })
        });
        Expression::any(refs)
    }
}

/// A field of the form that GitHub shows before a manual run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DispatchInput {
    /// Its id.
    pub name: String,
    /// What to enter.
    pub description: String,
    /// Whether it may be left empty.
    pub required: bool,
    /// Kind and default.
    pub kind: InputKind,
}

/// The kinds of input that we use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputKind {
    /// Free text, with its default.
    Text(Option<String>),
    /// A box, with its default.
    Flag(bool),
    /// One of the options, the first being the default.
    Choice(Vec<String>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_asks_for_names_and_how_they_begin() {
        let list = |patterns: &[&str]| patterns.iter().map(|&pattern| pattern.into()).collect();
        let filter = PushFilter {
            branches: list(&["main", "feature/**"]),
            tags: list(&["v*.*.*"]),
            paths: Vec::new(),
        };
        assert_eq!(
            filter.condition().unwrap().code(),
            "github.ref == 'refs/heads/main' || startsWith(github.ref, 'refs/heads/feature/') \
             || startsWith(github.ref, 'refs/tags/v')"
        );
        assert_eq!(PushFilter::default().condition(), None);
    }
}
