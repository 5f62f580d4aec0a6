//! Jobs that build container images: to see that they build, or to publish them.

pub(super) mod shared;

use super::component::{Work, commit};
use super::deploy::Release;
use super::provenance;
use super::scan;
use super::shared::{Plan, checkout};
use crate::blocks::scanner;
use crate::manifest::model::{Component, Environment, Image, Part, Place};
use crate::manifest::raw::{Effect, WorkflowKind};
use crate::pipeline::{Access, Expression, Job, Matrix, Phase, Scope, Step, Text};

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

/// The job that builds an image and keeps nothing.
pub(super) fn check_job(plan: &Plan<'_>, part: &Part, image: &Image) -> Job {
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

pub(super) fn buildx() -> Step {
    Step::uses("Set up Buildx", "docker/setup-buildx-action")
}

pub(super) fn build_step(
    name: &str,
    dockerfile: impl Into<Text>,
    context: impl Into<Text>,
) -> Step {
    Step::uses(name, "docker/build-push-action")
        .with("context", context)
        .with("file", dockerfile)
}

pub(super) fn cache(image: impl Into<Text>, direction: &str) -> Text {
    let mode = if direction == "to" { ",mode=max" } else { "" };
    Text::literal("type=gha,scope=").then(image).then(mode)
}

/// A row of a matrix: variables with their values.
type Row = Vec<(String, String)>;

/// The rows of a matrix over images, each with its Dockerfile and the stage of an environment.
pub(super) fn rows(images: &[(&Part, &Image)], environment: &str) -> Vec<Row> {
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
pub(super) fn rows_of_all_stages(images: &[(&Part, &Image)]) -> Vec<Row> {
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
pub(super) fn build_and_judge(plan: &Plan<'_>, job: &str, rows: &[Row]) -> Vec<Step> {
    let mut steps = build_locally(plan, rows);
    steps.extend(judge(plan, job, local(), variant(rows)));
    steps
}

/// The image of a matrix row in the local Docker.
fn local() -> Text {
    Text::literal("local/")
        .then(Expression::new("matrix.image"))
        .then(":scan")
}

/// Steps that build the image of a matrix row into the local Docker, and check how it is made.
fn build_locally(plan: &Plan<'_>, rows: &[Row]) -> Vec<Step> {
    let scope = variant(rows);
    let mut build = build_step(
        "Build the image",
        Expression::new("matrix.dockerfile"),
        Expression::new("matrix.context"),
    )
    .with("load", "true")
    .with("tags", local())
    .with("cache-from", cache(scope.clone(), "from"))
    .with("cache-to", cache(scope, "to"));
    if has_stage(rows) {
        build = build.with("target", Expression::new("matrix.stage"));
    }
    let mut steps = vec![buildx(), build];
    steps.extend(policy_step(plan, &local()));
    steps
}

/// Steps that scan an image in the local Docker, one of several that `variant` tells apart.
fn judge(plan: &Plan<'_>, job: &str, image: Text, variant: Text) -> Vec<Step> {
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
pub(super) fn policy_step(plan: &Plan<'_>, image: &Text) -> Option<Step> {
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

fn has_stage(rows: &[Row]) -> bool {
    rows.iter().flatten().any(|(name, _)| name == "stage")
}

/// What tells the images of a matrix apart.
fn variant(rows: &[Row]) -> Text {
    let image = Text::code("matrix.image");
    if has_stage(rows) {
        image.then("-").then(Expression::new("matrix.stage"))
    } else {
        image
    }
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

/// The job that publishes the images of a deployment.
pub(super) fn publish_job(
    plan: &Plan<'_>,
    environment: &Environment,
    default: &str,
    timeout: u32,
) -> Job {
    let id = plan.id(Phase::Images, default);
    let rows = rows(&for_deploy(plan), &environment.name);
    let name = Text::literal("Publish ").then(Expression::new("matrix.image"));
    let mut job = Job::new(Phase::Images, id.clone(), name, timeout)
        .step(checkout(commit(Work::Release)))
        // What is published is what was judged: the same builder, the same layers.
        .steps(build_and_judge(plan, &id, &rows))
        .steps(publish(
            plan,
            &rows,
            tags(plan, environment),
            Expression::output_of("validate", "sha"),
        ));
    job.matrix = Some(Matrix::of(rows));
    job
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
fn publish(plan: &Plan<'_>, rows: &[Row], tags: Text, commit: Expression) -> Vec<Step> {
    // The action's `context: git` refuses a commit that no branch or tag of the clone names.
    let revision = Text::literal("org.opencontainers.image.revision=").then(commit);
    let metadata = Step::uses("Name and label the image", "docker/metadata-action")
        .id("metadata")
        .with("images", address(plan, Expression::new("matrix.image")))
        .with("tags", tags)
        .with("labels", revision);
    let metadata = if plan.releases() {
        metadata.about("A manual run may deploy another commit than its own.")
    } else {
        metadata
    };
    let mut push = build_step(
        "Build and push",
        Expression::new("matrix.dockerfile"),
        Expression::new("matrix.context"),
    )
    .with("push", "true")
    .with("tags", Expression::output("metadata", "tags"))
    .with("labels", Expression::output("metadata", "labels"))
    .with("cache-from", cache(variant(rows), "from"))
    .with("provenance", "mode=max")
    .with("sbom", "true")
    .allow(Scope::Packages, Access::Write, "publish the image");
    if has_stage(rows) {
        push = push.with("target", Expression::new("matrix.stage"));
    }
    if plan.manifest.gates.provenance {
        push = push.id("push");
    }
    let mut steps = vec![login(plan), metadata, push];
    steps.extend(provenance::attest(
        plan,
        address(plan, Expression::new("matrix.image")),
        Expression::output("push", "digest").into(),
    ));
    steps
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

/// Logs in to the registry with the job's own token.
pub(super) fn login(plan: &Plan<'_>) -> Step {
    Step::uses("Log in to the registry", "docker/login-action")
        .with("registry", plan.registry())
        .with("username", Expression::new("github.actor"))
        .with("password", Expression::new("github.token"))
        .allow(Scope::Packages, Access::Read, "read the images")
}
