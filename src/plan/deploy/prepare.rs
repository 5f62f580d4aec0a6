//! The jobs before a deployment: what is deployed, whether it may be, its tests and images.

use super::bring::delivery;
use super::{Chain, Release, start};
use crate::blocks::language::Purpose;
use crate::blocks::scanner::Kind;
use crate::manifest::model::{Choice, Component};
use crate::manifest::raw::{DeployTests, Effect, Naming};
use crate::pipeline::{Access, Expression, Job, Matrix, Phase, Scope, Step, Text};
use crate::plan::component::{Work, commit, seen};
use crate::plan::images;
use crate::plan::scan;
use crate::plan::shared::checkout;
use crate::plan::suite::{SuiteRun, suite_job, test_steps, with_services};
use crate::plan::whole::component_job;

/// The tags that are releases, and those with hotfixes among them.
pub(crate) const TAGS: &str = r"^v[0-9]+\.[0-9]+\.[0-9]+$";
pub(crate) const TAGS_WITH_HOTFIXES: &str = r"^(hotfix-)?v[0-9]+\.[0-9]+\.[0-9]+$";

/// Finds out what is deployed, and whether it may be.
pub(super) fn validate(release: &Release<'_>) -> Job {
    let kind = if release.deployment.by_tag {
        "tag"
    } else {
        "commit"
    };
    let mut version = Step::script("Find the version", "resolve-version")
        .id("version")
        .env("VERSION_KIND", kind)
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(Scope::Contents, Access::Read, "look the version up");
    if let Some(asked) = start::version_input(release) {
        version = version.env("VERSION_INPUT", asked);
    }
    if release.deployment.by_tag && release.knows_hotfixes() {
        version = version.env("VERSION_PATTERN", TAGS_WITH_HOTFIXES);
    }
    if release.deployment.keys.version == Naming::ShaTimestamp {
        version = version.env("VERSION_FORMAT", "sha-timestamp");
    }
    let mut job = Job::new(Phase::Validate, "validate", "Validate", 10)
        .output("version", Expression::output("version", "version"))
        .output("sha", Expression::output("version", "sha"))
        .steps(start::window(release))
        .step(version)
        .steps(start::reason(release));
    job.condition = start::condition(release);
    if release.skippable() {
        let warn = "echo '::warning::The tests are skipped in this run. That is for an outage of the highest priority only.'";
        job = job.step(
            Step::run("Warn of skipped tests", warn).when(Expression::new("inputs.skip_tests")),
        );
    }
    if !images::published_steps(release).is_empty() {
        // Another workflow of this commit may still be building them.
        job.timeout = 45;
    }
    if !release.deployment.keys.requires.is_empty() {
        job.timeout = LONGEST_CHECKS + 15;
    }
    let sha = Text::expression(Expression::output("version", "sha"));
    if release.knows_hotfixes() {
        job = job.step(request(release));
    }
    job = job.steps(impact(release, sha.clone()));
    if release.decides() {
        job = job
            .output(
                "should_deploy",
                Expression::output("decision", "should_deploy"),
            )
            .step(decision(release, sha.clone()));
    }
    let places = release.deployment.places.iter();
    let checks = places.flat_map(|place| place.target.check(&delivery(release, place)));
    job.steps(requirements(release))
        .step(checkout(Some(sha)))
        .steps(checks)
}

/// How many minutes a deployment waits for the checks of its commit.
pub(crate) const LONGEST_CHECKS: u32 = 60;

