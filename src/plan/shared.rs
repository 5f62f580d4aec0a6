//! What all plans are made with: ids, checkouts, conditions.

use crate::manifest::model::{Component, Environment, Manifest, Workflow};
use crate::manifest::raw::WorkflowKind;
use crate::pipeline::{
    self, Access, Concurrency, Expression, Job, Phase, Scope, Step, Text, Trigger,
};

/// Variables of a whole pipeline.
const REGISTRY: &str = "REGISTRY";
const IMAGE_NAME: &str = "IMAGE_NAME";

/// The manifest and the workflow that is planned.
#[derive(Clone, Copy)]
pub(super) struct Plan<'p> {
    pub(super) manifest: &'p Manifest,
    pub(super) workflow: &'p Workflow,
}

impl Plan<'_> {
    /// The id of a phase's job: the user's, or the default.
    pub(super) fn id(&self, phase: Phase, default: impl Into<String>) -> String {
        let own = self.workflow.ids.iter().find(|(known, _)| *known == phase);
        own.map_or_else(|| default.into(), |(_, id)| id.clone())
    }

    /// A workflow with its jobs.
    pub(super) fn workflow(
        &self,
        triggers: Vec<Trigger>,
        concurrency: Concurrency,
        jobs: Vec<Job>,
    ) -> pipeline::Workflow {
        pipeline::Workflow {
            file: self.workflow.file.clone(),
            name: self.workflow.name.clone(),
            about: Vec::new(),
            run_name: None,
            env: self.variables(),
            triggers,
            concurrency: Some(concurrency),
            jobs,
        }
    }

    /// The environment that a release is made for here.
    pub(super) fn release(&self) -> Option<&Environment> {
        let environments = &self.manifest.environments;
        self.workflow.environment.map(|index| &environments[index])
    }

    /// How many days an artifact is kept: as the environment says, or the usual time.
    pub(super) fn days(&self, usual: u16) -> String {
        let own = self.release().and_then(|release| release.artifacts.days);
        own.unwrap_or(usual).to_string()
    }

    /// Whether pull requests start it, among others.
    pub(super) fn has_pull_requests(&self) -> bool {
        let mut triggers = self.workflow.triggers.iter();
        triggers.any(|trigger| matches!(trigger, Trigger::PullRequest { .. }))
    }

    /// What a whole pipeline says once at its top: the versions of its languages, and where
    /// its images go.
    fn variables(&self) -> Vec<(String, Text)> {
        if self.workflow.kind != WorkflowKind::Pipeline {
            return Vec::new();
        }
        let mut all: Vec<(String, Text)> = Vec::new();
        for component in &self.manifest.components {
            if let Some((name, version)) = self.version_variable(component)
                && all.iter().all(|(known, _)| *known != name)
            {
                all.push((name, version.into()));
            }
        }
        let images = self.manifest.components.iter().flat_map(Component::images);
        if images.count() > 0 {
            let registry = self.manifest.registry.as_str().into();
            all.push((REGISTRY.to_owned(), registry));
            all.push((IMAGE_NAME.to_owned(), Text::code("github.repository")));
        }
        all
    }

    /// The variable of a pipeline with the version of a component's language; nothing if
    /// components of this language have several.
    pub(super) fn version_variable<'c>(
        &self,
        component: &'c Component,
    ) -> Option<(String, &'c str)> {
        let [version] = component.versions.as_slice() else {
            return None;
        };
        let same = |other: &Component| std::ptr::eq(other.language, component.language);
        let mut others = self.manifest.components.iter().filter(|other| same(other));
        let alone = others.all(|other| other.versions == component.versions);
        let pipeline = self.workflow.kind == WorkflowKind::Pipeline;
        let name = component.language.names[0].to_ascii_uppercase();
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (pipeline && alone && plain && !version.is_empty())
            .then(|| (format!("{name}_VERSION"), version.as_str()))
    }

    /// The registry of the images, as a step names it.
    pub(super) fn registry(&self) -> Text {
        if self.workflow.kind == WorkflowKind::Pipeline {
            Text::code(format!("env.{REGISTRY}"))
        } else {
            self.manifest.registry.as_str().into()
        }
    }

    /// What the names of the images begin with, as a step names it.
    pub(super) fn image_name(&self) -> Expression {
        if self.workflow.kind == WorkflowKind::Pipeline {
            Expression::new(format!("env.{IMAGE_NAME}"))
        } else {
            Expression::new("github.repository")
        }
    }

    /// Whether a release is made here, so that nothing may come from a cache.
    pub(super) fn releases(&self) -> bool {
        let changes = matches!(
            self.workflow.kind,
            WorkflowKind::Database | WorkflowKind::Rollback
        );
        self.workflow.environment.is_some() || changes
    }
}

/// Each pull request by itself, and every other run, too.
///
/// An older run of a pull request is of no use to anyone. One of a branch is, since
/// a deployment of its commit waits for it; in a group of the branch, GitHub would
/// cancel it while it waits for the run before.
pub(super) fn newest_of_a_pull_request(plan: &Plan<'_>) -> Concurrency {
    let triggers = &plan.workflow.triggers;
    let asked = |trigger: &&Trigger| matches!(trigger, Trigger::PullRequest { .. });
    let group = match triggers.iter().filter(asked).count() {
        0 => "github.run_id",
        all if all == triggers.len() => "github.ref",
        _ => "github.event.pull_request.number || github.run_id",
    };
    Concurrency::newest(
        Text::code("github.workflow")
            .then("-")
            .then(Expression::new(group)),
    )
}

/// Checks out a commit; the token is not kept in the work tree.
pub(super) fn checkout(commit: Option<Text>) -> Step {
    let step = Step::uses("Check out", "actions/checkout")
        .with("persist-credentials", "false")
        .allow(Scope::Contents, Access::Read, "check out");
    match commit {
        Some(commit) => step.with("ref", commit),
        None => step,
    }
}

/// Checks out the whole history.
pub(super) fn checkout_history(commit: Option<Text>) -> Step {
    checkout(commit).with("fetch-depth", "0")
}

/// The condition of a job behind jobs that may be skipped.
///
/// GitHub skips whatever comes after a skipped job unless it is told otherwise,
/// and a bare `!failure()` would run behind a gate that was skipped. So each
/// needed job is named: these must have succeeded, those may be skipped.
pub(super) fn after(required: &[String], optional: &[String]) -> Expression {
    let mut condition = Expression::new("!cancelled()");
    for id in required {
        condition = condition.and(Expression::result_is(id, "success"));
    }
    for id in optional {
        let fine = Expression::result_is(id, "success").or(Expression::result_is(id, "skipped"));
        condition = condition.and(fine);
    }
    condition
}

/// The minutes of a window, with some for the start of the job.
pub(super) fn with_margin(minutes: u32) -> u32 {
    (minutes + 5).next_multiple_of(5)
}
