//! Container images: when they are built, and of what.

use indexmap::IndexMap;
use serde::Deserialize;

use super::Effect;
use crate::blocks::shape::{Flexible, OneOrMany, ShortForm};
use crate::blocks::words::{Name, RepoPath, SettingName, Size};

/// A container image.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Image {
    /// Whether there is one; `image: true` is short for an image with defaults.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// The Dockerfile. Default: `Dockerfile` in the component's folder.
    #[cfg_attr(test, schemars(example = "docker/backend.Dockerfile"))]
    pub dockerfile: Option<RepoPath>,
    /// The folder sent to the build. Default: the component's.
    pub context: Option<RepoPath>,
    /// Its name behind `registry/owner/repository/`. Default: the component's.
    pub name: Option<Name>,
    /// The build stage of each environment. Default: the last stage for all.
    #[serde(default)]
    pub stages: IndexMap<Name, Name>,
    /// When it is built: with the checks, for deployments. Default: both.
    #[serde(default)]
    pub build: OneOrMany<BuildMoment>,
    /// The largest size that passes: `800MB`, or the long form.
    pub max_size: Option<Flexible<MaxSize>>,
    /// The platforms that workflows of the kinds `images` and `pipeline` publish it for:
    /// `linux/amd64`, `linux/arm64`. What one environment publishes for itself is for the
    /// runner's, or for the first one. Default: that of the runner.
    #[serde(default)]
    pub platforms: OneOrMany<Platform>,
    /// The variable by which Compose files name it. Default: the name, as `BACKEND_IMAGE`.
    pub variable: Option<SettingName>,
}

fn yes() -> bool {
    true
}

impl ShortForm for Image {
    type Short = bool;

    fn from_short(enabled: bool) -> Self {
        Self {
            enabled,
            ..Self::default()
        }
    }
}

/// The largest size of an image.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MaxSize {
    /// The size.
    pub size: Size,
    /// What a larger one does: `block` or `warn`. Default: block.
    pub effect: Option<Effect>,
}

impl ShortForm for MaxSize {
    type Short = Size;

    fn from_short(size: Size) -> Self {
        Self { size, effect: None }
    }
}

/// What an image runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[allow(missing_docs)]
pub enum Platform {
    #[serde(rename = "linux/amd64")]
    Amd64,
    #[serde(rename = "linux/arm64")]
    Arm64,
}

impl Platform {
    /// Its name, as Docker knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Amd64 => "linux/amd64",
            Self::Arm64 => "linux/arm64",
        }
    }

    /// Its processor, as Docker and Go know it.
    pub fn arch(self) -> &'static str {
        match self {
            Self::Amd64 => "amd64",
            Self::Arm64 => "arm64",
        }
    }
}

/// When an image is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum BuildMoment {
    /// With the checks, to see that it can be built.
    Checks,
    /// For deployments.
    Deploy,
}
