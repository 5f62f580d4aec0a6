//! `ssh-compose`: a server with Docker Compose, reached over SSH.

mod site;

use serde::Deserialize;

use super::delivery::{Delivery, RollBack, Stages, Strategy, Undo};
use super::{Problem, Target};
use crate::blocks::shape::OneOrMany;
use crate::blocks::words::{Line, Name, RepoPath, ServerPath, SettingName};
use crate::pipeline::{Expression, Step};

use site::Site;

/// A server with Docker Compose, reached over SSH.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct SshComposeKeys {
    /// The Compose files of the environment. Their `image:` lines read variables such as
    /// `${BACKEND_IMAGE}`; with blue-green their port reads `${APP_PORT}`.
    #[serde(default)]
    pub compose: OneOrMany<RepoPath>,
    /// The folder of the application on the server. Default: `/opt/` and the project's name.
    pub path: Option<ServerPath>,
    /// The environment's configuration, for `docker compose --env-file`.
    pub config: Option<RepoPath>,
    /// Keys that the configuration must have.
    #[serde(default)]
    pub required_keys: Vec<SettingName>,
    /// The Compose service that serves requests and runs migrations. Default: `backend`.
    pub service: Option<Name>,
    /// Further files that the server needs.
    #[serde(default)]
    pub files: OneOrMany<RepoPath>,
    /// Start of the names of the secrets: `STAGING` makes `STAGING_SSH_KEY`, `STAGING_HOST`,
    /// `STAGING_USER` and the variable `STAGING_KNOWN_HOSTS`. Default: the environment's name.
    pub secrets: Option<SettingName>,
    /// Blue-green: ports of the two colours on the server. Default: 8001 and 8002.
    #[cfg_attr(test, schemars(example = [8001, 8002]))]
    pub ports: Option<[u16; 2]>,
    /// Blue-green: the nginx file with the address of the live colour, included by the upstream.
    pub upstream: Option<ServerPath>,
    /// Blue-green: the command that checks nginx's configuration. Default: `sudo -n nginx -t`.
    pub proxy_test: Option<Line>,
    /// Blue-green: the command that reloads it. Default: `sudo -n nginx -s reload`.
    pub proxy_reload: Option<Line>,
    /// Blue-green: whether the old colour goes on running until the next deployment, for a
    /// roll-back within seconds. Default: false, it is stopped when all tests have passed.
    #[serde(default)]
    pub keep_old: bool,
}

impl Target for SshComposeKeys {
    fn stages(&self, delivery: &Delivery<'_>) -> Stages {
        stages(self, delivery)
    }

    fn rollback(&self, delivery: &Delivery<'_>, undo: Undo) -> RollBack {
        rollback(self, delivery, undo)
    }

    fn runs_images(&self) -> bool {
        true
    }

    fn knows(&self, strategy: Strategy) -> Result<(), &'static str> {
        match strategy {
            Strategy::Direct | Strategy::Rolling | Strategy::BlueGreen => Ok(()),
            Strategy::Canary => Err("write `blue-green`: a server has no shares of traffic"),
        }
    }

    fn dumps_database(&self) -> bool {
        true
    }

    fn check(&self, delivery: &Delivery<'_>) -> Vec<Step> {
        let site = Site {
            keys: self,
            delivery,
        };
        vec![site.check_config()]
    }

    fn rollback_script(&self) -> Option<&'static str> {
        Some("rollback")
    }

    fn problems(&self) -> Vec<Problem> {
        let missing = self.compose.is_empty().then(|| Problem {
            code: "compose-missing",
            message: "the target names no Compose file".to_owned(),
            help: "write `compose: FILE`".to_owned(),
        });
        missing.into_iter().collect()
    }
}

/// The steps of a deployment.
fn stages(keys: &SshComposeKeys, delivery: &Delivery<'_>) -> Stages {
    let site = Site { keys, delivery };
    let mut bring = vec![site.copy()];
    if !delivery.images.is_empty() {
        bring.push(site.pull());
    }
    bring.extend(
        delivery
            .backup
            .as_ref()
            .map(|database| site.backup(database)),
    );
    let (before, after) = delivery.migrations(|migrate| site.migrate(migrate));
    bring.extend(before);
    bring.push(site.start());
    let mut finish = Vec::new();
    if delivery.strategy == Strategy::BlueGreen {
        bring.extend([site.check_idle(), site.switch()]);
        if !keys.keep_old {
            finish.push(site.retire());
        }
    }
    bring.extend(after);
    Stages {
        record: vec![site.connect(), site.record()],
        bring,
        finish,
        undo: Expression::output("record", "release").into(),
    }
}

/// The roll-back, by the record on the server.
fn rollback(keys: &SshComposeKeys, delivery: &Delivery<'_>, undo: Undo) -> RollBack {
    let site = Site { keys, delivery };
    RollBack {
        checkout: false,
        steps: vec![site.connect(), site.rollback(undo)],
        reported: true,
    }
}
