//! Workflows that hold everything: the checks of a change, its images, and the
//! deployment of each environment that the change is for.
//!
//! Pull requests stop before anything is published. Which runs an environment belongs
//! to is said by the first of its jobs, in terms of the event and the ref.

mod conditions;

use super::binaries::binaries_job;
use super::checks::{RUN, runs, summary_job};
use super::component::{build_job, lint_job};
use super::deploy::{self, Chain, LONGEST_CHECKS, Release, delivery, requirements};
use super::generated;
use super::images::{self, shared};
use super::load::runs_image;
use super::security::{Containers, review_job, scan_jobs};
use super::shared::{Plan, checkout, newest_of_a_pull_request};
use super::suite::suite_job;
use crate::manifest::model::Environment;
use crate::pipeline::{self, Access, Expression, Job, Phase, PushFilter, Scope, Step, Text};

use conditions::{is_by_hand, pushes, runs_images};

const NO_PULL_REQUEST: &str = "github.event_name != 'pull_request'";

pub(super) fn plan(plan: &Plan<'_>) -> pipeline::Workflow {
    let flow = Flow {
        plan,
        environments: plan
            .workflow
            .environments
            .iter()
            .map(|index| &plan.manifest.environments[*index])
            .collect(),
    };
    let mut jobs = vec![flow.validate()];
    let mut checks = flow.checks();
    checks.extend(generated::job(plan));
    jobs.extend(checks.iter().cloned());
    jobs.push(summary_job(plan, &checks));
    let review = flow.review(&checks);
    let reviewed: Vec<_> = review.iter().map(|job| job.id.clone()).collect();
    jobs.extend(review);
    let mut arrived: Vec<(&str, Vec<String>)> = Vec::new();
    for release in flow
        .environments
        .iter()
        .filter_map(|environment| flow.release(environment))
    {
        let name = release.environment.name.as_str();
        let before = after(release.environment);
        let before = arrived.iter().find(|(known, _)| before == Some(known));
        let before = before.map(|(_, jobs)| jobs.as_slice());
        let chain = flow.arrival(release, &checks, &reviewed, before);
        arrived.push((name, chain.required().to_vec()));
        jobs.extend(chain.jobs);
    }
    plan.workflow(flow.triggers(), newest_of_a_pull_request(plan), jobs)
}

/// The environment before this one, as the manifest has it.
fn after(environment: &Environment) -> Option<&str> {
    let deployment = environment.deploy.as_ref()?;
    deployment
        .keys
        .after
        .as_ref()
        .map(|after| after.environment.as_str())
}

/// The jobs whose results say everything about these: no other of them waits for one.
fn leaves(jobs: &[Job]) -> Vec<String> {
    let is_leaf = |job: &&Job| !job.may_fail && !jobs.iter().any(|j| j.needs.contains(&job.id));
    let leaves = jobs.iter().filter(is_leaf);
    leaves.map(|job| job.id.clone()).collect()
}

/// The pipeline that is planned, and the environments in their order.
struct Flow<'f> {
    plan: &'f Plan<'f>,
    environments: Vec<&'f Environment>,
}

impl<'f> Flow<'f> {
    /// Finds out what is deployed, and whether it may be.
    fn validate(&self) -> Job {
        let mut deployments = self.environments.iter().filter_map(|e| e.deploy.as_ref());
        let kind = match (
            self.takes_tags(),
            deployments.all(|deployment| deployment.by_tag),
        ) {
            (true, true) => Text::literal("tag"),
            (true, false) => Text::code("github.ref_type == 'tag' && 'tag' || 'commit'"),
            _ => Text::literal("commit"),
        };
        let version = Step::script("Find the version", "resolve-version")
            .id("version")
            .env("VERSION_KIND", kind)
            .env("GH_TOKEN", Expression::new("github.token"))
            .allow(Scope::Contents, Access::Read, "look the version up");
        let mut job = Job::new(Phase::Validate, "validate", "Validate", 10)
            .about("What is deployed, and whether it may be. The checks do not wait for it.")
            .output("version", Expression::output("version", "version"))
            .output("sha", Expression::output("version", "sha"))
            .steps(self.refusal())
            .step(version);
        if self.plan.has_pull_requests() {
            job = job.when(Expression::new(NO_PULL_REQUEST));
        }
        let mut checked_out = false;
        for environment in &self.environments {
            let Some(release) = self.release(environment) else {
                continue;
            };
            let runs = self.runs(environment);
            if !release.deployment.keys.requires.is_empty() {
                job.timeout = LONGEST_CHECKS + 15;
            }
            let places = release.deployment.places.iter();
            let checks = places.flat_map(|place| place.target.check(&delivery(&release, place)));
            let checks: Vec<_> = checks.collect();
            let mut steps = requirements(&release);
            if !checks.is_empty() && !checked_out {
                checked_out = true;
                job = job.step(checkout(None));
            }
            steps.extend(checks);
            job = job.steps(steps.into_iter().map(|step| step.when(runs.clone())));
        }
        job
    }

    /// Whether a tag starts one of the deployments.
    fn takes_tags(&self) -> bool {
        let mut deployments = self.environments.iter().filter_map(|e| e.deploy.as_ref());
        deployments.any(|deployment| deployment.by_tag)
    }

