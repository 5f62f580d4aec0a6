//! The steps of a deployment to a cluster.

use super::KubernetesKeys;
use super::canary::Canary;
use crate::blocks::target::delivery::{Delivery, Strategy, Undo};
use crate::pipeline::{Expression, Step, Text};

/// A cluster that a release is on its way to.
pub(super) struct Site<'a> {
    pub(super) keys: &'a KubernetesKeys,
    pub(super) delivery: &'a Delivery<'a>,
}

impl Site<'_> {
    pub(super) fn step(&self, name: &str, script: &'static str) -> Step {
        Step::script(name, script).env("NAMESPACE", self.keys.namespace.as_str())
    }

    fn blue_green(&self) -> bool {
        self.delivery.strategy == Strategy::BlueGreen
    }

    /// Adds the colour that this deployment takes.
    fn with_colour(&self, step: Step) -> Step {
        if self.blue_green() {
            step.env("COLOUR", Expression::output("record", "colour"))
        } else {
            step
        }
    }

    fn with_service(&self, step: Step) -> Step {
        match &self.keys.service {
            Some(service) if self.blue_green() => step.env("SERVICE", service.as_str()),
            _ => step,
        }
    }

    /// The canary, if this deployment may shift traffic.
    fn canary(&self) -> Option<&Canary> {
        let shifts = matches!(
            self.delivery.strategy,
            Strategy::BlueGreen | Strategy::Canary
        );
        self.keys.canary.as_ref().filter(|_| shifts)
    }

    fn workloads(&self) -> String {
        let lines = self.keys.workloads.iter().map(|line| line.as_str());
        lines.collect::<Vec<_>>().join("\n")
    }

    /// A script that works on the workloads.
    pub(super) fn on_workloads(&self, name: &str, script: &'static str) -> Step {
        self.step(name, script).env("WORKLOADS", self.workloads())
    }

    fn record_name(&self) -> String {
        match self.delivery.part {
            Some(part) => format!("{}-{part}-release", self.delivery.project),
            None => format!("{}-release", self.delivery.project),
        }
    }

    /// Logs in to the cluster for the later steps.
    pub(super) fn connect(&self) -> Vec<Step> {
        let connect = self.step("Connect to the cluster", "kube-connect");
        let mut steps: Vec<_> = self.keys.cluster.iter().map(login).collect();
        steps.push(if self.keys.cluster.is_some() {
            connect
        } else {
            let environment = self.delivery.environment.to_ascii_uppercase();
            let default = format!("{}_KUBECONFIG", environment.replace('-', "_"));
            let secret = self.keys.kubeconfig.as_ref();
            let secret = secret.map_or(default, |name| name.as_str().to_owned());
            connect.env("KUBECONFIG_DATA", Text::secret(&secret))
        });
        steps.extend(self.canary().and_then(Canary::install));
        steps
    }

    /// Logs in, and looks whether the cluster can take a release.
    pub(super) fn arrive(&self) -> Vec<Step> {
        let mut steps = self.connect();
        if self.keys.check_cluster {
            steps.push(self.step("Check the cluster", "kube-check"));
        }
        steps
    }

    pub(super) fn record(&self) -> Step {
        let step = self
            .on_workloads("Record what is live", "kube-record")
            .id("record")
            .env("VERSION", self.delivery.version.clone())
            .env("RECORD_NAME", self.record_name());
        self.with_service(step)
    }

    /// Finds out what is to be applied: the manifests, or what runs, with the new images.
    pub(super) fn images(&self) -> Step {
        let step = match &self.keys.manifests {
            Some(manifests) => self
                .step("Put the digests into the manifests", "kube-render")
                .env("MANIFESTS", manifests.as_str()),
            None => self.on_workloads("Find the containers of the images", "kube-images"),
        };
        step.env("IMAGES", self.delivery.digests.clone())
    }

    /// Runs the migrations in the first workload's image.
    pub(super) fn migrate(&self, command: &str) -> Step {
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

    pub(super) fn apply(&self) -> Step {
        if self.keys.manifests.is_none() {
            return self.on_workloads("Set the images", "kube-set-image");
        }
        let step = self.on_workloads("Apply the manifests", "kube-apply");
        let step = self.with_service(self.with_colour(step));
        match self.canary() {
            Some(canary) => canary.keep_weights(step),
            None => step,
        }
    }

    pub(super) fn wait(&self) -> Step {
        let step = self
            .on_workloads("Wait until it is rolled out", "kube-wait")
            .env("IMAGES", self.delivery.digests.clone());
        self.with_colour(step)
    }

    /// Asks the idle colour itself, before it gets any traffic.
    pub(super) fn check_idle(&self) -> Option<Step> {
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

    pub(super) fn switch(&self) -> Step {
        self.with_service(self.with_colour(self.step("Switch the traffic", "kube-switch")))
    }

    pub(super) fn retire(&self) -> Step {
        let step = self
            .on_workloads("Scale the old colour down", "kube-retire")
            .env(
                "PREVIOUS_COLOUR",
                Expression::output("record", "previous_colour"),
            );
        self.with_service(step)
    }

    pub(super) fn rollback(&self, undo: Undo) -> Step {
        let step = self
            .step("Go back to the release before", "kube-rollback")
            .id("rollback");
        let step = self.with_service(step.env("RECORD_NAME", self.record_name()));
        let step = match self.canary() {
            Some(canary) => canary.route(step),
            None => step,
        };
        match undo {
            Undo::Deployment(record) => step.env("RECORD", record),
            Undo::Live(_) => step,
        }
    }
}

/// Finds the cluster on AWS.
fn login(cluster: &crate::blocks::words::Name) -> Step {
    Step::script("Find the cluster", "kube-eks").env("CLUSTER", cluster.as_str())
}
