//! The steps at a server with Docker Compose.

use super::SshComposeKeys;
use crate::blocks::backup::Database;
use crate::blocks::target::delivery::{Delivery, Migrate, Strategy, Undo};
use crate::pipeline::{Access, Expression, Scope, Step, Text};

/// A server that is deployed to.
pub(super) struct Site<'a> {
    pub(super) keys: &'a SshComposeKeys,
    pub(super) delivery: &'a Delivery<'a>,
}

impl Site<'_> {
    fn blue_green(&self) -> bool {
        self.delivery.strategy == Strategy::BlueGreen
    }

    /// Start of the names of the secrets.
    fn prefix(&self) -> String {
        match &self.keys.secrets {
            Some(prefix) => prefix.as_str().to_owned(),
            None => self
                .delivery
                .environment
                .to_ascii_uppercase()
                .replace('-', "_"),
        }
    }

    /// The id of this deployment on the server, the same in all jobs of a run.
    fn release() -> Text {
        Text::code("github.run_id")
            .then("-")
            .then(Expression::new("github.run_attempt"))
    }

    fn path(&self) -> String {
        match &self.keys.path {
            Some(path) => path.trim_end_matches('/').to_owned(),
            None => format!("/opt/{}", self.delivery.project),
        }
    }

    fn service(&self) -> &str {
        self.keys
            .service
            .as_ref()
            .map_or("backend", |service| service.as_str())
    }

    fn compose_files(&self) -> String {
        self.keys
            .compose
            .iter()
            .map(|file| file.as_str())
            .collect::<Vec<_>>()
            .join("\n")
    }

    fn ports(&self) -> [u16; 2] {
        self.keys.ports.unwrap_or([8001, 8002])
    }

    /// A script that works in the folder of the application on this release.
    fn on_server(&self, name: &str, script: &'static str) -> Step {
        Step::script(name, script)
            .env("APP_DIR", self.path())
            .env("RELEASE", Self::release())
    }

    /// Checks the configuration before anything is built or deployed with it.
    pub(super) fn check_config(&self) -> Step {
        let step = Step::script("Check the configuration", "check-config")
            .env("COMPOSE_FILES", self.compose_files());
        let step = match &self.keys.config {
            Some(config) => step.env("ENV_FILE", config.as_str()).env(
                "REQUIRED_KEYS",
                self.keys
                    .required_keys
                    .iter()
                    .map(|key| key.as_str())
                    .collect::<Vec<_>>()
                    .join(" "),
            ),
            None => step,
        };
        let images = &self.delivery.images;
        let step = if images.is_empty() {
            step
        } else {
            // Whether the files read well does not depend on which image it is.
            let lines = images
                .iter()
                .map(|(variable, _)| format!("{variable}=image:check"));
            step.env("IMAGES", lines.collect::<Vec<_>>().join("\n"))
        };
        if self.blue_green() {
            step.env("APP_PORT", self.ports()[0].to_string())
        } else {
            step
        }
    }

    /// Opens the connection for the later steps of the job.
    pub(super) fn connect(&self) -> Step {
        let prefix = self.prefix();
        Step::script("Connect to the server", "ssh-connect")
            .env("SSH_KEY", Text::secret(&format!("{prefix}_SSH_KEY")))
            .env("SSH_HOST", Text::secret(&format!("{prefix}_HOST")))
            .env("SSH_USER", Text::secret(&format!("{prefix}_USER")))
            .env(
                "SSH_KNOWN_HOSTS",
                Text::variable(&format!("{prefix}_KNOWN_HOSTS")),
            )
    }

    /// Records what is live and what is about to be; a roll-back starts from here.
    pub(super) fn record(&self) -> Step {
        let mut step = self
            .on_server("Record what is live", "compose-record")
            .id("record")
            .env("VERSION", self.delivery.version.clone())
            .env("PROJECT", self.delivery.project)
            .env("COMPOSE_FILES", self.compose_files())
            .env("IMAGES", self.delivery.digests.clone());
        if let Some(config) = &self.keys.config {
            step = step.env("ENV_FILE", config.as_str());
        }
        if let Some(url) = &self.delivery.health_url {
            step = step.env("HEALTH_URL", url.as_str());
        }
        if !self.blue_green() {
            return match self.keys.ports {
                Some([port, _]) => step.env("APP_PORT", port.to_string()),
                None => step,
            };
        }
        let [blue, green] = self.ports();
        step = step
            .env("BLUE_PORT", blue.to_string())
            .env("GREEN_PORT", green.to_string());
        for (name, value) in [
            (
                "UPSTREAM_FILE",
                self.keys.upstream.as_ref().map(|path| path.as_str()),
            ),
            (
                "PROXY_TEST",
                self.keys
                    .proxy_test
                    .as_ref()
                    .map(|command| command.as_str()),
            ),
            (
                "PROXY_RELOAD",
                self.keys
                    .proxy_reload
                    .as_ref()
                    .map(|command| command.as_str()),
            ),
        ] {
            if let Some(value) = value {
                step = step.env(name, value);
            }
        }
        step
    }

    /// Copies the files that the server needs.
    pub(super) fn copy(&self) -> Step {
        let files = self
            .keys
            .compose
            .iter()
            .chain(&self.keys.config)
            .chain(self.keys.files.iter());
        let files: Vec<_> = files
            .map(|file| file.as_str())
            .chain([self.delivery.rollback_script])
            .collect();
        self.on_server("Copy the deployment files", "ssh-copy")
            .env("DEPLOY_FILES", files.join("\n"))
    }

    /// Pulls the images with the job's own token.
    pub(super) fn pull(&self) -> Step {
        self.on_server("Pull the images", "compose-pull")
            .env("REGISTRY", self.delivery.registry)
            .env("REGISTRY_USER", Expression::new("github.actor"))
            .env("REGISTRY_TOKEN", Expression::new("github.token"))
            .allow(Scope::Packages, Access::Read, "pull the images")
    }

    /// Dumps the database.
    pub(super) fn backup(&self, database: &Database<'_>) -> Step {
        self.on_server("Back up the database", "compose-backup")
            .env("DATABASE_PROJECT", database.project)
            .env("DATABASE_SERVICE", database.service)
            .env("DATABASE_NAME", database.name)
            .env("DATABASE_USER", database.user)
            .env("BACKUPS_KEPT", database.kept.to_string())
    }

    /// Runs migrations in a container of the new image.
    pub(super) fn migrate(&self, migrate: Migrate<'_>) -> Step {
        let step = self
            .on_server("Migrate the database", "compose-migrate")
            .env("MIGRATE_SERVICE", self.service())
            .env("MIGRATE_COMMAND", migrate.forward);
        match migrate.tool.filter(|tool| !tool.back.is_empty()) {
            Some(tool) => step
                .env("MIGRATE_STATE_COMMAND", tool.state)
                .env("MIGRATE_BACK_COMMAND", tool.back),
            None => step,
        }
    }

    /// Starts the new release: in place of the old one, or beside it.
    pub(super) fn start(&self) -> Step {
        let name = if self.blue_green() {
            "Start the idle colour"
        } else {
            "Start the new release"
        };
        let step = self.on_server(name, "compose-up");
        if self.delivery.strategy == Strategy::Rolling {
            step.env("ROLLING", "1")
        } else {
            step
        }
    }

    /// Asks the idle colour for its health before it gets any traffic.
    pub(super) fn check_idle(&self) -> Step {
        let step = self.on_server("Check the idle colour", "compose-health");
        if self.delivery.version_from.is_some() {
            step.env("EXPECTED_VERSION", self.delivery.version.clone())
        } else {
            step
        }
    }

    /// Points the traffic at the new colour.
    pub(super) fn switch(&self) -> Step {
        self.on_server("Switch the traffic", "compose-switch")
    }

    /// Stops the old colour.
    pub(super) fn retire(&self) -> Step {
        self.on_server("Stop the old colour", "compose-retire")
    }

    /// Goes back to the release before; `release` names the only one that may be undone.
    pub(super) fn rollback(&self, undo: Undo) -> Step {
        let step = Step::script("Go back to the release before", "compose-rollback")
            .id("rollback")
            .env("APP_DIR", self.path())
            .env("ROLLBACK_SCRIPT", self.delivery.rollback_script);
        match undo {
            Undo::Deployment(release) => step.env("RELEASE", release),
            Undo::Live(_) => step,
        }
    }
}
