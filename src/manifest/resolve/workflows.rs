//! Workflow files: which there are, what starts them, what the user adds to them.

use super::stack::SUITES;
use super::{Check, owner, pipelines, scanners};
use crate::blocks::words::Line;
use crate::diagnostics::Diagnostic;
use crate::manifest::model::{
    Choice, Component, Environment, Hatches, Own, OwnName, OwnSteps, Workflow, quick_scan,
};
use crate::manifest::raw::{self, Raw, WorkflowKind};
use crate::manifest::trigger;
use crate::manifest::value::Kind;
use crate::pipeline::{DispatchInput, InputKind, Phase, PushFilter, Trigger};
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
    let mut triggers = triggers(&at, written, raw, check);
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
        ids: ids(&at, written, check),
        inputs: inputs(&at, written, check),
        ask: ask(&at, written, check),
        hatches: hatches(&at, written, check),
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

fn triggers(
    at: &[&str; 2],
    written: &raw::Workflow,
    raw: &Raw,
    check: &mut Check<'_>,
) -> Vec<Trigger> {
    let path = [at[0], at[1], "on"];
    if matches!(written.kind, WorkflowKind::Deploy | WorkflowKind::Rollback) {
        if !written.on.is_empty() {
            let help = match written.kind {
                WorkflowKind::Deploy => "write it as `on` of the environment's `deploy`",
                _ => "remove it: a roll-back is started by hand",
            };
            check.error(
                &path,
                "trigger-elsewhere",
                "what starts this workflow is not said here",
                help,
            );
        }
        return vec![Trigger::Dispatch(Vec::new())];
    }
    let texts: Vec<_> = written.on.iter().map(|line| line.as_str()).collect();
    let (mut triggers, problems) = trigger::triggers(texts.iter().copied());
    limit_to_paths(at, written, &mut triggers, check);
    for (index, problem) in problems {
        let index = index.to_string();
        let full = [path[0], path[1], path[2], &index];
        let place = if texts.len() == 1 {
            &full[..3]
        } else {
            &full[..]
        };
        check.error(
            place,
            "unknown-trigger",
            problem,
            format!("write one of {}", trigger::FORMS.join(", ")),
        );
    }
    if triggers
        .iter()
        .any(|trigger| matches!(trigger, Trigger::After { .. }))
    {
        let message = "only a deployment follows another workflow";
        let help = "write `branch …` or `pull-request …`, or `needs` between jobs";
        check.error(&path, "follows", message, help);
    }
    if written.kind == WorkflowKind::Drift {
        return by_the_clock(&path, triggers, check);
    }
    if triggers.is_empty() && written.kind != WorkflowKind::Pipeline {
        let branch = raw
            .repository
            .default_branch
            .as_ref()
            .map_or("main", |branch| branch.as_str());
        triggers.push(Trigger::PullRequest {
            branches: Vec::new(),
            paths: Vec::new(),
        });
        triggers.push(Trigger::Push(PushFilter {
            branches: vec![branch.to_owned()],
            ..PushFilter::default()
        }));
    }
    triggers
}

/// What starts a look at what is live: no change of the repository does.
fn by_the_clock(path: &[&str], triggers: Vec<Trigger>, check: &mut Check<'_>) -> Vec<Trigger> {
    let fits = |trigger: &Trigger| matches!(trigger, Trigger::Schedule(_) | Trigger::Dispatch(_));
    if !triggers.iter().all(fits) {
        let message = "no change of the repository says that the infrastructure has drifted";
        let help = "write `schedule 0 3 * * *` or `dispatch`";
        check.error(path, "by-the-clock", message, help);
    }
    if triggers.is_empty() {
        let nightly = Trigger::Schedule(vec!["23 3 * * *".to_owned()]);
        return vec![nightly, Trigger::Dispatch(Vec::new())];
    }
    triggers
}

