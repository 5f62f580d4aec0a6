//! What templates see of jobs and their steps.

use serde::Serialize;

use super::{ConcurrencyView, Pair, concurrency, pairs};
use crate::lock::Pins;
use crate::pipeline::{
    Access, Environment, Job, Matrix, Permissions, Runner, Scope, Service, Step, Text, Work,
};
use crate::render::{is_published, script};

#[derive(Serialize)]
pub(super) struct JobView {
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

pub(super) fn job(job: &Job, pins: &Pins) -> JobView {
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
    let view = |(scope, access, reason): (Scope, Access, &str)| PermissionView {
        scope: scope.name(),
        access: access.name(),
        reason: reason.to_owned(),
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
