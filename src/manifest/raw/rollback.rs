//! How a release goes back to the one before.

use serde::Deserialize;

use crate::blocks::shape::{Flexible, OneOrMany, ShortForm};
use crate::blocks::words::{Duration, Name, RepoPath, Reviewer};

/// What happens when a deployment fails.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rollback {
    /// Whether the release before is restored without asking. Default: false.
    #[serde(default)]
    pub automatic: bool,
    /// Where the script lies that goes back on the server. Default: `deploy/rollback.sh`.
    #[cfg_attr(test, schemars(example = "deploy/rollback.sh"))]
    pub script: Option<RepoPath>,
    /// How long the old release is watched afterwards.
    pub monitor: Option<Duration>,
    /// Whether a roll-back by hand waits for an approval: `true` for that of the deployments, or people
    /// of its own. An automatic one never does. Default: false.
    #[serde(default)]
    pub approval: Flexible<RollbackApproval>,
    /// What a roll-back by hand can take back: `application`, `database`, `full` for both, or a part by its
    /// name. The database goes back by the migrations that the earlier release did not have. Default: all
    /// parts together, or one of them; the database stays.
    #[serde(default)]
    pub scopes: OneOrMany<Name>,
}

impl ShortForm for Rollback {
    type Short = RollbackMode;

    fn from_short(short: RollbackMode) -> Self {
        Self {
            automatic: short == RollbackMode::Automatic,
            ..Self::default()
        }
    }
}

/// Short forms of `rollback`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum RollbackMode {
    Automatic,
    Manual,
}

/// Who must say yes to a roll-back by hand.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RollbackApproval {
    /// Whether somebody must; `approval: true` is short for the approval of the deployments.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// One of them is enough, however many a deployment needs: users and teams (`team/on-call`), asked at
    /// the environment `NAME-rollback-approval`. Default: the approval of the deployments.
    #[serde(default)]
    pub reviewers: OneOrMany<Reviewer>,
}

fn yes() -> bool {
    true
}

impl ShortForm for RollbackApproval {
    type Short = bool;

    fn from_short(enabled: bool) -> Self {
        Self {
            enabled,
            ..Self::default()
        }
    }
}
