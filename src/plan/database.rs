//! Workflows that change a database by itself, or back it up: plan → approval → backup → migrate → verify.

mod jobs;

use super::deploy::{Chain, Release, approval, backup, login, on_runner};
use super::messages;
use super::shared::{Plan, after, checkout_history};
use crate::blocks::migration::OnRunner;
use crate::manifest::model::Place;
use crate::manifest::raw::Migrations;
use crate::pipeline::{
    self, Access, Concurrency, DispatchInput, Expression, InputKind, Job, Phase, Scope, Step, Text,
    Trigger,
};

/// A database that is migrated from the runner.
struct Database<'d> {
    release: &'d Release<'d>,
    place: &'d Place,
    migrations: OnRunner<'d>,
    written: &'d Migrations,
    /// What stands behind the ids of its jobs, if there are several databases.
    suffix: String,
}

pub(super) fn plan(plan: &Plan<'_>) -> pipeline::Workflow {
    let releases: Vec<_> = releases(plan).collect();
    let mut databases: Vec<_> = releases.iter().filter_map(database).collect();
    if let [_, _, ..] = databases.as_slice() {
        for database in &mut databases {
            database.suffix = format!("-{}", database.release.environment.name);
        }
    }
    let names: Vec<_> = databases
        .iter()
        .map(|database| database.release.environment.name.clone())
        .collect();
    let Some(first) = names.first().cloned() else {
        return plan.workflow(Vec::new(), Concurrency::queue(Text::default()), Vec::new());
    };
    let goes_back = databases
        .iter()
        .all(|database| database.migrations.back("1").is_ok());
    let mut jobs = vec![validate()];
    for database in &databases {
        jobs.extend(database_jobs(
            database,
            database.release.environment.name == first,
        ));
    }
    let mut triggers = plan.workflow.triggers.clone();
    for trigger in &mut triggers {
        if let Trigger::Dispatch(inputs) = trigger {
            *inputs = dispatch_inputs(&names, goes_back);
        }
    }
    let group = Expression::new("inputs.environment || ").join(Expression::literal(&first));
    let concurrency = Concurrency::queue(Text::literal("database-").then(group));
    plan.workflow(triggers, concurrency, jobs)
}

fn releases<'p>(plan: &Plan<'p>) -> impl Iterator<Item = Release<'p>> {
    let plan = *plan;
    let environments = plan.manifest.environments.iter();
    environments.filter_map(move |environment| Release::to(plan, environment))
}

/// The first database of an environment whose tool is known.
fn database<'d>(release: &'d Release<'d>) -> Option<Database<'d>> {
    databases(release).next()
}

/// The databases of an environment whose tools are known.
fn databases<'d>(release: &'d Release<'d>) -> impl Iterator<Item = Database<'d>> {
    release.deployment.places.iter().filter_map(move |place| {
        let migrations = on_runner(release, place)?;
        migrations.pending()?;
        Some(Database {
            release,
            place,
            migrations,
            written: place.keys.migrate.as_ref()?,
            suffix: String::new(),
        })
    })
}

/// The steps that take a database back to what the release that `validate` found knew of it, and
/// the place that it belongs to. They run at the commit of the run.
pub(super) fn way_back<'r>(release: &'r Release<'_>) -> Option<(&'r Place, Vec<Step>)> {
    databases(release).find_map(|database| {
        let commit = Expression::output_of("validate", "sha");
        let back = database.migrations.back_to(commit).ok()?;
        let steps = database.tool(checkout_history(None)).into_iter();
        Some((database.place, steps.chain(back).collect()))
    })
}