/// Lets pushes start it only if they change certain paths.
fn limit_to_paths(
    at: &[&str; 2],
    written: &raw::Workflow,
    triggers: &mut [Trigger],
    check: &mut Check<'_>,
) {
    if written.paths.is_empty() {
        return;
    }
    let path = [at[0], at[1], "paths"];
    if written.kind != WorkflowKind::Database {
        let message =
            "other workflows must run for every change, since something may wait for them";
        check.error(&path, "paths-unused", message, "remove `paths`");
    }
    let pushes = triggers.iter_mut().filter_map(|trigger| match trigger {
        Trigger::Push(filter) if !filter.branches.is_empty() => Some(filter),
        _ => None,
    });
    let mut some = false;
    for filter in pushes {
        filter.paths = written
            .paths
            .iter()
            .map(|path| path.as_str().to_owned())
            .collect();
        some = true;
    }
    if !some {
        check.error(
            &path,
            "paths-unused",
            "no push starts this workflow",
            "write `on: [branch main, dispatch]`",
        );
    }
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

fn ids(at: &[&str; 2], written: &raw::Workflow, check: &mut Check<'_>) -> Vec<(Phase, String)> {
    let mut all = Vec::new();
    for (phase, id) in &written.ids {
        match phase_of(phase) {
            Some(found) => all.push((found, id.as_str().to_owned())),
            None => check.unknown_key(&[at[0], at[1], "ids", phase], "phase", phase, phases()),
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

fn phases() -> impl Iterator<Item = &'static str> {
    Phase::NAMED.iter().map(|(_, name)| *name)
}

fn phase_of(name: &str) -> Option<Phase> {
    Phase::NAMED
        .iter()
        .find(|(_, known)| *known == name)
        .map(|(phase, _)| *phase)
}

fn hatches(at: &[&str; 2], written: &raw::Workflow, check: &mut Check<'_>) -> Hatches {
    let ids = written.ids.iter().map(|(phase, id)| {
        let place = check.value(&[at[0], at[1], "ids", phase]);
        (id.as_str().to_owned(), place)
    });
    Hatches {
        ids: ids.collect(),
        steps: own_steps(at, written, check),
        jobs: own_jobs(at, check),
        overlays: own(at, "overlays", check),
    }
}

fn own_steps(at: &[&str; 2], written: &raw::Workflow, check: &mut Check<'_>) -> Vec<OwnSteps> {
    let mut all = Vec::new();
    for anchor in written.steps.keys() {
        let path = [at[0], at[1], "steps", anchor];
        let (before, phase) = match anchor.split_once('-') {
            Some(("before", phase)) => (true, phase_of(phase)),
            Some(("after", phase)) => (false, phase_of(phase)),
            _ => (true, None),
        };
        let Some(phase) = phase else {
            unknown_anchor(&path, anchor, check);
            continue;
        };
        let steps = check.values.find(&path).map(|found| &found.value.kind);
        all.push(OwnSteps {
            key: check.key(&path),
            before,
            phase,
            steps: match steps {
                Some(Kind::List(steps)) => steps.clone(),
                _ => Vec::new(),
            },
        });
    }
    all
}

fn unknown_anchor(path: &[&str], anchor: &str, check: &mut Check<'_>) {
    let both = |phase| [format!("before-{phase}"), format!("after-{phase}")];
    let anchors: Vec<_> = phases().flat_map(both).collect();
    let known = anchors.iter().map(String::as_str);
    check.unknown_key(path, "anchor", anchor, known);
}

fn own_jobs(at: &[&str; 2], check: &mut Check<'_>) -> Vec<Own> {
    let jobs = own(at, "jobs", check);
    for job in &jobs {
        let does = |key: &str| job.value.find(&[key]).is_some();
        if !does("steps") && !does("uses") {
            let message = format!("the job `{}` does nothing", job.id);
            let error = Diagnostic::error("empty-job", message).at(job.key);
            let help = "give it `steps`, or `uses` with a reusable workflow";
            check.diagnostics.push(error.help(help));
        }
    }
    jobs
}

/// What is written by job id.
fn own(at: &[&str; 2], key: &str, check: &Check<'_>) -> Vec<Own> {
    let found = check.values.find(&[at[0], at[1], key]);
    let Some(Kind::Mapping(entries)) = found.map(|found| &found.value.kind) else {
        return Vec::new();
    };
    let own = entries.iter().map(|(id, entry)| Own {
        id: id.clone(),
        key: entry.key,
        value: entry.value.clone(),
    });
    own.collect()
}
