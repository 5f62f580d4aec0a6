//! A canary: the new version gets more and more of the traffic while it does well.

use serde::Deserialize;

use super::site::Site;
use crate::blocks::target::delivery::Strategy;
use crate::blocks::words::{Command, Duration, Name, Percent};
use crate::knowledge::tools;
use crate::pipeline::{Step, Text};

/// How the traffic is shifted: by the weights of an HTTPRoute, or by Argo Rollouts.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Canary {
    /// The HTTPRoute of the Gateway API with both Services as backends of a rule.
    route: Option<Name>,
    /// Its Service of the version that is live; between two colours, that of the target.
    stable: Option<Name>,
    /// Its Service of the new version.
    service: Option<Name>,
    /// Instead: the Rollout of Argo Rollouts, whose own steps say how much it gets.
    rollout: Option<Name>,
    /// Shares of the traffic, one after the other. Default: 10 %, 50 %, 100 %.
    #[serde(default)]
    steps: Vec<Percent>,
    /// How long the new version is watched at each step. Default: 60s.
    watch: Option<Duration>,
    /// A command that fails if the new version does badly. Default: the health of the
    /// environment is asked for, and its Prometheus query.
    check: Option<Command>,
    /// Whether traffic is shifted gradually only if a run by hand asks for it. Default: false.
    #[serde(default)]
    on_request: bool,
}

impl Canary {
    pub(super) fn is_asked_for(&self) -> bool {
        self.on_request
    }

    /// How many minutes it is watched, with some for the roll-out of each step.
    pub(super) fn minutes(&self) -> u32 {
        let watch = self.watch.as_ref().map_or(1, |watch| watch.minutes());
        let steps = u32::try_from(self.steps.len().max(3)).unwrap_or(u32::MAX);
        watch.saturating_add(2).saturating_mul(steps)
    }

    /// What is wrong with it, and what to do.
    pub(super) fn problem(&self) -> Option<(&'static str, &'static str)> {
        let shares: Vec<_> = self.steps.iter().map(|share| share.number()).collect();
        let rises = shares.is_sorted_by(|one, next| one < next) && !shares.contains(&0);
        if !rises {
            let help = "write them in order, such as `[10%, 50%, 100%]`";
            return Some(("the steps of the canary do not rise", help));
        }
        match (&self.route, &self.rollout) {
            (Some(_), Some(_)) | (None, None) => Some((
                "the canary is shifted by a route or by a rollout",
                "keep one of `route` and `rollout`",
            )),
            (Some(_), None) if self.service.is_none() => Some((
                "the canary has no Service of its own",
                "write `service: NAME`, the backend of the route for the new version",
            )),
            (None, Some(_)) if !self.steps.is_empty() || self.on_request => Some((
                "the steps of a Rollout stand in its own manifest",
                "remove `steps` and `on-request`",
            )),
            _ => None,
        }
    }

    /// Installs the plugin of Argo Rollouts.
    pub(super) fn install(&self) -> Option<Step> {
        self.rollout.as_ref()?;
        let address = format!(
            "https://github.com/argoproj/argo-rollouts/releases/download/v{}",
            tools::version("argo-rollouts")
        );
        let commands = format!(
            "program=kubectl-argo-rollouts-linux-$(dpkg --print-architecture)\n\
             curl -fsSL --retry 3 --output-dir \"$RUNNER_TEMP\" \\\n  \
             -O \"{address}/$program\" -O \"{address}/argo-rollouts-checksums.txt\"\n\
             (cd \"$RUNNER_TEMP\" && grep -F \"$program\" argo-rollouts-checksums.txt | sha256sum --check)\n\
             install -D \"$RUNNER_TEMP/$program\" \"$RUNNER_TEMP/bin/kubectl-argo-rollouts\"\n\
             echo \"$RUNNER_TEMP/bin\" >> \"$GITHUB_PATH\""
        );
        Some(Step::run("Install Argo Rollouts", commands))
    }

