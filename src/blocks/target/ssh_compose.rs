//! `ssh-compose`: a server with Docker Compose, reached over SSH.

use serde::Deserialize;

use crate::blocks::shape::OneOrMany;
use crate::blocks::words::{Line, Name, RepoPath, ServerPath, SettingName};

/// The keys of the target.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SshComposeKeys {
    /// The Compose files of the environment. Their `image:` lines read variables such as
    /// `${BACKEND_IMAGE}`; with blue-green their port reads `${APP_PORT}`.
    pub compose: OneOrMany<RepoPath>,
    /// The folder of the application on the server.
    pub path: ServerPath,
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
