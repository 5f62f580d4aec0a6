//! The workflow that publishes the images of every push, which deployments then fetch.

use super::images::{self, BY_COMMIT};
use super::provenance;
use super::scan;
use super::shared::{Plan, checkout};
use crate::blocks::scanner;
use crate::manifest::model::{Component, Image, Part};
use crate::pipeline::{
    self, Access, Concurrency, Expression, Job, Matrix, Phase, Scope, Step, Text,
};

pub(super) fn plan(plan: &Plan<'_>) -> pipeline::Workflow {
    let all = plan.manifest.components.iter().flat_map(Component::images);
    let images: Vec<_> = all.filter(|(_, image)| image.for_deploy).collect();
    let mut jobs = Vec::new();
    if !images.is_empty() {
        let build = publish(plan, &images);
        let summary = summary(plan, &build);
        jobs.extend([build, summary]);
    }
    // Every commit gets its images, since deployments wait for them, and the newest one the
    // names that move.
    let group = Text::code("github.workflow")
        .then("-")
        .then(Expression::new("github.ref"));
    plan.workflow(
        plan.workflow.triggers.clone(),
        Concurrency::line(group),
        jobs,
    )
}

/// Builds, publishes and judges each image.
fn publish(plan: &Plan<'_>, images: &[(&Part, &Image)]) -> Job {
    let id = plan.id(Phase::Images, "build-and-push");
    let foreign = images.iter().any(|(_, image)| !image.platforms.is_empty());
    let title = Text::literal("Publish ").then(Expression::new("matrix.image"));
    let address = images::address(plan, Expression::new("matrix.image"));
    let scope = Text::code("matrix.image");
    let mut build = images::build::build_step(
        "Build and push",
        Expression::new("matrix.dockerfile"),
        Expression::new("matrix.context"),
    )
    .id("build");
    if foreign {
        build = build.with("platforms", Expression::new("matrix.platforms"));
    }
    let build = build
        .with("push", "true")
        .with("tags", Expression::output("metadata", "tags"))
        .with("labels", Expression::output("metadata", "labels"))
        .with("cache-from", images::build::cache(scope.clone(), "from"))
        .with("cache-to", images::build::cache(scope, "to"))
        .with("provenance", "mode=max")
        .with("sbom", "true")
        .allow(Scope::Packages, Access::Write, "publish the image");
    let mut job = Job::new(Phase::Images, id.clone(), title, 60).step(checkout(None));
    if foreign {
        job = job.step(images::platforms::emulator_step());
    }
    job = job
        .step(images::build::buildx())
        .steps(images::logins(plan))
        .step(metadata(plan, address))
        .step(build)
        .steps(judge(plan, &id))
        .steps(attested(plan));
    job.matrix = Some(Matrix::of(rows(images, foreign)));
    job
}

/// Signs where an image comes from, and what it is made of.
fn attested(plan: &Plan<'_>) -> impl Iterator<Item = Step> {
    let image = images::address(plan, Expression::new("matrix.image"));
    let digest = Text::from(Expression::output("build", "digest"));
    let origin = provenance::attest(plan, image.clone(), digest.clone());
    let parts = provenance::attest_parts(plan, image, digest);
    origin.into_iter().chain(parts)
}

/// The tags of a push: of a tag its name, of a branch the branch, the branch with the short
/// commit, and the commit; `latest` for the default branch only.
fn metadata(plan: &Plan<'_>, address: Text) -> Step {
    let main = plan.manifest.default_branch.as_str();
    let enable = |code: String| Text::literal(",enable=").then(Expression::new(code));
    let on_branch = || enable("github.ref_type == 'branch'".to_owned());
    let is = |operator: &str| {
        format!(
            "github.ref_type == 'branch' && github.ref_name {operator} {}",
            Expression::literal(main).code()
        )
    };
    let tags = Text::lines([
        "type=ref,event=tag".into(),
        Text::literal("type=raw,value=latest").then(enable(is("=="))),
        Text::literal("type=ref,event=branch").then(enable(is("!="))),
        Text::literal("type=sha,format=short,prefix={{branch}}-").then(on_branch()),
        Text::literal(format!("type=sha,format=long,prefix={BY_COMMIT}-")).then(on_branch()),
    ]);
    Step::uses("Name and label the image", "docker/metadata-action")
        .id("metadata")
        .about("By itself, the action would call a version tag the latest, too.")
        .with("images", address)
        .with("flavor", "latest=false")
        .with("tags", tags)
}

/// Scans what was published, and looks at its size.
fn judge(plan: &Plan<'_>, job: &str) -> Vec<Step> {
    // By its digest: the names move on with the next push.
    let published = Text::code("fromJSON(steps.metadata.outputs.json).tags[0]")
        .then("@")
        .then(Expression::output("build", "digest"));
    let mut steps = Vec::new();
    if let Some(policy) = images::build::policy_step(plan, &published) {
        let pull = Step::run("Fetch the image", "docker pull --quiet \"$IMAGE\"");
        steps.push(pull.env("IMAGE", published.clone()));
        steps.push(policy);
    }
    if scan::scans_images(plan) {
        let category = Text::literal(format!("{job}-")).then(Expression::new("matrix.image"));
        let image = scanner::Image {
            reference: published,
            local: false,
        };
        steps.extend(scan::image_steps(plan, &image, category));
    }
    steps
}

fn rows(images: &[(&Part, &Image)], foreign: bool) -> Vec<Vec<(String, String)>> {
    let row = |image: &Image| {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut row = vec![
            pair("image", &image.name),
            pair("context", &image.context),
            pair("dockerfile", &image.dockerfile),
        ];
        if foreign {
            let platforms = match image.platforms.as_slice() {
                [] => "linux/amd64".to_owned(),
                all => all
                    .iter()
                    .map(|platform| platform.name())
                    .collect::<Vec<_>>()
                    .join(","),
            };
            row.push(("platforms".to_owned(), platforms));
        }
        row
    };
    images.iter().map(|(_, image)| row(image)).collect()
}

/// One result for the whole run.
fn summary(plan: &Plan<'_>, build: &Job) -> Job {
    let id = plan.id(Phase::Summary, format!("{}-status", plan.workflow.file));
    Job::new(Phase::Summary, id, "Summary", 5)
        .needs([build.id.clone()])
        .when(Expression::new("always()"))
        .step(
            Step::script("Hold the results together", "job-results")
                .env("NEEDS", Expression::new("toJSON(needs)")),
        )
}
