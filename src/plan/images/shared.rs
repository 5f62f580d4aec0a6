//! Images that the environments of a pipeline share: built once for each change, then
//! judged and deployed by digest. A pull request publishes nothing; its images go from
//! job to job as artifacts.

use super::build::{Row, build_locally, judge, local, rows};
use super::list::{list_job, publish_platform};
use super::platforms::{self, Built};
use super::publish::{publish, revision};
use super::{address, digests, for_deploy, logins, shared_tag};
use crate::manifest::model::{Environment, Image, Part};
use crate::pipeline::{Expression, Job, Matrix, Phase, Step, Text};
use crate::plan::shared::{Plan, after, checkout};
use crate::plan::{provenance, scan};

/// The id of the job that judges the images and knows their digests.
pub(crate) const JUDGED: &str = "container-scan";

const PULL_REQUEST: &str = "github.event_name == 'pull_request'";
const NO_PULL_REQUEST: &str = "github.event_name != 'pull_request'";

/// The jobs that build the images in the stages of an environment, publish and judge them,
/// and how the next one comes behind them.
pub(crate) struct Shared {
    pub(crate) jobs: Vec<Job>,
    /// What a job behind them needs.
    last: Vec<String>,
    /// Its condition; nothing if it is the usual one.
    condition: Option<Expression>,
}

impl Shared {
    /// Puts a job behind them.
    pub(crate) fn then(&self, mut job: Job) -> Job {
        job.condition.clone_from(&self.condition);
        job.needs(self.last.iter().cloned())
    }
}

/// The jobs of the shared images.
pub(crate) fn jobs(plan: &Plan<'_>, environment: &Environment, by_tag: bool) -> Shared {
    let several = platforms::differ(plan);
    let build = build_job(plan, environment, by_tag);
    let mut needs = vec![build.id.clone()];
    let mut jobs = vec![build];
    // In a pull request there is nothing to put together, and GitHub skips whatever comes
    // behind a skipped job unless it is told otherwise.
    let skips = several && plan.has_pull_requests();
    let mut optional = Vec::new();
    if several {
        let mut list = list_job(plan, &needs[0], tags(by_tag));
        if skips {
            list = list.when(Expression::new(NO_PULL_REQUEST));
            optional.push(list.id.clone());
        } else {
            needs = vec![list.id.clone()];
        }
        jobs.push(list);
    }
    if let Some(judge) = judge_job(plan) {
        let mut judge = judge.needs(needs.iter().chain(&optional).cloned());
        judge.condition = skips.then(|| after(&needs, &optional));
        needs = vec![judge.id.clone()];
        optional.clear();
        jobs.push(judge);
    }
    Shared {
        jobs,
        condition: skips.then(|| after(&needs, &optional)),
        last: [needs, optional].concat(),
    }
}

/// The tags of the shared images.
fn tags(by_tag: bool) -> Text {
    let mut tags = vec![
        Text::literal("type=raw,value=").then(shared_tag()),
        "type=raw,value=latest,enable={{is_default_branch}}".into(),
    ];
    if by_tag {
        tags.push("type=ref,event=tag".into());
    }
    Text::lines(tags)
}

/// The job that builds the images, and publishes them: with their tags, or each platform by
/// its digest.
fn build_job(plan: &Plan<'_>, environment: &Environment, by_tag: bool) -> Job {
    let images = for_deploy(plan);
    let rows = rows(&images, &environment.name);
    let rows = platforms::spread(plan, &images, rows, Built::ForEach);
    let commit = Expression::new("github.sha");
    let mut name = Text::literal("Build ").then(Expression::new("matrix.image"));
    let publish = if platforms::are_in(&rows) {
        name = name.then(" for ").then(platforms::arch());
        publish_platform(plan, &rows, revision(commit))
    } else {
        publish(plan, &rows, tags(by_tag), commit)
    };
    let pull_requests = plan.has_pull_requests();
    let id = plan.id(Phase::Images, "images");
    let mut job = Job::new(Phase::Images, id, name, 20)
        .step(checkout(None))
        .steps(build_locally(plan, &rows));
    if pull_requests {
        job = job.steps(keep(artifact(&rows)));
    }
    job = job.steps(
        publish
            .into_iter()
            .map(|step| published(step, pull_requests)),
    );
    platforms::with_rows(plan, job, rows)
}

/// The file of an image that is kept, and the name of its artifact.
const FILE: &str = "image.tar.gz";

