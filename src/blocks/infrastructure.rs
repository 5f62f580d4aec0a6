//! Infrastructure that Terraform keeps: a plan that people can read, and the same plan applied.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::blocks::shape::{OneOrMany, ShortForm};
use crate::blocks::words::{Line, Name, RepoPath, SettingName};
use crate::pipeline::{Expression, Step, Text};

/// A configuration of Terraform.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Infrastructure {
    /// Its folder.
    pub folder: Option<RepoPath>,
    /// Whether the plan is applied as well. Default: false, people apply it.
    #[serde(default)]
    pub apply: bool,
    /// Files of variables, in that folder.
    #[serde(default)]
    pub var_files: OneOrMany<RepoPath>,
    /// Variables that come from secrets: `{db_password: STAGING_DB_PASSWORD}`.
    #[serde(default)]
    pub secrets: IndexMap<Name, SettingName>,
    /// Files that configure the backend of the state, in that folder.
    #[serde(default)]
    pub backend: OneOrMany<RepoPath>,
    /// The version of Terraform. Default: the newest.
    pub version: Option<Line>,
}

impl ShortForm for Infrastructure {
    type Short = RepoPath;

    fn from_short(folder: RepoPath) -> Self {
        Self {
            folder: Some(folder),
            ..Self::default()
        }
    }
}

impl Infrastructure {
    /// Installs Terraform.
    pub fn install(&self) -> Step {
        let step = Step::uses("Set up Terraform", "hashicorp/setup-terraform")
            .with("terraform_wrapper", "false");
        match &self.version {
            Some(version) => step.with("terraform_version", version.as_str()),
            None => step,
        }
    }

    /// Plans. The step `plan` gives the outputs of `terraform-plan.sh`.
    pub fn plan(&self) -> Step {
        let step = self.step("Plan the infrastructure", "terraform-plan");
        self.with_variables(step.id("plan"))
    }

    /// Compares what is there with what the state says. The step `drift` gives the outputs of
    /// `terraform-drift.sh`.
    pub fn drift(&self) -> Step {
        let step = self.step("Look for drift", "terraform-drift");
        self.with_variables(step.id("drift"))
    }

    fn with_variables(&self, step: Step) -> Step {
        let step = lines(step, "VAR_FILES", &self.var_files);
        step.envs(self.secrets.iter().map(|(name, secret)| {
            let name = format!("TF_VAR_{}", name.as_str());
            (name, Text::secret(secret))
        }))
    }

    /// Applies the plan with this digest.
    pub fn apply(&self, digest: impl Into<Text>) -> Step {
        self.step("Apply that plan", "terraform-apply")
            .env("PLAN_DIGEST", digest)
    }

    /// The steps in a deployment of something else: plans, and applies where the manifest says so.
    pub fn steps(&self) -> Vec<Step> {
        let mut steps = vec![self.install(), self.plan()];
        if self.apply {
            let changes = Expression::new("steps.plan.outputs.changes == 'true'");
            let digest = Expression::output("plan", "plan_digest");
            steps.push(self.apply(digest).when(changes));
        }
        steps
    }

    fn step(&self, name: &str, script: &'static str) -> Step {
        let folder = self.folder.as_ref().map_or("terraform", |folder| folder);
        let step = Step::script(name, script).env("TERRAFORM_DIR", folder);
        lines(step, "BACKEND_CONFIG", &self.backend)
    }
}

fn lines(step: Step, name: &str, paths: &OneOrMany<RepoPath>) -> Step {
    if paths.is_empty() {
        return step;
    }
    let paths: Vec<_> = paths.iter().map(|path| path.as_str()).collect();
    step.env(name, paths.join("\n"))
}
