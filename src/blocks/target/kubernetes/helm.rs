//! Releases of Helm.

use indexmap::IndexMap;
use serde::Deserialize;

use super::site::Site;
use crate::blocks::shape::{OneOrMany, ShortForm};
use crate::blocks::target::delivery::{Stages, Undo};
use crate::blocks::words::{Line, Name, RepoPath, SettingName};
use crate::pipeline::{Expression, Step, Text};

/// A chart of Helm.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Helm {
    /// Its folder in the repository, or its address, such as `oci://ghcr.io/acme/charts/shop`.
    chart: Option<Line>,
    /// The name of the release. Default: the project's name.
    release: Option<Name>,
    /// Files of values.
    #[serde(default)]
    values: OneOrMany<RepoPath>,
    /// The version of a chart that is fetched. Default: the newest.
    version: Option<Line>,
    /// Where the values name each image, by its variable: `{BACKEND_IMAGE: backend.image}`. The
    /// values below are `repository` and `digest`. Default: `image`, for the only one.
    #[serde(default)]
    images: IndexMap<SettingName, Line>,
}

impl ShortForm for Helm {
    type Short = Line;

    fn from_short(chart: Line) -> Self {
        Self {
            chart: Some(chart),
            ..Self::default()
        }
    }
}

impl Helm {
    pub(super) fn stages(&self, site: &Site<'_>) -> Stages {
        let mut record = site.arrive();
        record.push(
            self.step(site, "Record what is live", "helm-record")
                .id("record"),
        );
        let mut upgrade = self
            .step(site, "Upgrade the release", "helm-upgrade")
            .env("CHART", self.chart.as_ref().map_or("", |chart| chart))
            .env("VERSION", site.delivery.version.clone());
        if let Some(version) = &self.version {
            upgrade = upgrade.env("CHART_VERSION", version.as_str());
        }
        if !self.values.is_empty() {
            let files: Vec<_> = self.values.iter().map(|file| file.as_str()).collect();
            upgrade = upgrade.env("VALUES_FILES", files.join("\n"));
        }
        if !site.delivery.images.is_empty() {
            upgrade = upgrade
                .env("PATHS", self.paths(site))
                .env("IMAGES", site.delivery.digests.clone());
        }
        Stages {
            record,
            bring: vec![upgrade],
            finish: Vec::new(),
            undo: Text::expression(Expression::output("record", "revision")),
        }
    }

    pub(super) fn rollback(&self, site: &Site<'_>, undo: Undo) -> Step {
        let step = self
            .step(site, "Go back to the revision before", "helm-rollback")
            .id("rollback");
        match undo {
            Undo::Deployment(revision) => step.env("REVISION", revision),
            Undo::Live(_) => step,
        }
    }

    fn step(&self, site: &Site<'_>, name: &str, script: &'static str) -> Step {
        let project = site.delivery.project;
        let release = self.release.as_ref().map_or(project, |name| name);
        site.step(name, script).env("RELEASE", release)
    }

    /// Lines `VARIABLE=path` of where the values name each image.
    fn paths(&self, site: &Site<'_>) -> String {
        let images = site.delivery.images.iter();
        let line = |variable: &str| {
            let own = self
                .images
                .iter()
                .find(|(name, _)| name.as_str() == variable);
            format!("{variable}={}", own.map_or("image", |(_, path)| path))
        };
        let lines: Vec<_> = images.map(|(variable, _)| line(variable)).collect();
        lines.join("\n")
    }
}