fn artifact(rows: &[Row]) -> Text {
    Text::literal("image-").then(variant_of(rows))
}

/// What tells the images of a matrix apart that are built in one stage only.
fn variant_of(rows: &[Row]) -> Text {
    let image = Text::code("matrix.image");
    if platforms::are_in(rows) {
        image.then("-").then(platforms::arch())
    } else {
        image
    }
}

/// Keeps the image of a pull request for the jobs behind this one.
fn keep(artifact: Text) -> [Step; 2] {
    let save = format!("docker save \"$IMAGE\" | gzip > \"$RUNNER_TEMP/{FILE}\"");
    let upload = Step::uses(
        "Keep the image for the later jobs",
        "actions/upload-artifact",
    )
    .with("name", artifact)
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
/// digest that was published, or as a pull request's artifact. The rows are those of
/// [`published_rows`].
pub(crate) fn fetch(plan: &Plan<'_>, rows: &[Row]) -> Vec<Step> {
    let all: Vec<_> = for_deploy(plan)
        .into_iter()
        .map(|(_, image)| {
            let address = address(plan, image.name.as_str());
            (image.variable.clone(), address.then(":").then(shared_tag()))
        })
        .collect();
    let pull_requests = plan.has_pull_requests();
    let several = platforms::are_in(rows);
    let mut choose = Step::script("Choose the image of this job", "choose-image")
        .id("image")
        .env("IMAGES", Expression::output("images", "images"))
        .env("WANTED", Expression::new("matrix.variable"));
    let wanted = if several {
        "--platform \"$PLATFORM\" "
    } else {
        ""
    };
    let pull = format!("docker pull {wanted}\"$IMAGE\"\ndocker tag \"$IMAGE\" \"$LOCAL\"");
    let mut pull = Step::run("Pull the image by its digest", pull)
        .env("IMAGE", Expression::output("image", "image"))
        .env("LOCAL", local());
    if several {
        choose = choose.env("PLATFORM", platforms::platform());
        pull = pull.env("PLATFORM", platforms::platform());
    }
    let mut registry = logins(plan);
    registry.extend([digests(&all), choose, pull]);
    let mut steps: Vec<_> = registry
        .into_iter()
        .map(|step| published(step, pull_requests))
        .collect();
    if pull_requests {
        let download = Step::uses(
            "Fetch the image of the pull request",
            "actions/download-artifact",
        )
        .with("name", artifact(rows))
        .with("path", Text::code("runner.temp"));
        let load = format!("docker load --input \"$RUNNER_TEMP/{FILE}\"");
        let artifact = [download, Step::run("Load the image", load)];
        steps.extend(artifact.map(|step| step.when(Expression::new(PULL_REQUEST))));
    }
    steps
}

/// The row of a matrix over published images that is about this one.
fn published_row(image: &Image) -> Row {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    vec![
        pair("image", &image.name),
        pair("variable", &image.variable),
    ]
}

/// The row of a matrix over published images for a job that runs this one.
pub(crate) fn running_row(plan: &Plan<'_>, part: &Part, image: &Image) -> Row {
    let row = vec![published_row(image)];
    let rows = platforms::spread(plan, &[(part, image)], row, Built::ForOne);
    rows.into_iter().flatten().collect()
}

/// The job that judges the images by their digests, which it hands on; nothing without a
/// scanner of images.
fn judge_job(plan: &Plan<'_>) -> Option<Job> {
    if !scan::scans_images(plan) {
        return None;
    }
    let images = for_deploy(plan);
    let rows = images.iter().map(|(_, image)| published_row(image));
    let rows = platforms::spread(plan, &images, rows.collect(), Built::ForEach);
    let mut name = Text::literal("Scan ").then(Expression::new("matrix.image"));
    if platforms::are_in(&rows) {
        name = name.then(" for ").then(platforms::arch());
    }
    let attested = provenance::attest_parts(
        plan,
        Expression::output("image", "name").into(),
        Expression::output("image", "digest").into(),
    );
    let attested = attested.map(|step| published(step, plan.has_pull_requests()));
    let mut job = Job::new(Phase::Scan, JUDGED, name, 15)
        .output("images", Expression::output("images", "images"))
        .steps(fetch(plan, &rows))
        .steps(judge(plan, JUDGED, local(), variant_of(&rows)))
        .steps(attested);
    job.matrix = Some(Matrix::of(rows));
    Some(scan::asking_of_images(plan, job))
}
