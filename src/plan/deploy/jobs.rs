//! The jobs up to the deployed and verified release.

use super::{Chain, Release};
use crate::blocks::language::Purpose;
use crate::blocks::migration;
use crate::blocks::shape::Flexible;
use crate::blocks::target::TargetKeys;
use crate::blocks::target::ssh_compose::{Database, Site};
use crate::manifest::model::Component;
use crate::manifest::raw::{Backup, DeployTests, Event};
use crate::pipeline::{Access, Environment, Expression, Job, Matrix, Phase, Scope, Step, Text};
use crate::plan::component::{SuiteRun, Work, commit, seen, suite_job, test_steps, with_services};
use crate::plan::images;
use crate::plan::messages;
use crate::plan::scan;
use crate::plan::shared::{checkout, with_margin};

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
    if release.deployment.by_hand {
        version = version.env("VERSION_INPUT", Expression::new("inputs.version"));
    }
    let mut job = Job::new(Phase::Validate, "validate", "Validate", 10)
        .output("version", Expression::output("version", "version"))
        .output("sha", Expression::output("version", "sha"))
        .step(version);
    if release.skippable() {
        let warn = "echo '::warning::The tests are skipped in this run. That is for an outage of the highest priority only.'";
        job = job.step(
            Step::run("Warn of skipped tests", warn).when(Expression::new("inputs.skip_tests")),
        );
    }
    let sha = Text::expression(Expression::output("version", "sha"));
    if let [_, ..] = release.deployment.keys.requires.as_ref() {
        let files = release
            .deployment
            .keys
            .requires
            .iter()
            .map(|name| format!("{name}.yml"));
        job = job.step(
            Step::script("Wait for the checks of this commit", "require-workflows")
                .env("WORKFLOWS", files.collect::<Vec<_>>().join("\n"))
                .env("SHA", sha.clone())
                .env("WAIT_MINUTES", "60")
                .env("EVENT", "push")
                .env("GH_TOKEN", Expression::new("github.token"))
                .allow(
                    Scope::Actions,
                    Access::Read,
                    "read the results of the checks",
                ),
        );
        job.timeout = 75;
    }
    if let Some(before) = &release.deployment.keys.after {
        job = job.step(
            Step::script(
                format!("Look for this commit on {before}"),
                "require-deployment",
            )
            .env("ENVIRONMENT", before.as_str())
            .env("SHA", sha.clone())
            .env("GH_TOKEN", Expression::new("github.token"))
            .allow(
                Scope::Deployments,
                Access::Read,
                "look for the earlier deployment",
            ),
        );
    }
    let TargetKeys::SshCompose(_) = &release.deployment.target;
    let placeholders: Vec<_> = images::for_deploy(&release.plan)
        .into_iter()
        .map(|(_, image)| (image.variable.clone(), format!("{}:check", image.name)))
        .collect();
    job.step(checkout(Some(sha)))
        .step(site(release).check_config(&placeholders))
}

/// The target of the deployment, with every key decided.
pub(crate) fn site<'r>(release: &'r Release<'_>) -> Site<'r> {
    let TargetKeys::SshCompose(keys) = &release.deployment.target;
    let environment = release.environment;
    let health = environment.verify.health.first();
    Site {
        keys,
        environment: &environment.name,
        project: &release.plan.manifest.name,
        blue_green: release.deployment.blue_green(),
        health_url: environment
            .url
            .as_ref()
            .zip(health)
            .map(|(url, path)| format!("{url}{path}")),
        version_from: environment
            .verify
            .version
            .as_ref()
            .map(|line| line.as_str()),
        rollback_script: &environment.rollback_script,
    }
}

