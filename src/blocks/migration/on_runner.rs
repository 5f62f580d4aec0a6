//! Migrations on the runner, where the repository is checked out.

use super::{Back, Call, Count, Migration, goes_back};
use crate::knowledge::tools;
use crate::pipeline::{Expression, Step, Text};

/// Migrations that run on the runner, which reaches the database by its address. The
/// job has checked the repository out and set up the component that they belong to.
#[derive(Debug, Clone)]
pub struct OnRunner<'a> {
    /// The command line that goes forward, for a tool that is not known.
    pub command: &'a str,
    /// The tool, if it is a known one.
    pub tool: Option<&'static Migration>,
    /// The folder of the component; nothing for the root.
    pub folder: Option<&'a str>,
    /// The folder of the migrations in it, if it is not the usual one.
    pub migrations: Option<&'a str>,
    /// The folder with the SQL files that take migrations back.
    pub down: Option<&'a str>,
    /// What stands before commands so that the component's dependencies are found, such as `uv run `.
    pub prefix: &'a str,
    /// The secret with the address of the database.
    pub url: &'a str,
}

impl OnRunner<'_> {
    /// Installs the tool, where it does not come with the component.
    pub fn install(&self) -> Option<Step> {
        let tool = self.tool?;
        let program = tool.runner.program?;
        let version = tools::version(tool.name);
        Some(Step::run(
            format!("Install {}", tool.name),
            format!("{program}@v{version}\necho \"$(go env GOPATH)/bin\" >> \"$GITHUB_PATH\""),
        ))
    }

    /// Finds out what is to be applied. The step `pending` gives the outputs
    /// `has_migrations`, `true` or `false`, and `pending`, their names.
    pub fn pending(&self) -> Option<Step> {
        let tool = self.tool?;
        Some(
            self.step(tool, "Look for migrations", &tool.runner.pending)
                .id("pending"),
        )
    }

    /// Migrates to the newest state.
    pub fn forward(&self) -> Step {
        let name = "Migrate the database";
        match self.tool {
            Some(tool) => self.step(tool, name, &tool.runner.forward),
            None => self.here(Step::run(name, self.command)),
        }
    }

    /// Checks the migrations and applies none, for tools that know that.
    pub fn dry_run(&self) -> Option<Step> {
        let tool = self.tool?;
        match tool.runner.forward {
            Call::Script(script @ ("drizzle-migrate" | "prisma-migrate")) => {
                let step = Step::script("Check the migrations against each other", script);
                Some(self.here(step).env("DRY_RUN", "1"))
            }
            _ => None,
        }
    }

    /// The folder of the migrations, in that of the component.
    pub fn source(&self) -> &str {
        let usual = self.tool.map_or("", |tool| tool.runner.folder);
        match self.migrations.unwrap_or(usual) {
            "" => ".",
            folder => folder,
        }
    }

    /// Fails if something is still to be applied.
    pub fn check_current(&self) -> Option<Step> {
        let tool = self.tool?;
        let step = self.step(
            tool,
            "Check that nothing is left to migrate",
            &tool.runner.pending,
        );
        Some(step.env("REQUIRE_CURRENT", "1"))
    }

    /// Takes the newest migrations back, as many as `steps` says; the error says why it cannot.
    pub fn back(&self, steps: impl Into<Text>) -> Result<Step, String> {
        goes_back(self.command, self.down.is_some())?;
        let name = "Take migrations back";
        let tool = self.tool.ok_or("the tool is not known")?;
        let step = match (&tool.runner.back, self.down) {
            (Back::Steps(call, _), _) => self.step(tool, name, call),
            (Back::Files(script, _), down) => self
                .step(tool, name, &Call::InFolder(script, &[]))
                .env("DOWN_FOLDER", down.unwrap_or_default()),
            (Back::No(why), _) => return Err((*why).to_owned()),
        };
        Ok(step.env("STEPS", steps).id("back"))
    }

    /// Takes back what the release of a commit did not have, in a job that has checked out the
    /// history; the error says why it cannot.
    pub fn back_to(&self, commit: impl Into<Text>) -> Result<Vec<Step>, String> {
        let back = self.back(Expression::output("newer", "steps"))?;
        let count = self.count().ok_or("the tool is not known")?;
        let needed = Expression::new("steps.newer.outputs.needed == 'true'");
        let pending = self.pending().into_iter();
        Ok(pending
            .chain([count.id("newer").env("SHA", commit), back.when(needed)])
            .collect())
    }

    fn count(&self) -> Option<Step> {
        let name = "Count the migrations that are newer";
        let tool = self.tool?;
        match &tool.runner.back {
            Back::Steps(_, Count::Call(call)) | Back::Files(_, Count::Call(call)) => {
                Some(self.step(tool, name, call))
            }
            Back::Steps(_, Count::ByName) | Back::Files(_, Count::ByName) => Some(
                self.in_folder(Step::script(name, "newer-migrations"))
                    .env("MIGRATIONS", self.source())
                    .env("PENDING", Expression::output("pending", "pending")),
            ),
            Back::No(_) => None,
        }
    }

    /// A step that reaches the database.
    fn here(&self, step: Step) -> Step {
        self.in_folder(step.env("DATABASE_URL", Text::from(Expression::secret(self.url))))
    }

    fn in_folder(&self, step: Step) -> Step {
        match self.folder {
            Some(folder) => step.folder(folder),
            None => step,
        }
    }

    fn step(&self, tool: &Migration, name: &str, call: &Call) -> Step {
        let step = match call {
            Call::Command(command) => {
                return self.here(Step::run(name, format!("{}{command}", self.prefix)));
            }
            Call::Script(script) => self.here(Step::script(name, script)),
            Call::InFolder(script, fixed) => {
                let folder = self.migrations.unwrap_or(tool.runner.folder);
                let step = self
                    .here(Step::script(name, script))
                    .env("MIGRATIONS", folder);
                fixed
                    .iter()
                    .fold(step, |step, (name, value)| step.env(name, *value))
            }
        };
        match tool.runner.words {
            Some((variable, words)) if !self.prefix.is_empty() => {
                step.env(variable, format!("{}{words}", self.prefix))
            }
            _ => step,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{find, names};
    use super::*;
    use crate::pipeline::Work;

    fn on_runner(name: &'static str) -> OnRunner<'static> {
        OnRunner {
            command: name,
            tool: find(name),
            folder: Some("api"),
            migrations: None,
            down: None,
            prefix: "",
            url: "STAGING_DATABASE_URL",
        }
    }

    fn variable(step: &Step, name: &str) -> Option<String> {
        let found = step.env.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.to_string())
    }

    #[test]
    fn every_tool_looks_first_and_is_given_the_address_as_a_secret() {
        for name in names() {
            let migrations = on_runner(name);
            migrations.install();
            let forward = migrations.forward();
            let steps = [
                migrations.pending(),
                Some(forward),
                migrations.check_current(),
            ];
            for step in steps {
                let step = step.expect(name);
                assert_eq!(
                    variable(&step, "DATABASE_URL").unwrap(),
                    "${{ secrets.STAGING_DATABASE_URL }}",
                    "{name}"
                );
                assert_eq!(step.folder, Some("api".into()), "{name}");
            }
        }
    }

    #[test]
    fn a_tool_goes_back_by_steps_or_says_why_not() {
        let back = on_runner("prisma").back("2").unwrap();
        assert_eq!(variable(&back, "STEPS").unwrap(), "2");
        assert_eq!(variable(&back, "MIGRATIONS").unwrap(), "prisma/migrations");
        let refused = on_runner("drizzle").back("1").unwrap_err();
        assert!(
            refused.starts_with("drizzle only goes forward"),
            "{refused}"
        );
        let files = OnRunner {
            down: Some("drizzle/down"),
            ..on_runner("drizzle")
        };
        assert_eq!(
            variable(&files.back("1").unwrap(), "DOWN_FOLDER").unwrap(),
            "drizzle/down"
        );
        assert!(
            on_runner("django")
                .back("1")
                .unwrap_err()
                .contains("one app")
        );
        assert!(
            on_runner("make migrate")
                .back("1")
                .unwrap_err()
                .contains("make migrate")
        );
    }

    #[test]
    fn commands_find_the_dependencies_of_the_component() {
        let uv = OnRunner {
            prefix: "uv run ",
            ..on_runner("alembic")
        };
        assert_eq!(
            uv.forward().work,
            Work::Run("uv run python -m alembic upgrade head".to_owned())
        );
        let pending = uv.pending().unwrap();
        assert_eq!(
            variable(&pending, "ALEMBIC").unwrap(),
            "uv run python -m alembic"
        );
    }
}
