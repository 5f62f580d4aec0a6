//! How workflows name actions, and so how the pins file does.

use serde::Deserialize;

/// How workflows name the actions that they use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PinMode {
    /// By commit, with the release as a comment: nothing that runs can change by itself.
    #[default]
    Sha,
    /// By the tag of the full release, such as `v4.2.1`, where there is one.
    Tag,
    /// By tags as well, held by GitHub's own lock `.github/workflows/actions.lock`, which
    /// `gh actions-lock` writes and `cicd pins` verifies.
    Lock,
}
