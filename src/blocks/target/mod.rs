//! Deploy targets: where a release goes.
//!
//! To add one: its file beside this one, a `mod` line, a variant of
//! [`TargetKeys`] and of [`Target`], and its arms below.

pub mod ssh_compose;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::Error;
use serde_json::Value;

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
