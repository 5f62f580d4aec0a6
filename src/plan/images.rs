//! Container images: which there are, what they are called, and where they are found.
//!
//! They are built in [`build`], published in [`publish`], and several environments of a
//! pipeline share theirs in [`shared`].

pub(super) mod build;
mod list;
pub(super) mod platforms;
mod publish;
pub(super) mod shared;

pub(super) use build::{build_and_judge, rows};
pub(super) use publish::{own_job, publish_job};

use super::deploy::Release;
use super::shared::Plan;
use crate::manifest::model::{Component, Environment, Image, Part, Place};
use crate::manifest::raw::WorkflowKind;
use crate::pipeline::{Access, Expression, Scope, Step, Text};

/// The start of the tag under which a workflow of the kind `images` publishes a commit.
pub(super) const BY_COMMIT: &str = "sha";

/// The images of the whole project that deployments use.
pub(super) fn for_deploy<'p>(plan: &Plan<'p>) -> Vec<(&'p Part, &'p Image)> {
    let environment = plan.workflow.environment;
    let places = environment.map(|index| plan.manifest.environments[index].places());
    if places.is_some_and(|places| !places.iter().any(|place| place.target.runs_images())) {
        return Vec::new();
    }
    let all = plan.manifest.components.iter().flat_map(Component::images);
    all.filter(|(_, image)| image.for_deploy).collect()
}

/// The images that one place runs: those of the component that a part is named after, or all.
pub(super) fn for_place<'p>(plan: &Plan<'p>, place: &Place) -> Vec<(&'p Part, &'p Image)> {
    if !place.target.runs_images() {
        return Vec::new();
    }
    let own = place.part.as_deref();
    let own = own.and_then(|name| plan.manifest.component(name));
    let (own, all) = match own {
        Some(component) => (Some(component), &[][..]),
        None => (None, &plan.manifest.components[..]),
    };
    let images = own.into_iter().chain(all).flat_map(Component::images);
    images.filter(|(_, image)| image.for_deploy).collect()
}

/// The address of an image without its tag. Registries know small letters only,
/// which the scripts and actions that read this take care of.
pub(super) fn address(plan: &Plan<'_>, image: impl Into<Text>) -> Text {
    plan.registry()
        .then("/")
        .then(plan.image_name())
        .then("/")
        .then(image)
}

/// The tag under which a deployment finds its images: those that it published itself, or those
/// that a workflow of their own published for the tag or the commit.
pub(super) fn tag(plan: &Plan<'_>, environment: &Environment) -> Text {
    let Some(deployment) = &environment.deploy else {
        return Text::default();
    };
    if plan.workflow.kind == WorkflowKind::Pipeline && deployment.keys.needs.is_empty() {
        return shared_tag();
    }
    if deployment.by_tag {
        return Text::expression(Expression::output_of("validate", "version"));
    }
    let prefix = if plan.manifest.publishes_images() {
        BY_COMMIT
    } else {
        moving_tag(environment)
    };
    Text::literal(format!("{prefix}-")).then(Expression::output_of("validate", "sha"))
}

/// The tag of images that several environments share.
fn shared_tag() -> Text {
    Text::literal("sha-").then(Expression::new("github.sha"))
}

/// The tag that moves with the releases of an environment.
fn moving_tag(environment: &Environment) -> &str {
    let deployment = environment.deploy.as_ref();
    let own = deployment.and_then(|deployment| deployment.keys.tag.as_ref());
    own.map_or(&environment.name, |name| name.as_str())
}

/// Steps that wait until the images of a release are published, each in the registry.
pub(super) fn published_steps(release: &Release<'_>) -> Vec<Step> {
    let plan = &release.plan;
    let images = for_deploy(plan);
    if !plan.manifest.publishes_images() || images.is_empty() {
        return Vec::new();
    }
    let tag = match release.deployment.by_tag {
        true => Text::expression(Expression::output("version", "version")),
        false => Text::literal(format!("{BY_COMMIT}-")).then(Expression::output("version", "sha")),
    };
    let lines = images.iter().map(|(_, image)| {
        let address = address(plan, image.name.as_str());
        Text::literal(format!("{}=", image.variable))
            .then(address)
            .then(":")
            .then(tag.clone())
    });
    let find = Step::script("Wait for the images", "resolve-images")
        .env("IMAGES", Text::lines(lines))
        .env("WAIT_MINUTES", "30");
    vec![login(plan), find]
}

/// A step that finds the digests behind tags, by the variables that name the images.
pub(super) fn digests(images: &[(String, Text)]) -> Step {
    let lines = images.iter();
    let lines = lines
        .map(|(variable, address)| Text::literal(format!("{variable}=")).then(address.clone()));
    Step::script("Find the digests of the images", "resolve-images")
        .id("images")
        .env("IMAGES", Text::lines(lines))
}

/// Whether images are kept in AWS ECR, which wants the login to AWS before its own.
pub(super) fn in_ecr(plan: &Plan<'_>) -> bool {
    plan.manifest.registry.contains(".dkr.ecr.")
}

/// Logs in to where images are published: to AWS first, if they are kept there.
pub(super) fn logins(plan: &Plan<'_>) -> Vec<Step> {
    let released = plan.release();
    let all = &plan.manifest.environments;
    let environments = released.map_or(all.as_slice(), std::slice::from_ref);
    let mut places = environments.iter().flat_map(Environment::places);
    let aws = places.find_map(|place| place.keys.aws.as_ref());
    let aws = aws.filter(|_| in_ecr(plan)).map(|aws| aws.login());
    aws.into_iter().chain([login(plan)]).collect()
}

/// Logs in to the registry with the job's own token, or with the login to AWS of an earlier step.
pub(super) fn login(plan: &Plan<'_>) -> Step {
    let step = Step::uses("Log in to the registry", "docker/login-action")
        .with("registry", plan.registry());
    if in_ecr(plan) {
        return step;
    }
    step.with("username", Expression::new("github.actor"))
        .with("password", Expression::new("github.token"))
        .allow(Scope::Packages, Access::Read, "read the images")
}
