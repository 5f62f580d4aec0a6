//! Whether a planned workflow runs what a hand-written one did.

use serde_json::Value;

use super::{Shape, value};

/// Returns the commands and steps of the known jobs that the planned workflow does not have.
///
/// The commands that install dependencies are those of the manifest where it says them, and
/// the language's where it does not.
pub fn missing(shape: &Shape, planned: &str) -> Vec<String> {
    let planned = value(planned).unwrap_or(Value::Null);
    let steps: Vec<&Value> = jobs(&planned).flat_map(steps).collect();
    let lines: Vec<&str> = steps.iter().flat_map(|step| lines(step)).collect();
    let mut all = Vec::new();
    for job in shape.components.iter().flatten() {
        let commands = job.lint.iter().chain(&job.test).chain(&job.build);
        let gone = commands.filter(|line| !lines.contains(&line.as_str()));
        all.extend(gone.map(|line| format!("`{line}`")));
        for own in job.before.iter().chain(&job.after) {
            let kept = steps.iter().any(|step| {
                ["run", "with", "env"]
                    .iter()
                    .all(|key| same(own, step, key))
                    && action(own) == action(step)
            });
            if !kept {
                let name = own.get("name").or(own.get("uses")).or(own.get("run"));
                let name = name.and_then(Value::as_str).unwrap_or_default();
                all.push(format!(
                    "step `{}`",
                    name.lines().next().unwrap_or_default()
                ));
            }
        }
    }
    all
}

fn jobs(workflow: &Value) -> impl Iterator<Item = &Value> {
    let jobs = workflow.get("jobs").and_then(Value::as_object);
    jobs.into_iter().flat_map(|jobs| jobs.values())
}

fn steps(job: &Value) -> impl Iterator<Item = &Value> {
    let steps = job.get("steps").and_then(Value::as_array);
    steps.into_iter().flatten()
}

fn lines(step: &Value) -> impl Iterator<Item = &str> {
    let script = step.get("run").and_then(Value::as_str);
    script.into_iter().flat_map(str::lines).map(str::trim)
}

/// Whether two steps say the same under a key; numbers and flags are texts to GitHub.
fn same(one: &Value, other: &Value, key: &str) -> bool {
    fn shown(value: &Value) -> Option<Vec<(String, String)>> {
        match value {
            Value::Object(entries) => {
                let mut all: Vec<_> = entries
                    .iter()
                    .map(|(key, value)| (key.clone(), super::text(value).unwrap_or_default()))
                    .collect();
                all.sort();
                Some(all)
            }
            other => {
                super::text(other).map(|text| vec![(String::new(), text.trim_end().to_owned())])
            }
        }
    }
    one.get(key).and_then(shown) == other.get(key).and_then(shown)
}

/// The action of a step, at whatever version.
fn action(step: &Value) -> Option<&str> {
    let uses = step.get("uses").and_then(Value::as_str)?;
    Some(uses.split('@').next().unwrap_or(uses))
}
