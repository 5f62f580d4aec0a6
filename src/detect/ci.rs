//! Existing pipelines: what GitHub workflows install, run, and start beside their jobs.

use crate::expression;
use serde_json::Value;

use super::model::OtherCi;
use super::read::{Image, strings, text_at, value_at, yaml};
use super::tree::{FileTree, file_name, resolve};

/// A tool that an action installs at a version.
#[derive(Debug, Clone)]
pub(super) struct Setup {
    /// The action without its version, as `actions/setup-node`.
    pub(super) action: String,
    /// The versions asked for: one, or those of a matrix.
    pub(super) versions: Vec<String>,
}

/// A job of a workflow, or a composite action of the repository.
#[derive(Debug, Clone, Default)]
pub(super) struct Job {
    /// The file of the workflow or action.
    pub(super) path: String,
    /// The tools that it installs.
    pub(super) setups: Vec<Setup>,
    /// The lines of its scripts.
    pub(super) commands: Vec<String>,
    /// Actions it uses, with their inputs.
    pub(super) uses: Vec<(String, Value)>,
    /// Images of its service containers.
    pub(super) services: Vec<Image>,
    /// Folders it works in, as far as they are written out.
    pub(super) folders: Vec<String>,
    /// The environment it deploys to.
    pub(super) environment: Option<String>,
}

/// Actions that install a tool, and the input that says which version.
/// Read from the actions' own `action.yml`, November 2026.
const VERSION_INPUTS: &[(&str, &str)] = &[
    ("actions-rust-lang/setup-rust-toolchain", "toolchain"),
    ("actions/setup-dotnet", "dotnet-version"),
    ("actions/setup-go", "go-version"),
    ("actions/setup-java", "java-version"),
    ("actions/setup-node", "node-version"),
    ("actions/setup-python", "python-version"),
    ("astral-sh/setup-uv", "python-version"),
    ("dart-lang/setup-dart", "sdk"),
    ("denoland/setup-deno", "deno-version"),
    ("dtolnay/rust-toolchain", "toolchain"),
    ("erlef/setup-beam", "elixir-version"),
    ("graalvm/setup-graalvm", "java-version"),
    ("hashicorp/setup-terraform", "terraform_version"),
    ("opentofu/setup-opentofu", "tofu_version"),
    ("oven-sh/setup-bun", "bun-version"),
    ("ruby/setup-ruby", "ruby-version"),
    ("shivammathur/setup-php", "php-version"),
    ("subosito/flutter-action", "flutter-version"),
];

/// Returns the workflow files of the repository itself.
pub(super) fn workflow_paths(tree: &FileTree) -> Vec<String> {
    tree.names_in(".github/workflows")
        .filter(|name| is_yaml(name))
        .map(|name| format!(".github/workflows/{name}"))
        .collect()
}

/// Reads the jobs of all workflows and the steps of the repository's own actions.
pub(super) fn jobs(tree: &FileTree) -> Vec<Job> {
    let mut jobs = Vec::new();
    for path in workflow_paths(tree) {
        let Some(workflow) = tree.text(&path).and_then(yaml) else {
            continue;
        };
        let Some(Value::Object(entries)) = workflow.get("jobs") else {
            continue;
        };
        jobs.extend(entries.values().map(|job| read_job(&path, &workflow, job)));
    }
    let actions = tree
        .below(".github/actions")
        .filter(|path| matches!(file_name(path), "action.yml" | "action.yaml"));
    for path in actions {
        if let Some(action) = tree.text(path).and_then(yaml) {
            let mut job = Job {
                path: path.to_owned(),
                ..Job::default()
            };
            read_steps(&mut job, &action, &Value::Null, action.get("runs"));
            jobs.push(job);
        }
    }
    jobs
}

fn read_job(path: &str, workflow: &Value, value: &Value) -> Job {
    let mut job = Job {
        path: path.to_owned(),
        environment: text_at(value, &["environment"])
            .or_else(|| text_at(value, &["environment", "name"]))
            .filter(|name| !expression::is_in(name)),
        ..Job::default()
    };
    for defaults in [workflow, value] {
        let folder = text_at(defaults, &["defaults", "run", "working-directory"]);
        job.folders
            .extend(folder.and_then(|folder| resolve(".", &folder)));
    }
    if let Some(Value::Object(services)) = value.get("services") {
        job.services = services
            .values()
            .filter_map(|service| {
                text_at(service, &["image"]).or_else(|| service.as_str().map(str::to_owned))
            })
            .filter_map(|image| Image::parse(&image))
            .collect();
    }
    read_steps(&mut job, workflow, value, Some(value));
    job
}

