//! What templates see: the pipeline with every text ready to print.

use serde::Serialize;

use super::{is_published, script};
use crate::lock::Pins;
use crate::pipeline::{
    Concurrency, DispatchInput, Environment, InputKind, Job, Matrix, Permissions, Runner, Service,
    Step, Text, Trigger, Work, Workflow,
};

/// A workflow file.
#[derive(Serialize)]
pub(super) struct WorkflowView {
    source: String,
    about: Vec<String>,
    name: String,
    run_name: Option<String>,
    push: Option<Vec<Patterns>>,
    pull_request: Option<Vec<Patterns>>,
    schedule: Vec<String>,
    dispatch: Option<Vec<InputView>>,
    call: bool,
    after: Option<Vec<Patterns>>,
    env: Vec<Pair>,
    concurrency: Option<ConcurrencyView>,
    jobs: Vec<JobView>,
}

/// A list of patterns under its key.
#[derive(Serialize)]
struct Patterns {
    key: &'static str,
    patterns: Vec<String>,
    /// The length of the key with its colon.
    width: usize,
}

#[derive(Serialize)]
struct InputView {
    name: String,
    description: String,
    required: bool,
    kind: &'static str,
    default: Option<String>,
    flag: Option<bool>,
    options: Vec<String>,
}

#[derive(Serialize)]
struct ConcurrencyView {
    group: String,
    cancel: Option<Cancel>,
    keeps_all: bool,
}

/// `true`, or the expression that says when.
#[derive(Serialize)]
#[serde(untagged)]
enum Cancel {
    Always(bool),
    When(String),
}

#[derive(Serialize)]
struct JobView {
    id: String,
    about: Vec<String>,
    name: String,
    needs: Vec<String>,
    condition: Option<String>,
    runner: Option<String>,
    runners: Vec<String>,
    timeout: Option<u32>,
    permissions: Vec<PermissionView>,
    environment: Option<EnvironmentView>,
    concurrency: Option<ConcurrencyView>,
    matrix: Option<MatrixView>,
    services: Vec<ServiceView>,
    env: Vec<Pair>,
    folder: Option<String>,
    outputs: Vec<Pair>,
    may_fail: bool,
    call: Option<CallView>,
    steps: Vec<StepView>,
}

#[derive(Serialize)]
struct PermissionView {
    scope: &'static str,
    access: &'static str,
    reason: String,
}

#[derive(Serialize)]
struct EnvironmentView {
    name: String,
    url: Option<String>,
    deployment: bool,
}

#[derive(Serialize)]
struct MatrixView {
    dimensions: Vec<Dimension>,
    include: Vec<Vec<Pair>>,
}

#[derive(Serialize)]
struct Dimension {
    name: String,
    values: Vec<String>,
    width: usize,
}

#[derive(Serialize)]
struct ServiceView {
    name: String,
    image: String,
    env: Vec<Pair>,
    ports: Vec<String>,
    health: String,
}

#[derive(Serialize)]
struct Pair {
    name: String,
    value: String,
}

#[derive(Serialize)]
struct CallView {
    uses: String,
    with: Vec<Pair>,
    secrets: Vec<Pair>,
}

#[derive(Serialize)]
struct StepView {
    about: Vec<String>,
    name: String,
    id: Option<String>,
    condition: Option<String>,
    uses: Option<String>,
    /// The release that the commit of `uses` belongs to.
    version: Option<String>,
    run: Option<String>,
    with: Vec<Pair>,
    env: Vec<Pair>,
    folder: Option<String>,
    timeout: Option<u32>,
    may_fail: bool,
}

/// The view of a workflow. `source` is the manifest's name.
pub(super) fn workflow(workflow: &Workflow, pins: &Pins, source: &str) -> WorkflowView {
    let mut view = WorkflowView {
        source: source.to_owned(),
        about: workflow.about.clone(),
        name: workflow.name.clone(),
        run_name: workflow.run_name.as_ref().map(Text::to_string),
        push: None,
        pull_request: None,
        schedule: Vec::new(),
        dispatch: None,
        call: false,
        after: None,
        env: pairs(&workflow.env),
        concurrency: workflow.concurrency.as_ref().map(concurrency),
        jobs: workflow
            .jobs
            .iter()
            .map(|job| self::job(job, pins))
            .collect(),
    };
    for trigger in &workflow.triggers {
        add_trigger(&mut view, trigger);
    }
    view
}

fn add_trigger(view: &mut WorkflowView, trigger: &Trigger) {
    match trigger {
        Trigger::Push(filter) => {
            let lists = [
                ("branches", &filter.branches),
                ("tags", &filter.tags),
                ("paths", &filter.paths),
            ];
            view.push = Some(patterns(&lists));
        }
        Trigger::PullRequest { branches, paths } => {
            view.pull_request = Some(patterns(&[("branches", branches), ("paths", paths)]));
        }
        Trigger::Schedule(times) => view.schedule.extend(times.iter().cloned()),
        Trigger::Dispatch(inputs) => view.dispatch = Some(inputs.iter().map(input).collect()),
        Trigger::Call => view.call = true,
        Trigger::After {
            workflows,
            branches,
        } => {
            view.after = Some(patterns(&[
                ("workflows", workflows),
                ("branches", branches),
            ]));
        }
    }
}

