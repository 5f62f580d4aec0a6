//! What a workflow and a job say besides their steps: variables, folders, rights, names.

use serde_json::{Map, Value};

use super::matrix::Matrix;
use super::{Job, text};
use crate::adopt::rights::needed;
use crate::expression;

/// What a workflow says for all of its jobs.
pub(super) struct Outer<'w> {
    /// Its variables.
    pub(super) env: Vec<(String, String)>,
    /// The folder of its commands.
    pub(super) folder: Option<String>,
    /// Its permissions.
    permissions: Option<&'w Value>,
    /// The files of the repository, as far as they can be read.
    pub(super) files: &'w dyn Fn(&str) -> Option<String>,
}

impl<'w> Outer<'w> {
    pub(super) fn read(
        root: &'w Map<String, Value>,
        files: &'w dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        Ok(Self {
            env: variables(root.get("env"))?,
            folder: folder_of(root.get("defaults"))?,
            permissions: root.get("permissions"),
            files,
        })
    }
}

/// What is said of the job besides, in GitHub's syntax.
pub(super) fn overlay(
    object: &Map<String, Value>,
    job: &Job,
    matrix: &Matrix,
    outer: &Outer<'_>,
    checkout: Map<String, Value>,
) -> Result<Vec<(String, Value)>, String> {
    let mut all = Vec::new();
    // Branch rules name checks by what GitHub shows of a job.
    let name = object
        .get("name")
        .cloned()
        .unwrap_or_else(|| Value::from(job.id.as_str()));
    let name = matrix.renamed(&name)?;
    let many = job.versions.len() > 1 && !expression::is_in(name.as_str().unwrap_or_default());
    all.push((
        "name".to_owned(),
        match many {
            true => Value::from(format!(
                "{} (${{{{ matrix.version }}}})",
                name.as_str().unwrap_or_default()
            )),
            false => name,
        },
    ));
    if let Some(runner) = object.get("runs-on") {
        let runner = matrix.resolved(runner)?;
        if runner.to_string().to_ascii_lowercase().contains("windows") {
            return Err("scripts for another shell than bash".to_owned());
        }
        if !is_usual_runner(&runner) {
            all.push(("runs-on".to_owned(), runner));
        }
    }
    for key in ["if", "timeout-minutes"] {
        if let Some(value) = object.get(key) {
            let value = matrix.renamed(value)?;
            if value.to_string().contains("needs.") {
                return Err(format!("`{key}`"));
            }
            all.push((key.to_owned(), value));
        }
    }
    let rights = object.get("permissions").or(outer.permissions);
    let more = match rights {
        None => needed(object.get("steps")),
        stated => more_rights(stated)?,
    };
    if !more.is_empty() {
        all.push(("permissions".to_owned(), Value::Object(more)));
    }
    let mut checkout = checkout;
    checkout.remove("persist-credentials");
    if !checkout.is_empty() {
        let with = matrix.renamed(&Value::Object(checkout))?;
        all.push((
            "steps".to_owned(),
            serde_json::json!({"Check out": {"with": with}}),
        ));
    }
    Ok(all)
}

fn is_usual_runner(runner: &Value) -> bool {
    let one = runner
        .as_array()
        .filter(|all| all.len() == 1)
        .map_or(runner, |all| &all[0]);
    matches!(one.as_str(), Some("ubuntu-latest" | "ubuntu-24.04"))
}

/// What a job may do beside reading the repository.
fn more_rights(rights: Option<&Value>) -> Result<Map<String, Value>, String> {
    match rights {
        None => Ok(Map::new()),
        Some(Value::String(all)) if all == "read-all" => Ok(Map::new()),
        Some(Value::Object(all)) => {
            let more = all.iter().filter(|(scope, access)| {
                **access != "none" && !(scope.as_str() == "contents" && **access == "read")
            });
            Ok(more
                .map(|(scope, access)| (scope.clone(), access.clone()))
                .collect())
        }
        Some(_) => Err("`permissions`".to_owned()),
    }
}

/// Variables whose values are plain texts.
pub(super) fn variables(env: Option<&Value>) -> Result<Vec<(String, String)>, String> {
    let all = env.and_then(Value::as_object).into_iter().flatten();
    let one = |(name, value): (&String, &Value)| {
        let value = text(value).filter(|value| !expression::is_in(value) && !value.contains('\n'));
        Ok((
            name.clone(),
            value.ok_or_else(|| format!("the value of `{name}`"))?,
        ))
    };
    all.map(one).collect()
}

/// Says whether all variables are plain texts.
pub(super) fn literal(env: Option<&Value>) -> bool {
    variables(env).is_ok()
}

/// The folder of commands; anything else that is said for all of them stands in the way.
pub(super) fn folder_of(defaults: Option<&Value>) -> Result<Option<String>, String> {
    let Some(defaults) = defaults else {
        return Ok(None);
    };
    let run = defaults
        .get("run")
        .and_then(Value::as_object)
        .ok_or("`defaults`")?;
    for (key, value) in run {
        match key.as_str() {
            "working-directory" => {}
            "shell" if value == "bash" => {}
            key => return Err(format!("`defaults.run.{key}`")),
        }
    }
    let folder = run.get("working-directory").and_then(text);
    match folder {
        Some(folder) if expression::is_in(&folder) => {
            Err("`defaults.run.working-directory`".to_owned())
        }
        folder => Ok(folder),
    }
}
