//! What templates see: the pipeline with every text ready to print.

mod job;

use serde::Serialize;

use crate::lock::Pins;
use crate::pipeline::{Concurrency, DispatchInput, InputKind, Text, Trigger, Workflow};

use job::JobView;

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
    merge_group: bool,
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
struct Pair {
    name: String,
    value: String,
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
        merge_group: false,
        dispatch: None,
        call: false,
        after: None,
        env: pairs(&workflow.env),
        concurrency: workflow.concurrency.as_ref().map(concurrency),
        jobs: workflow
            .jobs
            .iter()
            .map(|job| job::job(job, pins))
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
        Trigger::MergeGroup => view.merge_group = true,
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

fn pairs(pairs: &[(String, Text)]) -> Vec<Pair> {
    pairs
        .iter()
        .map(|(name, value)| Pair {
            name: name.clone(),
            value: value.to_string(),
        })
        .collect()
}
