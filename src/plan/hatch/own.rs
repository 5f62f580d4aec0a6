//! GitHub's syntax of steps and jobs, as far as manifests may use it.

use super::read::{
    Read, condition, entries, flag, items, minutes, pairs, text, unknown, word, words,
};
use crate::diagnostics::Diagnostic;
use crate::manifest::{Entry, Kind, Value};
use crate::pipeline::{
    Access, Environment, Job, Permissions, Phase, ReusableCall, Runner, Scope, Step, Text, Work,
};
use crate::source::Location;

/// Whether a step is the check-out, behind which own steps go.
pub(super) fn is_checkout(step: &Step) -> bool {
    matches!(&step.work, Work::Use(action, _) if action.0 == "actions/checkout")
}

const STEP_KEYS: [&str; 10] = [
    "continue-on-error",
    "env",
    "id",
    "if",
    "name",
    "run",
    "timeout-minutes",
    "uses",
    "with",
    "working-directory",
];

/// A step in GitHub's syntax.
pub(super) fn step(value: &Value) -> Read<Step> {
    let Kind::Mapping(_) = &value.kind else {
        let error = Diagnostic::error(
            "own-step",
            format!(
                "an own step is {}, and a mapping is wanted",
                value.kind.describe()
            ),
        );
        return Err(Box::new(
            error
                .at(value.origin)
                .help("write `- run: COMMAND` or `- uses: ACTION`"),
        ));
    };
    let find = |key: &str| value.find(&[key]).map(|found| found.value);
    let mut step = match (find("run"), find("uses")) {
        (Some(run), None) => {
            let command = word("run", run)?;
            Step::run(super::super::component::title(&command), command)
        }
        (None, Some(uses)) => {
            let action = word("uses", uses)?;
            Step::uses(action.as_str(), &action)
        }
        (both, _) => {
            let message = if both.is_some() {
                "an own step has both `run` and `uses`"
            } else {
                "an own step has neither `run` nor `uses`"
            };
            return Err(Box::new(
                Diagnostic::error("own-step", message)
                    .at(value.origin)
                    .help("write one of them"),
            ));
        }
    };
    change_step(&mut step, value)?;
    Ok(step)
}

fn change_step(step: &mut Step, value: &Value) -> Read<()> {
    for (
        key,
        Entry {
            key: place, value, ..
        },
    ) in entries("a step", value)?
    {
        match (key, &mut step.work) {
            ("name", _) => step.name = text(key, value)?,
            ("id", _) => step.id = Some(word(key, value)?),
            ("if", _) => step.condition = Some(condition(value)?),
            ("env", _) => merge(&mut step.env, pairs(key, value)?),
            ("with", Work::Use(_, inputs)) => merge(inputs, pairs(key, value)?),
            ("with", _) => return Err(not_both("with", "run", *place)),
            ("run", Work::Use(..)) => return Err(not_both("run", "uses", *place)),
            ("run", work) => *work = Work::Run(word(key, value)?),
            ("uses", Work::Use(action, _)) => action.0 = word(key, value)?,
            ("uses", _) => return Err(not_both("uses", "run", *place)),
            ("working-directory", _) => step.folder = Some(text(key, value)?),
            ("timeout-minutes", _) => step.timeout = Some(minutes(key, value)?),
            ("continue-on-error", _) => step.may_fail = flag(key, value)?,
            (other, _) => return Err(wrong_key("a step", other, &STEP_KEYS, *place)),
        }
    }
    Ok(())
}

fn not_both(key: &str, other: &str, place: Location) -> Box<Diagnostic> {
    let error = Diagnostic::error("own-step", format!("a step with `{other}` has no `{key}`"));
    Box::new(error.at(place).help(format!("remove `{key}`")))
}

fn wrong_key(what: &str, key: &str, known: &[&str], place: Location) -> Box<Diagnostic> {
    unknown(
        "unknown-key",
        format!("`{key}` is no key of {what}"),
        key,
        known.iter().copied(),
        place,
    )
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
    "before",
    "continue-on-error",
    "env",
    "environment",
    "if",
    "name",
    "needs",
    "outputs",
    "permissions",
    "runs-on",
    "secrets",
    "steps",
    "timeout-minutes",
    "uses",
];

