//! `vercel`: a project on Vercel, built here, tried at its own address, then promoted.

use serde::Deserialize;

use super::Target;
use super::delivery::{Delivery, RollBack, Stages, Undo};
use crate::blocks::shape::OneOrMany;
use crate::blocks::words::{Line, Name, UrlPath};
use crate::pipeline::{Expression, Step, Text};

/// A project on Vercel, built here, tried at its own address, then promoted.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct VercelKeys {
    /// The component of the stack that is deployed; the CLI runs in its folder.
    pub component: Option<Name>,
    /// The production domain of the project.
    #[cfg_attr(test, schemars(example = "www.example.com"))]
    pub domain: Line,
    /// Paths that the deployment must answer at its own address before it is promoted. Default: `/`.
    #[serde(default)]
    pub check: OneOrMany<UrlPath>,
}

impl Target for VercelKeys {
    fn stages(&self, delivery: &Delivery<'_>) -> Stages {
        stages(self, delivery)
    }

    fn rollback(&self, delivery: &Delivery<'_>, undo: Undo) -> RollBack {
        rollback(self, delivery, undo)
    }

    fn component(&self) -> Option<&Name> {
        self.component.as_ref()
    }

    fn asks_for_release(&self) -> bool {
        true
    }
}

/// The steps of a deployment.
fn stages(keys: &VercelKeys, delivery: &Delivery<'_>) -> Stages {
    let site = Site { delivery };
    let record = site
        .step("Record what is live", "vercel-record")
        .id("record")
        .env("VERCEL_DOMAIN", keys.domain.as_str());
    let deploy = site
        .step("Build and deploy without a domain", "vercel-deploy")
        .id("deploy")
        .env("VERCEL_ENVIRONMENT", "production")
        .env("VERSION", delivery.version.clone());
    let paths: Vec<_> = keys.check.iter().map(|path| path.as_str()).collect();
    let check = Step::script("Try the deployment at its own address", "vercel-check")
        .env("BASE_URL", Expression::output("deploy", "url"))
        .env(
            "VERCEL_AUTOMATION_BYPASS_SECRET",
            Text::secret("VERCEL_AUTOMATION_BYPASS_SECRET"),
        );
    let check = if paths.is_empty() {
        check
    } else {
        check.env("CHECK_PATHS", paths.join("\n"))
    };
    let promote = site
        .step("Give it the domain", "vercel-promote")
        .env("NEW_VERSION", Expression::output("deploy", "new_version"))
        .env("VERCEL_DOMAIN", keys.domain.as_str());
    Stages {
        record: vec![record],
        bring: vec![deploy, check, promote],
        finish: Vec::new(),
        undo: Expression::output("record", "previous_version").into(),
    }
}

/// The roll-back, to the deployment that was recorded or that carries a release's name.
fn rollback(keys: &VercelKeys, delivery: &Delivery<'_>, undo: Undo) -> RollBack {
    let site = Site { delivery };
    let mut steps = Vec::new();
    let previous = match undo {
        Undo::Deployment(previous) => previous,
        Undo::Live(version) => {
            steps.push(
                site.step("Find the deployment", "vercel-find")
                    .id("find")
                    .env("VERSION", version),
            );
            Expression::output("find", "previous_version").into()
        }
    };
    let back = site
        .step("Give the domain back", "vercel-rollback")
        .id("rollback");
    steps.push(
        back.env("PREVIOUS_VERSION", previous)
            .env("VERCEL_DOMAIN", keys.domain.as_str()),
    );
    RollBack {
        checkout: false,
        steps,
        reported: false,
    }
}

struct Site<'a> {
    delivery: &'a Delivery<'a>,
}

impl Site<'_> {
    /// A script that talks to Vercel about the project.
    fn step(&self, name: &str, script: &'static str) -> Step {
        let step = Step::script(name, script)
            .env("VERCEL_TOKEN", Text::secret("VERCEL_TOKEN"))
            .env("VERCEL_ORG_ID", Text::secret("VERCEL_ORG_ID"))
            .env("VERCEL_PROJECT_ID", Text::secret("VERCEL_PROJECT_ID"));
        match self.delivery.folder.filter(|_| script == "vercel-deploy") {
            Some(folder) => step.folder(folder),
            None => step,
        }
    }
}
