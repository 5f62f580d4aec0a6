//! The first job of a roll-back by hand: what is deployed, what to go back to, and whether that is
//! there.

use super::is_chosen;
use super::scope::Field;
use crate::manifest::model::{Place, Scope};
use crate::pipeline::{self, Access, Expression, Job, Phase, Step, Text};
use crate::plan::deploy::{Release, TAGS, TAGS_WITH_HOTFIXES};
use crate::plan::images::{self, BY_COMMIT};
use crate::plan::shared::after;

pub(super) const VALIDATE: &str = "validate";

/// An expression that has a value for each environment.
fn by_environment(releases: &[Release<'_>], value: impl Fn(&Release<'_>) -> String) -> Expression {
    let values = releases.iter().map(|release| {
        let chosen = is_chosen(release.environment);
        format!("{} && {}", chosen.code(), value(release))
    });
    Expression::new(values.collect::<Vec<_>>().join(" || "))
}

/// The environment on GitHub whose records tell of the release: that of the chosen part.
fn recorded_as(release: &Release<'_>, field: Option<&Field>) -> String {
    let literal = |place: &Place| Expression::literal(&place.environment).code().to_owned();
    let places = &release.deployment.places;
    let first = literal(&places[0]);
    let own = |place: &Place| {
        let part = Scope::Part(place.part.clone()?);
        let chosen = field?.is(&part)?;
        Some(format!("{} && {}", chosen.code(), literal(place)))
    };
    let others = places
        .iter()
        .skip(1)
        .filter(|place| literal(place) != first);
    let others: Vec<_> = others.filter_map(own).collect();
    if others.is_empty() {
        first
    } else {
        format!("({} || {first})", others.join(" || "))
    }
}

/// Finds out what is deployed and what to go back to, and whether that is there.
pub(super) fn validate(releases: &[Release<'_>], gates: &[String], field: Option<&Field>) -> Job {
    let kind = |release: &Release<'_>| {
        let kind = if release.deployment.by_tag {
            "'tag'"
        } else {
            "'commit'"
        };
        kind.to_owned()
    };
    let recorded = |release: &Release<'_>| recorded_as(release, field);
    let mut previous = Step::script("Find the release to go back to", "previous-version")
        .id("previous")
        .env("ENVIRONMENT", by_environment(releases, recorded))
        .env("VERSION_INPUT", Expression::new("inputs.version"))
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(
            pipeline::Scope::Deployments,
            Access::Read,
            "read the records",
        );
    let database = field.and_then(|field| field.is(&Scope::Database));
    if let Some(database) = &database {
        // A database alone follows the application, which stays.
        let default = format!("{} && 'current' || 'previous'", database.code());
        previous = previous.env("DEFAULT", Expression::new(default));
    }
    let mut version = Step::script("Find its commit", "resolve-version")
        .id("version")
        .env("VERSION_KIND", by_environment(releases, kind))
        .env("VERSION_INPUT", Expression::output("previous", "version"))
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(
            pipeline::Scope::Contents,
            Access::Read,
            "look the version up",
        );
    let has_hotfixes = |release: &Release<'_>| {
        let approval = release.environment.approval.as_ref();
        approval.is_some_and(|approval| approval.emergency.is_some())
    };
    if releases.iter().any(has_hotfixes) {
        let tags = |release: &Release<'_>| match has_hotfixes(release) {
            true => Expression::literal(TAGS_WITH_HOTFIXES).code().to_owned(),
            false => Expression::literal(TAGS).code().to_owned(),
        };
        version = version.env("VERSION_PATTERN", by_environment(releases, tags));
    }
    let say = "printf '%s takes %s (%s) back to %s: %s\\n' \"$GITHUB_ACTOR\" \"$WHERE\" \"$CURRENT\" \"$VERSION\" \"$REASON\" >> \"$GITHUB_STEP_SUMMARY\"";
    let reason = Step::run("Note the reason", say)
        .env("WHERE", Expression::new("inputs.environment"))
        .env("CURRENT", Expression::output("previous", "current"))
        .env("VERSION", Expression::output("version", "version"))
        .env("REASON", Expression::new("inputs.reason"));
    let mut job = Job::new(Phase::Validate, VALIDATE, "Validate", 10)
        .output("version", Expression::output("version", "version"))
        .output("sha", Expression::output("version", "sha"))
        .output("current", Expression::output("previous", "current"))
        .needs(gates.iter().cloned())
        .steps(
            field.and_then(|field| field.check(releases, |value| by_environment(releases, value))),
        )
        .step(previous)
        .step(version)
        .step(reason)
        .steps(images_are_there(releases));
    if !gates.is_empty() {
        job = job.when(after(&[], gates));
    }
    job
}

/// Looks whether the images of that release are still in the registry.
fn images_are_there(releases: &[Release<'_>]) -> Vec<Step> {
    let plan = &releases[0].plan;
    let runs = |release: &Release<'_>| {
        let mut places = release.deployment.places.iter();
        places.any(|place| place.target.runs_images())
    };
    let images = images::for_deploy(plan);
    if images.is_empty() || !releases.iter().any(runs) {
        return Vec::new();
    }
    let own = |release: &Release<'_>| {
        let prefix = if plan.manifest.publishes_images() {
            BY_COMMIT
        } else {
            &release.environment.name
        };
        match release.deployment.by_tag {
            true => "steps.version.outputs.version".to_owned(),
            false => format!("format('{prefix}-{{0}}', steps.version.outputs.sha)"),
        }
    };
    let tag = by_environment(releases, own);
    let lines = images.iter().map(|(_, image)| {
        Text::literal(format!("{}=", image.variable))
            .then(images::address(plan, image.name.as_str()))
            .then(":")
            .then(tag.clone())
    });
    let find = Step::script("Look for its images", "resolve-images");
    vec![images::login(plan), find.env("IMAGES", Text::lines(lines))]
}