/// Scans and tests, then publishes the images.
pub(super) fn before_images(release: &Release<'_>, chain: &mut Chain) {
    let plan = &release.plan;
    let scanners = &plan.manifest.gates.scanners;
    if release.deployment.scan && !scanners.is_empty() {
        let id = plan.id(Phase::Scan, "security-scan");
        chain.then(scan::scan_job(
            plan,
            &id,
            "Security scan",
            15,
            scanners,
            Work::Release,
            false,
        ));
    }
    let tested = release.deployment.keys.tests != DeployTests::None;
    if tested {
        for job in build_and_test(release) {
            chain.then(asking(release, job));
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
                },
            );
            if release.skippable() {
                chain.maybe(job.when(Expression::new("!inputs.skip_tests")));
            } else {
                chain.then(job);
            }
        }
    }
    if !images::for_deploy(plan).is_empty() {
        chain.then(asking(
            release,
            images::publish_job(plan, release.environment, tested),
        ));
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
        (group[0].language.setup)(&view, Purpose::Test)
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
        for mut step in test_steps(&view, component, suite, false) {
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

/// Deploys, tries and watches the release.
pub(super) fn deploy_and_verify(release: &Release<'_>, chain: &mut Chain) {
    chain.then(deploy_job(release));
    if let Some(job) = smoke_job(release) {
        chain.then(job);
    }
    if let Some(job) = monitor_job(release) {
        chain.then(job);
    }
}

fn deploy_job(release: &Release<'_>) -> Job {
    let plan = &release.plan;
    let environment = release.environment;
    let site = site(release);
    let keys = &release.deployment.keys;
    let id = plan.id(Phase::Deploy, format!("deploy-{}", environment.name));
    let mut job = Job::new(
        Phase::Deploy,
        id,
        format!("Deploy to {}", environment.name),
        15,
    )
    .output("release", Expression::output("record", "release"))
    .output(
        "previous_version",
        Expression::output("record", "previous_version"),
    );
    job.environment = Some(Environment {
        name: environment.name.as_str().into(),
        url: environment.url.as_deref().map(Text::from),
        deployment: true,
    });
    job.concurrency = Some(release.group());
    if messages::slack_tells(plan, Event::Started) {
        let title = Text::literal(format!(
            "Deployment of {} to {} started",
            plan.manifest.name, environment.name
        ));
        job = job.steps(messages::slack(
            plan,
            "Tell Slack that it starts",
            environment,
            Some("started"),
            title,
        ));
    }
    let images = images::for_deploy(plan);
    let lines = images.iter().map(|(_, image)| {
        Text::literal(format!("{}=", image.variable))
            .then(images::address(plan, image.name.as_str()))
            .then(":")
            .then(images::tag(environment))
    });
    job = job.step(checkout(commit(Work::Release)));
    let mut resolved = Text::default();
    if !images.is_empty() {
        job = job.step(images::login(plan)).step(
            Step::script("Find the digests of the images", "resolve-images")
                .id("images")
                .env("IMAGES", Text::lines(lines)),
        );
        resolved = Text::expression(Expression::output("images", "images"));
    }
    job = job.steps([
        site.connect(),
        site.record(messages::version(), resolved),
        site.copy(),
    ]);
    if !images.is_empty() {
        job = job.step(site.pull(&plan.manifest.registry));
    }
    if let Some(backup) = &keys.backup {
        job = job.step(site.backup(&database(release, backup)));
    }
    if let Some(migrate) = &keys.migrate {
        let known = migration::find(migrate);
        job = job.step(site.migrate(known.map_or(migrate.as_str(), |tool| tool.forward), known));
    }
    job = job.step(site.start());
    if site.blue_green {
        job = job.steps([site.check_idle(messages::version()), site.switch()]);
    }
    job = job
        .steps(health_steps(release))
        .steps(metrics_step(release));
    if environment.verify.smoke_job != Some(true) {
        job = job.steps(smoke_steps(release));
    }
    if site.blue_green && !site.keys.keep_old {
        job = job.step(site.retire());
    }
    job
}

fn database<'r>(release: &'r Release<'_>, backup: &'r Flexible<Backup>) -> Database<'r> {
    let name = |name: &'r Option<crate::blocks::words::Name>, default: &'r str| {
        name.as_ref().map_or(default, |name| name.as_str())
    };
    Database {
        project: name(&backup.project, &release.plan.manifest.name),
        service: name(&backup.service, "db"),
        name: name(&backup.database, ""),
        user: name(&backup.user, "postgres"),
        kept: backup.keep.unwrap_or(7),
    }
}

/// Asks for the health at the public address.
fn health_steps(release: &Release<'_>) -> Option<Step> {
    health_check(release, "Check the health", Some(messages::version()))
}

/// A health check at the public address, which compares the version where one is named.
pub(crate) fn health_check(
    release: &Release<'_>,
    name: &str,
    version: Option<Text>,
) -> Option<Step> {
    let environment = release.environment;
    let url = environment.url.as_ref()?;
    let urls: Vec<_> = environment
        .verify
        .health
        .iter()
        .map(|path| format!("{url}{path}"))
        .collect();
    if urls.is_empty() {
        return None;
    }
    let step = Step::script(name, "health-check").env("HEALTH_URLS", urls.join("\n"));
    Some(match (&environment.verify.version, version) {
        (Some(from), Some(version)) => step
            .env("EXPECTED_VERSION", version)
            .env("VERSION_FROM", from.as_str()),
        _ => step,
    })
}