fn read_steps(job: &mut Job, outer: &Value, inner: &Value, holder: Option<&Value>) {
    let steps = holder
        .and_then(|holder| holder.get("steps"))
        .and_then(Value::as_array);
    for step in steps.into_iter().flatten() {
        if let Some(folder) = text_at(step, &["working-directory"]) {
            job.folders.extend(resolve(".", &folder));
        }
        if let Some(script) = text_at(step, &["run"]) {
            job.commands
                .extend(script.lines().map(|line| line.trim().to_owned()));
        }
        let Some(uses) = text_at(step, &["uses"]) else {
            continue;
        };
        let with = step.get("with").cloned().unwrap_or(Value::Null);
        let action = uses.split('@').next().unwrap_or_default().to_owned();
        if let Some((_, input)) = VERSION_INPUTS.iter().find(|(name, _)| *name == action) {
            let mut versions: Vec<String> = with
                .get(*input)
                .map(strings)
                .unwrap_or_default()
                .iter()
                .flat_map(|text| text.lines())
                .flat_map(|text| fill(text.trim(), outer, inner))
                .collect();
            if action == "dtolnay/rust-toolchain" && versions.is_empty() {
                versions.extend(uses.split_once('@').map(|(_, version)| version.to_owned()));
            }
            job.setups.push(Setup {
                action: action.clone(),
                versions,
            });
        }
        job.uses.push((action, with));
    }
}

/// The values of a text that is one expression over `matrix`, `env` or `inputs`.
fn fill(text: &str, outer: &Value, inner: &Value) -> Vec<String> {
    let Some(expression) = text
        .strip_prefix("${{")
        .and_then(|rest| rest.strip_suffix("}}"))
    else {
        return vec![text.to_owned()];
    };
    let keys: Vec<&str> = expression.trim().split('.').collect();
    match keys.as_slice() {
        ["env", name] => [inner, outer]
            .iter()
            .find_map(|scope| text_at(scope, &["env", name]))
            .into_iter()
            .collect(),
        ["inputs", name] => text_at(outer, &["inputs", name, "default"])
            .into_iter()
            .collect(),
        ["matrix", rest @ ..] => matrix_values(inner, rest),
        _ => Vec::new(),
    }
}

/// All values that a matrix gives to a key, those of `include` too.
fn matrix_values(job: &Value, keys: &[&str]) -> Vec<String> {
    let Some(matrix) = value_at(job, &["strategy", "matrix"]) else {
        return Vec::new();
    };
    let Some((first, rest)) = keys.split_first() else {
        return Vec::new();
    };
    let rows = matrix.get(*first).and_then(Value::as_array);
    let direct = rows
        .into_iter()
        .flatten()
        .filter_map(|row| value_at(row, rest));
    let included = matrix
        .get("include")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|row| value_at(row, keys));
    direct.chain(included).flat_map(strings).collect()
}

/// Returns the pipelines of other systems.
pub(super) fn other_ci(tree: &FileTree) -> Vec<OtherCi> {
    const FILES: &[(&str, &str)] = &[
        (".appveyor.yml", "appveyor"),
        (".buildkite/pipeline.yml", "buildkite"),
        (".circleci/config.yml", "circleci"),
        (".cirrus.yml", "cirrus"),
        (".drone.yml", "drone"),
        (".gitlab-ci.yml", "gitlab"),
        (".semaphore/semaphore.yml", "semaphore"),
        (".travis.yml", "travis"),
        (".woodpecker.yml", "woodpecker"),
        ("Jenkinsfile", "jenkins"),
        ("appveyor.yml", "appveyor"),
        ("azure-pipelines.yaml", "azure-pipelines"),
        ("azure-pipelines.yml", "azure-pipelines"),
        ("bitbucket-pipelines.yml", "bitbucket"),
        ("buildspec.yml", "codebuild"),
        ("cloudbuild.yaml", "cloud-build"),
        ("cloudbuild.yml", "cloud-build"),
    ];
    let mut found: Vec<OtherCi> = FILES
        .iter()
        .filter(|(path, _)| tree.has(path))
        .map(|(path, system)| other(system, path))
        .collect();
    // A pipeline of Azure may have any name; its `pool:` and `trigger:` tell.
    for name in tree.names_in(".").filter(|name| is_yaml(name)) {
        let known = found.iter().any(|ci| ci.path == name);
        let is_azure = |text: &str| {
            let has = |key: &str| text.lines().any(|line| line.starts_with(key));
            has("pool:") && (has("trigger:") || has("pr:"))
                || text.contains("vmImage:")
                || has("stages:") && text.contains("azure-pipelines")
                || has("resources:") && has("extends:") && has("trigger:")
        };
        if !known && tree.text(name).is_some_and(is_azure) {
            found.push(other("azure-pipelines", name));
        }
    }
    found
}

fn other(system: &str, path: &str) -> OtherCi {
    OtherCi {
        system: system.to_owned(),
        path: path.to_owned(),
    }
}

pub(super) fn is_yaml(name: &str) -> bool {
    name.ends_with(".yml") || name.ends_with(".yaml")
}
