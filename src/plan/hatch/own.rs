//! GitHub's syntax of steps and jobs, as far as manifests may use it.

use serde_json::{Map, Value};

use crate::diagnostics::{Diagnostic, nearest};
use crate::pipeline::{
    Access, Environment, Expression, Job, Part, Permissions, Phase, ReusableCall, Runner, Scope, Step, Text, Work,
};

type Read<T> = Result<T, Diagnostic>;

/// Whether a step is the check-out, behind which own steps go.
pub(super) fn is_checkout(step: &Step) -> bool {
    matches!(&step.work, Work::Use(action, _) if action.0 == "actions/checkout")
}

/// A text that may hold expressions: an own step is GitHub's syntax.
fn text(value: &Value) -> Text {
    let written = match value {
        Value::String(written) => written.clone(),
        other => other.to_string(),
    };
    let mut all = Text::default();
    let mut rest = written.as_str();
    while let Some((before, inside)) = rest.split_once("${{") {
        all = all.then(before);
        let (code, after) = inside.split_once("}}").unwrap_or((inside, ""));
        all = all.then(Expression::new(code.trim()));
        rest = after;
    }
    let is_empty = all.parts().iter().all(|part| matches!(part, Part::Literal(text) if text.is_empty()));
    if is_empty { rest.into() } else { all.then(rest) }
}

fn condition(value: &Value) -> Expression {
    let written = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let code = written.trim().strip_prefix("${{").and_then(|code| code.strip_suffix("}}")).unwrap_or(&written);
    Expression::new(code.trim())
}

fn pairs(value: &Value) -> Vec<(String, Text)> {
    let entries = value.as_object().into_iter().flatten();
    entries.map(|(name, value)| (name.clone(), text(value))).collect()
}

fn wrong(what: &str, key: &str, known: &[&str]) -> Diagnostic {
    let error = Diagnostic::error("unknown-key", format!("`{key}` is no key of {what}"));
    error.help(match nearest(key, known.iter().copied()) {
        Some(near) => format!("write `{near}`"),
        None => format!("one of {}", known.join(", ")),
    })
}

const STEP_KEYS: [&str; 10] = [
    "continue-on-error", "env", "id", "if", "name", "run", "timeout-minutes", "uses", "with", "working-directory",
];

/// A step in GitHub's syntax.
pub(super) fn step(value: &Value) -> Read<Step> {
    let Some(keys) = value.as_object() else {
        return Err(Diagnostic::error("own-step", "an own step is no mapping").help("write `- run: COMMAND` or `- uses: ACTION`"));
    };
    let mut step = match (keys.get("run"), keys.get("uses")) {
        (Some(run), None) => {
            let command = run.as_str().unwrap_or_default();
            Step::run(super::super::component::title(command), command)
        }
        (None, Some(uses)) => Step::uses(uses.as_str().unwrap_or_default(), uses.as_str().unwrap_or_default()),
        _ => return Err(Diagnostic::error("own-step", "an own step has not just one of `run` and `uses`").help("write one of them")),
    };
    change_step(&mut step, keys)?;
    Ok(step)
}

fn change_step(step: &mut Step, keys: &Map<String, Value>) -> Read<()> {
    for (key, value) in keys {
        match key.as_str() {
            "name" => step.name = text(value),
            "id" => step.id = value.as_str().map(str::to_owned),
            "if" => step.condition = Some(condition(value)),
            "env" => merge(&mut step.env, pairs(value)),
            "with" => {
                if let Work::Use(_, inputs) = &mut step.work {
                    merge(inputs, pairs(value));
                }
            }
            "run" => step.work = Work::Run(value.as_str().unwrap_or_default().to_owned()),
            "uses" => {}
            "working-directory" => step.folder = Some(text(value)),
            "timeout-minutes" => step.timeout = minutes(value),
            "continue-on-error" => step.may_fail = value.as_bool().unwrap_or(false),
            other => return Err(wrong("a step", other, &STEP_KEYS)),
        }
    }
    Ok(())
}

fn minutes(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|number| u32::try_from(number).ok())
}

/// Later values replace earlier ones of the same name.
fn merge(into: &mut Vec<(String, Text)>, more: Vec<(String, Text)>) {
    for (name, value) in more {
        match into.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => into.push((name, value)),
        }
    }
}

