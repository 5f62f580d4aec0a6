//! What is built for browsers: the build with its budget, Lighthouse, Playwright.

use super::component::{seen, title};
use super::messages;
use super::shared::Plan;
use super::suite::capital;
use crate::blocks::language;
use crate::blocks::words::RepoPath;
use crate::manifest::model::{Build, Component, Environment, Suite};
use crate::manifest::raw::Lighthouse;
use crate::pipeline::{Expression, Job, Phase, Step, Text, Work};

/// The action that keeps files for other jobs.
const KEEP: &str = "actions/upload-artifact";

/// Builds a component, looks at the result, and keeps it for other jobs.
pub(super) fn build_steps(
    plan: &Plan<'_>,
    view: &language::Component<'_>,
    component: &Component,
    build: &Build,
) -> Vec<Step> {
    let mut steps = vec![Step::run(title(&build.run), build.run.as_str())];
    let analyze = build.analyze.as_deref();
    steps.extend(analyze.map(|command| Step::run(title(command), command)));
    let Some(output) = &build.output else {
        return steps;
    };
    if !build.budget.is_empty() {
        let lines = build.budget.iter();
        let lines: Vec<_> = lines.map(|(of, bytes)| format!("{bytes} {of}")).collect();
        steps.push(
            Step::script("Hold the build against its budget", "bundle-budget")
                .env("FOLDER", output.as_str())
                .env("BUDGET", lines.join("\n")),
        );
    }
    let keep = Step::uses("Keep the build", KEEP)
        .with("name", artifact(plan, component))
        .with("path", view.file(output))
        .with("include-hidden-files", "true")
        .with("if-no-files-found", "error")
        .with("retention-days", plan.days(7));
    steps.push(only_once(component, keep));
    steps
}

/// What a build is kept as: of several folders, each by itself; of a release, by its name.
fn artifact(plan: &Plan<'_>, component: &Component) -> Text {
    let name = match plan.release() {
        Some(environment) => {
            Text::literal(kept_for(component, environment)).then(messages::version())
        }
        None => Text::literal(format!("{}-build", component.name)),
    };
    if component.parts.len() > 1 {
        name.then("-").then(Expression::new("matrix.name"))
    } else {
        name
    }
}

/// How the names of builds begin that are made for an environment.
pub(super) fn kept_for(component: &Component, environment: &Environment) -> String {
    format!("{}-{}-", component.name, environment.name)
}

/// Whether a step keeps the build of this component.
pub(super) fn keeps_build(plan: &Plan<'_>, step: &Step, component: &Component) -> bool {
    match &step.work {
        Work::Use(action, inputs) => {
            let name = ("name".to_owned(), artifact(plan, component));
            action.0 == KEEP && inputs.contains(&name)
        }
        _ => false,
    }
}

/// Lets a step run for the first of several versions only, which is the one that counts.
pub(super) fn only_once(component: &Component, step: Step) -> Step {
    match component.versions.as_slice() {
        [first, _, ..] => {
            step.when(Expression::new("matrix.version == ").join(Expression::literal(first)))
        }
        _ => step,
    }
}

/// Brings the build that an earlier job of the run kept.
pub(super) fn fetch_build(
    plan: &Plan<'_>,
    view: &language::Component<'_>,
    component: &Component,
) -> Option<Step> {
    let output = component.build.as_ref()?.output.as_ref()?;
    Some(
        Step::uses("Fetch the build", "actions/download-artifact")
            .with("name", artifact(plan, component))
            .with("path", view.file(output)),
    )
}

/// The job that measures the pages of a build.
pub(super) fn lighthouse_job(plan: &Plan<'_>, component: &Component) -> Option<Job> {
    let limits = component.lighthouse.as_ref()?;
    let build = component.build.as_ref()?;
    let view = seen(plan, component);
    let others = plan.manifest.components.iter();
    let id = match others.filter(|other| other.lighthouse.is_some()).count() {
        1 => "lighthouse".to_owned(),
        _ => format!("lighthouse-{}", component.name),
    };
    let folder = view.file(build.output.as_ref()?);
    let job = Job::new(
        Phase::Lighthouse,
        plan.id(Phase::Lighthouse, id),
        "Lighthouse",
        15,
    )
    .steps(fetch_build(plan, &view, component))
    .steps(measure(plan, limits, &component.name, |step| {
        step.env("FOLDER", folder)
    }));
    Some(job)
}

