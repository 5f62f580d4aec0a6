//! Amazon Web Services: how a job logs in.

use serde::Deserialize;

use crate::blocks::shape::ShortForm;
use crate::blocks::words::{Name, SettingName};
use crate::pipeline::{Access, Scope, Step, Text};

/// An account on AWS.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Aws {
    /// The region, such as `us-west-2`.
    pub region: Option<Name>,
    /// The variable with the ARN of the role that jobs take on, without any stored key.
    /// Default: the secrets `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
    pub role: Option<SettingName>,
}

impl ShortForm for Aws {
    type Short = Name;

    fn from_short(region: Name) -> Self {
        Self {
            region: Some(region),
            role: None,
        }
    }
}

impl Aws {
    /// Logs the later steps of the job in.
    pub fn login(&self) -> Step {
        let region = self.region.as_ref().map_or("us-east-1", |region| region);
        let step = Step::uses("Log in to AWS", "aws-actions/configure-aws-credentials")
            .with("aws-region", region);
        match &self.role {
            Some(role) => step.with("role-to-assume", Text::variable(role)).allow(
                Scope::IdToken,
                Access::Write,
                "take on the role on AWS",
            ),
            None => step
                .with("aws-access-key-id", Text::secret("AWS_ACCESS_KEY_ID"))
                .with(
                    "aws-secret-access-key",
                    Text::secret("AWS_SECRET_ACCESS_KEY"),
                ),
        }
    }
}
