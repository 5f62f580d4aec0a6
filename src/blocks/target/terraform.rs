//! `terraform`: infrastructure, planned before anybody is asked and applied by that very plan.

use serde::Deserialize;

use super::delivery::{Delivery, Preview, RollBack, Stages, Undo, check_out, is_live_again};
use super::{Minutes, Target};
use crate::blocks::infrastructure::Infrastructure;
use crate::blocks::shape::Flexible;
use crate::pipeline::{Expression, Step, Text};

/// The keys of the target: those of a configuration, whose plan is always applied.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(transparent)]
pub(super) struct TerraformKeys(Flexible<Infrastructure>);

/// Whether there is something to apply.
const CHANGES: &str = "changes";
/// The plan, by which it is known again.
const DIGEST: &str = "plan_digest";

impl Target for TerraformKeys {
    fn preview(&self, delivery: &Delivery<'_>) -> Option<Preview> {
        let keep = Step::uses("Keep the plan", "actions/upload-artifact")
            .with("name", artifact(delivery))
            .with("path", Expression::output("plan", "plan_file"))
            .with("if-no-files-found", "error")
            .with("retention-days", "30");
        let plan = encrypted(self.0.plan()).env("KEPT", "1");
        Some(Preview {
            steps: vec![self.0.install(), plan, keep],
            outputs: [CHANGES, DIGEST]
                .map(|name| (name, Expression::output("plan", name)))
                .to_vec(),
            secrets: true,
        })
    }

    fn infrastructure(&self) -> Option<&Infrastructure> {
        Some(&self.0)
    }

    fn stages(&self, delivery: &Delivery<'_>) -> Stages {
        let output = |name: &str| Expression::output_of(&delivery.preview_job, name);
        let changes = Expression::new(format!("{} == 'true'", output(CHANGES).code()));
        let fetch = Step::uses("Fetch the plan", "actions/download-artifact")
            .with("name", artifact(delivery))
            .with("path", Expression::new("runner.temp"));
        let apply = encrypted(self.0.apply(output(DIGEST)));
        Stages {
            record: vec![delivery.record_commit(), self.0.install()],
            bring: vec![
                fetch.when(changes.clone()),
                apply.env("PLAN_FILE", plan_file()).when(changes),
            ],
            finish: Vec::new(),
            undo: Expression::output("record", "previous_version").into(),
        }
    }

    /// Plans and applies the configuration of the commit before.
    fn rollback(&self, _: &Delivery<'_>, undo: Undo) -> RollBack {
        let (Undo::Deployment(commit) | Undo::Live(commit)) = undo;
        let changes = Expression::new("steps.plan.outputs.changes == 'true'");
        let apply = self.0.apply(Expression::output("plan", DIGEST));
        RollBack {
            checkout: false,
            steps: vec![
                check_out(commit.clone()),
                self.0.install(),
                self.0.plan(),
                apply.when(changes),
                is_live_again(commit),
            ],
            reported: false,
        }
    }

    fn minutes(&self) -> Minutes {
        Minutes {
            deploy: 30,
            rollback: 30,
        }
    }

    fn asks_for_release(&self) -> bool {
        true
    }
}

/// Plans hold secrets in clear, so that one that is kept is encrypted.
fn encrypted(step: Step) -> Step {
    step.env("PLAN_PASSPHRASE", Text::secret("TERRAFORM_PLAN_PASSPHRASE"))
}

/// The name of the plan among the artifacts of the run.
fn artifact(delivery: &Delivery<'_>) -> Text {
    Text::literal(format!("{}-", delivery.preview_job)).then(Expression::new("github.run_attempt"))
}

/// Where the plan lies once it is fetched.
fn plan_file() -> Text {
    Text::code("runner.temp").then("/terraform.plan")
}
