//! Jobs and what belongs to them.

use super::{Access, Expression, Permissions, Phase, Scope, Step, Text};

/// A job of a workflow.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id: letters, digits, `-` and `_`.
    pub id: String,
    /// The name shown on GitHub.
    pub name: Text,
    /// Why it is there or works as it does; lines of a comment, may be empty.
    pub about: Vec<String>,
    /// Its part in the pipeline.
    pub phase: Phase,
    /// Jobs that end before this one starts.
    pub needs: Vec<String>,
    /// When it runs, beyond "all needed jobs succeeded".
    pub condition: Option<Expression>,
    /// Where it runs.
    pub runner: Runner,
    /// Minutes after which GitHub cancels it.
    pub timeout: u32,
    /// What the token may do, beyond what the steps ask for.
    pub permissions: Permissions,
    /// The deployment environment it belongs to.
    pub environment: Option<Environment>,
    /// Which other jobs it must not run beside.
    pub concurrency: Option<Concurrency>,
    /// Variants of the job.
    pub matrix: Option<Matrix>,
    /// Containers that run beside it.
    pub services: Vec<Service>,
    /// Variables of all steps.
    pub env: Vec<(String, Text)>,
    /// Folder in which commands run; `None`: the root of the repository.
    pub folder: Option<Text>,
    /// What later jobs may read.
    pub outputs: Vec<(String, Text)>,
    /// What it does. Empty if `call` says so instead.
    pub steps: Vec<Step>,
    /// The reusable workflow that it calls.
    pub call: Option<ReusableCall>,
    /// Whether the run goes on as if it had succeeded when it fails.
    pub may_fail: bool,
}

impl Job {
    /// A job with nothing in it but the usual runner.
    pub fn new(phase: Phase, id: impl Into<String>, name: impl Into<Text>, timeout: u32) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            about: Vec::new(),
            phase,
            needs: Vec::new(),
            condition: None,
            runner: Runner::default(),
            timeout,
            permissions: Permissions::default(),
            environment: None,
            concurrency: None,
            matrix: None,
            services: Vec::new(),
            env: Vec::new(),
            folder: None,
            outputs: Vec::new(),
            steps: Vec::new(),
            call: None,
            may_fail: false,
        }
    }

    /// Adds the jobs that must end first, each once.
    pub fn needs(mut self, ids: impl IntoIterator<Item = String>) -> Self {
        for id in ids {
            if !self.needs.contains(&id) {
                self.needs.push(id);
            }
        }
        self
    }

    /// Says when it runs.
    pub fn when(mut self, condition: Expression) -> Self {
        self.condition = Some(condition);
        self
    }

    /// Adds a step.
    pub fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Adds steps.
    pub fn steps(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.steps.extend(steps);
        self
    }

    /// Adds an output.
    pub fn output(mut self, name: &str, value: impl Into<Text>) -> Self {
        self.outputs.push((name.to_owned(), value.into()));
        self
    }

    /// Adds a variable of all steps.
    pub fn env(mut self, name: &str, value: impl Into<Text>) -> Self {
        self.env.push((name.to_owned(), value.into()));
        self
    }

    /// Adds a comment line.
    pub fn about(mut self, line: impl Into<String>) -> Self {
        self.about.push(line.into());
        self
    }

    /// Asks for a permission that no single step is the reason for.
    pub fn allow(mut self, scope: Scope, access: Access, reason: &str) -> Self {
        self.permissions.ask(scope, access, reason);
        self
    }

    /// What the token of the job may do: its own wishes and those of its steps.
    pub fn all_permissions(&self) -> Permissions {
        let mut all = self.permissions.clone();
        for step in &self.steps {
            all.merge(&step.permissions);
        }
        all
    }
}

/// Where a job runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runner(pub Vec<String>);

impl Default for Runner {
    /// A fixed image rather than `ubuntu-latest`, which changes under the user.
    fn default() -> Self {
        Self(vec!["ubuntu-24.04".to_owned()])
    }
}

/// The environment of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// Its name.
    pub name: Text,
    /// Where the deployed system is to be seen.
    pub url: Option<Text>,
    /// Whether the job counts as a deployment in the environment's history.
    pub deployment: bool,
}

/// A concurrency group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concurrency {
    /// Its name.
    pub group: Text,
    /// What happens to the one that is running when a newer one comes.
    pub cancel: Option<Expression>,
    /// Whether all that wait keep their place; without it, a newer run takes that of the one
    /// that waits. Jobs always keep theirs.
    pub keeps_all: bool,
}

impl Concurrency {
    /// A group in which a newer run cancels the older one.
    pub fn newest(group: Text) -> Self {
        Self {
            group,
            cancel: Some(Expression::new("true")),
            keeps_all: false,
        }
    }

    /// A group in which each waits for the one before.
    pub fn queue(group: Text) -> Self {
        Self {
            group,
            cancel: None,
            keeps_all: false,
        }
    }

    /// A group in which each run waits for all that came before it.
    pub fn line(group: Text) -> Self {
        Self {
            keeps_all: true,
            ..Self::queue(group)
        }
    }
}

/// Variants of a job: the same steps with other values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// Each dimension with its values.
    pub dimensions: Vec<(String, Vec<String>)>,
    /// Whole combinations, if the variants differ in more than one value.
    pub include: Vec<Vec<(String, String)>>,
}

impl Matrix {
    /// Variants that each have several values.
    pub fn of(include: Vec<Vec<(String, String)>>) -> Self {
        Self {
            dimensions: Vec::new(),
            include,
        }
    }
}

/// A container beside the job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its host name.
    pub name: String,
    /// Its image.
    pub image: String,
    /// Its variables.
    pub env: Vec<(String, String)>,
    /// `host:container`.
    pub ports: Vec<String>,
    /// The command that says whether it is ready.
    pub health: String,
}

/// A call of a reusable workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReusableCall {
    /// What is called: a path within the repository or `owner/repo/path@commit`.
    pub uses: String,
    /// Its inputs.
    pub with: Vec<(String, Text)>,
    /// Its secrets, by name.
    pub secrets: Vec<(String, Text)>,
}
