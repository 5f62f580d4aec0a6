//! Programs for several systems: built, scanned and kept.

use super::component::{seen_part, set_up_and, variables};
use super::scan;
use super::shared::{Plan, checkout};
use crate::manifest::model::Component;
use crate::pipeline::{Expression, Job, Matrix, Phase, Step, Text};

/// The job that builds the programs of a component for each system, and keeps what passes
/// the gates.
pub(super) fn binaries_job(plan: &Plan<'_>, component: &Component) -> Option<Job> {
    let binaries = component.binaries.as_ref()?;
    let language = component.language.binaries.as_ref()?;
    let id = format!("binaries-{}", component.name);
    let (system, processor) = (Expression::new("matrix.os"), Expression::new("matrix.arch"));
    let name = Text::literal(format!("Build {} for ", component.name))
        .then(system.clone())
        .then("/")
        .then(processor.clone());
    let named = |start: &str| {
        Text::literal(format!("{start}-"))
            .then(system.clone())
            .then("-")
            .then(processor.clone())
    };
    let folder = Text::code("runner.temp").then("/binaries");
    let mut build = Step::run("Build the binaries", binaries.run.as_str())
        .env("BINARIES", folder.clone())
        .env(language.system, system.clone())
        .env(language.processor, processor.clone());
    for (name, value) in language.variables {
        build = build.env(name, *value);
    }
    let view = seen_part(plan, component, &component.parts[0].path);
    let about = view.fixed_file(language.manifest);
    let keep = Step::uses("Keep the binaries", "actions/upload-artifact")
        .with("name", named(&component.name))
        .with("path", folder.clone())
        .with("if-no-files-found", "error")
        .with("retention-days", plan.days(30));
    let mut job = Job::new(Phase::Build, id.clone(), name, 15)
        .step(checkout(None))
        .steps(set_up_and(plan, component, build))
        .steps(scan::binary_steps(plan, &folder, &about, named(&id)))
        .step(keep);
    job.env = variables(component);
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let rows = binaries.platforms.iter().map(|platform| {
        let (system, processor) = platform.parts();
        vec![pair("os", system), pair("arch", processor)]
    });
    job.matrix = Some(Matrix::of(rows.collect()));
    Some(scan::asking_of_binaries(plan, job))
}
