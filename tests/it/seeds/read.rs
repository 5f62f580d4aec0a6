//! Generated workflows as values that tests ask questions of.
//!
//! A preset goes in, the files that it becomes come out; a workflow is read
//! again from its YAML text, so that nothing is believed of the planner.
//! Conditions are not judged here.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Debug;
use std::sync::{Mutex, OnceLock};

use cicd::assets::{SCRIPTS, preset};
use cicd::commands::project;
use cicd::pipeline::EnvironmentSettings;
use indexmap::IndexMap;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_yaml::Value;

/// Everything that a manifest becomes, and what was read of it again.
pub(crate) struct Generated {
    files: BTreeMap<String, String>,
    workflows: Shared<Workflow>,
    /// What the settings of the repository must say of each environment.
    pub(crate) environments: Vec<EnvironmentSettings>,
}

/// What many tests look at and none changes, made once, by its text or name.
struct Shared<T: 'static>(Mutex<BTreeMap<String, &'static OnceLock<T>>>);

impl<T> Shared<T> {
    const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    fn get(&self, name: &str, make: impl FnOnce() -> T) -> &'static T {
        let place = *self
            .0
            .lock()
            .unwrap()
            .entry(name.to_owned())
            .or_insert_with(|| Box::leak(Box::default()));
        place.get_or_init(make)
    }
}

static GENERATED: Shared<Generated> = Shared::new();

impl Generated {
    /// Generates a preset in an empty repository.
    pub(crate) fn preset(name: &str) -> &'static Self {
        Self::manifest(preset(name).unwrap())
    }

    /// Generates from the text of a manifest in an empty repository.
    pub(crate) fn manifest(text: &str) -> &'static Self {
        GENERATED.get(text, || Self::generate(text))
    }

    fn generate(text: &str) -> Self {
        let root = tempfile::tempdir().unwrap();
        let project = project::build(root.path(), "cicd.yml", text.as_bytes().to_vec());
        let project = project.unwrap_or_else(|failure| panic!("{failure:?}"));
        let files = project
            .rendered
            .into_iter()
            .map(|file| (file.path, file.text));
        Self {
            files: files.collect(),
            workflows: Shared::new(),
            environments: project.pipeline.environments,
        }
    }

    /// The text of a file by its path, if it was generated.
    pub(crate) fn find(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// A workflow by its file name without folder and ending.
    pub(crate) fn workflow(&self, name: &str) -> &'static Workflow {
        let text = self.find(&format!(".github/workflows/{name}.yml"));
        let text = text.unwrap_or_else(|| panic!("no {name} among {:?}", self.files.keys()));
        self.workflows.get(name, || Workflow::read(text))
    }
}

/// One workflow file.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Workflow {
    pub(crate) name: String,
    #[serde(deserialize_with = "triggers")]
    pub(crate) on: BTreeMap<String, Option<Trigger>>,
    pub(crate) permissions: BTreeMap<String, String>,
    pub(crate) concurrency: Option<Concurrency>,
    pub(crate) jobs: IndexMap<String, Job>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Trigger {
    pub(crate) branches: Vec<String>,
    pub(crate) tags: Vec<String>,
    /// The workflows that are followed.
    pub(crate) workflows: Vec<String>,
    pub(crate) inputs: BTreeMap<String, Input>,
    /// The times of a schedule, which GitHub writes as a list of mappings.
    #[serde(skip)]
    pub(crate) crons: Vec<String>,
}

