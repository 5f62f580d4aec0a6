//! Images for other processors than the runner's own.
//!
//! Each platform is a row of the matrix, on a runner of GitHub's that has its processor; other
//! runners build for foreign ones in an emulator.

use super::build::Row;
use super::for_deploy;
use crate::knowledge::runners;
use crate::manifest::model::{Image, Part};
use crate::manifest::raw::Platform;
use crate::pipeline::{Expression, Job, Matrix, Runner, Step, Text};
use crate::plan::shared::Plan;

/// The variable of a matrix row with its processor.
const ARCH: &str = "arch";

/// For which of its platforms a job builds an image.
#[derive(Clone, Copy)]
pub(super) enum Built {
    /// For each, in a row of its own.
    ForEach,
    /// For that of the runner, or the first one where it is not among them.
    ForOne,
}

/// The platform of the runner that all jobs use.
fn own(plan: &Plan<'_>) -> Platform {
    let labels = &plan.manifest.runner;
    let arm = labels.iter().any(|label| {
        // GitHub gives self-hosted runners the label `ARM64`.
        label.eq_ignore_ascii_case("arm64") || runners::processor(label) == Some("arm64")
    });
    if arm {
        Platform::Arm64
    } else {
        Platform::Amd64
    }
}

/// The platforms of an image: what the manifest says, or that of the runner.
pub(super) fn of(plan: &Plan<'_>, image: &Image) -> Vec<Platform> {
    match image.platforms.as_slice() {
        [] => vec![own(plan)],
        all => all.to_vec(),
    }
}

/// The platform for which an image is built where one is enough.
fn one(plan: &Plan<'_>, image: &Image) -> Platform {
    let all = of(plan, image);
    let own = own(plan);
    if all.contains(&own) { own } else { all[0] }
}

/// Whether an image of the project is for anything but the runner's own platform.
pub(super) fn differ(plan: &Plan<'_>) -> bool {
    let own = [own(plan)];
    let images = for_deploy(plan);
    images.iter().any(|(_, image)| of(plan, image) != own)
}

/// The rows of a matrix over images, a row for each platform that they are built for; as
/// they were if all of the project are for that of the runner only.
pub(super) fn spread(
    plan: &Plan<'_>,
    images: &[(&Part, &Image)],
    rows: Vec<Row>,
    built: Built,
) -> Vec<Row> {
    if !differ(plan) {
        return rows;
    }
    let platforms = images.iter().map(|(_, image)| match built {
        Built::ForEach => of(plan, image),
        Built::ForOne => vec![one(plan, image)],
    });
    let mut spread = Vec::new();
    for (row, platforms) in rows.into_iter().zip(platforms) {
        for platform in platforms {
            let mut row = row.clone();
            row.push((ARCH.to_owned(), platform.arch().to_owned()));
            spread.push(row);
        }
    }
    spread
}

/// Whether a matrix tells platforms apart.
pub(super) fn are_in(rows: &[Row]) -> bool {
    rows.iter().any(|row| processor(row).is_some())
}

/// The processor of a row.
fn processor(row: &Row) -> Option<&str> {
    let arch = row.iter().find(|(name, _)| name == ARCH)?;
    Some(&arch.1)
}

/// The processor of a matrix row, as a step names it.
pub(super) fn arch() -> Expression {
    Expression::new("matrix.arch")
}

/// The platform of a matrix row, as a step names it.
pub(super) fn platform() -> Text {
    Text::literal("linux/").then(arch())
}

/// Whether a row is for another processor than the runner's own.
fn is_foreign(plan: &Plan<'_>, row: &Row) -> bool {
    processor(row).is_some_and(|arch| arch != own(plan).arch())
}

/// GitHub's runner for a row that is like the usual one and has its processor.
fn home(plan: &Plan<'_>, row: &Row) -> Option<&'static str> {
    match plan.manifest.runner.as_slice() {
        [label] => runners::beside(label, processor(row)?),
        _ => None,
    }
}

/// Gives a job the rows of its matrix, each on a runner that has its processor if there is one.
pub(crate) fn with_rows(plan: &Plan<'_>, mut job: Job, mut rows: Vec<Row>) -> Job {
    if rows.iter().any(|row| is_foreign(plan, row)) {
        for row in &mut rows {
            let Some(label) = home(plan, row) else {
                continue;
            };
            row.push(("runner".to_owned(), label.to_owned()));
            job.runner = Runner(vec![Text::code("matrix.runner").to_string()]);
        }
    }
    let matrix = job.matrix.get_or_insert_with(|| Matrix::of(Vec::new()));
    matrix.include = rows;
    job
}

/// What runs programs of other processors, where a runner has not got theirs.
pub(super) fn emulator(plan: &Plan<'_>, rows: &[Row]) -> Option<Step> {
    let mut rows = rows.iter();
    let homeless = rows.any(|row| is_foreign(plan, row) && home(plan, row).is_none());
    homeless.then(emulator_step)
}

/// The same, wherever something is built for several processors at once.
pub(crate) fn emulator_step() -> Step {
    Step::uses("Set up other processors", "docker/setup-qemu-action")
        .about("What is built for a processor that the runner has not runs in an emulator.")
}