    /// The steps of `strategy: canary`, once the manifests or images are known.
    pub(super) fn bring(&self, site: &Site<'_>) -> Vec<Step> {
        if let Some(rollout) = &self.rollout {
            let mut steps = Vec::new();
            if site.keys.manifests.is_some() {
                let apply = site.on_workloads("Apply the configuration", "kube-apply");
                steps.push(apply.env("PART", "configuration"));
            }
            let shift = site
                .step("Promote it from pause to pause", "kube-argo")
                .env("ROLLOUT", rollout.as_str())
                .env("IMAGES", site.delivery.digests.clone());
            steps.push(self.watched(site, shift));
            return steps;
        }
        let beside = |step: Step| self.asked(site, step.env("COLOUR", "canary"));
        let start = site.on_workloads("Start the canary", "kube-apply");
        let wait = site
            .on_workloads("Wait for the canary", "kube-wait")
            .env("IMAGES", site.delivery.digests.clone());
        let end = site.on_workloads("Stop the canary", "kube-canary-end");
        vec![
            beside(self.keep_weights(start)),
            beside(wait),
            self.shift(site),
            site.apply(),
            site.wait(),
            beside(self.route(end)),
        ]
    }

    /// Shifts the traffic to the idle colour before `switch` does so for good.
    pub(super) fn between_colours(&self, site: &Site<'_>, switch: Step) -> Vec<Step> {
        let service = self.service.as_ref().map_or("", |name| name.as_str());
        let mut aim = switch.clone();
        aim.name = "Point the canary at the idle colour".into();
        for (name, value) in &mut aim.env {
            if name == "SERVICE" {
                *value = service.into();
            }
        }
        let end = site.step("Give the weights back", "kube-canary-end");
        vec![
            self.asked(site, aim),
            self.shift(site),
            switch,
            self.asked(site, self.colours_route(site, end)),
        ]
    }

    /// Lets the route keep its weights while manifests are applied.
    pub(super) fn keep_weights(&self, step: Step) -> Step {
        match &self.route {
            Some(route) => step.env("HTTP_ROUTE", route.as_str()),
            None => step,
        }
    }

    /// Names the route with its Services.
    pub(super) fn route(&self, step: Step) -> Step {
        let pairs = [
            ("HTTP_ROUTE", &self.route),
            ("STABLE_SERVICE", &self.stable),
            ("CANARY_SERVICE", &self.service),
        ];
        let set = pairs
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_ref()?)));
        set.fold(step, |step, (name, value)| step.env(name, value.as_str()))
    }

    /// The same; between two colours, the stable Service is that of the target.
    fn colours_route(&self, site: &Site<'_>, step: Step) -> Step {
        let step = self.route(step);
        match (&self.stable, &site.keys.service) {
            (None, Some(service)) => step.env("STABLE_SERVICE", service.as_str()),
            _ => step,
        }
    }

    fn shift(&self, site: &Site<'_>) -> Step {
        let steps: Vec<_> = self.steps.iter().map(|share| share.number()).collect();
        let mut steps = if steps.is_empty() {
            vec![10, 50, 100]
        } else {
            steps
        };
        if steps.last() != Some(&100) {
            steps.push(100);
        }
        let steps: Vec<_> = steps.iter().map(u32::to_string).collect();
        let step = site
            .step("Shift the traffic share by share", "kube-canary")
            .env("STEPS", steps.join(","));
        let step = match site.delivery.strategy {
            Strategy::BlueGreen => self.colours_route(site, step),
            _ => self.route(step),
        };
        let step = self.watched(site, step);
        self.asked(site, step)
    }

    /// Says how the new version is judged while it has a share of the traffic.
    fn watched(&self, site: &Site<'_>, step: Step) -> Step {
        let mut step = match &self.watch {
            Some(watch) => step.env("STEP_SECONDS", watch.seconds().to_string()),
            None => step,
        };
        if let Some(check) = &self.check {
            return step.env("CHECK_COMMAND", check.as_str());
        }
        if let Some(url) = &site.delivery.health_url {
            step = step.env("HEALTH_URL", url.as_str());
        }
        let Some(prometheus) = &site.delivery.prometheus else {
            return step;
        };
        step.env("PROMETHEUS_URL", prometheus.url)
            .env("PROMETHEUS_QUERY", prometheus.query)
            .env("PROMETHEUS_LIMIT", prometheus.limit.to_string())
            .env("PROMETHEUS_TOKEN", Text::secret("PROMETHEUS_TOKEN"))
    }

    /// Runs a step only in the runs that ask for a canary, where they must.
    fn asked(&self, site: &Site<'_>, step: Step) -> Step {
        match &site.delivery.canary {
            Some(asked) if self.on_request => step.when(asked.clone()),
            _ => step,
        }
    }
}
