//! `kubernetes`: workloads of a cluster, by manifests, by their images alone, or by Helm.
//!
//! A release takes the place of the one before by rolling out, by switching between two
//! colours, or by a canary whose share of the traffic grows.

mod canary;
mod helm;
mod site;

use serde::Deserialize;

use super::delivery::{Delivery, RollBack, Stages, Strategy, Undo};
use super::{Minutes, Problem, Target};
use crate::blocks::shape::{Flexible, OneOrMany};
use crate::blocks::words::{Line, Name, RepoPath, SettingName};
use crate::pipeline::Expression;

use canary::Canary;
use helm::Helm;
use site::Site;

/// Workloads of a Kubernetes cluster, by manifests, by their images alone, or by Helm.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct KubernetesKeys {
    /// The folder of a kustomization or of plain manifests. They name each image by the
    /// variable of the image, such as `BACKEND_IMAGE`, or by its repository. Left out, the
    /// workloads only get new images.
    manifests: Option<RepoPath>,
    /// Instead: a chart of Helm, as a folder or an address, or the long form.
    helm: Option<Flexible<Helm>>,
    /// The namespace of the application.
    namespace: Name,
    /// What is deployed: `deployment/shop`. A container is found by the name of its image.
    #[cfg_attr(test, schemars(example = "deployment/shop"))]
    #[serde(default)]
    workloads: OneOrMany<Line>,
    /// The cluster of AWS EKS; needs `aws` beside the target.
    cluster: Option<Name>,
    /// Instead: the secret with the kubeconfig, as it is or in base64. Default: the
    /// environment's name and `_KUBECONFIG`.
    kubeconfig: Option<SettingName>,
    /// Whether nodes and quotas must be well before anything is deployed. The credentials
    /// need the right to list nodes. Default: false.
    #[serde(default)]
    check_cluster: bool,
    /// Blue-green: the Service that leads to the live colour.
    service: Option<Name>,
    /// Blue-green: the port of the container, to ask the idle colour for its health.
    port: Option<u16>,
    /// Blue-green: whether the old colour goes on running until the next deployment. Default: false.
    #[serde(default)]
    keep_old: bool,
    /// How the traffic is shifted, with `strategy: canary`, or between two colours.
    canary: Option<Canary>,
}

impl Target for KubernetesKeys {
    fn stages(&self, delivery: &Delivery<'_>) -> Stages {
        let site = Site {
            keys: self,
            delivery,
        };
        if let Some(helm) = &self.helm {
            return helm.stages(&site);
        }
        let mut stages = Stages {
            record: site.arrive(),
            undo: Expression::output("record", "record").into(),
            ..Stages::default()
        };
        stages.record.push(site.record());
        let (before, after) = delivery.migrations(|migrate| site.migrate(migrate.forward));
        stages.bring.push(site.images());
        stages.bring.extend(before);
        match (&self.canary, delivery.strategy) {
            (Some(canary), Strategy::Canary) => stages.bring.extend(canary.bring(&site)),
            _ => stages.bring.extend([site.apply(), site.wait()]),
        }
        if delivery.strategy == Strategy::BlueGreen {
            stages.bring.extend(site.check_idle());
            let switch = site.switch();
            match &self.canary {
                Some(canary) => stages.bring.extend(canary.between_colours(&site, switch)),
                None => stages.bring.push(switch),
            }
            if !self.keep_old {
                stages.finish.push(site.retire());
            }
        }
        stages.bring.extend(after);
        stages
    }

    /// To what the record says: of this deployment, or the one in the cluster.
    fn rollback(&self, delivery: &Delivery<'_>, undo: Undo) -> RollBack {
        let site = Site {
            keys: self,
            delivery,
        };
        let mut steps = site.connect();
        steps.push(match &self.helm {
            Some(helm) => helm.rollback(&site, undo),
            None => site.rollback(undo),
        });
        RollBack {
            checkout: false,
            steps,
            reported: true,
        }
    }

    fn minutes(&self) -> Minutes {
        Minutes {
            deploy: 20 + self.canary.as_ref().map_or(0, Canary::minutes),
            rollback: 15,
        }
    }

    fn runs_images(&self) -> bool {
        true
    }

    /// A chart migrates by hooks of its own.
    fn migrates_in_image(&self) -> bool {
        self.helm.is_none()
    }

    fn needs_aws(&self) -> bool {
        self.cluster.is_some()
    }

    fn knows(&self, strategy: Strategy) -> Result<(), &'static str> {
        match strategy {
            Strategy::Direct | Strategy::Rolling => Ok(()),
            _ if self.helm.is_some() => {
                Err("remove the strategy: the chart says how its workloads are replaced")
            }
            Strategy::BlueGreen if self.manifests.is_none() => {
                Err("write `manifests: FOLDER`, of which the other colour is made")
            }
            Strategy::BlueGreen if self.service.is_none() => {
                Err("write `service: NAME`, the Service that leads to the live colour")
            }
            Strategy::Canary if self.canary.is_none() => {
                Err("write `canary: {route: NAME, …}`, or `{rollout: NAME}` with Argo Rollouts")
            }
            Strategy::BlueGreen | Strategy::Canary => Ok(()),
        }
    }

    fn asks_for_canary(&self) -> bool {
        self.canary.as_ref().is_some_and(Canary::is_asked_for)
    }

    fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut problem = |code, message: &str, help: &str| {
            problems.push(Problem {
                code,
                message: message.to_owned(),
                help: help.to_owned(),
            });
        };
        if self.helm.is_some() && self.manifests.is_some() {
            let help = "keep one of `helm` and `manifests`";
            problem("two-sources", "the target has a chart and manifests", help);
        }
        if self.helm.is_none() && self.workloads.is_empty() {
            let help = "write `workloads: deployment/NAME`";
            problem("workloads-missing", "the target names no workload", help);
        }
        if self.cluster.is_some() && self.kubeconfig.is_some() {
            let help = "keep one of `cluster` and `kubeconfig`";
            problem("two-logins", "the target has two ways to log in", help);
        }
        if let Some((message, help)) = self.canary.as_ref().and_then(Canary::problem) {
            problem("canary", message, help);
        }
        problems
    }
}
