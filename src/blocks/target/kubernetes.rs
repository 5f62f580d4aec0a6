//! `kubernetes`: workloads of a cluster, rolled out or switched between two colours.

use serde::Deserialize;

use super::Target;
use super::delivery::{Delivery, RollBack, Stages, Undo};
use crate::blocks::shape::OneOrMany;
use crate::blocks::words::{Line, Name, RepoPath, SettingName};
use crate::pipeline::{Expression, Step, Text};

/// The keys of the target.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct KubernetesKeys {
    /// The folder of a kustomization or of plain manifests. They name each image by the
    /// variable of the image, such as `BACKEND_IMAGE`, or by its repository.
    pub manifests: RepoPath,
    /// The namespace of the application.
    pub namespace: Name,
    /// What is deployed: `deployment/shop`.
    #[cfg_attr(test, schemars(example = "deployment/shop"))]
    pub workloads: OneOrMany<Line>,
    /// The secret with the kubeconfig. Default: the environment's name and `_KUBECONFIG`.
    pub kubeconfig: Option<SettingName>,
    /// Blue-green: the Service that leads to the live colour.
    pub service: Option<Name>,
    /// Blue-green: the port of the container, to ask the idle colour for its health.
    pub port: Option<u16>,
    /// Blue-green: whether the old colour goes on running until the next deployment. Default: false.
    #[serde(default)]
    pub keep_old: bool,
}

impl Target for KubernetesKeys {
    fn stages(&self, delivery: &Delivery<'_>) -> Stages {
        stages(self, delivery)
    }

    fn rollback(&self, delivery: &Delivery<'_>, undo: Undo) -> RollBack {
        rollback(self, delivery, undo)
    }

    fn runs_images(&self) -> bool {
        true
    }

    fn colours(&self) -> Result<(), &'static str> {
        match self.service {
            Some(_) => Ok(()),
            None => Err("write `service: NAME`, the Service that leads to the live colour"),
        }
    }
}

/// The steps of a deployment.
fn stages(keys: &KubernetesKeys, delivery: &Delivery<'_>) -> Stages {
    let site = Site { keys, delivery };
    let mut bring = vec![site.render()];
    let (before, after) = delivery.migrations(|migrate| site.migrate(migrate.forward));
    bring.extend(before);
    bring.extend([site.apply(), site.wait()]);
    let mut finish = Vec::new();
    if delivery.blue_green {
        bring.extend(site.check_idle());
        bring.push(site.switch());
        if !keys.keep_old {
            finish.push(site.retire());
        }
    }
    bring.extend(after);
    Stages {
        record: vec![site.connect(), site.record()],
        bring,
        finish,
        undo: Expression::output("record", "record").into(),
    }
}

/// The roll-back, to what the record says: of this deployment, or the one in the cluster.
fn rollback(keys: &KubernetesKeys, delivery: &Delivery<'_>, undo: Undo) -> RollBack {
    let site = Site { keys, delivery };
    let step = site
        .step("Go back to the release before", "kube-rollback")
        .id("rollback");
    let step = site.with_service(step.env("RECORD_NAME", site.record_name()));
    let step = match undo {
        Undo::Deployment(record) => step.env("RECORD", record),
        Undo::Live(_) => step,
    };
    RollBack {
        checkout: false,
        steps: vec![site.connect(), step],
        reported: true,
    }
}

struct Site<'a> {
    keys: &'a KubernetesKeys,
    delivery: &'a Delivery<'a>,
}

impl Site<'_> {
    fn step(&self, name: &str, script: &'static str) -> Step {
        Step::script(name, script).env("NAMESPACE", self.keys.namespace.as_str())
    }

    /// Adds the colour that this deployment takes.
    fn with_colour(&self, step: Step) -> Step {
        if self.delivery.blue_green {
            step.env("COLOUR", Expression::output("record", "colour"))
        } else {
            step
        }
    }

    fn with_service(&self, step: Step) -> Step {
        match &self.keys.service {
            Some(service) if self.delivery.blue_green => step.env("SERVICE", service.as_str()),
            _ => step,
        }
    }

    fn workloads(&self) -> String {
        self.keys
            .workloads
            .iter()
            .map(|line| line.as_str())
            .collect::<Vec<_>>()
            .join("\n")
    }

    fn record_name(&self) -> String {
        // Parts may share a namespace; each has its own record.
        match self.delivery.part {
            Some(part) => format!("{}-{part}-release", self.delivery.project),
            None => format!("{}-release", self.delivery.project),
        }
    }

    fn connect(&self) -> Step {
        let default = format!(
            "{}_KUBECONFIG",
            self.delivery
                .environment
                .to_ascii_uppercase()
                .replace('-', "_")
        );
        let secret = self
            .keys
            .kubeconfig
            .as_ref()
            .map_or(default, |name| name.as_str().to_owned());
        self.step("Connect to the cluster", "kube-connect")
            .env("KUBECONFIG_DATA", Text::secret(&secret))
    }

    fn record(&self) -> Step {
        let step = self
            .step("Record what is live", "kube-record")
            .id("record")
            .env("WORKLOADS", self.workloads())
            .env("VERSION", self.delivery.version.clone())
            .env("RECORD_NAME", self.record_name());
        self.with_service(step)
    }

    fn render(&self) -> Step {
        self.step("Put the digests into the manifests", "kube-render")
            .env("MANIFESTS", self.keys.manifests.as_str())
            .env("IMAGES", self.delivery.digests.clone())
    }

    /// Runs the migrations in the first workload's image.
    fn migrate(&self, command: &str) -> Step {
        let workload = self.keys.workloads.first().map_or("", |line| line.as_str());
        self.step("Migrate the database", "kube-migrate")
            .env("WORKLOAD", workload)
            .env("MIGRATE_COMMAND", command)
            .env(
                "RELEASE",
                Text::code("github.run_id")
                    .then("-")
                    .then(Expression::new("github.run_attempt")),
            )
    }

    fn apply(&self) -> Step {
        let step = self
            .step("Apply the manifests", "kube-apply")
            .env("WORKLOADS", self.workloads());
        self.with_service(self.with_colour(step))
    }

    fn wait(&self) -> Step {
        let step = self
            .step("Wait until it is rolled out", "kube-wait")
            .env("WORKLOADS", self.workloads())
            .env("IMAGES", self.delivery.digests.clone());
        self.with_colour(step)
    }

    /// Asks the idle colour itself, before it gets any traffic.
    fn check_idle(&self) -> Option<Step> {
        let workload = self.keys.workloads.first()?;
        let step = self
            .step("Check the idle colour", "kube-health")
            .env("WORKLOAD", workload.as_str())
            .env("PORT", self.keys.port?.to_string());
        let path = self.delivery.health_url.as_deref().zip(self.delivery.url);
        let path = path.and_then(|(full, url)| full.strip_prefix(url));
        let step = match path {
            Some(path) => step.env("HEALTH_PATH", path),
            None => step,
        };
        Some(self.with_colour(step))
    }

    fn switch(&self) -> Step {
        self.with_service(self.with_colour(self.step("Switch the traffic", "kube-switch")))
    }

    fn retire(&self) -> Step {
        let step = self
            .step("Scale the old colour down", "kube-retire")
            .env("WORKLOADS", self.workloads())
            .env(
                "PREVIOUS_COLOUR",
                Expression::output("record", "previous_colour"),
            );
        self.with_service(step)
    }
}