    /// Ends a manual run of a branch that the environment does not take.
    fn refusal(&self) -> Option<Step> {
        self.input()?;
        let allowed = self
            .environments
            .iter()
            .filter(|environment| is_by_hand(environment));
        let allowed = Expression::any(allowed.map(|environment| {
            let asked = Expression::new("inputs.environment == ")
                .join(Expression::literal(&environment.name));
            let refs = pushes(environment).and_then(PushFilter::condition);
            refs.into_iter().fold(asked, Expression::and)
        }))?;
        let by_hand = Expression::new("github.event_name == 'workflow_dispatch'");
        let refused = Expression::new(format!("!({})", allowed.code()));
        let command =
            "echo \"::error::$ENVIRONMENT takes no release from $GITHUB_REF_NAME\"\nexit 1";
        Some(
            Step::run("Refuse what the environment does not take", command)
                .when(by_hand.and(refused))
                .env("ENVIRONMENT", Expression::new("inputs.environment")),
        )
    }

    /// The jobs that judge a change: first what needs nothing, then each behind all before.
    fn checks(&self) -> Vec<Job> {
        let plan = self.plan;
        let components = &plan.manifest.components;
        let mut jobs: Vec<Job> = Vec::new();
        jobs.extend(
            components
                .iter()
                .filter_map(|component| lint_job(plan, component)),
        );
        jobs.extend(scan_jobs(plan, Containers::Elsewhere));
        for component in components {
            let unit = component.suite("unit").filter(|suite| runs(plan, suite));
            jobs.extend(unit.map(|suite| suite_job(plan, component, suite, RUN)));
            if component.images().next().is_none() {
                jobs.extend(build_job(plan, component));
            }
        }
        let slow = components.iter().flat_map(|component| {
            let suites = component.suites.iter().filter(|suite| suite.name != "unit");
            suites
                .filter(|suite| runs(plan, suite))
                .map(move |suite| (component, suite))
        });
        let (of_images, others): (Vec<_>, Vec<_>) = slow.partition(|(_, suite)| runs_image(suite));
        let others = others.into_iter();
        let (together, later): (Vec<_>, Vec<_>) =
            others.partition(|(_, suite)| suite.name == "integration");
        for suites in [together, later] {
            let before = leaves(&jobs);
            let suites = suites.into_iter();
            let suites = suites.map(|(component, suite)| {
                suite_job(plan, component, suite, RUN).needs(before.clone())
            });
            jobs.extend(suites.collect::<Vec<_>>());
        }
        let before = leaves(&jobs);
        let shared = self.sharing().last().copied();
        let binaries = components.iter();
        let binaries = binaries.filter_map(|component| binaries_job(plan, component));
        jobs.extend(binaries.map(|mut job| {
            job.condition = shared.map(|_| self.builds());
            job.needs(before.clone())
        }));
        if let Some(last) = shared {
            let mut shared = shared::jobs(plan, last, self.takes_tags());
            let build = &mut shared.jobs[0];
            build.needs = before;
            build.condition = Some(self.builds());
            let suites = of_images.into_iter();
            let suites = suites
                .map(|(component, suite)| shared.then(suite_job(plan, component, suite, RUN)));
            let suites: Vec<_> = suites.collect();
            jobs.extend(shared.jobs);
            jobs.extend(suites);
        }
        jobs
    }

    /// The job that asks a person about findings, if this change goes on to an environment.
    fn review(&self, jobs: &[Job]) -> Option<Job> {
        let mut job = review_job(self.plan, jobs)?;
        let asked = job.condition.take();
        let conditions = asked.into_iter().chain([self.publishing()]);
        job.condition = Expression::all(conditions);
        Some(job)
    }

    fn release(&self, environment: &'f Environment) -> Option<Release<'f>> {
        Release::to(*self.plan, environment)
    }

    /// The jobs of an environment, behind those before it.
    fn arrival(
        &self,
        mut release: Release<'f>,
        checks: &[Job],
        reviewed: &[String],
        before: Option<&[String]>,
    ) -> Chain {
        let needs = &release.deployment.keys.needs;
        let mut base = vec!["validate".to_owned()];
        let (required, optional) = if needs.is_empty() {
            let judged = checks.iter().find(|job| job.id == shared::JUDGED);
            if let Some(job) = judged.filter(|_| runs_images(release.deployment)) {
                base.push(job.id.clone());
                release.judged = Some(shared::JUDGED);
            }
            match before {
                // What that one has waited for, this one has, too.
                Some(_) if self.waits_for_all(release.environment) => (Vec::new(), Vec::new()),
                _ => (leaves(checks), reviewed.to_vec()),
            }
        } else {
            let awaited = |job: &&Job| needs.iter().any(|name| job.phase.name() == name.as_str());
            let awaited = checks.iter().filter(awaited);
            (awaited.map(|job| job.id.clone()).collect(), Vec::new())
        };
        let runs = self.runs(release.environment);
        let mut chain = Chain::behind(base, required, optional, runs);
        if let Some(before) = before {
            chain.follow(before);
        }
        let own = runs_images(release.deployment) && !needs.is_empty();
        if own && !images::for_deploy(self.plan).is_empty() {
            chain.then(images::own_job(self.plan, release.environment));
        }
        deploy::arrive(&release, &mut chain);
        chain
    }
}
