//! What a language sees of a component, and the jobs that check and build it.

use super::shared::{Plan, checkout};
use super::web;
use crate::blocks::language::{self, Folder, Lockfile, Purpose};
use crate::manifest::model::{Component, Lint};
use crate::pipeline::{Access, Expression, Job, Matrix, Phase, Scope, Step, Text, Work as Action};

/// What a job of a component works on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    /// What the event is about.
    Event,
    /// The commit that the job `validate` found out.
    Release,
}

/// The commit of a job.
pub(super) fn commit(work: Work) -> Option<Text> {
    match work {
        Work::Event => None,
        Work::Release => Some(Text::expression(Expression::output_of("validate", "sha"))),
    }
}

/// A component as its language sees it, within the jobs of one workflow.
pub(super) fn seen<'c>(plan: &Plan<'_>, component: &'c Component) -> language::Component<'c> {
    let several = component.parts.len() > 1;
    let tools = component.lint.iter().filter_map(|lint| match lint {
        Lint::Tool(tool, _) => Some(tool.name),
        Lint::Command(command) => component.language.tool_of(command).map(|tool| tool.name),
    });
    let manager = component.package_manager.as_ref();
    language::Component {
        path: if several {
            Folder::Matrix
        } else {
            Folder::Fixed(&component.parts[0].path)
        },
        source: &component.source,
        version: match plan.version_variable(component) {
            Some((name, _)) => Text::code(format!("env.{name}")),
            None => component
                .versions
                .first()
                .map_or_else(Text::default, |version| version.as_str().into()),
        },
        package_manager: manager.map(|(name, version)| (name.as_str(), version.as_deref())),
        dependencies: &component.dependencies,
        lockfile: match component.lockfile.as_deref() {
            None => Lockfile::Usual,
            Some("none") => Lockfile::Missing,
            Some(path) => Lockfile::At(path),
        },
        install: component.install.as_deref(),
        system_packages: &component.system_packages,
        tools: tools.collect(),
        cached: !plan.releases(),
    }
}

/// One part of a component, for jobs that go through all parts.
pub(super) fn seen_part<'c>(
    plan: &Plan<'_>,
    component: &'c Component,
    path: &'c str,
) -> language::Component<'c> {
    language::Component {
        path: Folder::Fixed(path),
        ..seen(plan, component)
    }
}

/// The job of static checks.
pub(super) fn lint_job(plan: &Plan<'_>, component: &Component) -> Option<Job> {
    if component.lint.is_empty() && component.warn_on.is_empty() && component.migrations.is_none() {
        return None;
    }
    let view = seen(plan, component);
    let language = component.language;
    let needs_dependencies = component.lint.iter().any(|lint| match lint {
        Lint::Tool(tool, _) => tool.needs_dependencies,
        Lint::Command(_) => true,
    });
    let id = plan.id(Phase::Lint, format!("lint-{}", component.name));
    let mut job = in_folder(
        Job::new(Phase::Lint, id, named("Lint", component), 10),
        component,
    )
    .step(checkout(None))
    .steps(language.set_up(
        &view,
        Purpose::Lint {
            dependencies: needs_dependencies,
        },
    ));
    job = job.steps(lint_steps(&view, component));
    job = job.steps(remarks(component));
    job.env = variables(component);
    Some(job)
}

/// The static checks, of which one complaint does not hide the next.
pub(super) fn lint_steps(view: &language::Component<'_>, component: &Component) -> Vec<Step> {
    let language = component.language;
    let prefix = (language.prefix)(view);
    let step = |lint: &Lint| match lint {
        Lint::Tool(tool, arguments) => {
            let manager = view.manager(language);
            let command = tool.line(manager, arguments.as_deref(), &component.source);
            Step::run(tool.title, format!("{prefix}{command}"))
        }
        Lint::Command(command) => Step::run(title(command), command.as_str()),
    };
    let steps = component.lint.iter().map(step).enumerate();
    steps
        .map(|(at, step)| match at {
            0 => step,
            _ => step.when(Expression::new("!cancelled()")),
        })
        .collect()
}

