//! The jobs before a deployment: its scans, tests and images.

use super::{Chain, Release};
use crate::blocks::language::Purpose;
use crate::blocks::scanner::Kind;
use crate::manifest::model::{Choice, Component};
use crate::manifest::raw::DeployTests;
use crate::pipeline::{Expression, Job, Matrix, Phase, Step, Text};
use crate::plan::component::{Work, commit, seen};
use crate::plan::images;
use crate::plan::scan;
use crate::plan::shared::checkout;
use crate::plan::suite::{SuiteRun, suite_job, test_steps, with_services};
use crate::plan::whole::component_job;

/// Scans and tests, then publishes the images.
pub(super) fn before_images(release: &Release<'_>, chain: &mut Chain) {
    let plan = &release.plan;
    if release.deployment.scan {
        scans(release, chain);
    }
    let tested = release.deployment.keys.tests != DeployTests::None;
    if tested {
        if release.keeps_builds() {
            components(release, chain);
        } else {
            for job in build_and_test(release) {
                chain.then(asking(release, job));
            }
        }
        for component in &plan.manifest.components {
            let Some(suite) = component.suite("integration") else {
                continue;
            };
            let job = suite_job(
                plan,
                component,
                suite,
                SuiteRun {
                    work: Work::Release,
                    keep: false,
                    built: false,
                    grep: None,
                },
            );
            if release.skippable() {
                chain.maybe(job.when(Expression::new("!inputs.skip_tests")));
            } else {
                chain.then(job);
            }
        }
    }
    if !images::for_deploy(plan).is_empty() && !plan.manifest.publishes_images() {
        let (id, timeout) = if tested {
            (format!("build-push-{}", release.environment.name), 20)
        } else {
            ("build-and-push".to_owned(), 15)
        };
        let job = images::publish_job(plan, release.environment, &id, timeout);
        chain.then(asking(release, job));
    }
    let asked: Vec<_> = chain
        .jobs
        .iter()
        .filter(|job| scan::asks_for_review(job))
        .map(|job| job.id.clone())
        .collect();
    if !asked.is_empty() {
        chain.maybe(scan::review_job(plan, &asked));
    }
}

/// Scans the repository. A hotfix in a hurry may leave that out, but never the look for secrets,
/// which has a job of its own then.
fn scans(release: &Release<'_>, chain: &mut Chain) {
    let plan = &release.plan;
    let job = |id: &str, name: &str, scanners: &[Choice]| {
        scan::scan_job(plan, id, name, 15, scanners, Work::Release, false)
    };
    let id = plan.id(Phase::Scan, "security-scan");
    let scanners = &plan.manifest.gates.scanners;
    if !(release.knows_hotfixes() && release.skippable()) {
        if !scanners.is_empty() {
            chain.then(job(&id, "Security scan", scanners));
        }
        return;
    }
    let (secrets, others): (Vec<_>, Vec<_>) = scanners
        .iter()
        .partition(|choice| choice.scanner.kind == Kind::Secrets);
    let (before, optional) = (chain.all_required(), chain.optional().to_vec());
    if !others.is_empty() {
        chain.maybe(job(&id, "Security scan", &others).when(Expression::new(
            "!(inputs.deployment_type == 'hotfix' && inputs.skip_tests)",
        )));
    }
    if !secrets.is_empty() {
        chain.beside(job("secret-scan", "Secrets", &secrets), &before, &optional);
    }
}

/// Checks, tests and builds each component, all beside each other.
fn components(release: &Release<'_>, chain: &mut Chain) {
    let (before, optional) = (chain.all_required(), chain.optional().to_vec());
    let tested = Expression::new("!inputs.skip_tests");
    let tested = release.skippable().then_some(&tested);
    for component in &release.plan.manifest.components {
        if let Some(job) = component_job(&release.plan, component, Work::Release, tested) {
            chain.beside(job, &before, &optional);
        }
    }
}

/// Findings in an image wait for a person, unless the workflow that scanned this
/// commit before has asked one already.
fn asking(release: &Release<'_>, job: Job) -> Job {
    if release.deployment.scanned_before {
        job
    } else {
        scan::asking_of_images(&release.plan, job)
    }
}

/// Builds every image and runs the unit tests, one job for each toolchain.
fn build_and_test(release: &Release<'_>) -> Vec<Job> {
    let plan = &release.plan;
    let mut groups: Vec<Vec<&Component>> = Vec::new();
    for component in &plan.manifest.components {
        let same = groups
            .iter_mut()
            .find(|group| same_toolchain(group[0], component));
        match same {
            Some(group) => group.push(component),
            None => groups.push(vec![component]),
        }
    }
    let several = groups.len() > 1;
    let id = |group: &[&Component]| {
        if several {
            format!("build-and-test-{}", group[0].name)
        } else {
            "build-and-test".to_owned()
        }
    };
    groups
        .iter()
        .map(|group| toolchain_job(release, &plan.id(Phase::Build, id(group)), group))
        .collect()
}

fn same_toolchain(one: &Component, other: &Component) -> bool {
    std::ptr::eq(one.language, other.language)
        && one.versions == other.versions
        && one.package_manager == other.package_manager
        && one.dependencies == other.dependencies
        && one.install == other.install
}

fn toolchain_job(release: &Release<'_>, id: &str, group: &[&Component]) -> Job {
    let plan = &release.plan;
    let name = Text::literal("Build and test ").then(Expression::new("matrix.name"));
    let mut job = Job::new(Phase::Build, id, name, 20).step(checkout(commit(Work::Release)));
    let mut rows = Vec::new();
    for component in group {
        for part in &component.parts {
            let images: Vec<_> = part.image.iter().map(|image| (part, image)).collect();
            let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            let mut row = vec![
                pair("name", &part.name),
                pair("path", &part.path),
                pair("component", &component.name),
            ];
            row.extend(
                images::rows(&images, &release.environment.name)
                    .into_iter()
                    .flatten(),
            );
            rows.push(row);
        }
        job = with_services(job, component);
    }
    let mut view = seen(plan, group[0]);
    view.path = crate::blocks::language::Folder::Matrix;
    let in_folder = |step: Step| match step.work {
        crate::pipeline::Work::Use(..) => step,
        _ if step.folder.is_some() => step,
        _ => step.folder(Expression::new("matrix.path")),
    };
    let tested = |step: Step| {
        if release.skippable() {
            step.when(Expression::new("!inputs.skip_tests"))
        } else {
            step
        }
    };
    job = job.steps(
        group[0]
            .language
            .set_up(&view, Purpose::Test)
            .into_iter()
            .map(in_folder)
            .map(tested),
    );
    for component in group {
        let Some(suite) = component.suite("unit") else {
            continue;
        };
        let mut when = Vec::new();
        if group.len() > 1 {
            when.push(
                Expression::new("matrix.component == ").join(Expression::literal(&component.name)),
            );
        }
        if release.skippable() {
            when.push(Expression::new("!inputs.skip_tests"));
        }
        for mut step in test_steps(plan, &view, component, suite, false) {
            step.name = format!("Test {}", component.name).into();
            let step = in_folder(step);
            job = job.step(match Expression::all(when.clone()) {
                Some(condition) => step.when(condition),
                None => step,
            });
        }
    }
    if rows
        .iter()
        .all(|row| row.iter().any(|(name, _)| name == "image"))
    {
        job = job.steps(images::build_and_judge(plan, id, &rows));
    }
    job.matrix = Some(Matrix::of(rows));
    job
}
