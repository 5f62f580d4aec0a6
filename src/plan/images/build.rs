//! Steps and jobs that build images, and hold them against the gates.

use super::platforms;
use crate::blocks::scanner;
use crate::manifest::model::{Component, Image, Part};
use crate::manifest::raw::Effect;
use crate::pipeline::{Expression, Job, Matrix, Phase, Step, Text};
use crate::plan::scan;
use crate::plan::shared::{Plan, checkout};

/// The job that builds an image and keeps nothing.
pub(crate) fn check_job(plan: &Plan<'_>, part: &Part, image: &Image) -> Job {
    let id = plan.id(Phase::Build, format!("build-{}", part.name));
    let name = format!("Build {}", part.name);
    let build = |scope: Text| {
        build_step("Build the image", &image.dockerfile, &image.context)
            .with("push", "false")
            .with("cache-from", cache(scope.clone(), "from"))
            .with("cache-to", cache(scope, "to"))
    };
    let job = |name: Text, build: Step| {
        Job::new(Phase::Build, id.clone(), name, 15)
            .step(checkout(None))
            .step(buildx())
            .step(build)
    };
    if image.stages.is_empty() {
        return job(name.into(), build(image.name.as_str().into()));
    }
    let pair = |name: &str, value: &String| (name.to_owned(), value.clone());
    let rows = image
        .stages
        .iter()
        .map(|(environment, stage)| vec![pair("environment", environment), pair("stage", stage)]);
    let named = Text::literal(format!("{name} for ")).then(Expression::new("matrix.environment"));
    // Stages that are built at the same time would overwrite each other's cache.
    let scope = Text::literal(format!("{}-", image.name)).then(Expression::new("matrix.stage"));
    let mut job = job(
        named,
        build(scope).with("target", Expression::new("matrix.stage")),
    );
    job.matrix = Some(Matrix::of(rows.collect()));
    job
}

pub(crate) fn buildx() -> Step {
    Step::uses("Set up Buildx", "docker/setup-buildx-action")
}

pub(crate) fn build_step(
    name: &str,
    dockerfile: impl Into<Text>,
    context: impl Into<Text>,
) -> Step {
    Step::uses(name, "docker/build-push-action")
        .with("context", context)
        .with("file", dockerfile)
}

pub(crate) fn cache(image: impl Into<Text>, direction: &str) -> Text {
    let mode = if direction == "to" { ",mode=max" } else { "" };
    Text::literal("type=gha,scope=").then(image).then(mode)
}

/// A row of a matrix: variables with their values.
pub(crate) type Row = Vec<(String, String)>;

/// The rows of a matrix over images, each with its Dockerfile and the stage of an environment.
pub(crate) fn rows(images: &[(&Part, &Image)], environment: &str) -> Vec<Row> {
    let stage = |image: &Image| {
        let stage = image.stages.iter().find(|(name, _)| name == environment);
        stage.map(|(_, stage)| stage.clone())
    };
    let staged = images.iter().any(|(_, image)| stage(image).is_some());
    images
        .iter()
        .map(|(_, image)| row(image, staged.then(|| stage(image).unwrap_or_default())))
        .collect()
}