fn metrics_step(release: &Release<'_>) -> Option<Step> {
    let url = release.environment.url.as_ref()?;
    let path = release.environment.verify.metrics.as_ref()?;
    let step = Step::script("Look at the metrics", "metrics-check");
    Some(
        step.env("METRICS_URL", format!("{url}{path}"))
            .env("ON_FAILURE", "warn"),
    )
}

fn smoke_steps(release: &Release<'_>) -> Vec<Step> {
    let environment = release.environment;
    let Some(url) = &environment.url else {
        return Vec::new();
    };
    let (paths, commands): (Vec<_>, Vec<_>) = environment
        .verify
        .smoke
        .iter()
        .partition(|line| line.starts_with('/'));
    let mut steps = Vec::new();
    if !paths.is_empty() {
        let paths: Vec<_> = paths.iter().map(|path| path.as_str()).collect();
        let smoke = Step::script("Try the important paths", "smoke-check");
        steps.push(
            smoke
                .env("BASE_URL", url.as_str())
                .env("SMOKE_PATHS", paths.join("\n")),
        );
    }
    if let (Some(component), false) = (
        release.plan.manifest.components.first(),
        commands.is_empty(),
    ) {
        let view =
            crate::plan::component::seen_part(&release.plan, component, &component.parts[0].path);
        let folder = view.folder();
        let here = |step: Step| match (&step.work, &folder) {
            (crate::pipeline::Work::Run(_), Some(folder)) => step.folder(folder.clone()),
            _ => step,
        };
        steps.extend(
            (component.language.setup)(&view, Purpose::Test)
                .into_iter()
                .map(here),
        );
        for command in commands {
            let step =
                Step::run("Run the smoke tests", command.as_str()).env("BASE_URL", url.as_str());
            steps.push(here(step));
        }
    }
    steps
}

fn smoke_job(release: &Release<'_>) -> Option<Job> {
    if release.environment.verify.smoke_job != Some(true) {
        return None;
    }
    let steps = smoke_steps(release);
    let id = release.plan.id(Phase::Smoke, "smoke-tests");
    let job = Job::new(Phase::Smoke, id, "Smoke tests", 5);
    // Paths are tried from outside; commands stand in the repository.
    let commands = release
        .environment
        .verify
        .smoke
        .iter()
        .any(|line| !line.starts_with('/'));
    let job = if commands {
        job.step(checkout(commit(Work::Release)))
    } else {
        job
    };
    (!steps.is_empty()).then(|| job.steps(steps))
}

fn monitor_job(release: &Release<'_>) -> Option<Job> {
    let monitor = release.environment.monitor()?;
    let id = release
        .plan
        .id(Phase::Monitor, "post-deployment-monitoring");
    let step = watch(release, &monitor.length, "Watch the release")?;
    Some(
        Job::new(
            Phase::Monitor,
            id,
            "Monitor the release",
            with_margin(monitor.length.minutes()),
        )
        .step(step),
    )
}

/// A step that watches the health for a while.
pub(crate) fn watch(
    release: &Release<'_>,
    length: &crate::blocks::words::Duration,
    name: &str,
) -> Option<Step> {
    let environment = release.environment;
    let url = environment.url.as_ref()?;
    let path = environment.verify.health.first()?;
    let monitor = environment.monitor();
    let every = monitor
        .and_then(|monitor| monitor.every.as_ref())
        .map_or(30, |every| every.seconds().max(1));
    let checks = (length.seconds() / every).max(1);
    let mut step = Step::script(name, "monitor")
        .env("HEALTH_URL", format!("{url}{path}"))
        .env("CHECKS", checks.to_string())
        .env("INTERVAL", every.to_string())
        .env(
            "MAX_ERROR_PERCENT",
            monitor
                .and_then(|monitor| monitor.errors.as_ref())
                .map_or(5, |share| share.number())
                .to_string(),
        );
    if let Some(prometheus) = monitor.and_then(|monitor| monitor.prometheus.as_ref()) {
        step = step
            .env("PROMETHEUS_URL", prometheus.url.as_str())
            .env("PROMETHEUS_QUERY", prometheus.query.as_str())
            .env(
                "PROMETHEUS_LIMIT",
                prometheus.limit.unwrap_or(0.05).to_string(),
            )
            .env("PROMETHEUS_TOKEN", Text::secret("PROMETHEUS_TOKEN"));
    }
    Some(step)
}
