//! The value of `target:` in a manifest.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{ALL, Target};

/// The value of `target:`, as written.
#[derive(Clone)]
pub struct TargetKeys {
    name: &'static str,
    written: Value,
    keys: Arc<dyn Target>,
}

impl TargetKeys {
    /// Returns the names of all targets.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ALL.iter().map(|kind| kind.name)
    }

    /// Returns its name in manifests.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

impl Deref for TargetKeys {
    type Target = dyn Target;

    fn deref(&self) -> &Self::Target {
        &*self.keys
    }
}

impl PartialEq for TargetKeys {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.written == other.written
    }
}

impl fmt::Debug for TargetKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.keys.fmt(f)
    }
}

impl<'de> Deserialize<'de> for TargetKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = || Self::names().collect::<Vec<_>>().join(", ");
        let targets: IndexMap<String, Value> = Deserialize::deserialize(deserializer)?;
        let mut targets = targets.into_iter();
        let (Some((name, written)), None) = (targets.next(), targets.next()) else {
            return Err(Error::custom(format!(
                "one target is wanted, of {}",
                names()
            )));
        };
        let Some(kind) = ALL.iter().find(|kind| kind.name == name) else {
            return Err(Error::custom(format!(
                "`{name}` is no target, of {}",
                names()
            )));
        };
        Ok(Self {
            name: kind.name,
            keys: (kind.read)(written.clone()).map_err(Error::custom)?,
            written,
        })
    }
}

#[cfg(test)]
impl schemars::JsonSchema for TargetKeys {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Target".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let named = ALL
            .iter()
            .map(|kind| (kind.name.to_owned(), (kind.schema)(generator).to_value()));
        let properties: serde_json::Map<String, Value> = named.collect();
        schemars::json_schema!({
            "title": "a deploy target",
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
            "minProperties": 1,
            "maxProperties": 1,
        })
    }
}
