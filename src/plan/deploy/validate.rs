//! The first job of a deployment: what is deployed, and whether it may be.

use super::delivery::delivery;
use super::{Release, start};
use crate::manifest::raw::{Effect, Naming};
use crate::pipeline::{Access, Expression, Job, Phase, Scope, Step, Text};
use crate::plan::images;
use crate::plan::shared::checkout;

/// The tags that are releases, and those with hotfixes among them.
pub(crate) const TAGS: &str = r"^v[0-9]+\.[0-9]+\.[0-9]+$";
pub(crate) const TAGS_WITH_HOTFIXES: &str = r"^(hotfix-)?v[0-9]+\.[0-9]+\.[0-9]+$";

/// Finds out what is deployed, and whether it may be.
pub(super) fn validate(release: &Release<'_>) -> Job {
    let kind = if release.deployment.by_tag {
        "tag"
    } else {
        "commit"
    };
    let mut version = Step::script("Find the version", "resolve-version")
        .id("version")
        .env("VERSION_KIND", kind)
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(Scope::Contents, Access::Read, "look the version up");
    if let Some(asked) = start::version_input(release) {
        version = version.env("VERSION_INPUT", asked);
    }
    if release.deployment.by_tag && release.knows_hotfixes() {
        version = version.env("VERSION_PATTERN", TAGS_WITH_HOTFIXES);
    }
    if release.deployment.keys.version == Naming::ShaTimestamp {
        version = version.env("VERSION_FORMAT", "sha-timestamp");
    }
    let mut job = Job::new(Phase::Validate, "validate", "Validate", 10)
        .output("version", Expression::output("version", "version"))
        .output("sha", Expression::output("version", "sha"))
        .steps(start::window(release))
        .step(version)
        .steps(start::reason(release));
    job.condition = start::condition(release);
    if release.skippable() {
        let warn = "echo '::warning::The tests are skipped in this run. That is for an outage of the highest priority only.'";
        job = job.step(
            Step::run("Warn of skipped tests", warn).when(Expression::new("inputs.skip_tests")),
        );
    }
    if !images::published_steps(release).is_empty() {
        // Another workflow of this commit may still be building them.
        job.timeout = 45;
    }
    if !release.deployment.keys.requires.is_empty() {
        job.timeout = LONGEST_CHECKS + 15;
    }
    let sha = Text::expression(Expression::output("version", "sha"));
    if release.knows_hotfixes() {
        job = job.step(request(release));
    }
    job = job.steps(impact(release, sha.clone()));
    if release.decides() {
        job = job
            .output(
                "should_deploy",
                Expression::output("decision", "should_deploy"),
            )
            .step(decision(release, sha.clone()));
    }
    let places = release.deployment.places.iter();
    let checks = places.flat_map(|place| place.target.check(&delivery(release, place)));
    job.steps(requirements(release))
        .step(checkout(Some(sha)))
        .steps(checks)
}

/// How many minutes a deployment waits for the checks of its commit.
pub(crate) const LONGEST_CHECKS: u32 = 60;

/// What must have happened to the commit elsewhere, in a job whose step `version` found it.
pub(crate) fn requirements(release: &Release<'_>) -> Vec<Step> {
    let sha = Text::expression(Expression::output("version", "sha"));
    let keys = &release.deployment.keys;
    let mut steps = Vec::new();
    if !keys.requires.is_empty() {
        let files = keys.requires.iter().map(|name| format!("{name}.yml"));
        steps.push(
            Step::script("Wait for the checks of this commit", "require-workflows")
                .env("WORKFLOWS", files.collect::<Vec<_>>().join("\n"))
                .env("SHA", sha.clone())
                .env("WAIT_MINUTES", LONGEST_CHECKS.to_string())
                .env("EVENT", "push")
                .env("GH_TOKEN", Expression::new("github.token"))
                .allow(
                    Scope::Actions,
                    Access::Read,
                    "read the results of the checks",
                ),
        );
    }
    // Within one workflow, the jobs wait for each other.
    let after = keys.after.as_ref();
    let after = after.filter(|after| !release.is_beside(&after.environment));
    steps.extend(after.map(|after| {
        let before = &after.environment;
        let step = Step::script(
            format!("Look for this commit on {before}"),
            "require-deployment",
        )
        .env("ENVIRONMENTS", deployed_as(release, before))
        .env("SHA", sha)
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(
            Scope::Deployments,
            Access::Read,
            "look for the earlier deployment",
        );
        match after.effect {
            Some(Effect::Block) => step.env("ON_MISSING", "fail"),
            _ => step,
        }
    }));
    steps.extend(images::published_steps(release));
    steps
}

/// Refuses a manual run whose fields do not fit together.
fn request(release: &Release<'_>) -> Step {
    let step = Step::script("Check the request", "check-request")
        .env("TYPE", Expression::new("inputs.deployment_type"))
        .env("VERSION", Expression::output("version", "version"));
    if release.skippable() {
        step.env("SKIP", Expression::new("inputs.skip_tests"))
    } else {
        step
    }
}

/// Shows the reviewers what the deployment changes.
fn impact(release: &Release<'_>, sha: Text) -> Option<Step> {
    let approval = release.environment.approval.as_ref()?;
    if approval.impact.is_empty() {
        return None;
    }
    let patterns: Vec<_> = approval.impact.iter().map(|path| path.as_str()).collect();
    Some(
        Step::script("Show what would change", "change-impact")
            .env("ENVIRONMENT", live_on(release))
            .env("SHA", sha)
            .env("VERSION", Expression::output("version", "version"))
            .env("RISKY", patterns.join("\n"))
            .env("GH_TOKEN", Expression::new("github.token"))
            .allow(Scope::Contents, Access::Read, "compare commits")
            .allow(
                Scope::Deployments,
                Access::Read,
                "look for what is deployed",
            ),
    )
}

/// The environment on GitHub that tells what is live: the last place has a release when all have.
fn live_on<'r>(release: &'r Release<'_>) -> &'r str {
    let last = release.deployment.places.last();
    last.map_or(release.environment.name.as_str(), |place| {
        place.environment.as_str()
    })
}

/// Compares the commit with the one that is deployed.
fn decision(release: &Release<'_>, sha: Text) -> Step {
    let keys = &release.deployment.keys;
    let skip: Vec<_> = keys.skip.iter().map(|pattern| pattern.as_str()).collect();
    let step = Step::script("Decide whether it is deployed", "deploy-decision")
        .id("decision")
        .env("ENVIRONMENT", live_on(release))
        .env("SHA", sha)
        .env("SKIP", skip.join("\n"))
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(Scope::Contents, Access::Read, "compare commits")
        .allow(
            Scope::Deployments,
            Access::Read,
            "look for what is deployed",
        );
    if release.deployment.by_hand {
        step.env("FORCE", Expression::new("inputs.force_deploy"))
    } else {
        step
    }
}

/// The environments on GitHub that an environment of the manifest is deployed as.
fn deployed_as(release: &Release<'_>, name: &str) -> String {
    let mut all = release.plan.manifest.environments.iter();
    let environment = all.find(|environment| environment.name == name);
    let places = environment.map_or(&[][..], |environment| environment.places());
    let mut names: Vec<_> = places
        .iter()
        .map(|place| place.environment.as_str())
        .collect();
    names.dedup();
    if names.is_empty() {
        name.to_owned()
    } else {
        names.join("\n")
    }
}
