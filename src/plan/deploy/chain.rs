//! The jobs of a deployment, each behind the ones before.

use crate::pipeline::{Expression, Job};
use crate::plan::shared::after;

/// The jobs of a deployment, each behind the ones before.
#[derive(Default)]
pub(crate) struct Chain {
    pub(crate) jobs: Vec<Job>,
    /// Jobs before the chain whose outputs each of its jobs may read.
    base: Vec<String>,
    /// Jobs that the next one must see succeed.
    required: Vec<String>,
    /// Jobs before it that may be skipped.
    optional: Vec<String>,
    /// The runs that these jobs belong to; nothing: every run of the workflow.
    runs: Option<Expression>,
    /// The last jobs of the environment that gets the release before this one.
    follows: Vec<String>,
}

impl Chain {
    /// A chain behind the job `validate`.
    pub(crate) fn new() -> Self {
        Self {
            base: vec!["validate".to_owned()],
            ..Self::default()
        }
    }

    /// A chain behind other jobs of the workflow, for some of its runs.
    pub(crate) fn behind(
        base: Vec<String>,
        required: Vec<String>,
        optional: Vec<String>,
        runs: Expression,
    ) -> Self {
        Self {
            base,
            required,
            optional,
            runs: Some(runs),
            ..Self::default()
        }
    }

    /// Puts the chain behind another environment, too, by that one's last jobs.
    pub(crate) fn follow(&mut self, last: &[String]) {
        self.follows.extend(last.iter().cloned());
        self.required.extend(last.iter().cloned());
    }

    /// Lets the jobs from here on run only where this holds.
    pub(crate) fn only(&mut self, runs: Expression) {
        self.runs = Some(match self.runs.take() {
            Some(before) => before.and(runs),
            None => runs,
        });
    }

    /// Adds a job behind some that must succeed and some that may be skipped.
    pub(crate) fn push(&mut self, job: Job, required: &[String], optional: &[String]) {
        let runs = self.runs.clone().filter(|_| self.begins_with(required));
        let skips = runs.is_some() || !optional.is_empty() || self.skips_above(required);
        let mut job = job.needs(required.iter().chain(optional).cloned());
        if skips {
            let own = job.condition.take();
            let all = [Some(after(required, optional)), runs, own];
            job.condition = Expression::all(all.into_iter().flatten());
        }
        self.jobs.push(job);
    }

    /// Adds a job behind everything so far, which then becomes what the next one waits for.
    pub(crate) fn then(&mut self, job: Job) {
        let id = job.id.clone();
        let optional = std::mem::take(&mut self.optional);
        let required = self.required_by(&job);
        self.push(job, &required, &optional);
        self.required = vec![id];
    }

    /// Adds a job beside the chain that the next one of the chain must see succeed, too.
    pub(crate) fn beside(&mut self, job: Job, required: &[String], optional: &[String]) {
        let id = job.id.clone();
        self.push(job, required, optional);
        self.required.push(id);
    }

    /// Adds a job beside the chain that the next one of the chain waits for, but that may be
    /// skipped without stopping it.
    pub(crate) fn maybe_beside(&mut self, job: Job, required: &[String]) {
        let id = job.id.clone();
        self.push(job, required, &[]);
        self.optional.push(id);
    }

    /// Adds a job behind everything so far that may be skipped without stopping the chain.
    pub(crate) fn maybe(&mut self, job: Job) {
        let id = job.id.clone();
        let optional = self.optional.clone();
        let required = self.required_by(&job);
        self.push(job, &required, &optional);
        self.optional.push(id);
    }

    /// Adds a job that says itself what it waits for; the next one waits for it alone.
    pub(crate) fn joined(&mut self, job: Job) {
        self.required = vec![job.id.clone()];
        self.optional.clear();
        self.jobs.push(job);
    }

    /// Jobs before the next one that may be skipped.
    pub(crate) fn optional(&self) -> &[String] {
        &self.optional
    }

    /// What the next job must see succeed.
    pub(crate) fn required(&self) -> &[String] {
        &self.required
    }

    /// The same, behind what decides about the release.
    pub(crate) fn all_required(&self) -> Vec<String> {
        let first = self.base.iter().take(1);
        let first = first.filter(|id| !self.required.contains(id));
        first.chain(&self.required).cloned().collect()
    }

    /// The same, and the jobs before the chain whose outputs this one reads.
    fn required_by(&self, job: &Job) -> Vec<String> {
        let read = |id: &&String| {
            let output = format!("needs.{id}.outputs.");
            let texts = job.steps.iter().flat_map(|step| step.texts());
            let mut expressions = texts.flat_map(|text| text.expressions());
            expressions.any(|expression| expression.code().contains(&output))
        };
        let mut all = self.all_required();
        let others = self.base.iter().skip(1).filter(read);
        let others: Vec<_> = others.filter(|id| !all.contains(id)).cloned().collect();
        all.splice(1..1, others);
        all
    }

    /// When somebody is to be told how it ended: whatever happened, in the runs that get so far.
    pub(crate) fn told(&self) -> Expression {
        let begun = self.follows.iter();
        let begun = begun.map(|id| Expression::result_is(id, "success"));
        let conditions = self.runs.clone().into_iter().chain(begun);
        conditions.fold(Expression::new("always()"), Expression::and)
    }

    /// Jobs before the chain whose outputs and results its last ones read.
    pub(crate) fn before(&self) -> impl Iterator<Item = &String> {
        self.base.iter().chain(&self.follows)
    }

    /// Whether a job that needs these is among the first of the chain. The others follow
    /// one that belongs to the same runs.
    fn begins_with(&self, required: &[String]) -> bool {
        let own = |id: &String| self.jobs.iter().any(|job| job.id == *id);
        let mut later = required.iter().filter(|id| !self.base.contains(id));
        !later.any(own)
    }

    /// Whether a job that these need, directly or not, may be skipped.
    fn skips_above(&self, ids: &[String]) -> bool {
        ids.iter().any(|id| {
            let job = self.jobs.iter().find(|job| job.id == *id);
            job.is_some_and(|job| job.condition.is_some() || self.skips_above(&job.needs))
        })
    }
}
