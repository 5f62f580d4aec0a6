//! What must hold before a release.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::blocks::shape::{Flexible, ShortForm};
use crate::blocks::words::{Line, Name, Percent, PinnedAction};

/// What must hold before a release.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Gates {
    /// Least share of lines covered by all suites together.
    pub coverage: Option<Percent>,
    /// What a vulnerability does, each alike or by severity. Default: critical and high block, medium warns.
    #[serde(default)]
    pub vulnerabilities: Flexible<Severities>,
    /// What dangerous code does. Default: critical and high block, medium warns.
    #[serde(default)]
    pub code: Flexible<Severities>,
    /// What a secret in the repository does. Default: block.
    #[serde(default)]
    pub secrets: Flexible<Severities>,
    /// What a broken rule for Dockerfiles and the like does. Default: block.
    #[serde(default)]
    pub policy: Flexible<Severities>,
    /// Whether Codecov shows the coverage, with the secret `CODECOV_TOKEN`. Default: false.
    #[serde(default)]
    pub codecov: bool,
    /// Licences that dependencies may have; any other blocks.
    #[serde(default)]
    pub licenses: Vec<Line>,
    /// What an image that runs as root does. Default: not checked.
    pub root_user: Option<Effect>,
    /// Whether images are signed where they are published, and not deployed without. In a private
    /// repository that takes GitHub Enterprise. Default: false.
    #[serde(default)]
    pub provenance: bool,
    /// Whether generated files must be as the manifest asks: the action of `cicd` that compares
    /// them, at a commit, wherever you keep it. Default: not checked.
    pub generated: Option<PinnedAction>,
    /// The scanners to run: names, or `dependencies`, `licenses` and `code` for those that
    /// fit the languages; `{hadolint: warn}` for one whose findings do no more than that.
    #[serde(default)]
    pub scanners: Vec<Scanner>,
}

/// A scanner to run.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Scanner {
    /// Its findings do what the gates say.
    Name(Name),
    /// Its findings do at most this.
    AtMost(IndexMap<Name, Effect>),
}

/// What a finding does, by severity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Severities {
    pub critical: Option<Effect>,
    pub high: Option<Effect>,
    pub medium: Option<Effect>,
    pub low: Option<Effect>,
}

impl Severities {
    /// The effects that are written.
    pub fn written(&self) -> impl Iterator<Item = Effect> {
        [self.critical, self.high, self.medium, self.low]
            .into_iter()
            .flatten()
    }
}

impl ShortForm for Severities {
    type Short = Effect;

    fn from_short(each: Effect) -> Self {
        Self {
            critical: Some(each),
            high: Some(each),
            medium: Some(each),
            low: Some(each),
        }
    }
}

/// What a finding does, the sternest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// It fails the job.
    Block,
    /// It waits for a person, whom `approvals: {security-review: …}` names.
    Review,
    /// It is shown as a warning.
    Warn,
    /// It is only in the report.
    Log,
}