const JOB_KEYS: [&str; 14] = [
    "before", "continue-on-error", "env", "environment", "if", "name", "needs", "outputs", "permissions", "runs-on",
    "secrets", "steps", "timeout-minutes", "uses",
];

/// A job in GitHub's syntax, and the jobs that wait for it.
pub(super) fn job(id: &str, value: &Value) -> Read<(Job, Vec<String>)> {
    let keys = value.as_object().cloned().unwrap_or_default();
    let mut job = Job::new(Phase::Own, id, id, 30);
    let steps = keys.get("steps").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    job.steps = steps.iter().map(step).collect::<Read<_>>()?;
    if let Some(uses) = keys.get("uses") {
        job.call = Some(ReusableCall {
            uses: uses.as_str().unwrap_or_default().to_owned(),
            with: keys.get("with").map(pairs).unwrap_or_default(),
            secrets: keys.get("secrets").map(pairs).unwrap_or_default(),
        });
    }
    let before = keys.get("before").map(names).unwrap_or_default();
    for (key, value) in &keys {
        if !matches!(key.as_str(), "steps" | "uses" | "with" | "secrets" | "before") {
            change_key(&mut job, key, value)?;
        }
    }
    Ok((job, before))
}

fn names(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        one => one.as_str().map(str::to_owned).into_iter().collect(),
    }
}

fn change_key(job: &mut Job, key: &str, value: &Value) -> Read<()> {
    match key {
        "name" => job.name = text(value),
        "needs" => {
            for id in names(value) {
                if !job.needs.contains(&id) {
                    job.needs.push(id);
                }
            }
        }
        "if" => job.condition = Some(condition(value)),
        "env" => merge(&mut job.env, pairs(value)),
        "outputs" => merge(&mut job.outputs, pairs(value)),
        "runs-on" => job.runner = Runner(names(value)),
        "timeout-minutes" => job.timeout = minutes(value).unwrap_or(job.timeout),
        "continue-on-error" => job.may_fail = value.as_bool().unwrap_or(false),
        "permissions" => job.permissions.merge(&permissions(value)?),
        "environment" => {
            let name = value.as_object().and_then(|keys| keys.get("name")).unwrap_or(value);
            let url = value.get("url").map(text);
            job.environment = Some(Environment { name: text(name), url, deployment: true });
        }
        other => return Err(wrong("a job", other, &JOB_KEYS)),
    }
    Ok(())
}

const SCOPES: [Scope; 12] = [
    Scope::Actions, Scope::Attestations, Scope::Checks, Scope::Contents, Scope::Deployments, Scope::IdToken,
    Scope::Issues, Scope::Packages, Scope::Pages, Scope::PullRequests, Scope::SecurityEvents, Scope::Statuses,
];

fn permissions(value: &Value) -> Read<Permissions> {
    let mut all = Permissions::default();
    for (name, access) in value.as_object().into_iter().flatten() {
        let Some(scope) = SCOPES.into_iter().find(|scope| scope.name() == name) else {
            return Err(wrong("permissions", name, &SCOPES.map(Scope::name)));
        };
        match access.as_str() {
            Some("read") => all.ask(scope, Access::Read, "asked for in the manifest"),
            Some("write") => all.ask(scope, Access::Write, "asked for in the manifest"),
            _ => return Err(Diagnostic::error("own-permission", format!("`{name}` has no access called {access}")).help("write `read` or `write`")),
        }
    }
    Ok(all)
}

/// Changes a generated job.
pub(super) fn change(job: &mut Job, value: &Value) -> Read<()> {
    for (key, value) in value.as_object().into_iter().flatten() {
        if key != "steps" {
            change_key(job, key, value)?;
            continue;
        }
        for (name, keys) in value.as_object().into_iter().flatten() {
            let known: Vec<String> = job.steps.iter().map(|step| step.name.to_string()).collect();
            let found = job.steps.iter_mut().find(|step| step.id.as_deref() == Some(name) || step.name.to_string() == *name);
            match (found, keys.as_object()) {
                (Some(step), Some(keys)) => change_step(step, keys)?,
                _ => {
                    let error = Diagnostic::error("unknown-step", format!("`{}` has no step `{name}`", job.id));
                    let help = match nearest(name, known.iter().map(String::as_str)) {
                        Some(near) => format!("write `{near}`"),
                        None => format!("one of {}", known.join(", ")),
                    };
                    return Err(error.help(help));
                }
            }
        }
    }
    Ok(())
}
