//! `custom`: wherever scripts of the repository bring a release.
//!
//! They keep the promises of the other targets: what is live is recorded first, and a
//! roll-back goes back to that and looks whether it is live.

use indexmap::IndexMap;
use serde::Deserialize;

use super::delivery::{Delivery, RollBack, Stages, Undo};
use super::{Minutes, Problem, Target, taken};
use crate::blocks::words::{Line, Name, RepoPath, SettingName};
use crate::pipeline::{Expression, Step, Text};

/// The keys of the target.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct CustomKeys {
    /// The script that prints, on its last line, which version is live; nothing if none is.
    #[cfg_attr(test, schemars(example = "scripts/record.sh"))]
    record: RepoPath,
    /// The script that brings `$VERSION`; `$IMAGES` has its images, lines `NAME=image@sha256:…`.
    #[cfg_attr(test, schemars(example = "scripts/deploy.sh"))]
    deploy: RepoPath,
    /// The script that goes back to `$PREVIOUS_VERSION`, as `record` printed it.
    #[cfg_attr(test, schemars(example = "scripts/rollback.sh"))]
    rollback: RepoPath,
    /// The component of the stack that is set up and built first.
    component: Option<Name>,
    /// Whether the images of the stack are published for it. Default: false.
    #[serde(default)]
    images: bool,
    /// Variables of all three scripts.
    #[serde(default)]
    env: IndexMap<SettingName, Line>,
    /// Secrets of all three scripts, each with the secret on GitHub: `{TOKEN: STAGING_TOKEN}`.
    #[serde(default)]
    secrets: IndexMap<SettingName, SettingName>,
}

/// What the scripts are told under names of ours.
const TAKEN: [&str; 7] = [
    "DEPLOY_SCRIPT",
    "ENVIRONMENT",
    "IMAGES",
    "PREVIOUS_VERSION",
    "RECORD_SCRIPT",
    "ROLLBACK_SCRIPT",
    "VERSION",
];

impl Target for CustomKeys {
    fn stages(&self, delivery: &Delivery<'_>) -> Stages {
        let record = self
            .step("Record what is live", "custom-record", delivery)
            .id("record");
        let deploy = self
            .step("Deploy the release", "custom-deploy", delivery)
            .env("DEPLOY_SCRIPT", self.deploy.as_str())
            .env("VERSION", delivery.version.clone());
        let deploy = if delivery.images.is_empty() {
            deploy
        } else {
            deploy.env("IMAGES", delivery.digests.clone())
        };
        Stages {
            record: vec![record],
            bring: vec![deploy],
            finish: Vec::new(),
            undo: Expression::output("record", "previous_version").into(),
        }
    }

    fn rollback(&self, delivery: &Delivery<'_>, undo: Undo) -> RollBack {
        let (Undo::Deployment(version) | Undo::Live(version)) = undo;
        let back = self
            .step("Go back to the release before", "custom-rollback", delivery)
            .id("rollback")
            .env("ROLLBACK_SCRIPT", self.rollback.as_str())
            .env("PREVIOUS_VERSION", version);
        RollBack {
            checkout: true,
            steps: vec![back],
            reported: false,
        }
    }

    fn minutes(&self) -> Minutes {
        Minutes {
            deploy: 30,
            rollback: 15,
        }
    }

    fn component(&self) -> Option<&Name> {
        self.component.as_ref()
    }

    fn runs_images(&self) -> bool {
        self.images
    }

    fn migrates_in_image(&self) -> bool {
        false
    }

    fn asks_for_release(&self) -> bool {
        true
    }

    fn problems(&self) -> Vec<Problem> {
        let names = self.env.keys().chain(self.secrets.keys());
        let mut problems = taken(names, &TAKEN);
        let twice = self
            .env
            .keys()
            .find(|name| self.secrets.contains_key(*name));
        problems.extend(twice.map(|name| Problem {
            code: "variable-name",
            message: format!("`{name}` is a variable and a secret"),
            help: "keep one of them".to_owned(),
        }));
        problems
    }
}

impl CustomKeys {
    fn step(&self, name: &str, script: &'static str, delivery: &Delivery<'_>) -> Step {
        let step = Step::script(name, script)
            .env("RECORD_SCRIPT", self.record.as_str())
            .env("ENVIRONMENT", delivery.environment);
        let pair = |(name, value): (&SettingName, &Line)| {
            (name.as_str().to_owned(), value.as_str().into())
        };
        let step = step.envs(self.env.iter().map(pair));
        let secret = |(name, from): (&SettingName, &SettingName)| {
            (name.as_str().to_owned(), Text::secret(from))
        };
        step.envs(self.secrets.iter().map(secret))
    }
}