fn patterns(lists: &[(&'static str, &Vec<String>)]) -> Vec<Patterns> {
    let filled = lists.iter().filter(|(_, patterns)| !patterns.is_empty());
    let list = |(key, patterns): &(&'static str, &Vec<String>)| Patterns {
        key,
        patterns: (*patterns).clone(),
        width: key.len() + 1,
    };
    filled.map(list).collect()
}

fn input(input: &DispatchInput) -> InputView {
    let (kind, default, flag, options) = match &input.kind {
        InputKind::Text(default) => ("string", default.clone(), None, Vec::new()),
        InputKind::Flag(default) => ("boolean", None, Some(*default), Vec::new()),
        InputKind::Choice(options) => ("choice", options.first().cloned(), None, options.clone()),
    };
    InputView {
        name: input.name.clone(),
        description: input.description.clone(),
        required: input.required,
        kind,
        default: default.filter(|_| !input.required),
        flag,
        options,
    }
}

fn concurrency(concurrency: &Concurrency) -> ConcurrencyView {
    let cancel = concurrency
        .cancel
        .as_ref()
        .map(|cancel| match cancel.code() {
            "true" => Cancel::Always(true),
            _ => Cancel::When(cancel.to_string()),
        });
    ConcurrencyView {
        group: concurrency.group.to_string(),
        cancel,
        keeps_all: concurrency.keeps_all,
    }
}

fn job(job: &Job, pins: &Pins) -> JobView {
    let Runner(labels) = &job.runner;
    JobView {
        id: job.id.clone(),
        about: job.about.clone(),
        name: job.name.to_string(),
        needs: job.needs.clone(),
        condition: job.condition.as_ref().map(ToString::to_string),
        runner: labels
            .first()
            .filter(|_| labels.len() == 1 && job.call.is_none())
            .cloned(),
        runners: if labels.len() > 1 && job.call.is_none() {
            labels.clone()
        } else {
            Vec::new()
        },
        timeout: Some(job.timeout).filter(|_| job.call.is_none()),
        permissions: permissions(&job.all_permissions()),
        environment: job.environment.as_ref().map(environment),
        concurrency: job.concurrency.as_ref().map(concurrency),
        matrix: job.matrix.as_ref().map(matrix),
        services: job.services.iter().map(service).collect(),
        env: pairs(&job.env),
        folder: job.folder.as_ref().map(Text::to_string),
        outputs: pairs(&job.outputs),
        may_fail: job.may_fail,
        call: job.call.as_ref().map(|call| CallView {
            uses: call.uses.clone(),
            with: pairs(&call.with),
            secrets: pairs(&call.secrets),
        }),
        steps: job
            .steps
            .iter()
            .map(|step| self::step(step, pins))
            .collect(),
    }
}

fn permissions(permissions: &Permissions) -> Vec<PermissionView> {
    let view =
        |(scope, access, reason): (crate::pipeline::Scope, crate::pipeline::Access, &str)| {
            PermissionView {
                scope: scope.name(),
                access: access.name(),
                reason: reason.to_owned(),
            }
        };
    permissions.iter().map(view).collect()
}

fn environment(environment: &Environment) -> EnvironmentView {
    EnvironmentView {
        name: environment.name.to_string(),
        url: environment.url.as_ref().map(Text::to_string),
        deployment: environment.deployment,
    }
}

fn matrix(matrix: &Matrix) -> MatrixView {
    let dimension = |(name, values): &(String, Vec<String>)| Dimension {
        name: name.clone(),
        values: values.clone(),
        width: name.len() + 1,
    };
    let pair = |(name, value): &(String, String)| Pair {
        name: name.clone(),
        value: value.clone(),
    };
    MatrixView {
        dimensions: matrix.dimensions.iter().map(dimension).collect(),
        include: matrix
            .include
            .iter()
            .map(|row| row.iter().map(pair).collect())
            .collect(),
    }
}

fn service(service: &Service) -> ServiceView {
    let pair = |(name, value): &(String, String)| Pair {
        name: name.clone(),
        value: value.clone(),
    };
    ServiceView {
        name: service.name.clone(),
        image: service.image.clone(),
        env: service.env.iter().map(pair).collect(),
        ports: service.ports.clone(),
        health: service.health.clone(),
    }
}

fn pairs(pairs: &[(String, Text)]) -> Vec<Pair> {
    pairs
        .iter()
        .map(|(name, value)| Pair {
            name: name.clone(),
            value: value.to_string(),
        })
        .collect()
}

fn step(step: &Step, pins: &Pins) -> StepView {
    let mut view = StepView {
        about: step.about.clone(),
        name: step.name.to_string(),
        id: step.id.clone(),
        condition: step.condition.as_ref().map(ToString::to_string),
        uses: None,
        version: None,
        run: None,
        with: Vec::new(),
        env: pairs(&step.env),
        folder: step.folder.as_ref().map(Text::to_string),
        timeout: step.timeout,
        may_fail: step.may_fail,
    };
    match &step.work {
        Work::Use(action, inputs) => {
            let pin = pins.get(&action.0).filter(|_| is_published(&action.0));
            view.uses = Some(pin.map_or_else(
                || action.0.clone(),
                |pin| format!("{}@{}", pin.action, pins.reference(pin)),
            ));
            view.version = pin.and_then(|pin| pins.comment(pin)).map(str::to_owned);
            view.with = pairs(inputs);
        }
        Work::Script(name) => view.run = Some(script::inlined(*name)),
        Work::Run(commands) => view.run = Some(several_lines(commands)),
    }
    view
}

/// A text of several lines ends with a line break, as a file would.
fn several_lines(commands: &str) -> String {
    let commands = commands.trim_end();
    if commands.contains('\n') {
        format!("{commands}\n")
    } else {
        commands.to_owned()
    }
}