/// Measures pages and holds them against the limits; `place` says where they are.
pub(super) fn measure(
    plan: &Plan<'_>,
    limits: &Lighthouse,
    name: &str,
    place: impl FnOnce(Step) -> Step,
) -> Vec<Step> {
    let mut collect = place(Step::script(
        "Measure with Lighthouse",
        "lighthouse-collect",
    ));
    if !limits.pages.is_empty() {
        let pages: Vec<_> = limits.pages.iter().map(|page| page.as_str()).collect();
        collect = collect.env("PAGES", pages.join("\n"));
    }
    if let Some(runs) = limits.runs {
        collect = collect.env("RUNS", runs.to_string());
    }
    let lines = limit_lines(limits);
    let gate = (!lines.is_empty()).then(|| {
        Step::script(
            "Hold the measurements against the limits",
            "lighthouse-gate",
        )
        .env("LIMITS", lines.join("\n"))
    });
    let keep = Step::uses("Keep the reports", "actions/upload-artifact")
        .when(Expression::new("!cancelled()"))
        .with("name", format!("lighthouse-{name}"))
        .with("path", ".lighthouseci/lhr-*")
        .with("include-hidden-files", "true")
        .with("retention-days", plan.days(30));
    std::iter::once(collect).chain(gate).chain([keep]).collect()
}

/// The limits by Lighthouse's own names.
fn limit_lines(limits: &Lighthouse) -> Vec<String> {
    let scores = [
        ("performance", &limits.performance),
        ("accessibility", &limits.accessibility),
        ("best-practices", &limits.best_practices),
        ("seo", &limits.seo),
    ];
    let scores = scores.into_iter().filter_map(|(name, least)| {
        let share = f64::from(least.as_ref()?.number()) / 100.0;
        Some(format!("{name} >= {share}"))
    });
    let times = [
        ("first-contentful-paint", &limits.fcp),
        ("largest-contentful-paint", &limits.lcp),
        ("total-blocking-time", &limits.tbt),
        ("interactive", &limits.tti),
    ];
    let times = times.into_iter().filter_map(|(name, most)| {
        let most = most.as_ref()?.milliseconds();
        Some(format!("{name} <= {most}"))
    });
    let shift = limits.cls.iter();
    let shift = shift.map(|most| format!("cumulative-layout-shift <= {most}"));
    scores.chain(times).chain(shift).collect()
}

/// Runs a suite with Playwright in the browsers that it wants; its report is kept when it fails.
/// `grep` chooses tests by their titles.
pub(super) fn playwright_steps(
    plan: &Plan<'_>,
    view: &language::Component<'_>,
    component: &Component,
    suite: &Suite,
    grep: Option<&str>,
) -> Vec<Step> {
    let Some(playwright) = &suite.playwright else {
        return Vec::new();
    };
    let browsers = playwright.browsers.iter();
    let browsers: String = browsers.map(|browser| format!(" {browser}")).collect();
    let install = Step::run(
        "Install browsers",
        format!("npx playwright install --with-deps{browsers}"),
    );
    let mut artifact = Text::literal(format!("playwright-{}", component.name));
    let (mut options, mut variables) = (String::new(), Vec::new());
    if !playwright.projects.is_empty() {
        artifact = artifact.then("-").then(Expression::new("matrix.project"));
        options.push_str(" --project=\"$PROJECT\"");
        variables.push(("PROJECT".to_owned(), Text::code("matrix.project")));
    }
    if let Some(grep) = grep {
        options.push_str(" --grep=\"$GREP\"");
        variables.push(("GREP".to_owned(), grep.into()));
    }
    let command = suite.run.as_deref().unwrap_or("npx playwright test");
    // npm keeps options to itself unless it is told otherwise.
    let dashes = if command.starts_with("npm ") && !options.is_empty() {
        " --"
    } else {
        ""
    };
    let run = Step::run(capital(suite.name), format!("{command}{dashes}{options}")).envs(variables);
    let folder = |written: &Option<RepoPath>, usual: &str| {
        view.file(written.as_ref().map_or(usual, |path| path.as_str()))
    };
    let keep = Step::uses("Keep the report", "actions/upload-artifact")
        .when(Expression::new("failure()"))
        .with("name", artifact)
        .with(
            "path",
            Text::lines([
                folder(&playwright.report, "playwright-report"),
                folder(&playwright.results, "test-results"),
            ]),
        )
        .with("retention-days", plan.days(14));
    vec![install, run, keep]
}
