//! Steps.

use super::{Access, Expression, Permissions, Scope, Text};

/// A step of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its id, if something reads its outputs or an overlay names it.
    pub id: Option<String>,
    /// The name shown on GitHub.
    pub name: Text,
    /// Why it is there or works as it does; lines of a comment, may be empty.
    pub about: Vec<String>,
    /// When it runs, beyond "all steps before succeeded".
    pub condition: Option<Expression>,
    /// What it does.
    pub work: Work,
    /// Its variables.
    pub env: Vec<(String, Text)>,
    /// Folder in which the command runs; `None`: the job's.
    pub folder: Option<Text>,
    /// Minutes after which it is ended; `None`: the job's limit.
    pub timeout: Option<u32>,
    /// Whether the job goes on when it fails.
    pub may_fail: bool,
    /// What it needs the token for.
    pub permissions: Permissions,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Runs a published action with these inputs.
    Use(Action, Vec<(String, Text)>),
    /// Runs one of our scripts, inlined.
    Script(Script),
    /// Runs command lines: the user's own, or ours with nothing in them but
    /// names from an allow-list.
    Run(String),
}

/// An action by its name, `owner/name` or `owner/name/path`; its commit comes
/// from the pins. Paths within the repository (`./…`) have none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Action(pub String);

/// A script under `templates/scripts/`, by its name without extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Script(pub &'static str);

impl Step {
    fn new(name: impl Into<Text>, work: Work) -> Self {
        Self {
            id: None,
            name: name.into(),
            about: Vec::new(),
            condition: None,
            work,
            env: Vec::new(),
            folder: None,
            timeout: None,
            may_fail: false,
            permissions: Permissions::default(),
        }
    }

    /// Runs a published action.
    pub fn uses(name: impl Into<Text>, action: &str) -> Self {
        Self::new(name, Work::Use(Action(action.to_owned()), Vec::new()))
    }

    /// Runs one of our scripts.
    pub fn script(name: impl Into<Text>, script: &'static str) -> Self {
        Self::new(name, Work::Script(Script(script)))
    }

    /// Runs command lines.
    pub fn run(name: impl Into<Text>, commands: impl Into<String>) -> Self {
        Self::new(name, Work::Run(commands.into()))
    }

    /// Sets its id.
    pub fn id(mut self, id: &str) -> Self {
        self.id = Some(id.to_owned());
        self
    }

    /// Says when it runs.
    pub fn when(mut self, condition: Expression) -> Self {
        self.condition = Some(condition);
        self
    }

    /// Adds an input of the action. Only for [`Step::uses`].
    pub fn with(mut self, name: &str, value: impl Into<Text>) -> Self {
        if let Work::Use(_, inputs) = &mut self.work {
            inputs.push((name.to_owned(), value.into()));
        }
        self
    }

    /// Adds a variable.
    pub fn env(mut self, name: &str, value: impl Into<Text>) -> Self {
        self.env.push((name.to_owned(), value.into()));
        self
    }

    /// Adds variables.
    pub fn envs(mut self, pairs: impl IntoIterator<Item = (String, Text)>) -> Self {
        self.env.extend(pairs);
        self
    }

    /// Sets the folder in which it runs.
    pub fn folder(mut self, folder: impl Into<Text>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// Ends it after this many minutes.
    pub fn timeout(mut self, minutes: u32) -> Self {
        self.timeout = Some(minutes);
        self
    }

    /// Lets the job go on when it fails.
    pub fn may_fail(mut self) -> Self {
        self.may_fail = true;
        self
    }

    /// Adds a comment line.
    pub fn about(mut self, line: impl Into<String>) -> Self {
        self.about.push(line.into());
        self
    }

    /// Asks for a permission; the reason is shown beside it.
    pub fn allow(mut self, scope: Scope, access: Access, reason: &str) -> Self {
        self.permissions.ask(scope, access, reason);
        self
    }

    /// Every text of the step that GitHub evaluates.
    pub fn texts(&self) -> impl Iterator<Item = &Text> {
        let inputs = match &self.work {
            Work::Use(_, inputs) => inputs.as_slice(),
            Work::Script(_) | Work::Run(_) => &[],
        };
        let values = inputs.iter().chain(&self.env).map(|(_, value)| value);
        values.chain(&self.folder).chain([&self.name])
    }
}
