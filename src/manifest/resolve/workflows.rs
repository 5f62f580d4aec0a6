//! Workflow files: which there are, and what is asked of them.

mod hatches;
pub(super) mod starts;

use super::stack::SUITES;
use super::{Check, owner, pipelines, scanners};
use crate::blocks::words::Line;
use crate::manifest::model::{Choice, Component, Environment, OwnName, Workflow, quick_scan};
use crate::manifest::raw::{self, Raw, WorkflowKind};
use crate::pipeline::{DispatchInput, InputKind};
use crate::source::{Location, Span};

pub(super) fn workflows(
    raw: &Raw,
    environments: &[Environment],
    components: &[Component],
    check: &mut Check<'_>,
) -> Vec<Workflow> {
    let planned = |file: &str, written: &raw::Workflow, check: &mut Check<'_>| {
        workflow(file, written, raw, environments, components, check)
    };
    let mut all: Vec<Workflow> = Vec::new();
    for (file, written) in owner::planned(raw) {
        all.push(planned(file, written, check));
    }
    pipelines::clashes(&all, environments, check);
    // Those of the user's own stand beside what follows from the rest.
    let follows = all.is_empty();
    if follows && !components.is_empty() && owner::is_free("ci", raw) {
        all.push(planned("ci", &raw::Workflow::default(), check));
    }
    for (index, environment) in environments.iter().enumerate() {
        let deployed = all.iter().any(|workflow| workflow.deploys_to(index));
        let file = format!("deploy-{}", environment.name);
        if environment.deploy.is_some() && !deployed && owner::is_free(&file, raw) {
            let deploy = raw::Workflow {
                kind: WorkflowKind::Deploy,
                ..raw::Workflow::default()
            };
            all.push(Workflow {
                environment: Some(index),
                ..planned(&file, &deploy, check)
            });
        }
    }
    let goes_back = environments.iter().any(Environment::goes_back);
    if follows && goes_back && owner::is_free("rollback", raw) {
        let rollback = raw::Workflow {
            kind: WorkflowKind::Rollback,
            ..raw::Workflow::default()
        };
        all.push(planned("rollback", &rollback, check));
    }
    owner::mark(&mut all, raw, check);
    all
}

fn workflow(
    file: &str,
    written: &raw::Workflow,
    raw: &Raw,
    environments: &[Environment],
    components: &[Component],
    check: &mut Check<'_>,
) -> Workflow {
    let at = ["workflows", file];
    let environment = environment(&at, written, raw, environments, check);
    if written.kind == WorkflowKind::Rollback && !environments.iter().any(Environment::goes_back) {
        let message = "nothing that is deployed can be taken back";
        check.error(&at, "no-way-back", message, "remove the workflow");
    }
    let several = pipelines::environments(&at, written, environments, check);
    let mut triggers = starts::triggers(&at, written, raw, check);
    pipelines::start(&several, environments, &mut triggers);
    Workflow {
        file: file.to_owned(),
        name: display_name(file, Some(written)),
        kind: written.kind,
        triggers,
        environment,
        environments: several,
        scan: scan(&at, written, components, check),
        suites: suites(&at, written, check),
        split: written.split,
        ids: hatches::ids(&at, written, check),
        inputs: inputs(&at, written, check),
        ask: ask(&at, written, check),
        hatches: hatches::hatches(&at, written, check),
        ejected: written.ejected,
        place: place(&at, check),
    }
}

/// Where a workflow is asked for: its key, or the top for one that follows from the rest.
fn place(at: &[&str; 2], check: &Check<'_>) -> Location {
    let top = check.values.origin;
    let start = Location::new(top.source, Span::at(top.span.start));
    check.values.find(at).map_or(start, |found| found.key)
}

/// The name that GitHub shows.
pub(super) fn display_name(file: &str, written: Option<&raw::Workflow>) -> String {
    let name = written.and_then(|written| written.name.as_ref());
    let own = written.and_then(|written| owner::shown_name(file, written));
    own.or_else(|| name.map(|name| name.as_str().to_owned()))
        .unwrap_or_else(|| title(file))
}

