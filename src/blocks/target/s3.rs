//! `s3`: a site in a bucket of AWS S3, where releases stand beside each other.

use serde::Deserialize;

use super::delivery::{Delivery, RollBack, Stages, Undo};
use super::{Minutes, Target};
use crate::blocks::shape::OneOrMany;
use crate::blocks::words::{Line, Name, RepoPath};
use crate::pipeline::{Expression, Step, Text};

/// The keys of the target.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct S3Keys {
    /// The component of the stack that is the site.
    component: Option<Name>,
    /// The bucket.
    #[cfg_attr(test, schemars(example = "www.example.com"))]
    bucket: Line,
    /// The folder of the built site, in that of the component. Default: `dist`.
    folder: Option<RepoPath>,
    /// The folder of the site in the bucket. Default: the bucket itself.
    prefix: Option<RepoPath>,
    /// Patterns of the files with a hash in their name, which browsers may keep for good.
    /// Default: those of Vite, Next.js, SvelteKit and Astro.
    #[serde(default)]
    assets: OneOrMany<Line>,
    /// How many releases are kept. Default: 5.
    keep: Option<u16>,
}

impl Target for S3Keys {
    fn stages(&self, delivery: &Delivery<'_>) -> Stages {
        let upload = self
            .with_assets(self.step("Upload the site beside what is live", "s3-upload"))
            .id("record")
            .env("SOURCE", self.folder.as_ref().map_or("dist", |path| path))
            .env("RELEASE", release())
            .env("VERSION", delivery.version.clone());
        let switch = self
            .with_assets(self.step("Make it live", "s3-switch"))
            .env("RELEASE", Expression::output("record", "release"));
        let retire = self.step("Delete old releases", "s3-retire");
        let retire = match self.keep {
            Some(keep) => retire.env("KEEP", keep.to_string()),
            None => retire,
        };
        Stages {
            record: vec![delivery.in_folder(upload)],
            bring: vec![switch],
            finish: vec![retire],
            undo: Expression::output("record", "previous_release").into(),
        }
    }

    /// To the release that was recorded or that carries a version's name.
    fn rollback(&self, _: &Delivery<'_>, undo: Undo) -> RollBack {
        let mut steps = Vec::new();
        let previous = match undo {
            Undo::Deployment(previous) => previous,
            Undo::Live(version) => {
                let find = self.step("Find the release", "s3-find");
                steps.push(find.id("find").env("VERSION", version));
                Expression::output("find", "release").into()
            }
        };
        let back = self.with_assets(self.step("Make the release before live again", "s3-switch"));
        steps.push(back.id("rollback").env("RELEASE", previous));
        RollBack {
            checkout: false,
            steps,
            reported: true,
        }
    }

    fn minutes(&self) -> Minutes {
        Minutes {
            deploy: 15,
            rollback: 10,
        }
    }

    fn component(&self) -> Option<&Name> {
        self.component.as_ref()
    }

    fn asks_for_release(&self) -> bool {
        true
    }

    fn needs_aws(&self) -> bool {
        true
    }
}

impl S3Keys {
    fn step(&self, name: &str, script: &'static str) -> Step {
        let step = Step::script(name, script).env("BUCKET", self.bucket.as_str());
        match &self.prefix {
            Some(prefix) => step.env("PREFIX", format!("{}/", prefix.trim_end_matches('/'))),
            None => step,
        }
    }

    fn with_assets(&self, step: Step) -> Step {
        if self.assets.is_empty() {
            return step;
        }
        let patterns: Vec<_> = self.assets.iter().map(|line| line.as_str()).collect();
        step.env("ASSETS", patterns.join("\n"))
    }
}

/// The id of this deployment.
fn release() -> Text {
    Text::code("github.run_id")
        .then("-")
        .then(Expression::new("github.run_attempt"))
}
