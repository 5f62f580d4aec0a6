//! `github-pages`: a site on GitHub Pages.
//!
//! GitHub keeps no site that one could go back to, so a roll-back builds the commit again
//! that was live before.

use serde::Deserialize;

use super::delivery::{Delivery, RollBack, Stages, Undo, check_out, is_live_again};
use super::{Minutes, Target};
use crate::blocks::words::{Name, RepoPath};
use crate::pipeline::{Access, Expression, Scope, Step, Text};

/// The keys of the target.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct GithubPagesKeys {
    /// The component of the stack that is the site. Default: none, the folder is uploaded as it is.
    component: Option<Name>,
    /// The folder of the built site, from that of the component. Default: `dist`.
    folder: Option<RepoPath>,
}

impl Target for GithubPagesKeys {
    fn stages(&self, delivery: &Delivery<'_>) -> Stages {
        Stages {
            record: vec![delivery.record_commit()],
            bring: self.publish(delivery, "site"),
            finish: Vec::new(),
            undo: Expression::output("record", "previous_version").into(),
        }
    }

    fn rollback(&self, delivery: &Delivery<'_>, undo: Undo) -> RollBack {
        let (Undo::Deployment(commit) | Undo::Live(commit)) = undo;
        let mut steps = vec![check_out(commit.clone())];
        steps.extend(delivery.rebuild.iter().cloned());
        steps.extend(self.publish(delivery, "site-before"));
        steps.push(is_live_again(commit));
        RollBack {
            checkout: false,
            steps,
            reported: false,
        }
    }

    fn minutes(&self) -> Minutes {
        Minutes {
            deploy: 15,
            rollback: 15,
        }
    }

    fn component(&self) -> Option<&Name> {
        self.component.as_ref()
    }

    fn asks_for_release(&self) -> bool {
        true
    }
}

impl GithubPagesKeys {
    /// Uploads the site and makes it live. A run keeps several of them apart by name.
    fn publish(&self, delivery: &Delivery<'_>, name: &str) -> Vec<Step> {
        let artifact =
            Text::literal(format!("{name}-")).then(Expression::new("github.run_attempt"));
        let folder = self.folder.as_ref().map_or("dist", |folder| folder);
        let path = match delivery.folder {
            Some(component) => format!("{component}/{folder}"),
            None => folder.to_owned(),
        };
        let upload = Step::uses("Upload the site", "actions/upload-pages-artifact")
            .with("name", artifact.clone())
            .with("path", path);
        let deploy = Step::uses("Deploy to GitHub Pages", "actions/deploy-pages")
            .with("artifact_name", artifact)
            .allow(Scope::Pages, Access::Write, "deploy to GitHub Pages")
            .allow(Scope::IdToken, Access::Write, "say which run deploys");
        vec![upload, deploy]
    }
}
