//! What starts a workflow.

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
