//! What a deployment does to the database.

use serde::Deserialize;

use crate::blocks::shape::ShortForm;
use crate::blocks::words::{Command, Duration, Name, RepoPath, SettingName};

/// Migrations of the database.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Migrations {
    /// The tool: `alembic`, `django`, `drizzle`, `golang-migrate`, `prisma`; or a command line.
    pub run: Option<Command>,
    /// When they run. Default: `before` the release takes over.
    #[serde(default)]
    pub when: Moment,
    /// Where they run. Default: in a container of the new image, or on the runner for targets
    /// without images.
    pub on: Option<Host>,
    /// On the runner: the component that they belong to. Default: that of the target, or the first one.
    pub component: Option<Name>,
    /// On the runner: the secret with the database's address. Default: `DATABASE_URL`.
    pub url: Option<SettingName>,
    /// On the runner: their folder in that of the component. Default: the tool's usual one.
    pub folder: Option<RepoPath>,
    /// On the runner: the folder of SQL files that take drizzle's migrations back, `NAME.sql` for each.
    pub down: Option<RepoPath>,
    /// On the runner, in a workflow of the kind `database`: a folder of SQL queries, each of which finds
    /// mistakes in the data; a row stops it.
    pub checks: Option<RepoPath>,
    /// On the runner, in a workflow of the kind `database`: the time within which 95 of 100 calls of each
    /// statement should end, by pg_stat_statements; slower ones are a warning.
    pub latency: Option<Duration>,
}

impl ShortForm for Migrations {
    type Short = Command;

    fn from_short(run: Command) -> Self {
        Self {
            run: Some(run),
            ..Self::default()
        }
    }
}

/// When migrations run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    /// Before the release takes over: the old one must work with them.
    #[default]
    Before,
    /// Once the release is live: it must work without them.
    After,
}

/// Where migrations run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Host {
    /// In a container of the new image, beside the application.
    Image,
    /// On the runner, which must reach the database.
    Runner,
}

/// A backup of the database: the name of one on the server, or the long form.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Backup {
    /// On the server: name of the database, which is dumped there.
    pub database: Option<Name>,
    /// On the server: its user. Default: `postgres`.
    pub user: Option<Name>,
    /// On the server: its Compose service. Default: `db`.
    pub service: Option<Name>,
    /// On the server: the Compose project that runs it. Default: the project's name.
    pub project: Option<Name>,
    /// How many backups are kept. Default: 7 on the server, all in RDS.
    pub keep: Option<u16>,
    /// Instead: the secret with the address of a PostgreSQL database, which the runner dumps.
    /// The dump is encrypted with the secret `BACKUP_PASSPHRASE`.
    pub url: Option<SettingName>,
    /// Where that dump is kept: the variable that names a bucket in S3. Default: an artifact of the run.
    pub bucket: Option<SettingName>,
    /// Instead: the variable that names an instance of AWS RDS, of which a snapshot is taken.
    pub rds: Option<SettingName>,
    /// The same for a cluster of AWS RDS, such as Aurora.
    pub rds_cluster: Option<SettingName>,
    /// How many days snapshots and artifacts are kept. Default: 30 for artifacts, for good in RDS.
    pub days: Option<u16>,
}

impl Backup {
    /// The ways in which it says what is backed up.
    pub fn sources(&self) -> usize {
        let settings = [&self.url, &self.rds, &self.rds_cluster];
        let settings = settings.iter().filter(|setting| setting.is_some()).count();
        settings + usize::from(self.database.is_some())
    }
}

impl ShortForm for Backup {
    type Short = Name;

    fn from_short(database: Name) -> Self {
        Self {
            database: Some(database),
            ..Self::default()
        }
    }
}
