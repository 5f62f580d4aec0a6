//! Deploy targets: where a release goes.
//!
//! A target gets a [`Delivery`] and answers with steps by stage; the planner knows
//! none of them by name. To add one: its file beside this one with the functions
//! `check`, `stages` and `rollback`, a `mod` line, a variant of [`TargetKeys`] and
//! its arms below.

mod delivery;
mod ssh_compose;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::Error;
use serde_json::Value;

use crate::pipeline::Step;

pub use delivery::{Database, Delivery, Migrate, Stages, Undo};
pub use ssh_compose::SshComposeKeys;

/// The value of `target:`, as written.
#[derive(Debug, Clone, PartialEq)]
pub enum TargetKeys {
    /// A server with Docker Compose, reached over SSH.
    SshCompose(SshComposeKeys),
}

impl TargetKeys {
    /// The names of all targets.
    pub const NAMES: [&'static str; 1] = ["ssh-compose"];

    /// Returns the steps that check the configuration before anything is built.
    pub fn check(&self, delivery: &Delivery<'_>) -> Vec<Step> {
        match self {
            Self::SshCompose(keys) => ssh_compose::check(keys, delivery),
        }
    }

    /// Returns the steps of a deployment.
    pub fn stages(&self, delivery: &Delivery<'_>) -> Stages {
        match self {
            Self::SshCompose(keys) => ssh_compose::stages(keys, delivery),
        }
    }

    /// Returns the steps of a roll-back; the step `rollback` gives the output `version`.
    pub fn rollback(&self, delivery: &Delivery<'_>, undo: Undo) -> Vec<Step> {
        match self {
            Self::SshCompose(keys) => ssh_compose::rollback(keys, delivery, undo),
        }
    }

    /// Returns the script that people run on the spot to roll back, by name.
    pub fn rollback_script(&self) -> Option<&'static str> {
        match self {
            Self::SshCompose(_) => Some("rollback"),
        }
    }
}

impl<'de> Deserialize<'de> for TargetKeys {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let targets: IndexMap<String, Value> = Deserialize::deserialize(deserializer)?;
        let mut targets = targets.into_iter();
        match (targets.next(), targets.next()) {
            (Some((name, keys)), None) if name == "ssh-compose" => serde_json::from_value(keys)
                .map(Self::SshCompose)
                .map_err(Error::custom),
            _ => Err(Error::custom(format!(
                "one target is wanted, of {}",
                Self::NAMES.join(", ")
            ))),
        }
    }
}

#[cfg(test)]
impl schemars::JsonSchema for TargetKeys {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Target".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let ssh_compose = generator.subschema_for::<SshComposeKeys>();
        schemars::json_schema!({
            "title": "a deploy target",
            "type": "object",
            "properties": {"ssh-compose": ssh_compose},
            "additionalProperties": false,
            "minProperties": 1,
            "maxProperties": 1,
        })
    }
}
