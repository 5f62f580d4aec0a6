//! Backups of a database, taken before something changes it.
//!
//! A dump on a server with Docker Compose is made by the target that runs there; the
//! other kinds are steps of whichever job wants a backup.

use crate::pipeline::{Expression, Step, Text};

/// A backup, with every choice made.
#[derive(Debug, Clone)]
pub enum Backup<'a> {
    /// Of a database next to the application, by its target.
    Compose(Database<'a>),
    /// Of a PostgreSQL database that the runner reaches.
    Dump(Dump<'a>),
    /// A snapshot in AWS RDS.
    Snapshot(Snapshot<'a>),
}

/// A database next to the application.
#[derive(Debug, Clone)]
pub struct Database<'a> {
    /// The project that runs it.
    pub project: &'a str,
    /// Its service.
    pub service: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its user.
    pub user: &'a str,
    /// How many dumps are kept.
    pub kept: u16,
}

/// A dump by the database's address.
#[derive(Debug, Clone)]
pub struct Dump<'a> {
    /// The secret with the address.
    pub url: &'a str,
    /// A word for the name of the file, such as the environment's name.
    pub name: &'a str,
    /// The variable that names a bucket in S3; nothing for an artifact of the run.
    pub bucket: Option<&'a str>,
    /// How many days the artifact is kept.
    pub days: u16,
}

/// A snapshot in AWS RDS.
#[derive(Debug, Clone)]
pub struct Snapshot<'a> {
    /// The variable that names the instance.
    pub instance: Option<&'a str>,
    /// The variable that names the cluster instead.
    pub cluster: Option<&'a str>,
    /// How many snapshots are kept.
    pub kept: Option<u16>,
    /// How many days they are kept.
    pub days: Option<u16>,
}

impl Backup<'_> {
    /// Returns the steps, for a job that checks nothing out for them. `purpose` tells the
    /// backups of one run apart. The step `backup` gives the output `backup` or `snapshot`,
    /// its name; nothing for a dump on a server.
    pub fn steps(&self, version: &Text, purpose: Option<&str>) -> Vec<Step> {
        match self {
            Self::Compose(_) => Vec::new(),
            Self::Dump(dump) => dump.steps(version, purpose),
            Self::Snapshot(snapshot) => vec![snapshot.step(version, purpose)],
        }
    }

    /// Says whether a step before must have logged in to AWS.
    pub fn needs_aws(&self) -> bool {
        match self {
            Self::Compose(_) => false,
            Self::Dump(dump) => dump.bucket.is_some(),
            Self::Snapshot(_) => true,
        }
    }

    /// Returns how many minutes a job needs for it.
    pub fn minutes(&self) -> u32 {
        match self {
            Self::Compose(_) => 0,
            Self::Dump(_) => 15,
            Self::Snapshot(_) => 30,
        }
    }

    /// The output of the step `backup` that names it.
    pub fn name(&self) -> Option<Expression> {
        match self {
            Self::Compose(_) => None,
            Self::Dump(_) => Some(Expression::output("backup", "backup")),
            Self::Snapshot(_) => Some(Expression::output("backup", "snapshot")),
        }
    }
}

impl Dump<'_> {
    fn steps(&self, version: &Text, purpose: Option<&str>) -> Vec<Step> {
        let name = match purpose {
            Some(purpose) => format!("{}-{purpose}", self.name),
            None => self.name.to_owned(),
        };
        let dump = Step::script("Back up the database", "pg-dump")
            .id("backup")
            .env("LABEL", name)
            .env("VERSION", version.clone())
            .env("DATABASE_URL", Text::secret(self.url))
            .env("BACKUP_PASSPHRASE", Text::secret("BACKUP_PASSPHRASE"));
        if let Some(bucket) = self.bucket {
            return vec![dump.env("BUCKET", Text::variable(bucket))];
        }
        let keep = Step::uses("Keep the backup", "actions/upload-artifact")
            .with("name", Expression::output("backup", "backup"))
            .with("path", Expression::output("backup", "path"))
            .with("if-no-files-found", "error")
            .with("retention-days", self.days.to_string());
        vec![dump, keep]
    }
}

impl Snapshot<'_> {
    fn step(&self, version: &Text, purpose: Option<&str>) -> Step {
        let mut step = Step::script("Take a snapshot of the database", "rds-snapshot")
            .id("backup")
            .env("VERSION", version.clone())
            .env("MAX_WAIT", "1740");
        for (name, variable) in [("DB_INSTANCE", self.instance), ("DB_CLUSTER", self.cluster)] {
            if let Some(variable) = variable {
                step = step.env(name, Text::variable(variable));
            }
        }
        for (name, number) in [("KEEP", self.kept), ("KEEP_DAYS", self.days)] {
            if let Some(number) = number {
                step = step.env(name, number.to_string());
            }
        }
        match purpose {
            Some(purpose) => step.env("PURPOSE", purpose),
            None => step,
        }
    }
}
