//! `cloudflare-pages`: a site on Cloudflare Pages, built here and uploaded.

use serde::Deserialize;

use super::Target;
use super::cloudflare_workers::credentials;
use super::delivery::{Delivery, RollBack, Stages, Undo};
use crate::blocks::words::{Name, RepoPath};
use crate::pipeline::{Expression, Step, Text};

/// A site on Cloudflare Pages, built here and uploaded.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct CloudflarePagesKeys {
    /// The component of the stack that is the site; wrangler runs in its folder.
    component: Option<Name>,
    /// The Pages project. Its production branch becomes this release.
    project: Name,
    /// The folder of the built site, in that of the component. Default: `dist`.
    folder: Option<RepoPath>,
}

impl Target for CloudflarePagesKeys {
    fn stages(&self, delivery: &Delivery<'_>) -> Stages {
        let record = self
            .step("Record what is live", "pages-record")
            .id("record");
        let deploy = self
            .step("Deploy the site", "pages-deploy")
            .id("deploy")
            .env("FOLDER", self.folder.as_ref().map_or("dist", |path| path))
            .env("BRANCH", Expression::output("record", "production_branch"))
            .env("PAGES_ENVIRONMENT", "production")
            .env("VERSION", delivery.version.clone())
            .env("COMMIT", delivery.commit.clone());
        Stages {
            record: vec![record],
            bring: vec![delivery.in_folder(deploy)],
            finish: Vec::new(),
            undo: Expression::output("record", "previous_version").into(),
        }
    }

    /// To the deployment that was recorded or that carries a release's name.
    fn rollback(&self, _: &Delivery<'_>, undo: Undo) -> RollBack {
        let mut steps = Vec::new();
        let previous = match undo {
            Undo::Deployment(previous) => previous,
            Undo::Live(version) => {
                steps.push(
                    self.step("Find the deployment", "pages-find")
                        .id("find")
                        .env("VERSION", version),
                );
                Text::from(Expression::output("find", "previous_version"))
            }
        };
        let back = self.step("Make the deployment before live again", "pages-rollback");
        steps.push(back.id("rollback").env("PREVIOUS_VERSION", previous));
        RollBack {
            checkout: false,
            steps,
            reported: false,
        }
    }

    fn component(&self) -> Option<&Name> {
        self.component.as_ref()
    }

    fn asks_for_release(&self) -> bool {
        true
    }

    fn takes_folders(&self) -> bool {
        true
    }
}

impl CloudflarePagesKeys {
    /// A script that talks to Cloudflare about the project.
    fn step(&self, name: &str, script: &'static str) -> Step {
        credentials(Step::script(name, script)).env("PAGES_PROJECT", self.project.as_str())
    }
}
