//! Workflows that bring a release to an environment.
//!
//! validate → scan → tests → images → approval → deploy → smoke → monitor →
//! rollback, release, notify; each only if the manifest asks for it.

mod approval;
mod bring;
mod chain;
mod database;
mod delivery;
mod last;
pub(super) mod maintenance;
mod prepare;
pub(super) mod records;
mod start;
mod try_out;
mod undo;
mod validate;
mod verify;
mod watch;

pub(super) use approval::{
    approval, at_gate, emergency_environment, gate_environment, role_environment,
};
pub(super) use bring::{login, purge, rollback_minutes};
pub(super) use chain::Chain;
pub(super) use database::{backup, on_runner};
pub(super) use delivery::{delivery, resolved};
pub(super) use validate::{LONGEST_CHECKS, TAGS, TAGS_WITH_HOTFIXES, requirements};
pub(super) use verify::{all_smoke_steps, health_check};
pub(super) use watch::{watch, watching};

use super::settings::rollback_environment;
use super::shared::Plan;
use crate::manifest::model::{Deployment, Environment, Place};
use crate::manifest::raw::{DeployTests, Split, WorkflowKind};
use crate::pipeline::{self, Concurrency, DispatchInput, Expression, InputKind, Phase, Text};

/// What the parts of the plan share.
#[derive(Clone, Copy)]
pub(super) struct Release<'p> {
    pub(super) plan: Plan<'p>,
    pub(super) environment: &'p Environment,
    pub(super) deployment: &'p Deployment,
    /// The job that has found out the digests of all images, if one has.
    pub(super) judged: Option<&'p str>,
}

impl<'p> Release<'p> {
    /// A release to this environment; nothing if nothing is deployed there.
    pub(super) fn to(plan: Plan<'p>, environment: &'p Environment) -> Option<Self> {
        Some(Self {
            plan,
            environment,
            deployment: environment.deploy.as_ref()?,
            judged: None,
        })
    }

    /// The environment of a job that goes back, or only looks: nobody is waited for there.
    pub(super) fn unreviewed(&self, place: &Place) -> pipeline::Environment {
        pipeline::Environment {
            name: rollback_environment(self.environment, place).into(),
            url: place.url.as_deref().map(Text::from),
            // GitHub would record the commit of the run as deployed.
            deployment: false,
        }
    }

    /// The id of a job of this release: the user's, or the default. In a workflow with
    /// several environments, each says which one it belongs to.
    pub(super) fn id(&self, phase: Phase, default: &str) -> String {
        if self.plan.workflow.environments.is_empty() {
            self.plan.id(phase, default)
        } else {
            format!("{default}-{}", self.environment.name)
        }
    }

    /// The id of a job of one place: as [`Self::id`], with the part's name behind it.
    pub(super) fn id_at(&self, place: &Place, phase: Phase, default: &str) -> String {
        match &place.part {
            None => self.id(phase, default),
            Some(part) => self.id(Phase::Own, &format!("{default}-{part}")),
        }
    }

    /// The name of a job of this release, as people see it.
    pub(super) fn name(&self, job: &str) -> String {
        if self.plan.workflow.environments.is_empty() {
            job.to_owned()
        } else {
            format!("{job} ({})", self.environment.name)
        }
    }

    /// Whether a commit may turn out to need no deployment.
    pub(super) fn decides(&self) -> bool {
        !self.deployment.keys.skip.is_empty()
    }

    /// Whether its tests run again, and leave the builds that are deployed.
    pub(super) fn keeps_builds(&self) -> bool {
        self.deployment.keys.tests != DeployTests::None
            && self.plan.workflow.split == Split::Component
    }

    /// Whether this workflow deploys to that environment, too.
    fn is_beside(&self, name: &str) -> bool {
        let mut beside = self.plan.workflow.environments.iter();
        beside.any(|index| self.plan.manifest.environments[*index].name == name)
    }

    /// Whether a run by hand may be a hotfix, which has approvals of its own.
    pub(super) fn knows_hotfixes(&self) -> bool {
        let approval = self.environment.approval.as_ref();
        let asks = self.plan.workflow.kind == WorkflowKind::Deploy && self.deployment.by_hand;
        asks && approval.is_some_and(|approval| approval.emergency.is_some())
    }

    /// Whether a manual run may skip the tests.
    pub(super) fn skippable(&self) -> bool {
        self.deployment.by_hand && self.deployment.keys.tests == DeployTests::Skippable
    }

    /// The group that keeps two deployments to one place apart.
    pub(super) fn group(&self, place: &Place) -> Concurrency {
        Concurrency::queue(Text::literal(format!("deploy-{}", self.whole_name(place))))
    }

    /// "production", or "production-backend" for a part.
    pub(super) fn whole_name(&self, place: &Place) -> String {
        let name = &self.environment.name;
        match &place.part {
            Some(part) => format!("{name}-{part}"),
            None => name.clone(),
        }
    }

    /// The group of a roll-back.
    ///
    /// A deployment that waits for its reviewer is in its group already, and a
    /// roll-back must not queue behind that person. The lock on the server keeps
    /// the two apart.
    pub(super) fn rollback_group(&self, place: &Place) -> Concurrency {
        if self.environment.is_reviewed() {
            Concurrency::queue(Text::literal(format!(
                "rollback-{}",
                self.whole_name(place)
            )))
        } else {
            self.group(place)
        }
    }
}

pub(super) fn plan(plan: &Plan<'_>) -> pipeline::Workflow {
    let environment = plan.release();
    let Some(release) = environment.and_then(|environment| Release::to(*plan, environment)) else {
        // The manifest refuses a deployment without its environment.
        return plan.workflow(Vec::new(), Concurrency::queue(Text::default()), Vec::new());
    };
    let mut chain = Chain::new();
    chain.push(validate::validate(&release), &[], &[]);
    if release.decides() {
        // A run that failed before it decided is told like any other.
        chain.only(Expression::new(
            "needs.validate.outputs.should_deploy != 'false'",
        ));
    }
    prepare::before_images(&release, &mut chain);
    arrive(&release, &mut chain);
    let mut workflow = plan.workflow(start::triggers(&release), runs(&release), chain.jobs);
    workflow.run_name = Some(start::run_name(&release));
    workflow
}

/// The jobs of a release whose images are there: from the previews of what
/// will change, over the approval, to the last message.
pub(super) fn arrive(release: &Release<'_>, chain: &mut Chain) {
    bring::previews(release, chain);
    approval::approval(release, chain);
    bring::deploy_and_verify(release, chain);
    last::last(release, chain);
}

/// The group of whole runs.
///
/// One run for each version: a release that waits for its approval must not hold up the
/// next one. Parts belong together, though: between two of them no other run may begin.
fn runs(release: &Release<'_>) -> Concurrency {
    if release.environment.has_parts() {
        return Concurrency::line(Text::literal(format!(
            "deploy-{}",
            release.environment.name
        )));
    }
    Concurrency::queue(
        Text::code("github.workflow")
            .then("-")
            .then(start::asked(release)),
    )
}

/// Whether a run by hand wants a canary, where that is a question.
pub(super) fn canary_input(release: &Release<'_>) -> Option<DispatchInput> {
    let mut places = release.deployment.places.iter();
    places
        .any(|place| place.target.asks_for_canary())
        .then(|| DispatchInput {
            name: "canary".to_owned(),
            description: "Shift the traffic share by share, as long as the new version does well"
                .to_owned(),
            required: false,
            kind: InputKind::Flag(false),
        })
}
