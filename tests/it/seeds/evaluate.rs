//! What a workflow would do: its conditions evaluated in every way in which a run
//! of it can go.
//!
//! Jobs are taken in an order that keeps `needs`, so what two jobs do beside
//! each other is seen in that order only.

mod expression;

pub(crate) use expression::{Context, runs, text};

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::read::{Job, Workflow};

/// How a job ended that was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Success,
    Failure,
    /// GitHub calls the job cancelled; the run goes on.
    TimedOut,
    /// Somebody cancelled the run while this job ran.
    RunCancelled,
}

impl Ending {
    pub(crate) const ALL: [Self; 4] = [
        Self::Success,
        Self::Failure,
        Self::TimedOut,
        Self::RunCancelled,
    ];

    fn result(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::TimedOut | Self::RunCancelled => "cancelled",
        }
    }
}

/// What a run starts with.
pub(crate) struct Start<'a> {
    pub(crate) event: &'a str,
    /// The full name of the branch or tag.
    pub(crate) git_ref: &'a str,
    pub(crate) inputs: Value,
    /// The outputs that a job may have left when it ended so; one history for each.
    pub(crate) outputs: &'a dyn Fn(&Job, Ending) -> Vec<Value>,
}

/// One way in which a run can go.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    /// `needs` of a job that needed all: results and outputs by job, which histories share.
    jobs: BTreeMap<Arc<str>, Arc<Value>>,
    /// Whether somebody cancelled the run.
    pub(crate) cancelled: bool,
    /// How many jobs ended in another way than with success.
    faults: usize,
}

impl History {
    /// How a job ended, `skipped` if it never started.
    pub(crate) fn result(&self, id: &str) -> &str {
        self.jobs[id]["result"].as_str().unwrap()
    }

    /// Whether a job was started.
    pub(crate) fn ran(&self, id: &str) -> bool {
        self.result(id) != "skipped"
    }

    /// An output of a job; empty if it left none.
    pub(crate) fn output(&self, id: &str, name: &str) -> &str {
        self.jobs[id]["outputs"][name].as_str().unwrap_or_default()
    }

    /// What expressions of a job see.
    pub(crate) fn context(&self, workflow: &Workflow, id: &str, start: &Start<'_>) -> Context {
        let direct = &workflow.job(id).needs;
        let needs = direct
            .iter()
            .map(|need| (need.clone(), (*self.jobs[need.as_str()]).clone()))
            .collect();
        let above = workflow.before(id);
        Context {
            names: json!({
                "github": {"event_name": start.event, "ref": start.git_ref},
                "inputs": start.inputs,
                "needs": Value::Object(needs),
            }),
            success: !self.cancelled && above.iter().all(|id| self.result(id) == "success"),
            failure: above.iter().any(|id| self.result(id) == "failure"),
            cancelled: self.cancelled,
        }
    }
}

/// Every way in which a run can go.
pub(crate) fn histories(workflow: &Workflow, start: &Start<'_>) -> Vec<History> {
    with_faults(workflow, start, usize::MAX)
}

/// The ways in which a run can go with at most so many jobs that do not end well, for
/// workflows with more jobs than all ways could be walked.
pub(crate) fn with_faults(workflow: &Workflow, start: &Start<'_>, most: usize) -> Vec<History> {
    let mut order: Vec<&str> = Vec::new();
    while order.len() < workflow.jobs.len() {
        let ready = |job: &&Job| {
            !order.contains(&job.id.as_str())
                && job.needs.iter().all(|need| order.contains(&need.as_str()))
        };
        let next = workflow
            .jobs
            .values()
            .find(ready)
            .expect("jobs that wait for each other");
        order.push(&next.id);
    }
    let mut all = vec![History::default()];
    for id in order {
        all = all
            .iter()
            .flat_map(|history| continued(history, workflow, id, start, most))
            .collect();
    }
    all
}

/// A history with one more job: all ways in which that job can end with at most so many faults.
fn continued(
    history: &History,
    workflow: &Workflow,
    id: &str,
    start: &Start<'_>,
    most: usize,
) -> Vec<History> {
    let job = workflow.job(id);
    let with = |result: &str, outputs: Value, cancelled: bool| {
        let mut next = history.clone();
        let job = json!({"result": result, "outputs": outputs});
        next.jobs.insert(id.into(), Arc::new(job));
        next.cancelled |= cancelled;
        next.faults += usize::from(!matches!(result, "success" | "skipped"));
        next
    };
    if !runs(
        job.condition.as_deref(),
        &history.context(workflow, id, start),
    ) {
        return vec![with("skipped", json!({}), false)];
    }
    let mut all = Vec::new();
    for ending in Ending::ALL {
        if ending != Ending::Success && history.faults == most {
            continue;
        }
        for outputs in (start.outputs)(job, ending) {
            all.push(with(
                ending.result(),
                outputs,
                ending == Ending::RunCancelled,
            ));
        }
    }
    all
}

#[test]
fn a_job_behind_a_skipped_one_is_skipped_however_far() {
    let workflow = "
        {name: x, 'on': {push: null}, permissions: {}, jobs: {
          a: {timeout-minutes: 1, if: '${{ inputs.flag }}'},
          b: {timeout-minutes: 1, needs: [a], if: '${{ !cancelled() }}'},
          c: {timeout-minutes: 1, needs: [b]}}}";
    let workflow: Workflow = Workflow::read(workflow);
    let start = Start {
        event: "push",
        git_ref: "refs/heads/main",
        inputs: json!({}),
        outputs: &|_, _| vec![json!({})],
    };
    let all = histories(&workflow, &start);
    assert!(
        all.iter()
            .all(|history| !history.ran("a") && history.ran("b") && !history.ran("c"))
    );
    assert_eq!(all.len(), 4);
}