/// What is only remarked on: it never fails the job, and does not hide behind what does.
fn remarks(component: &Component) -> Vec<Step> {
    let always = || Expression::new("!cancelled()");
    let mut steps = Vec::new();
    if !component.warn_on.is_empty() {
        let find = Step::script("Look for leftovers", "find-words")
            .env("WORDS", component.warn_on.join("\n"))
            .env("FOLDER", component.source.as_str());
        steps.push(find.when(always()));
    }
    if let Some(folder) = &component.migrations {
        let base = "github.event.pull_request.base.sha || github.event.before";
        let look = Step::script("Look at new migrations", "risky-migrations")
            .env("FOLDER", folder.as_str())
            .env("BASE", Expression::new(base))
            .env(
                "HEAD",
                Expression::new("github.event.pull_request.head.sha || github.sha"),
            )
            .env("GH_TOKEN", Expression::new("github.token"))
            .allow(Scope::Contents, Access::Read, "compare the change");
        steps.push(look.when(always()));
    }
    steps
}

/// A command line as the name of its step.
pub(super) fn title(command: &str) -> String {
    format!("Run {}", command.lines().next().unwrap_or_default())
}

/// Sets a component up and builds it, within a job that stands at the root.
pub(super) fn set_up_and_build(plan: &Plan<'_>, component: &Component) -> Vec<Step> {
    let build = component.build.as_ref();
    let build = build.map(|build| Step::run(title(&build.run), build.run.as_str()));
    at_root(plan, component, build)
}

/// Sets a component up and runs a step in its folder, within a job that stands at the root.
pub(super) fn set_up_and(plan: &Plan<'_>, component: &Component, step: Step) -> Vec<Step> {
    at_root(plan, component, Some(step))
}

/// Sets a component up, within a job that stands at the root.
pub(super) fn set_up(plan: &Plan<'_>, component: &Component) -> Vec<Step> {
    at_root(plan, component, None)
}

fn at_root(plan: &Plan<'_>, component: &Component, then: Option<Step>) -> Vec<Step> {
    let view = seen_part(plan, component, &component.parts[0].path);
    let mut steps = component.language.set_up(&view, Purpose::Scan);
    steps.extend(then);
    let folder = view.folder();
    let here = |step: Step| match (&step.work, &folder) {
        (Action::Run(_), Some(folder)) if step.folder.is_none() => step.folder(folder.clone()),
        _ => step,
    };
    steps.into_iter().map(here).collect()
}

/// The job that builds a component beside its image.
pub(super) fn build_job(plan: &Plan<'_>, component: &Component) -> Option<Job> {
    let build = component.build.as_ref()?;
    let view = seen(plan, component);
    let id = plan.id(Phase::Build, format!("build-{}", component.name));
    let mut job = in_folder(
        Job::new(Phase::Build, id, named("Build", component), 15),
        component,
    )
    .step(checkout(None))
    .steps(component.language.set_up(&view, Purpose::Test))
    .steps(web::build_steps(plan, &view, component, build));
    job.env = variables(component);
    Some(job)
}

/// The variables that the manifest gives a component.
pub(super) fn variables(component: &Component) -> Vec<(String, Text)> {
    let written = component.env.iter();
    written
        .map(|(name, value)| (name.clone(), value.into()))
        .collect()
}

pub(super) fn named(verb: &str, component: &Component) -> Text {
    if component.parts.len() > 1 {
        Text::literal(format!("{verb} ")).then(Expression::new("matrix.name"))
    } else {
        Text::literal(format!("{verb} {}", component.name))
    }
}

/// Runs the job in the component's folder, or once in the folder of each member.
pub(super) fn in_folder(mut job: Job, component: &Component) -> Job {
    if let [part] = component.parts.as_slice() {
        job.folder = (part.path != ".").then(|| part.path.as_str().into());
        return job;
    }
    job.folder = Some(Text::code("matrix.path"));
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let parts = component.parts.iter();
    job.matrix = Some(Matrix::of(
        parts
            .map(|part| vec![pair("name", &part.name), pair("path", &part.path)])
            .collect(),
    ));
    job
}
