//! Deploy targets: where a release goes.
//!
//! A target gets a [`Delivery`] and answers with steps by stage; the planner knows
//! none of them by name. To add one: its file beside this one, in which its keys
//! implement [`Target`], a `mod` line, and a row in [`ALL`].

mod cloudflare_pages;
mod cloudflare_workers;
mod custom;
mod delivery;
mod ecs;
mod github_pages;
mod keys;
mod kubernetes;
mod package;
mod s3;
mod ssh_compose;
mod terraform;
mod vercel;

use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::words::{Name, SettingName};
use crate::blocks::infrastructure::Infrastructure;
use crate::pipeline::Step;

pub use delivery::{Delivery, Migrate, Preview, Query, RollBack, Stages, Strategy, Undo};
pub use keys::TargetKeys;

/// A place that releases are brought to: its keys in the manifest, and its steps.
pub trait Target: fmt::Debug + Send + Sync {
    /// Returns the steps of a deployment.
    fn stages(&self, delivery: &Delivery<'_>) -> Stages;

    /// Returns the roll-back.
    fn rollback(&self, delivery: &Delivery<'_>, undo: Undo) -> RollBack;

    /// Says whether what was deployed can be taken back; if not, nobody asks for the roll-back.
    fn goes_back(&self) -> bool {
        true
    }

    /// Says whether only a tag can start a deployment there.
    fn needs_tag(&self) -> bool {
        false
    }

    /// Returns how many minutes a deployment may take, and a roll-back.
    fn minutes(&self) -> Minutes {
        Minutes {
            deploy: 15,
            rollback: 5,
        }
    }

    /// Returns what shows the deployment's effect before anybody is asked for approval.
    fn preview(&self, _: &Delivery<'_>) -> Option<Preview> {
        None
    }

    /// Returns what the job of the preview is called by.
    fn preview_verb(&self) -> &'static str {
        "Plan"
    }

    /// Returns the infrastructure that the target is.
    fn infrastructure(&self) -> Option<&Infrastructure> {
        None
    }

    /// Returns the component of the stack that is set up and built for the target.
    fn component(&self) -> Option<&Name> {
        None
    }

    /// Says whether the target runs the images of the stack.
    fn runs_images(&self) -> bool {
        false
    }

    /// Says whether a release can take over in this way there; the error is what to do about it.
    fn knows(&self, strategy: Strategy) -> Result<(), &'static str> {
        match strategy {
            Strategy::Direct => Ok(()),
            _ => Err("remove the strategy: the target keeps the version before by itself"),
        }
    }

    /// Says whether a run by hand may ask that traffic is shifted gradually.
    fn asks_for_canary(&self) -> bool {
        false
    }

    /// Says whether migrations can run in a container of the new image there.
    fn migrates_in_image(&self) -> bool {
        self.runs_images()
    }

    /// Says whether a roll-back by hand must name the release to go back to.
    fn asks_for_release(&self) -> bool {
        false
    }

    /// Says whether the target runs a backup of a database next to the application.
    fn dumps_database(&self) -> bool {
        false
    }

    /// Says whether a job must be logged in to AWS for the target.
    fn needs_aws(&self) -> bool {
        false
    }

    /// Returns the step that tries the configuration with every change, once the
    /// component that the target names is built; it deploys nothing.
    fn dry_run(&self, _: &Delivery<'_>) -> Option<Step> {
        None
    }

    /// Says whether a folder with the built component is all it takes.
    fn takes_folders(&self) -> bool {
        false
    }

    /// Returns the steps that check the configuration before anything is built.
    fn check(&self, _: &Delivery<'_>) -> Vec<Step> {
        Vec::new()
    }

    /// Returns the script that people run on the spot to roll back, by name.
    fn rollback_script(&self) -> Option<&'static str> {
        None
    }

    /// Returns what is wrong with the keys beyond their types.
    fn problems(&self) -> Vec<Problem> {
        Vec::new()
    }
}

/// How many minutes a target needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minutes {
    /// For a deployment, without what the manifest adds to it.
    pub deploy: u32,
    /// For a roll-back.
    pub rollback: u32,
}

/// What is wrong with the keys of a target.
#[derive(Debug)]
pub struct Problem {
    /// The rule that is broken.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// Finds fault with variables that the user names as our own are named.
fn taken<'n>(names: impl Iterator<Item = &'n SettingName>, own: &[&str]) -> Vec<Problem> {
    names
        .filter(|name| own.contains(&name.as_str()))
        .map(|name| Problem {
            code: "variable-name",
            message: format!("`{name}` is read by the deployment itself"),
            help: "give it another name".to_owned(),
        })
        .collect()
}

/// A target that manifests may name.
struct Kind {
    /// Its name in manifests.
    name: &'static str,
    /// Reads its keys.
    read: fn(Value) -> serde_json::Result<Arc<dyn Target>>,
    /// Its part of the published schema.
    #[cfg(test)]
    schema: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
}

impl Kind {
    const fn of<T: Keys>(name: &'static str) -> Self {
        Self {
            name,
            read: |keys| Ok(Arc::new(serde_json::from_value::<T>(keys)?)),
            #[cfg(test)]
            schema: |generator| generator.subschema_for::<T>(),
        }
    }
}

/// Every target, by name.
static ALL: &[Kind] = &[
    Kind::of::<cloudflare_pages::CloudflarePagesKeys>("cloudflare-pages"),
    Kind::of::<cloudflare_workers::CloudflareWorkersKeys>("cloudflare-workers"),
    Kind::of::<custom::CustomKeys>("custom"),
    Kind::of::<ecs::EcsKeys>("ecs"),
    Kind::of::<github_pages::GithubPagesKeys>("github-pages"),
    Kind::of::<kubernetes::KubernetesKeys>("kubernetes"),
    Kind::of::<package::PackageKeys>("package"),
    Kind::of::<s3::S3Keys>("s3"),
    Kind::of::<ssh_compose::SshComposeKeys>("ssh-compose"),
    Kind::of::<terraform::TerraformKeys>("terraform"),
    Kind::of::<vercel::VercelKeys>("vercel"),
];

/// What the keys of a target can do.
#[cfg(not(test))]
trait Keys: Target + DeserializeOwned + 'static {}
#[cfg(not(test))]
impl<T: Target + DeserializeOwned + 'static> Keys for T {}

/// What the keys of a target can do.
#[cfg(test)]
trait Keys: Target + DeserializeOwned + schemars::JsonSchema + 'static {}
#[cfg(test)]
impl<T: Target + DeserializeOwned + schemars::JsonSchema + 'static> Keys for T {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(TargetKeys::names().is_sorted());
    }
}
