//! Images for several platforms: each is published by its digest alone, and one list of
//! them gets the tags.

use super::build::Row;
use super::platforms::{arch, of};
use super::publish::{build_again, metadata};
use super::{address, for_deploy, logins};
use crate::pipeline::{Access, Expression, Job, Matrix, Phase, Scope, Step, Text};
use crate::plan::provenance;
use crate::plan::shared::Plan;

/// The id of the job that puts the platforms together.
pub(super) const LIST: &str = "publish-images";

/// The folder of the digests on the runner, a file for each processor.
const DIGESTS: &str = "digests";

/// The artifact with the digest of a platform. No name of an image holds the separator, so
/// that the pattern of one never finds those of another.
fn artifact(arch: impl Into<Text>) -> Text {
    Text::literal("digest.")
        .then(Expression::new("matrix.image"))
        .then(".")
        .then(arch)
}

fn folder() -> Text {
    Text::code("runner.temp").then(format!("/{DIGESTS}"))
}

/// Steps that publish the image of a matrix row by its digest, which they keep.
pub(super) fn publish_platform(plan: &Plan<'_>, rows: &[Row], labels: Text) -> Vec<Step> {
    // Registries know small letters only, which the builder does not take care of here.
    let name = Step::run(
        "Lowercase the name of the image",
        "echo \"name=${IMAGE,,}\" >> \"$GITHUB_OUTPUT\"",
    )
    .id("lowercase")
    .env("IMAGE", address(plan, Expression::new("matrix.image")));
    let output = Text::literal("type=image,name=")
        .then(Expression::output("lowercase", "name"))
        .then(",push-by-digest=true,name-canonical=true,push=true");
    let push = build_again("Build and push by digest", rows, [("outputs", output)]).id("push");
    let note = format!(
        "mkdir -p \"$RUNNER_TEMP/{DIGESTS}\"\necho \"$DIGEST\" > \"$RUNNER_TEMP/{DIGESTS}/$ARCH\""
    );
    let note = Step::run("Note the digest", note)
        .env("DIGEST", Expression::output("push", "digest"))
        .env("ARCH", arch());
    let keep = Step::uses(
        "Keep the digest for the list of platforms",
        "actions/upload-artifact",
    )
    .with("name", artifact(arch()))
    .with("path", folder())
    .with("retention-days", "1");
    let metadata = metadata(plan).with("labels", labels);
    let mut steps = logins(plan);
    steps.extend([metadata, name, push, note, keep]);
    steps
}

/// The job that puts the platforms of each image together, and gives the whole its tags.
pub(super) fn list_job(plan: &Plan<'_>, build: &str, tags: Text) -> Job {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let images = for_deploy(plan);
    let rows = images.iter().map(|(_, image)| {
        let platforms = of(plan, image).into_iter();
        let platforms: Vec<_> = platforms.map(|platform| platform.name()).collect();
        vec![
            pair("image", &image.name),
            pair("platforms", &platforms.join(" ")),
        ]
    });
    let fetch = Step::uses("Fetch the digests", "actions/download-artifact")
        .with("pattern", artifact("*"))
        .with("path", folder())
        .with("merge-multiple", "true");
    let list = Step::script("Put the platforms together", "image-platforms")
        .id("list")
        .env("TAGS", Expression::output("metadata", "tags"))
        .env("PLATFORMS", Expression::new("matrix.platforms"))
        .env("DIGESTS", folder())
        .allow(Scope::Packages, Access::Write, "publish the image");
    let name = Text::literal("Publish ").then(Expression::new("matrix.image"));
    let mut job = Job::new(Phase::Images, LIST, name, 10)
        .needs([build.to_owned()])
        .step(fetch)
        .steps(logins(plan))
        .steps([metadata(plan).with("tags", tags), list])
        .steps(provenance::attest(
            plan,
            address(plan, Expression::new("matrix.image")),
            Expression::output("list", "digest").into(),
        ));
    job.matrix = Some(Matrix::of(rows.collect()));
    job
}
