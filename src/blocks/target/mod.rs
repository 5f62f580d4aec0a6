//! Deploy targets: where a release goes.
//!
//! A target gets a [`Delivery`] and answers with steps by stage; the planner knows
//! none of them by name. To add one: its file beside this one with the functions
//! `stages` and `rollback`, a `mod` line, a variant of [`TargetKeys`] and its arms below.

mod cloudflare_workers;
mod delivery;
mod kubernetes;
mod ssh_compose;
mod vercel;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Error};
use serde_json::Value;

use super::words::Name;
use crate::pipeline::Step;

pub use cloudflare_workers::CloudflareWorkersKeys;
pub use delivery::{Database, Delivery, Migrate, RollBack, Stages, Undo};
pub use kubernetes::KubernetesKeys;
pub use ssh_compose::SshComposeKeys;
pub use vercel::VercelKeys;

/// The value of `target:`, as written.
#[derive(Debug, Clone, PartialEq)]
pub enum TargetKeys {
    /// A Worker on Cloudflare.
    CloudflareWorkers(CloudflareWorkersKeys),
    /// Workloads of a Kubernetes cluster.
    Kubernetes(KubernetesKeys),
    /// A server with Docker Compose, reached over SSH.
    SshCompose(SshComposeKeys),
    /// A project on Vercel.
    Vercel(VercelKeys),
}

impl TargetKeys {
    /// The names of all targets.
    pub const NAMES: [&'static str; 4] =
        ["cloudflare-workers", "kubernetes", "ssh-compose", "vercel"];

    /// Returns its name in manifests.
    pub fn name(&self) -> &'static str {
        match self {
            Self::CloudflareWorkers(_) => "cloudflare-workers",
            Self::Kubernetes(_) => "kubernetes",
            Self::SshCompose(_) => "ssh-compose",
            Self::Vercel(_) => "vercel",
        }
    }

    /// Returns the component of the stack that is set up and built for the target.
    pub fn component(&self) -> Option<&Name> {
        match self {
            Self::CloudflareWorkers(keys) => keys.component.as_ref(),
            Self::Vercel(keys) => keys.component.as_ref(),
            Self::Kubernetes(_) | Self::SshCompose(_) => None,
        }
    }

    /// Says whether the target runs the images of the stack.
    pub fn runs_images(&self) -> bool {
        matches!(self, Self::Kubernetes(_) | Self::SshCompose(_))
    }

    /// Says whether two colours can take turns there.
    pub fn knows_colours(&self) -> bool {
        match self {
            Self::SshCompose(_) => true,
            Self::Kubernetes(keys) => keys.service.is_some(),
            Self::CloudflareWorkers(_) | Self::Vercel(_) => false,
        }
    }

    /// Says whether a roll-back by hand must name the release to go back to.
    pub fn asks_for_release(&self) -> bool {
        matches!(self, Self::CloudflareWorkers(_) | Self::Vercel(_))
    }

    /// Returns the steps that check the configuration before anything is built.
    pub fn check(&self, delivery: &Delivery<'_>) -> Vec<Step> {
        match self {
            Self::SshCompose(keys) => ssh_compose::check(keys, delivery),
            Self::CloudflareWorkers(_) | Self::Kubernetes(_) | Self::Vercel(_) => Vec::new(),
        }
    }

    /// Returns the steps of a deployment.
    pub fn stages(&self, delivery: &Delivery<'_>) -> Stages {
        match self {
            Self::CloudflareWorkers(keys) => cloudflare_workers::stages(keys, delivery),
            Self::Kubernetes(keys) => kubernetes::stages(keys, delivery),
            Self::SshCompose(keys) => ssh_compose::stages(keys, delivery),
            Self::Vercel(keys) => vercel::stages(keys, delivery),
        }
    }

    /// Returns the roll-back.
    pub fn rollback(&self, delivery: &Delivery<'_>, undo: Undo) -> RollBack {
        match self {
            Self::CloudflareWorkers(keys) => cloudflare_workers::rollback(keys, delivery, undo),
            Self::Kubernetes(keys) => kubernetes::rollback(keys, delivery, undo),
            Self::SshCompose(keys) => ssh_compose::rollback(keys, delivery, undo),
            Self::Vercel(keys) => vercel::rollback(keys, delivery, undo),
        }
    }

    /// Returns the script that people run on the spot to roll back, by name.
    pub fn rollback_script(&self) -> Option<&'static str> {
        matches!(self, Self::SshCompose(_)).then_some("rollback")
    }
}

impl<'de> Deserialize<'de> for TargetKeys {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let targets: IndexMap<String, Value> = Deserialize::deserialize(deserializer)?;
        let mut targets = targets.into_iter();
        let (Some((name, keys)), None) = (targets.next(), targets.next()) else {
            return Err(Error::custom(format!(
                "one target is wanted, of {}",
                Self::NAMES.join(", ")
            )));
        };
        fn read<T: DeserializeOwned, E: Error>(keys: Value) -> Result<T, E> {
            serde_json::from_value(keys).map_err(E::custom)
        }
        match name.as_str() {
            "cloudflare-workers" => read(keys).map(Self::CloudflareWorkers),
            "kubernetes" => read(keys).map(Self::Kubernetes),
            "ssh-compose" => read(keys).map(Self::SshCompose),
            "vercel" => read(keys).map(Self::Vercel),
            other => Err(Error::custom(format!(
                "`{other}` is no target, of {}",
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
        let keys = [
            generator.subschema_for::<CloudflareWorkersKeys>(),
            generator.subschema_for::<KubernetesKeys>(),
            generator.subschema_for::<SshComposeKeys>(),
            generator.subschema_for::<VercelKeys>(),
        ];
        let named = Self::NAMES
            .into_iter()
            .zip(keys)
            .map(|(name, keys)| (name.to_owned(), keys.to_value()));
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
