//! Caches in front of an application, which must forget the release before.

use serde::Deserialize;

use crate::blocks::shape::OneOrMany;
use crate::blocks::words::{SettingName, UrlPath};
use crate::pipeline::{Step, Text};

/// Caches that forget what they keep of the site.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Purge {
    /// The variable with the id of a CloudFront distribution. While the variable is empty, nothing is done.
    pub cloudfront: SettingName,
    /// Paths to forget, `*` only at the end. Default: `/*`.
    #[serde(default)]
    pub paths: OneOrMany<UrlPath>,
}

impl Purge {
    /// Makes the caches forget, for a job that is logged in to AWS.
    pub fn step(&self) -> Step {
        let step = Step::script("Empty the cache in front", "cloudfront-invalidate")
            .env("DISTRIBUTION_ID", Text::variable(&self.cloudfront));
        if self.paths.is_empty() {
            return step;
        }
        let paths: Vec<_> = self.paths.iter().map(|path| path.as_str()).collect();
        step.env("PATHS", paths.join("\n"))
    }
}
