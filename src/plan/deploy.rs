//! Workflows that bring a release to an environment.
//!
//! validate → scan → tests → images → approval → deploy → smoke → monitor →
//! rollback, release, notify; each only if the manifest asks for it.

mod approval;
mod bring;
mod last;
mod prepare;
mod verify;

pub(super) use approval::gate_environment;
pub(super) use bring::delivery;
pub(super) use verify::health_check;

use super::shared::{Plan, after};
use crate::manifest::model::{Deployment, Environment};
use crate::manifest::raw::DeployTests;
use crate::pipeline::{
    self, Concurrency, DispatchInput, Expression, InputKind, Job, Text, Trigger,
};

/// What the parts of the plan share.
pub(super) struct Release<'p> {
    pub(super) plan: Plan<'p>,
    pub(super) environment: &'p Environment,
    pub(super) deployment: &'p Deployment,
}

impl Release<'_> {
    /// Whether a manual run may skip the tests.
    pub(super) fn skippable(&self) -> bool {
        self.deployment.by_hand && self.deployment.keys.tests == DeployTests::Skippable
    }

    /// The group that keeps two deployments of one environment apart.
    pub(super) fn group(&self) -> Concurrency {
        Concurrency::queue(Text::literal(format!("deploy-{}", self.environment.name)))
    }

    /// The group of a roll-back.
    ///
    /// A deployment that waits for its reviewer is in its group already, and a
    /// roll-back must not queue behind that person. The lock on the server keeps
    /// the two apart.
    pub(super) fn rollback_group(&self) -> Concurrency {
        if self.environment.is_reviewed() {
            Concurrency::queue(Text::literal(format!("rollback-{}", self.environment.name)))
        } else {
            self.group()
        }
    }
}

pub(super) fn plan(plan: &Plan<'_>) -> pipeline::Workflow {
    let environment = plan
        .workflow
        .environment
        .map(|index| &plan.manifest.environments[index]);
    let Some((environment, deployment)) =
        environment.and_then(|environment| Some((environment, environment.deploy.as_ref()?)))
    else {
        // The manifest refuses a deployment without its environment.
        return plan.workflow(Vec::new(), Concurrency::queue(Text::default()), Vec::new());
    };
    let release = Release {
        plan: *plan,
        environment,
        deployment,
    };
    let mut chain = Chain::default();
    chain.push(prepare::validate(&release), &[], &[]);
    prepare::before_images(&release, &mut chain);
    approval::approval(&release, &mut chain);
    bring::deploy_and_verify(&release, &mut chain);
    last::last(&release, &mut chain);
    // One run for each version: a release that waits for its approval must not hold up the next one.
    let concurrency = Concurrency::queue(
        Text::code("github.workflow")
            .then("-")
            .then(asked(&release)),
    );
    let mut workflow = plan.workflow(triggers(&release), concurrency, chain.jobs);
    workflow.run_name = Some(run_name(&release));
    workflow
}

/// What is to be deployed, as the event has it: a manual run may name a version.
fn asked(release: &Release<'_>) -> Expression {
    Expression::new(if release.deployment.by_hand {
        "inputs.version || github.ref_name"
    } else {
        "github.ref_name"
    })
}

/// "Deploy v1.2.4 to production".
fn run_name(release: &Release<'_>) -> Text {
    Text::literal("Deploy ")
        .then(asked(release))
        .then(format!(" to {}", release.environment.name))
}

/// The jobs of a deployment, each behind the ones before.
#[derive(Default)]
pub(super) struct Chain {
    pub(super) jobs: Vec<Job>,
    /// Jobs that the next one must see succeed.
    required: Vec<String>,
    /// Jobs before it that may be skipped.
    optional: Vec<String>,
}

impl Chain {
    /// Adds a job behind some that must succeed and some that may be skipped.
    fn push(&mut self, job: Job, required: &[String], optional: &[String]) {
        let skips = !optional.is_empty() || self.skips_above(required);
        let mut job = job.needs(required.iter().chain(optional).cloned());
        if skips {
            let condition = after(required, optional);
            job.condition = Some(match job.condition.take() {
                Some(own) => condition.and(own),
                None => condition,
            });
        }
        self.jobs.push(job);
    }

    /// Adds a job behind everything so far, which then becomes what the next one waits for.
    pub(super) fn then(&mut self, job: Job) {
        let id = job.id.clone();
        let validate = "validate".to_owned();
        let mut required = self.required.clone();
        if !required.contains(&validate) {
            required.insert(0, validate);
        }
        let optional = std::mem::take(&mut self.optional);
        self.push(job, &required, &optional);
        self.required = vec![id];
    }

    /// Adds a job beside the chain that the next one of the chain must see succeed, too.
    pub(super) fn beside(&mut self, job: Job, required: &[String], optional: &[String]) {
        let id = job.id.clone();
        self.push(job, required, optional);
        self.required.push(id);
    }

    /// Adds a job behind everything so far that may be skipped without stopping the chain.
    pub(super) fn maybe(&mut self, job: Job) {
        let id = job.id.clone();
        let mut required = self.required.clone();
        let validate = "validate".to_owned();
        if !required.contains(&validate) {
            required.insert(0, validate);
        }
        let optional = self.optional.clone();
        self.push(job, &required, &optional);
        self.optional.push(id);
    }

    /// What the next job must see succeed.
    pub(super) fn required(&self) -> &[String] {
        &self.required
    }

    /// Whether a job that these need, directly or not, may be skipped.
    fn skips_above(&self, ids: &[String]) -> bool {
        ids.iter().any(|id| {
            let job = self.jobs.iter().find(|job| job.id == *id);
            job.is_some_and(|job| job.condition.is_some() || self.skips_above(&job.needs))
        })
    }
}

fn triggers(release: &Release<'_>) -> Vec<Trigger> {
    let mut triggers = release.deployment.triggers.clone();
    for trigger in &mut triggers {
        if let Trigger::Dispatch(inputs) = trigger {
            *inputs = dispatch_inputs(release);
        }
    }
    triggers
}

fn dispatch_inputs(release: &Release<'_>) -> Vec<DispatchInput> {
    let description = if release.deployment.by_tag {
        "Version to deploy: an existing tag such as v1.2.3"
    } else {
        "Branch, tag or commit to deploy; empty: the branch this runs on"
    };
    let mut inputs = vec![DispatchInput {
        name: "version".to_owned(),
        description: description.to_owned(),
        required: release.deployment.by_tag,
        kind: InputKind::Text(None),
    }];
    if release.skippable() {
        inputs.push(DispatchInput {
            name: "skip_tests".to_owned(),
            description: "Skip the tests. Only for an outage of the highest priority".to_owned(),
            required: false,
            kind: InputKind::Flag(false),
        });
    }
    inputs
}
