//! The jobs of one database.

use super::{Database, GOES_BACK};
use crate::manifest::model::Environment;
use crate::pipeline::{self, Expression, Job, Phase, Step, Text};
use crate::plan::component::{self, Work, commit};
use crate::plan::deploy::{Chain, backup, login};
use crate::plan::messages;
use crate::plan::shared::checkout;

impl Database<'_> {
    /// A job that reaches the database, in the environment of its place.
    fn job(&self, phase: Phase, id: &str, name: &str, minutes: u32) -> Job {
        let id = format!("{id}{}", self.suffix);
        let name = format!("{name} ({})", self.release.environment.name);
        let mut job = Job::new(phase, id, name, minutes);
        job.environment = Some(pipeline::Environment {
            name: self.place.environment.as_str().into(),
            url: None,
            // A migration is no deployment of its commit.
            deployment: false,
        });
        job
    }

    /// Checks out and sets up the tool.
    pub(super) fn tool(&self, checkout: Step) -> Vec<Step> {
        let mut steps = vec![checkout];
        let target = self.place.target.component();
        let component = self.written.component.as_ref().or(target);
        let component = component.map(|name| name.as_str());
        let components = &self.release.plan.manifest.components;
        let known = match component {
            Some(name) => components.iter().find(|known| known.name == name),
            None => components.first(),
        };
        steps.extend(
            known
                .into_iter()
                .flat_map(|component| component::set_up(&self.release.plan, component)),
        );
        steps.extend(self.migrations.install());
        steps
    }

    fn folder(&self, step: Step) -> Step {
        match self.migrations.folder {
            Some(folder) => step.folder(folder),
            None => step,
        }
    }

    pub(super) fn plan_job(&self) -> Job {
        let name = &self.release.environment.name;
        let direction = "inputs.migration_type == 'rollback' && 'rollback' || 'forward'";
        let show = Step::script("Show what would be done", "migration-plan")
            .id("plan")
            .env("ENVIRONMENT", name.as_str())
            .env("DIRECTION", Expression::new(direction))
            .env("PENDING", Expression::output("pending", "pending"))
            .env("NEWEST", Expression::output("pending", "previous_version"))
            .env("STEPS", Expression::new("inputs.rollback_steps || '1'"))
            .env("MIGRATIONS", self.migrations.source());
        let keep = Step::uses("Keep the plan", "actions/upload-artifact")
            .with("name", format!("migration-plan{}", self.suffix))
            .with("path", Expression::output("plan", "path"))
            .with("retention-days", self.days());
        let mut job = self
            .job(Phase::Validate, "plan", "Plan", 10)
            .output(
                "has_migrations",
                Expression::output("pending", "has_migrations"),
            )
            .steps(self.tool(checkout(commit(Work::Release))))
            .steps(self.migrations.pending())
            .step(self.folder(show))
            .step(keep);
        if let Some(step) = self.migrations.dry_run() {
            job = job.step(step.when(Expression::new("inputs.dry_run")));
        }
        job
    }

    fn days(&self) -> String {
        let days = self.release.environment.artifacts.days;
        days.unwrap_or(30).to_string()
    }

    pub(super) fn backup_job(&self) -> Option<Job> {
        let backup = backup(self.release, self.place)?;
        let steps = backup.steps(&messages::version(), Some("migration"));
        if steps.is_empty() {
            return None;
        }
        let login = backup.needs_aws().then(|| login(self.place)).flatten();
        let job = self.job(Phase::Own, "backup", "Back up", backup.minutes());
        Some(job.steps(login).steps(steps))
    }

    pub(super) fn migrate_job(&self) -> Job {
        let mut job = self
            .job(Phase::Own, "migrate", "Migrate", 15)
            .steps(self.tool(checkout(commit(Work::Release))))
            .step(
                self.migrations
                    .forward()
                    .when(Expression::new("inputs.migration_type != 'rollback'")),
            );
        if let Ok(back) = self.migrations.back(Text::code("inputs.rollback_steps")) {
            job = job.step(back.when(Expression::new(GOES_BACK)));
        }
        // A deployment to the same place does not run beside it.
        job.concurrency = Some(self.release.group(self.place));
        job
    }

    pub(super) fn verify_job(&self) -> Job {
        let mut job = self
            .job(Phase::Own, "verify", "Verify", 10)
            .steps(self.tool(checkout(commit(Work::Release))));
        if let Some(step) = self.migrations.check_current() {
            let forward = Expression::new("inputs.migration_type != 'rollback'");
            job = job.step(step.when(forward));
        }
        let secret = || Text::secret(self.migrations.url);
        if let Some(checks) = &self.written.checks {
            let step = Step::script("Look for mistakes in the data", "sql-checks")
                .env("DATABASE_URL", secret())
                .env("CHECKS", checks.as_str());
            job = job.step(self.folder(step));
        }
        if let Some(limit) = &self.written.latency {
            job = job.step(
                Step::script("Look for slow statements", "query-latency")
                    .env("DATABASE_URL", secret())
                    .env("MAX_MS", limit.milliseconds().to_string()),
            );
        }
        job
    }

    /// Tells people of a migration that went wrong, or that was made.
    pub(super) fn told(&self, migrated: &[String], chain: &Chain) -> Option<Job> {
        let environment: &Environment = self.release.environment;
        let plan = &self.release.plan;
        let last = chain.required();
        let good = last.iter().chain(migrated);
        let good = Expression::all(good.map(|id| Expression::result_is(id, "success")))?;
        let status = format!("{} && 'succeeded' || 'failed'", good.code());
        let title = Text::literal(format!(
            "Migration of the database of {} on {}: ",
            plan.manifest.name, environment.name
        ))
        .then(Expression::new("env.STATUS"));
        let step = messages::slack(plan, "Tell Slack", environment, None, title)?;
        let begun = migrated
            .iter()
            .map(|id| format!("needs.{id}.result != 'skipped'"));
        let begun = Expression::all(begun.map(Expression::new))?;
        let needs = std::iter::once("validate".to_owned())
            .chain(migrated.iter().cloned())
            .chain(last.iter().cloned());
        let id = format!("notify{}", self.suffix);
        Some(
            Job::new(
                Phase::Notify,
                id,
                format!("Notify ({})", environment.name),
                5,
            )
            .needs(needs)
            .when(Expression::new("always()").and(begun))
            .env("STATUS", Expression::new(status))
            .step(step),
        )
    }
}