fn dispatch_inputs(names: &[String], goes_back: bool) -> Vec<DispatchInput> {
    let input = |name: &str, description: &str, kind| DispatchInput {
        name: name.to_owned(),
        description: description.to_owned(),
        required: false,
        kind,
    };
    let mut kinds = vec!["forward".to_owned()];
    kinds.extend(goes_back.then(|| "rollback".to_owned()));
    let mut inputs = vec![
        input(
            "environment",
            "Whose database",
            InputKind::Choice(names.to_vec()),
        ),
        input(
            "migration_type",
            "Apply what is pending, or take the newest migrations back",
            InputKind::Choice(kinds),
        ),
    ];
    if goes_back {
        inputs.push(input(
            "rollback_steps",
            "How many migrations a roll-back takes back",
            InputKind::Text(Some("1".to_owned())),
        ));
    }
    inputs.push(input(
        "dry_run",
        "Only show and check what would be done",
        InputKind::Flag(false),
    ));
    inputs
}

/// Finds out which commit the migrations come from.
fn validate() -> Job {
    let version = Step::script("Find the commit", "resolve-version")
        .id("version")
        .env("VERSION_KIND", "commit")
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(Scope::Contents, Access::Read, "look the commit up");
    Job::new(Phase::Validate, "validate", "Validate", 5)
        .output("version", Expression::output("version", "version"))
        .output("sha", Expression::output("version", "sha"))
        .step(version)
}

const GOES_BACK: &str = "inputs.migration_type == 'rollback'";

/// The jobs of one database. A push is for the first one.
fn database_jobs(database: &Database<'_>, first: bool) -> Vec<Job> {
    let name = &database.release.environment.name;
    let chosen = Expression::new("inputs.environment == ").join(Expression::literal(name));
    let chosen = if first {
        Expression::new("github.event_name != 'workflow_dispatch'").or(chosen)
    } else {
        chosen
    };
    let mut chain = Chain::behind(vec!["validate".to_owned()], Vec::new(), Vec::new(), chosen);
    let plan = database.plan_job();
    let planned = plan.id.clone();
    chain.then(plan);
    approval(database.release, &mut chain);
    if let Some(job) = database.backup_job() {
        chain.then(job);
    }
    chain.then(database.migrate_job());
    let migrated = chain.required().to_vec();
    chain.then(database.verify_job());
    let told = database.told(&migrated, &chain);
    // Whatever comes first after the plan waits for something to do.
    let pending = Expression::new(format!("needs.{planned}.outputs.has_migrations == 'true'"));
    let go = Expression::new("!inputs.dry_run").and(Expression::new(GOES_BACK).or(pending));
    for job in &mut chain.jobs {
        if job.needs.contains(&planned) {
            let own = job.condition.take();
            job.condition = Expression::all(own.into_iter().chain([go.clone()]));
        }
    }
    chain.jobs.extend(told);
    chain.jobs
}

/// Workflows that back up the database of an environment, by the clock or by hand.
pub(super) fn backup_plan(plan: &Plan<'_>) -> pipeline::Workflow {
    let environment = plan.release();
    let mut jobs = Vec::new();
    for release in releases(plan) {
        if environment.is_none_or(|known| known.name != release.environment.name) {
            continue;
        }
        let before = vec!["validate".to_owned()];
        for place in &release.deployment.places {
            let Some(backup) = backup(&release, place) else {
                continue;
            };
            let steps = backup.steps(&messages::version(), Some("scheduled"));
            let login = backup.needs_aws().then(|| login(place)).flatten();
            let mut job = Job::new(
                Phase::Own,
                format!("backup-{}", release.whole_name(place)),
                format!("Back up {}", release.whole_name(place)),
                backup.minutes().max(5),
            )
            .when(after(&before, &[]))
            .needs(before.clone())
            .steps(login)
            .steps(steps);
            job.environment = Some(pipeline::Environment {
                name: place.environment.as_str().into(),
                url: None,
                deployment: false,
            });
            if !job.steps.is_empty() {
                jobs.push(job);
            }
        }
    }
    if !jobs.is_empty() {
        jobs.insert(0, validate());
    }
    let concurrency = Concurrency::queue(Text::code("github.workflow"));
    plan.workflow(plan.workflow.triggers.clone(), concurrency, jobs)
}