/// A job in GitHub's syntax. Who waits for it is said by its `before`, which is not read here.
pub(super) fn job(id: &str, value: &Value) -> Read<Job> {
    let find = |key: &str| value.find(&[key]).map(|found| found.value);
    let mut job = Job::new(Phase::Own, id, id, 30);
    if let Some(uses) = find("uses") {
        job.call = Some(ReusableCall {
            uses: word("uses", uses)?,
            with: find("with").map_or_else(|| Ok(Vec::new()), |with| pairs("with", with))?,
            secrets: find("secrets")
                .map_or_else(|| Ok(Vec::new()), |secrets| pairs("secrets", secrets))?,
        });
    }
    for (
        key,
        Entry {
            key: place, value, ..
        },
    ) in entries(id, value)?
    {
        match key {
            "steps" => job.steps = items(value).iter().map(step).collect::<Read<_>>()?,
            "with" | "secrets" if job.call.is_none() => {
                let error =
                    Diagnostic::error("own-job", format!("a job with `steps` has no `{key}`"));
                return Err(Box::new(error.at(*place).help(
                    "write it at a step, or call a reusable workflow with `uses`",
                )));
            }
            "uses" | "with" | "secrets" | "before" => {}
            _ => change_key(&mut job, key, *place, value)?,
        }
    }
    Ok(job)
}

fn change_key(job: &mut Job, key: &str, place: Location, value: &Value) -> Read<()> {
    match key {
        "name" => job.name = text(key, value)?,
        "needs" => {
            for id in words(key, value)? {
                if !job.needs.contains(&id) {
                    job.needs.push(id);
                }
            }
        }
        "if" => job.condition = Some(condition(value)?),
        "env" => merge(&mut job.env, pairs(key, value)?),
        "outputs" => merge(&mut job.outputs, pairs(key, value)?),
        "runs-on" => job.runner = Runner(words(key, value)?),
        "timeout-minutes" => job.timeout = minutes(key, value)?,
        "continue-on-error" => job.may_fail = flag(key, value)?,
        "permissions" => job.permissions.merge(&permissions(value)?),
        "environment" => job.environment = Some(environment(value)?),
        other => return Err(wrong_key("a job", other, &JOB_KEYS, place)),
    }
    Ok(())
}

fn environment(value: &Value) -> Read<Environment> {
    let find = |key: &str| value.find(&[key]).map(|found| found.value);
    Ok(Environment {
        name: text("environment", find("name").unwrap_or(value))?,
        url: find("url").map(|url| text("url", url)).transpose()?,
        deployment: true,
    })
}

/// The place of the environment's name in a job or in a change of one.
pub(super) fn environment_name(job: &Value) -> Option<&Value> {
    let environment = job.find(&["environment"])?.value;
    Some(
        environment
            .find(&["name"])
            .map_or(environment, |found| found.value),
    )
}

const SCOPES: [Scope; 12] = [
    Scope::Actions,
    Scope::Attestations,
    Scope::Checks,
    Scope::Contents,
    Scope::Deployments,
    Scope::IdToken,
    Scope::Issues,
    Scope::Packages,
    Scope::Pages,
    Scope::PullRequests,
    Scope::SecurityEvents,
    Scope::Statuses,
];

fn permissions(value: &Value) -> Read<Permissions> {
    let mut all = Permissions::default();
    for (
        name,
        Entry {
            key: place, value, ..
        },
    ) in entries("permissions", value)?
    {
        let Some(scope) = SCOPES.into_iter().find(|scope| scope.name() == name) else {
            return Err(wrong_key(
                "permissions",
                name,
                &SCOPES.map(Scope::name),
                *place,
            ));
        };
        let access = word(name, value)?;
        let access = match access.as_str() {
            "read" => Access::Read,
            "write" => Access::Write,
            _ => {
                let error = Diagnostic::error(
                    "own-permission",
                    format!("`{name}` has no access called `{access}`"),
                );
                return Err(Box::new(
                    error.at(value.origin).help("write `read` or `write`"),
                ));
            }
        };
        all.ask(scope, access, "asked for in the manifest");
    }
    Ok(all)
}

/// Changes a generated job.
pub(super) fn change(job: &mut Job, value: &Value) -> Read<()> {
    for (
        key,
        Entry {
            key: place, value, ..
        },
    ) in entries(&job.id.clone(), value)?
    {
        if key != "steps" {
            change_key(job, key, *place, value)?;
            continue;
        }
        for (name, entry) in entries("steps", value)? {
            let found = job
                .steps
                .iter()
                .position(|step| step.id.as_deref() == Some(name) || step.name.to_string() == name);
            let Some(index) = found else {
                let known: Vec<String> =
                    job.steps.iter().map(|step| step.name.to_string()).collect();
                let message = format!("`{}` has no step `{name}`", job.id);
                return Err(unknown(
                    "unknown-step",
                    message,
                    name,
                    known.iter().map(String::as_str),
                    entry.key,
                ));
            };
            change_step(&mut job.steps[index], &entry.value)?;
        }
    }
    Ok(())
}
