//! Images that the environments of a pipeline share: built once for each change, then
//! judged and deployed by digest. A pull request publishes nothing; its images go from
//! job to job as artifacts.

use super::{
    Row, address, build_locally, digests, for_deploy, judge, local, login, publish, rows,
    shared_tag,
};
use crate::manifest::model::Environment;
use crate::pipeline::{Expression, Job, Matrix, Phase, Step, Text};
use crate::plan::scan;
use crate::plan::shared::{Plan, checkout};

/// The id of the job that judges the images and knows their digests.
pub(crate) const JUDGED: &str = "container-scan";

const PULL_REQUEST: &str = "github.event_name == 'pull_request'";
const NO_PULL_REQUEST: &str = "github.event_name != 'pull_request'";

/// The job that builds the images in the stages of an environment, and publishes them.
pub(crate) fn build_job(plan: &Plan<'_>, environment: &Environment, by_tag: bool) -> Job {
    let rows = rows(&for_deploy(plan), &environment.name);
    let mut tags = vec![
        Text::literal("type=raw,value=").then(shared_tag()),
        "type=raw,value=latest,enable={{is_default_branch}}".into(),
    ];
    if by_tag {
        tags.push("type=ref,event=tag".into());
    }
    let commit = Expression::new("github.sha");
    let publish = publish(plan, &rows, Text::lines(tags), commit);
    let pull_requests = plan.has_pull_requests();
    let mut job = Job::new(
        Phase::Images,
        plan.id(Phase::Images, "images"),
        Text::literal("Build ").then(Expression::new("matrix.image")),
        20,
    )
    .step(checkout(None))
    .steps(build_locally(plan, &rows));
    if pull_requests {
        job = job.steps(keep());
    }
    job = job.steps(
        publish
            .into_iter()
            .map(|step| published(step, pull_requests)),
    );
    job.matrix = Some(Matrix::of(rows));
    job
}

/// The job that publishes the images of an environment that does not wait for the shared ones.
pub(crate) fn own_job(plan: &Plan<'_>, environment: &Environment) -> Job {
    let rows = rows(&for_deploy(plan), &environment.name);
    let name = Text::literal("Publish ").then(Expression::new("matrix.image"));
    let commit = Expression::output_of("validate", "sha");
    let tags = super::tags(plan, environment);
    let mut job = Job::new(
        Phase::Images,
        format!("images-{}", environment.name),
        name.then(format!(" for {}", environment.name)),
        15,
    )
    .step(checkout(super::commit(super::Work::Release)))
    .step(super::buildx())
    .steps(publish(plan, &rows, tags, commit));
    job.matrix = Some(Matrix::of(rows));
    job
}

/// The file of an image that is kept, and the name of its artifact.
const FILE: &str = "image.tar.gz";

fn artifact() -> Text {
    Text::literal("image-").then(Expression::new("matrix.image"))
}

/// Keeps the image of a pull request for the jobs behind this one.
fn keep() -> [Step; 2] {
    let save = format!("docker save \"$IMAGE\" | gzip > \"$RUNNER_TEMP/{FILE}\"");
    let upload = Step::uses(
        "Keep the image for the later jobs",
        "actions/upload-artifact",
    )
    .with("name", artifact())
    .with("path", Text::code("runner.temp").then(format!("/{FILE}")))
    .with("compression-level", "0")
    .with("retention-days", "1");
    let save = Step::run("Save the image", save).env("IMAGE", local());
    [save, upload].map(|step| step.when(Expression::new(PULL_REQUEST)))
}

/// Lets a step alone that publishes; in pull requests, it does not run.
fn published(step: Step, pull_requests: bool) -> Step {
    if pull_requests {
        step.when(Expression::new(NO_PULL_REQUEST))
    } else {
        step
    }
}

/// Steps that bring the image of a matrix row to the local Docker of this job: by the
/// digest that was published, or as a pull request's artifact.
pub(crate) fn fetch(plan: &Plan<'_>) -> Vec<Step> {
    let all: Vec<_> = for_deploy(plan)
        .into_iter()
        .map(|(_, image)| {
            let address = address(plan, image.name.as_str());
            (image.variable.clone(), address.then(":").then(shared_tag()))
        })
        .collect();
    let pull_requests = plan.has_pull_requests();
    let digests = digests(&all).env("WANTED", Expression::new("matrix.variable"));
    let pull = "docker pull \"$IMAGE\"\ndocker tag \"$IMAGE\" \"$LOCAL\"";
    let pull = Step::run("Pull the image by its digest", pull)
        .env("IMAGE", Expression::output("images", "image"))
        .env("LOCAL", local());
    let registry = [login(plan), digests, pull];
    let mut steps: Vec<_> = registry
        .into_iter()
        .map(|step| published(step, pull_requests))
        .collect();
    if pull_requests {
        let download = Step::uses(
            "Fetch the image of the pull request",
            "actions/download-artifact",
        )
        .with("name", artifact())
        .with("path", Text::code("runner.temp"));
        let load = format!("docker load --input \"$RUNNER_TEMP/{FILE}\"");
        let artifact = [download, Step::run("Load the image", load)];
        steps.extend(artifact.map(|step| step.when(Expression::new(PULL_REQUEST))));
    }
    steps
}

/// The rows of a matrix over the published images.
pub(crate) fn published_rows(plan: &Plan<'_>) -> Vec<Row> {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let images = for_deploy(plan);
    let rows = images.iter().map(|(_, image)| {
        vec![
            pair("image", &image.name),
            pair("variable", &image.variable),
        ]
    });
    rows.collect()
}

/// The job that judges the images by their digests, which it hands on; nothing without a
/// scanner of images.
pub(crate) fn judge_job(plan: &Plan<'_>, build: &str) -> Option<Job> {
    if !scan::scans_images(plan) {
        return None;
    }
    let name = Text::literal("Scan ").then(Expression::new("matrix.image"));
    let variant = Text::code("matrix.image");
    let mut job = Job::new(Phase::Scan, JUDGED, name, 15)
        .needs([build.to_owned()])
        .output("images", Expression::output("images", "images"))
        .steps(fetch(plan))
        .steps(judge(plan, JUDGED, local(), variant));
    job.matrix = Some(Matrix::of(published_rows(plan)));
    Some(scan::asking_of_images(plan, job))
}