/// What must have happened to the commit elsewhere, in a job whose step `version` found it.
pub(crate) fn requirements(release: &Release<'_>) -> Vec<Step> {
    let sha = Text::expression(Expression::output("version", "sha"));
    let keys = &release.deployment.keys;
    let mut steps = Vec::new();
    if !keys.requires.is_empty() {
        let files = keys.requires.iter().map(|name| format!("{name}.yml"));
        steps.push(
            Step::script("Wait for the checks of this commit", "require-workflows")
                .env("WORKFLOWS", files.collect::<Vec<_>>().join("\n"))
                .env("SHA", sha.clone())
                .env("WAIT_MINUTES", LONGEST_CHECKS.to_string())
                .env("EVENT", "push")
                .env("GH_TOKEN", Expression::new("github.token"))
                .allow(
                    Scope::Actions,
                    Access::Read,
                    "read the results of the checks",
                ),
        );
    }
    // Within one workflow, the jobs wait for each other.
    let after = keys.after.as_ref();
    let after = after.filter(|after| !release.is_beside(&after.environment));
    steps.extend(after.map(|after| {
        let before = &after.environment;
        let step = Step::script(
            format!("Look for this commit on {before}"),
            "require-deployment",
        )
        .env("ENVIRONMENTS", deployed_as(release, before))
        .env("SHA", sha)
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(
            Scope::Deployments,
            Access::Read,
            "look for the earlier deployment",
        );
        match after.effect {
            Some(Effect::Block) => step.env("ON_MISSING", "fail"),
            _ => step,
        }
    }));
    steps.extend(images::published_steps(release));
    steps
}

/// Refuses a manual run whose fields do not fit together.
fn request(release: &Release<'_>) -> Step {
    let step = Step::script("Check the request", "check-request")
        .env("TYPE", Expression::new("inputs.deployment_type"))
        .env("VERSION", Expression::output("version", "version"));
    if release.skippable() {
        step.env("SKIP", Expression::new("inputs.skip_tests"))
    } else {
        step
    }
}

/// Shows the reviewers what the deployment changes.
fn impact(release: &Release<'_>, sha: Text) -> Option<Step> {
    let approval = release.environment.approval.as_ref()?;
    if approval.impact.is_empty() {
        return None;
    }
    let patterns: Vec<_> = approval.impact.iter().map(|path| path.as_str()).collect();
    Some(
        Step::script("Show what would change", "change-impact")
            .env("ENVIRONMENT", live_on(release))
            .env("SHA", sha)
            .env("VERSION", Expression::output("version", "version"))
            .env("RISKY", patterns.join("\n"))
            .env("GH_TOKEN", Expression::new("github.token"))
            .allow(Scope::Contents, Access::Read, "compare commits")
            .allow(
                Scope::Deployments,
                Access::Read,
                "look for what is deployed",
            ),
    )
}

/// The environment on GitHub that tells what is live: the last place has a release when all have.
fn live_on<'r>(release: &'r Release<'_>) -> &'r str {
    let last = release.deployment.places.last();
    last.map_or(release.environment.name.as_str(), |place| {
        place.environment.as_str()
    })
}

/// Compares the commit with the one that is deployed.
fn decision(release: &Release<'_>, sha: Text) -> Step {
    let keys = &release.deployment.keys;
    let skip: Vec<_> = keys.skip.iter().map(|pattern| pattern.as_str()).collect();
    let step = Step::script("Decide whether it is deployed", "deploy-decision")
        .id("decision")
        .env("ENVIRONMENT", live_on(release))
        .env("SHA", sha)
        .env("SKIP", skip.join("\n"))
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(Scope::Contents, Access::Read, "compare commits")
        .allow(
            Scope::Deployments,
            Access::Read,
            "look for what is deployed",
        );
    if release.deployment.by_hand {
        step.env("FORCE", Expression::new("inputs.force_deploy"))
    } else {
        step
    }
}

/// The environments on GitHub that an environment of the manifest is deployed as.
fn deployed_as(release: &Release<'_>, name: &str) -> String {
    let mut all = release.plan.manifest.environments.iter();
    let environment = all.find(|environment| environment.name == name);
    let places = environment.map_or(&[][..], |environment| environment.places());
    let mut names: Vec<_> = places
        .iter()
        .map(|place| place.environment.as_str())
        .collect();
    names.dedup();
    if names.is_empty() {
        name.to_owned()
    } else {
        names.join("\n")
    }
}

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