/// `deploy-production` as "Deploy production".
fn title(file: &str) -> String {
    if file.len() <= 3 {
        return file.to_ascii_uppercase();
    }
    let words = file.replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn environment(
    at: &[&str; 2],
    written: &raw::Workflow,
    raw: &Raw,
    environments: &[Environment],
    check: &mut Check<'_>,
) -> Option<usize> {
    let Some(name) = &written.environment else {
        let wanted = matches!(written.kind, WorkflowKind::Deploy | WorkflowKind::Backup);
        if wanted && raw.workflows.contains_key(at[1]) {
            check.error(
                at,
                "environment-missing",
                format!("`{}` is for no environment", at[1]),
                "write `environment: NAME`",
            );
        }
        return None;
    };
    let path = [at[0], at[1], "environment"];
    if !matches!(written.kind, WorkflowKind::Deploy | WorkflowKind::Backup) {
        check.error(
            &path,
            "environment-unused",
            "only a workflow that deploys or backs up has an environment",
            "write `kind: deploy` beside it",
        );
    }
    let found = environments
        .iter()
        .position(|environment| environment.name == name.as_str());
    match found.map(|index| &environments[index]) {
        None => check.unknown(
            &path,
            "environment",
            name,
            raw.environments.keys().map(|name| name.as_str()),
        ),
        Some(environment) if environment.deploy.is_none() => {
            check.error(
                &path,
                "nothing-to-deploy",
                format!("nothing is deployed to `{name}`"),
                format!("give `environments.{name}` a `deploy`"),
            );
        }
        Some(_) => {}
    }
    found
}

fn scan(
    at: &[&str; 2],
    written: &raw::Workflow,
    components: &[Component],
    check: &mut Check<'_>,
) -> Option<(Vec<Choice>, raw::Effect)> {
    let quick = written.scan.as_ref()?;
    let tools = scanners::of_checks(at, &quick.tools, components, check);
    Some((tools, quick_scan(quick)))
}

fn suites(at: &[&str; 2], written: &raw::Workflow, check: &mut Check<'_>) -> Vec<&'static str> {
    if written.suites.is_empty() {
        let regression = written.kind == WorkflowKind::Tests;
        return SUITES
            .into_iter()
            .filter(|suite| *suite != "regression" || regression)
            .collect();
    }
    let mut all = Vec::new();
    for (index, name) in written.suites.iter().enumerate() {
        match SUITES.into_iter().find(|suite| *suite == name.as_str()) {
            Some(suite) => all.push(suite),
            None => check.unknown(
                &[at[0], at[1], "suites", &index.to_string()],
                "suite",
                name,
                SUITES,
            ),
        }
    }
    all
}

/// Which inputs there are, the plan knows.
fn inputs(at: &[&str; 2], written: &raw::Workflow, check: &Check<'_>) -> Vec<OwnName> {
    let inputs = written.inputs.iter().map(|(name, own)| {
        let path = [at[0], at[1], "inputs", name];
        OwnName {
            name: name.as_str().to_owned(),
            key: check.key(&path),
            own: own.as_str().to_owned(),
            place: check.value(&path),
        }
    });
    inputs.collect()
}

fn ask(
    at: &[&str; 2],
    written: &raw::Workflow,
    check: &Check<'_>,
) -> Vec<(DispatchInput, Location)> {
    let texts = |lines: &[Line]| lines.iter().map(|line| line.as_str().to_owned()).collect();
    let fields = written.ask.iter().map(|(name, field)| {
        let text = |line: &Option<Line>| line.as_ref().map(|line| line.as_str().to_owned());
        let input = DispatchInput {
            name: name.as_str().to_owned(),
            description: text(&field.description).unwrap_or_else(|| title(name)),
            required: field.required && field.options.is_empty(),
            kind: if field.options.is_empty() {
                InputKind::Text(text(&field.default))
            } else {
                InputKind::Choice(texts(&field.options))
            },
        };
        (input, check.key(&[at[0], at[1], "ask", name]))
    });
    fields.collect()
}
