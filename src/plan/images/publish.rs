//! Jobs that publish the images of a deployment.

use super::build::{Row, build_and_judge, build_step, builder, cache, of_row, rows, variant};
use super::platforms::{self, Built};
use super::{address, for_deploy, logins, moving_tag, tag};
use crate::manifest::model::Environment;
use crate::pipeline::{Access, Expression, Job, Phase, Scope, Step, Text};
use crate::plan::component::{Work, commit};
use crate::plan::provenance;
use crate::plan::shared::{Plan, checkout};

/// The job that publishes the images of a deployment.
pub(crate) fn publish_job(
    plan: &Plan<'_>,
    environment: &Environment,
    default: &str,
    timeout: u32,
) -> Job {
    let id = plan.id(Phase::Images, default);
    let rows = rows_of_one(plan, environment);
    let name = Text::literal("Publish ").then(Expression::new("matrix.image"));
    let job = Job::new(Phase::Images, id.clone(), name, timeout)
        .step(checkout(commit(Work::Release)))
        // What is published is what was judged: the same builder, the same layers.
        .steps(build_and_judge(plan, &id, &rows))
        .steps(publish(
            plan,
            &rows,
            tags(plan, environment),
            Expression::output_of("validate", "sha"),
        ))
        .steps(provenance::attest_parts(
            plan,
            address(plan, Expression::new("matrix.image")),
            Expression::output("push", "digest").into(),
        ));
    platforms::with_rows(plan, job, rows)
}

/// The rows of a matrix over the images of a deployment, each for one platform.
fn rows_of_one(plan: &Plan<'_>, environment: &Environment) -> Vec<Row> {
    let images = for_deploy(plan);
    let rows = rows(&images, &environment.name);
    platforms::spread(plan, &images, rows, Built::ForOne)
}

/// The job that publishes the images of an environment that does not wait for the shared ones.
pub(crate) fn own_job(plan: &Plan<'_>, environment: &Environment) -> Job {
    let rows = rows_of_one(plan, environment);
    let name = Text::literal("Publish ").then(Expression::new("matrix.image"));
    let commit = Expression::output_of("validate", "sha");
    let tags = tags(plan, environment);
    let job = Job::new(
        Phase::Images,
        format!("images-{}", environment.name),
        name.then(format!(" for {}", environment.name)),
        15,
    )
    .step(checkout(self::commit(Work::Release)))
    .steps(builder(plan, &rows))
    .steps(publish(plan, &rows, tags, commit));
    platforms::with_rows(plan, job, rows)
}

/// The tags of an environment's own images: of this release, and of the newest one.
fn tags(plan: &Plan<'_>, environment: &Environment) -> Text {
    let deployment = environment.deploy.as_ref();
    let by_tag = deployment.is_some_and(|deployment| deployment.by_tag);
    let moving = if by_tag {
        "latest"
    } else {
        moving_tag(environment)
    };
    Text::lines([
        Text::literal("type=raw,value=").then(tag(plan, environment)),
        Text::literal(format!("type=raw,value={moving}")),
    ])
}

/// Steps that publish the image of a matrix row, which was built before in the same job.
pub(super) fn publish(plan: &Plan<'_>, rows: &[Row], tags: Text, commit: Expression) -> Vec<Step> {
    let metadata = metadata(plan)
        .with("tags", tags)
        .with("labels", revision(commit));
    let destination = [
        ("push", "true".into()),
        ("tags", Expression::output("metadata", "tags").into()),
    ];
    let mut push = build_again("Build and push", rows, destination);
    if plan.manifest.gates.provenance {
        push = push.id("push");
    }
    let mut steps = logins(plan);
    steps.extend([metadata, push]);
    steps.extend(provenance::attest(
        plan,
        address(plan, Expression::new("matrix.image")),
        Expression::output("push", "digest").into(),
    ));
    steps
}

/// Finds names and labels for the image of a matrix row.
pub(super) fn metadata(plan: &Plan<'_>) -> Step {
    let metadata = Step::uses("Name and label the image", "docker/metadata-action")
        .id("metadata")
        .with("images", address(plan, Expression::new("matrix.image")));
    if plan.releases() {
        metadata.about("A manual run may deploy another commit than its own.")
    } else {
        metadata
    }
}

/// The label with the commit of an image.
pub(super) fn revision(commit: Expression) -> Text {
    // The action's `context: git` refuses a commit that no branch or tag of the clone names.
    Text::literal("org.opencontainers.image.revision=").then(commit)
}

/// Builds the image of a matrix row from what the cache has of it, for a destination.
pub(super) fn build_again<const N: usize>(
    name: &str,
    rows: &[Row],
    destination: [(&str, Text); N],
) -> Step {
    let mut build = build_step(
        name,
        Expression::new("matrix.dockerfile"),
        Expression::new("matrix.context"),
    );
    for (input, value) in destination {
        build = build.with(input, value);
    }
    let build = build
        .with("labels", Expression::output("metadata", "labels"))
        .with("cache-from", cache(variant(rows), "from"))
        .with("provenance", "mode=max")
        .with("sbom", "true")
        .allow(Scope::Packages, Access::Write, "publish the image");
    of_row(build, rows)
}
