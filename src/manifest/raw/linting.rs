//! How `cicd lint` judges the repository's files.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::blocks::words::{Line, Name, PathPattern};

/// How `cicd lint` judges the workflows and actions of the repository, generated or not. A
/// repository without a manifest says the same in `.github/cicd/lint.yml`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Linting {
    /// What findings weigh, by the name of a rule or of a group of rules (`correctness`,
    /// `security`, `hygiene`, `policy`). Default: what `cicd explain` says of each.
    #[serde(default)]
    pub rules: IndexMap<Name, Weight>,
    /// The same for some files: paths from the root with `*` within a name and `**` over
    /// folders. The last that fits counts.
    #[serde(default)]
    pub paths: IndexMap<PathPattern, IndexMap<Name, Weight>>,
    /// Files and folders that are not looked at, in the same form.
    #[serde(default)]
    pub ignore: Vec<PathPattern>,
    /// Labels of runners of your own, such as `gpu-*`.
    #[serde(default)]
    pub runners: Vec<Line>,
    /// All configuration variables that there are; others are findings. Default: any may be.
    pub variables: Option<Vec<Name>>,
    /// All secrets that there are; others are findings. Default: any may be.
    pub secrets: Option<Vec<Name>>,
    /// All environments that there are on GitHub; others are findings. Default: any may be, and
    /// only those are told that are nearly one of the manifest's.
    pub environments: Option<Vec<Line>>,
    /// Where the workflows run. Default: `github`.
    pub platform: Option<Server>,
}

/// What runs the workflows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Server {
    /// github.com, or GitHub Enterprise Cloud.
    Github,
    /// GitHub Enterprise Server.
    Ghes,
    /// Gitea.
    Gitea,
    /// Forgejo, such as Codeberg.
    Forgejo,
}

/// What findings weigh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// It must be mended.
    Error,
    /// It is probably wrong.
    Warning,
    /// It is worth knowing, and fails nothing.
    Note,
    /// It is not told.
    Off,
}
