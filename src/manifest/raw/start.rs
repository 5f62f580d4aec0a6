//! What is deployed, when it may be, and after what.

use serde::Deserialize;

use super::Effect;
use crate::blocks::shape::ShortForm;
use crate::blocks::words::{Line, Name, TimesOfWeek};

/// What a release is called.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Naming {
    /// By its commit, unless tags start the deployment.
    #[default]
    Sha,
    /// By its commit and the time of the run, so that a second run has another name.
    ShaTimestamp,
    /// By a tag: nothing else is deployed, though it is started by hand.
    Tag,
}

/// The environment that should have had the release before.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct After {
    /// Its name.
    pub environment: Name,
    /// What happens if it had not: `warn` or `block`. Default: warn.
    pub effect: Option<Effect>,
}

impl ShortForm for After {
    type Short = Name;

    fn from_short(environment: Name) -> Self {
        Self {
            environment,
            effect: None,
        }
    }
}

/// The times at which a deployment should begin.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Window {
    /// Days and hours: `mon-thu 08:00-17:00`.
    pub times: TimesOfWeek,
    /// The time zone, as in `Europe/Berlin`. Default: `UTC`.
    pub zone: Option<Line>,
    /// What happens outside of it: `warn`, or `block` unless a run by hand says `force`. Default: warn.
    pub effect: Option<Effect>,
}

impl ShortForm for Window {
    type Short = TimesOfWeek;

    fn from_short(times: TimesOfWeek) -> Self {
        Self {
            times,
            zone: None,
            effect: None,
        }
    }
}