fn triggers<'de, D: Deserializer<'de>>(
    written: D,
) -> Result<BTreeMap<String, Option<Trigger>>, D::Error> {
    #[derive(Deserialize)]
    struct Time {
        cron: String,
    }
    let all: BTreeMap<String, Value> = Deserialize::deserialize(written)?;
    let one = |(event, value): (String, Value)| {
        let trigger = if value.is_sequence() {
            let times: Vec<Time> = serde_yaml::from_value(value)?;
            let crons = times.into_iter().map(|time| time.cron).collect();
            Some(Trigger {
                crons,
                ..Trigger::default()
            })
        } else {
            serde_yaml::from_value(value)?
        };
        Ok((event, trigger))
    };
    all.into_iter()
        .map(one)
        .collect::<Result<_, serde_yaml::Error>>()
        .map_err(D::Error::custom)
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Input {
    pub(crate) description: String,
    pub(crate) r#type: String,
    #[serde(default)]
    pub(crate) required: bool,
    pub(crate) default: Option<Value>,
    #[serde(default)]
    pub(crate) options: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Concurrency {
    pub(crate) group: String,
    /// A Boolean or an expression.
    pub(crate) cancel_in_progress: Value,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Job {
    #[serde(skip)]
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) needs: Vec<String>,
    #[serde(rename = "if")]
    pub(crate) condition: Option<String>,
    #[serde(default)]
    pub(crate) runs_on: Value,
    pub(crate) timeout_minutes: u32,
    #[serde(default)]
    pub(crate) permissions: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) continue_on_error: bool,
    pub(crate) environment: Option<Environment>,
    pub(crate) concurrency: Option<Concurrency>,
    #[serde(default)]
    pub(crate) services: BTreeMap<String, Value>,
    pub(crate) strategy: Option<Strategy>,
    #[serde(default)]
    pub(crate) env: BTreeMap<String, Value>,
    #[serde(default)]
    pub(crate) outputs: BTreeMap<String, String>,
    #[serde(default)]
    defaults: Value,
    #[serde(default)]
    pub(crate) steps: Vec<Step>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Environment {
    pub(crate) name: String,
    pub(crate) url: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Strategy {
    pub(crate) matrix: Matrix,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Matrix {
    pub(crate) include: Vec<BTreeMap<String, Value>>,
    #[serde(flatten)]
    pub(crate) dimensions: BTreeMap<String, Vec<String>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Step {
    pub(crate) id: Option<String>,
    pub(crate) name: String,
    #[serde(rename = "if")]
    pub(crate) condition: Option<String>,
    uses: Option<String>,
    #[serde(default)]
    pub(crate) with: BTreeMap<String, Value>,
    #[serde(default)]
    pub(crate) env: BTreeMap<String, Value>,
    pub(crate) run: Option<String>,
    pub(crate) working_directory: Option<String>,
    #[serde(default)]
    pub(crate) continue_on_error: bool,
}

impl Workflow {
    /// Reads the text of a workflow.
    pub(crate) fn read(text: &str) -> Self {
        let mut workflow: Self = serde_yaml::from_str(text).unwrap();
        for (id, job) in &mut workflow.jobs {
            job.id.clone_from(id);
        }
        workflow
    }

    /// A job by its id.
    pub(crate) fn job(&self, id: &str) -> &Job {
        self.jobs
            .get(id)
            .unwrap_or_else(|| panic!("no job {id} among {:?}", self.jobs.keys()))
    }

    /// The ids of all jobs in the order of the file.
    pub(crate) fn ids(&self) -> Vec<&str> {
        self.jobs.keys().map(String::as_str).collect()
    }

    /// What an event must fulfil to start this.
    pub(crate) fn trigger(&self, event: &str) -> &Trigger {
        let trigger = self
            .on
            .get(event)
            .unwrap_or_else(|| panic!("no {event} among {:?}", self.on.keys()));
        trigger
            .as_ref()
            .unwrap_or_else(|| panic!("{event} says nothing"))
    }

    /// All jobs that have ended before this one starts.
    pub(crate) fn before(&self, id: &str) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        let mut open: Vec<_> = self.job(id).needs.iter().map(String::as_str).collect();
        while let Some(next) = open.pop() {
            if found.insert(next) {
                open.extend(self.job(next).needs.iter().map(String::as_str));
            }
        }
        found
    }

    /// Fails unless each of these jobs waits, directly or not, for the one named before it.
    pub(crate) fn assert_order(&self, ids: &[&str]) {
        for pair in ids.windows(2) {
            assert!(
                self.before(pair[1]).contains(pair[0]),
                "{} does not wait for {}",
                pair[1],
                pair[0]
            );
        }
    }
}

impl Job {
    /// A step by its name.
    pub(crate) fn step(&self, name: &str) -> &Step {
        self.steps
            .iter()
            .find(|step| step.name == name)
            .unwrap_or_else(|| self.lacks(&name))
    }

    /// The first step that uses an action, named without its version.
    pub(crate) fn using(&self, action: &str) -> &Step {
        self.steps
            .iter()
            .find(|step| step.action() == Some(action))
            .unwrap_or_else(|| self.lacks(&action))
    }

    /// The first step that runs one of our scripts.
    pub(crate) fn script(&self, name: &str) -> &Step {
        self.steps
            .iter()
            .find(|step| step.script() == Some(name))
            .unwrap_or_else(|| self.lacks(&name))
    }

    /// The first step whose command has some words in it.
    pub(crate) fn running(&self, words: &str) -> &Step {
        let runs = |step: &&Step| step.run.as_ref().is_some_and(|run| run.contains(words));
        self.steps
            .iter()
            .find(runs)
            .unwrap_or_else(|| self.lacks(&words))
    }

    /// Our scripts in the order in which the job runs them.
    pub(crate) fn scripts(&self) -> Vec<&'static str> {
        self.steps.iter().filter_map(Step::script).collect()
    }

    /// Where commands run that say nothing else.
    pub(crate) fn working_directory(&self) -> Option<&str> {
        self.defaults.get("run")?.get("working-directory")?.as_str()
    }

    /// The value of one variable in each run of the matrix.
    pub(crate) fn matrix(&self, key: &str) -> Vec<&str> {
        let Some(Strategy { matrix }) = &self.strategy else {
            return Vec::new();
        };
        let whole = matrix.include.iter();
        let whole = whole.filter_map(|run| run.get(key)?.as_str());
        let dimension = matrix.dimensions.get(key).into_iter().flatten();
        whole.chain(dimension.map(String::as_str)).collect()
    }

    fn lacks(&self, what: &dyn Debug) -> ! {
        let names: Vec<_> = self.steps.iter().map(|step| &step.name).collect();
        panic!("{} has no step {what:?} among {names:#?}", self.id)
    }
}

impl Step {
    /// The action, without its version.
    pub(crate) fn action(&self) -> Option<&str> {
        self.uses.as_deref()?.split('@').next()
    }

    /// The script of ours that this step runs, known by its first comment.
    pub(crate) fn script(&self) -> Option<&'static str> {
        static NAMES: OnceLock<HashMap<&str, &str>> = OnceLock::new();
        let names = NAMES.get_or_init(|| {
            let rows = SCRIPTS.iter();
            rows.filter_map(|(name, text)| Some((first_comment(text)?, *name)))
                .collect()
        });
        let first = self.run.as_deref()?.lines().next()?;
        names.get(first).copied()
    }

    /// A variable as text; empty if it is not set.
    pub(crate) fn env(&self, name: &str) -> String {
        self.env.get(name).map(text).unwrap_or_default()
    }

    /// An input of the action as text; empty if it is not set.
    pub(crate) fn with(&self, name: &str) -> String {
        self.with.get(name).map(text).unwrap_or_default()
    }
}

fn first_comment(script: &'static str) -> Option<&'static str> {
    script.lines().find(|line| line.starts_with("# "))
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => serde_yaml::to_string(other).unwrap().trim_end().to_owned(),
    }
}

/// Whether a branch or tag passes a list of filters, read as GitHub reads them:
/// `*` stops at a slash, `**` does not.
pub(crate) fn passes(filters: &[String], name: &str) -> bool {
    filters
        .iter()
        .any(|filter| matches(filter.as_bytes(), name.as_bytes()))
}

fn matches(filter: &[u8], name: &[u8]) -> bool {
    let any = |rest: &[u8], stops: bool| {
        let end = name
            .iter()
            .position(|byte| stops && *byte == b'/')
            .unwrap_or(name.len());
        (0..=end).any(|skipped| matches(rest, &name[skipped..]))
    };
    match filter {
        [] => name.is_empty(),
        [b'*', b'*', rest @ ..] => any(rest, false),
        [b'*', rest @ ..] => any(rest, true),
        [first, rest @ ..] => name.first() == Some(first) && matches(rest, &name[1..]),
    }
}

#[test]
fn each_script_is_known_by_its_first_comment() {
    let comments: BTreeSet<_> = SCRIPTS
        .iter()
        .map(|(_, text)| first_comment(text))
        .collect();
    assert_eq!(comments.len(), SCRIPTS.len());
    assert!(!comments.contains(&None));
}

#[test]
fn filters_are_read_as_github_reads_them() {
    let passes = |filter: &str, name| passes(&[filter.to_owned()], name);
    assert!(passes("phase-*", "phase-2") && !passes("phase-*", "phase-2/x"));
    assert!(passes("phase-*/**", "phase-2/x/y") && !passes("phase-*/**", "phase-2"));
    assert!(
        passes("v*.*.*", "v1.2.3") && passes("v*.*.*", "v1.2.3-rc.1") && !passes("v*.*.*", "v1.2")
    );
    assert!(!passes("develop", "develop2"));
}
