//! Known shapes: what a hand-written workflow of checks says, in the words of a manifest.
//!
//! A workflow goes in; what comes out is the stack and the settings that plan a workflow
//! which installs the same tools and runs the same commands, with what cannot be said in
//! those words as own steps and own jobs beside it. A job is only known where each of its
//! steps is understood: a guess would change what somebody's project is checked by. Whether
//! the planned workflow does run all of it is proved on its text ([`missing`]).

mod commands;
mod component;
mod covered;
mod group;
mod job;
mod matrix;
mod programs;
mod settings;
mod setup;
mod tools;
mod triggers;
mod write;

use serde_json::Value;

use crate::source::SourceId;
use crate::syntax::{self, JSON_BUDGET, Tree};

pub use covered::missing;
pub use write::{About, Said, manifest};

/// A workflow in the words of a manifest.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// The name that GitHub shows.
    pub name: Option<String>,
    /// What starts it.
    pub triggers: Vec<String>,
    /// What its known jobs are about, with these jobs: several for one component, each of its own
    /// phase, or one for each of several components.
    pub components: Vec<Vec<Job>>,
    /// The other jobs, and why each is not known.
    pub others: Vec<(String, String)>,
}

impl Shape {
    /// Says whether it looks at changes, so that it can be what a stack is made from.
    pub fn is_of_changes(&self) -> bool {
        let of_changes = ["branch", "pull-request", "merge-group"];
        let mut words = self
            .triggers
            .iter()
            .filter_map(|word| word.split(' ').next());
        words.any(|word| of_changes.contains(&word))
    }

    /// Says whether the workflow tests something, which is what a pipeline is built around.
    pub fn tests(&self) -> bool {
        self.components
            .iter()
            .flatten()
            .any(|job| !job.test.is_empty())
    }
}

/// A job that sets up one language and runs commands in one folder.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// The jobs that it waits for.
    pub needs: Vec<String>,
    /// The folder, from the root of the repository.
    pub folder: String,
    /// The language, by its usual name.
    pub language: String,
    /// Its versions, as the workflow asks for them.
    pub versions: Vec<String>,
    /// What installs its dependencies, where the language leaves a choice.
    pub manager: Option<String>,
    /// The version of that.
    pub manager_version: Option<String>,
    /// The lock file, where the workflow names it.
    pub lockfile: Option<String>,
    /// Whether the dependencies are kept from run to run, so that the files that list them exist.
    pub cached: bool,
    /// The lines that install its dependencies.
    pub install: Vec<String>,
    /// Its linters, formatters and type checkers.
    pub lint: Vec<String>,
    /// The lines of its tests.
    pub test: Vec<String>,
    /// The lines of its build.
    pub build: Vec<String>,
    /// Packages of the system that it needs.
    pub system: Vec<String>,
    /// Variables of all of it.
    pub env: Vec<(String, String)>,
    /// Steps that no word stands for, before its tools are set up.
    pub before: Vec<Value>,
    /// The same behind its commands.
    pub after: Vec<Value>,
    /// What else is said of the job in GitHub's syntax, such as its name, and stays so.
    pub overlay: Vec<(String, Value)>,
}

/// What a command is for, in the order in which a pipeline runs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Phase {
    Lint,
    Test,
    Build,
}

impl Phase {
    /// Its name in manifests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lint => "lint",
            Self::Test => "test",
            Self::Build => "build",
        }
    }
}

/// Returns what a workflow says in the words of a manifest, or why it cannot be said: a few
/// words that name what stands in the way.
///
/// `files` gives the text of a file of the repository, for versions that stand there.
pub fn recognise(workflow: &str, files: &dyn Fn(&str) -> Option<String>) -> Result<Shape, String> {
    let root = value(workflow).ok_or("it is no workflow")?;
    let root = root.as_object().ok_or("it is no workflow")?;
    const KEYS: [&str; 7] = [
        "name",
        "on",
        "permissions",
        "env",
        "defaults",
        "concurrency",
        "jobs",
    ];
    if let Some(key) = root.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(format!("`{key}` of the workflow"));
    }
    let triggers = triggers::words(root.get("on").unwrap_or(&Value::Null))?;
    let outer = settings::Outer::read(root, files)?;
    let (mut known, mut others) = (Vec::new(), Vec::new());
    let jobs = root.get("jobs").and_then(Value::as_object);
    for (id, value) in jobs.into_iter().flatten() {
        match job::read(id, value, &outer) {
            Ok(job) => known.push(job),
            Err(reason) => others.push((id.clone(), reason)),
        }
    }
    let components = group::components(known, &mut others);
    if components.is_empty() {
        let first = others.into_iter().next();
        return Err(first.map_or_else(
            || "it has no jobs".to_owned(),
            |(id, reason)| format!("{reason} in job `{id}`"),
        ));
    }
    Ok(Shape {
        name: root.get("name").and_then(Value::as_str).map(str::to_owned),
        triggers,
        components,
        others,
    })
}

/// A workflow as plain data; aliases stand for what they name.
fn value(workflow: &str) -> Option<Value> {
    let parsed = syntax::parse(SourceId(0), workflow);
    let root = parsed.document.as_ref().and_then(Tree::root)?;
    root.to_json(JSON_BUDGET).ok()
}

/// The text of a scalar, as GitHub would hand it on.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}
