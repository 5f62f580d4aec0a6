//! `ecs`: services of AWS ECS, which get new revisions of their task definitions.

use serde::Deserialize;

use super::delivery::{Delivery, RollBack, Stages, Strategy, Undo};
use super::{Minutes, Target};
use crate::blocks::shape::OneOrMany;
use crate::blocks::words::Name;
use crate::pipeline::{Expression, Step, Text};

/// The keys of the target.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct EcsKeys {
    /// The cluster.
    cluster: Name,
    /// Its services. They are there already; a container is found by the name of its image.
    services: OneOrMany<Name>,
    /// The container of the first service that migrates. Default: the first service's name.
    container: Option<Name>,
}

impl Target for EcsKeys {
    fn stages(&self, delivery: &Delivery<'_>) -> Stages {
        let record = self.record().id("record");
        let register = Step::script("Register the new task definitions", "ecs-register")
            .id("register")
            .env("RECORDED", Expression::output("record", "recorded"))
            .env("VERSION", delivery.version.clone())
            .env("IMAGES", delivery.digests.clone());
        let (before, after) = delivery.migrations(|migrate| self.migrate(migrate.forward));
        let mut bring = vec![register];
        bring.extend(before);
        bring.push(
            self.step("Bring the services to them", "ecs-update")
                .env("TASK_DEFINITIONS", registered())
                .env("MAX_WAIT", "1200"),
        );
        bring.extend(after);
        Stages {
            record: vec![record],
            bring,
            finish: Vec::new(),
            undo: Expression::output("record", "recorded").into(),
        }
    }

    /// To the task definitions that were recorded, or that were registered for a release.
    fn rollback(&self, _: &Delivery<'_>, undo: Undo) -> RollBack {
        let mut steps = Vec::new();
        let previous = match undo {
            Undo::Deployment(recorded) => recorded,
            Undo::Live(version) => {
                let find = self.on_services("Find the task definitions", "ecs-find");
                steps.push(find.id("find").env("VERSION", version));
                Expression::output("find", "task_definitions").into()
            }
        };
        let back = self.step("Go back to the task definitions before", "ecs-update");
        steps.push(
            back.id("rollback")
                .env("TASK_DEFINITIONS", previous)
                .env("MAX_WAIT", "1200"),
        );
        RollBack {
            checkout: false,
            steps,
            reported: false,
        }
    }

    fn minutes(&self) -> Minutes {
        Minutes {
            deploy: 30,
            rollback: 25,
        }
    }

    fn runs_images(&self) -> bool {
        true
    }

    /// ECS replaces tasks one after the other by itself.
    fn knows(&self, strategy: Strategy) -> Result<(), &'static str> {
        match strategy {
            Strategy::Direct | Strategy::Rolling => Ok(()),
            _ => Err("write `rolling`, which is how ECS replaces tasks"),
        }
    }

    fn asks_for_release(&self) -> bool {
        true
    }

    fn needs_aws(&self) -> bool {
        true
    }
}

impl EcsKeys {
    fn step(&self, name: &str, script: &'static str) -> Step {
        Step::script(name, script).env("CLUSTER", self.cluster.as_str())
    }

    fn on_services(&self, name: &str, script: &'static str) -> Step {
        let services: Vec<_> = self.services.iter().map(|name| name.as_str()).collect();
        self.step(name, script).env("SERVICES", services.join("\n"))
    }

    fn record(&self) -> Step {
        self.on_services("Record what is live", "ecs-record")
    }

    /// Runs the migrations once in a task of the first service.
    fn migrate(&self, command: &str) -> Step {
        let service = self.services.first().map_or("", |name| name.as_str());
        let container = self.container.as_ref().map_or(service, |name| name);
        self.step("Migrate the database", "ecs-migrate")
            .env("SERVICE", service)
            .env("CONTAINER", container)
            .env("TASK_DEFINITIONS", registered())
            .env("COMMAND", command)
    }
}

fn registered() -> Text {
    Expression::output("register", "task_definitions").into()
}