/// The rows of a matrix over images and all stages that an environment has of them.
pub(crate) fn rows_of_all_stages(images: &[(&Part, &Image)]) -> Vec<Row> {
    let staged = images.iter().any(|(_, image)| !image.stages.is_empty());
    let mut rows: Vec<Row> = Vec::new();
    for (_, image) in images {
        if image.stages.is_empty() {
            rows.push(row(image, staged.then(String::new)));
        }
        for (_, stage) in &image.stages {
            let row = row(image, Some(stage.clone()));
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
    }
    rows
}

fn row(image: &Image, stage: Option<String>) -> Row {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut row = vec![
        pair("image", &image.name),
        pair("context", &image.context),
        pair("dockerfile", &image.dockerfile),
    ];
    row.extend(stage.map(|stage| ("stage".to_owned(), stage)));
    row
}

/// Steps that build the image of a matrix row into the local Docker, and hold it
/// against the gates for images.
pub(crate) fn build_and_judge(plan: &Plan<'_>, job: &str, rows: &[Row]) -> Vec<Step> {
    let mut steps = build_locally(plan, rows);
    steps.extend(judge(plan, job, local(), variant(rows)));
    steps
}

/// The image of a matrix row in the local Docker.
pub(super) fn local() -> Text {
    Text::literal("local/")
        .then(Expression::new("matrix.image"))
        .then(":scan")
}

/// Steps that build the image of a matrix row into the local Docker, and check how it is made.
pub(super) fn build_locally(plan: &Plan<'_>, rows: &[Row]) -> Vec<Step> {
    let scope = variant(rows);
    let build = build_step(
        "Build the image",
        Expression::new("matrix.dockerfile"),
        Expression::new("matrix.context"),
    )
    .with("load", "true")
    .with("tags", local())
    .with("cache-from", cache(scope.clone(), "from"))
    .with("cache-to", cache(scope, "to"));
    let mut steps = builder(plan, rows);
    steps.push(of_row(build, rows));
    steps.extend(policy_step(plan, &local()));
    steps
}

/// Steps that scan an image in the local Docker, one of several that `variant` tells apart.
pub(super) fn judge(plan: &Plan<'_>, job: &str, image: Text, variant: Text) -> Vec<Step> {
    if !scan::scans_images(plan) {
        return Vec::new();
    }
    let category = Text::literal(format!("{job}-")).then(variant);
    let image = scanner::Image {
        reference: image,
        local: true,
    };
    scan::image_steps(plan, &image, category)
}

/// Checks what an image is, where something is asked of it.
pub(crate) fn policy_step(plan: &Plan<'_>, image: &Text) -> Option<Step> {
    let gates = &plan.manifest.gates;
    let limited = plan.manifest.components.iter().flat_map(Component::images);
    let limited = limited.filter(|(_, image)| image.max_megabytes.is_some());
    let largest = limited.max_by_key(|(_, image)| image.max_megabytes);
    if gates.root_user.is_none() && largest.is_none() {
        return None;
    }
    let root = match gates.root_user {
        // There is nobody to ask here: what needs a decision blocks.
        Some(Effect::Block | Effect::Review) => "fail",
        Some(Effect::Warn) => "warn",
        Some(Effect::Log) | None => "allow",
    };
    let mut policy = Step::script("Check user, size and base", "image-policy")
        .env("IMAGE", image.clone())
        .env("DOCKERFILE", Expression::new("matrix.dockerfile"))
        .env("ROOT_USER", root);
    if let Some((_, image)) = largest {
        let most = image.max_megabytes.unwrap_or_default();
        policy = policy.env("MAX_SIZE_MB", most.to_string());
        if image.size_warns {
            policy = policy.env("ON_SIZE", "warn");
        }
    }
    Some(policy)
}

/// Steps that set up what builds the images of a matrix.
pub(super) fn builder(plan: &Plan<'_>, rows: &[Row]) -> Vec<Step> {
    platforms::emulator(plan, rows)
        .into_iter()
        .chain([buildx()])
        .collect()
}

/// Lets a build make the stage and the platform of its matrix row.
pub(super) fn of_row(mut build: Step, rows: &[Row]) -> Step {
    if has_stage(rows) {
        build = build.with("target", Expression::new("matrix.stage"));
    }
    if platforms::are_in(rows) {
        build = build.with("platforms", platforms::platform());
    }
    build
}

fn has_stage(rows: &[Row]) -> bool {
    rows.iter().flatten().any(|(name, _)| name == "stage")
}

/// What tells the images of a matrix apart.
pub(super) fn variant(rows: &[Row]) -> Text {
    let mut variant = Text::code("matrix.image");
    if has_stage(rows) {
        variant = variant.then("-").then(Expression::new("matrix.stage"));
    }
    if platforms::are_in(rows) {
        variant = variant.then("-").then(platforms::arch());
    }
    variant
}
