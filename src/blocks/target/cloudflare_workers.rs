//! `cloudflare-workers`: a Worker, by versions whose traffic is shifted.

use indexmap::IndexMap;
use serde::Deserialize;

use super::delivery::{Delivery, RollBack, Stages, Strategy, Undo};
use super::{Problem, Target, taken};
use crate::blocks::shape::OneOrMany;
use crate::blocks::words::{Line, Name, Percent, SettingName, UrlPath};
use crate::pipeline::{Expression, Step, Text};

/// A Worker on Cloudflare, by versions whose traffic is shifted.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct CloudflareWorkersKeys {
    /// The component of the stack that is the Worker; wrangler runs in its folder.
    component: Option<Name>,
    /// The Worker's name. Default: as in its configuration.
    worker: Option<Name>,
    /// The environment of wrangler's configuration. Default: the top level.
    env: Option<Name>,
    /// Variables of the Worker, beside those of its configuration.
    #[serde(default)]
    vars: IndexMap<SettingName, Line>,
    /// Secrets of the Worker, each with the secret on GitHub that it is set from:
    /// `{JWT_SECRET: STAGING_JWT_SECRET}`. Others are kept as they are.
    #[serde(default)]
    secrets: IndexMap<SettingName, SettingName>,
    /// Shares of the traffic that the new version gets one after the other, with a
    /// check of that version at each: `[10%, 50%]`. Default: all at once.
    #[serde(default)]
    gradual: Vec<Percent>,
    /// Paths that the new version itself must answer at each share, and with blue-green
    /// before it gets any traffic. Default: the paths of `verify.health`, or `/`.
    #[serde(default)]
    check: OneOrMany<UrlPath>,
}

/// What the step of a deployment reads under these names cannot be a secret's name there.
const TAKEN: [&str; 9] = [
    "CLOUDFLARE_ACCOUNT_ID",
    "CLOUDFLARE_API_TOKEN",
    "PREVIOUS_VERSION",
    "SECRETS",
    "TRAFFIC",
    "VARS",
    "VERSION",
    "WORKER_ENV",
    "WORKER_NAME",
];

impl Target for CloudflareWorkersKeys {
    fn stages(&self, delivery: &Delivery<'_>) -> Stages {
        stages(self, delivery)
    }

    fn rollback(&self, delivery: &Delivery<'_>, undo: Undo) -> RollBack {
        rollback(self, delivery, undo)
    }

    fn component(&self) -> Option<&Name> {
        self.component.as_ref()
    }

    /// The idle colour is the version without traffic.
    fn knows(&self, strategy: Strategy) -> Result<(), &'static str> {
        match strategy {
            Strategy::Direct => Ok(()),
            Strategy::BlueGreen if self.worker.is_some() => Ok(()),
            Strategy::BlueGreen => Err(
                "write `worker: NAME`, by which the new version is asked before it gets traffic",
            ),
            Strategy::Canary => {
                Err("remove the strategy, and write `gradual: [10%, 50%]` under the target")
            }
            Strategy::Rolling => Err("remove the strategy: a Worker is replaced at once"),
        }
    }

    fn asks_for_release(&self) -> bool {
        true
    }

    fn dry_run(&self, delivery: &Delivery<'_>) -> Option<Step> {
        let name = format!(
            "Check the Worker's configuration for {}",
            delivery.environment
        );
        let step = Step::script(name, "wrangler-dry-run");
        Some(delivery.in_folder(self.named(step)))
    }

    fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if !self.gradual.is_empty() && self.worker.is_none() {
            problems.push(Problem {
                code: "worker-missing",
                message: "the new version cannot be asked without the Worker's name".to_owned(),
                help: "write `worker: NAME` beside `gradual`".to_owned(),
            });
        }
        let shares: Vec<_> = self.gradual.iter().map(|share| share.number()).collect();
        if !shares.is_sorted_by(|one, next| one < next) || shares.contains(&100) {
            problems.push(Problem {
                code: "shares",
                message: "the shares of `gradual` do not rise towards 100 %".to_owned(),
                help: "write them in order, such as `[10%, 50%]`; all traffic follows by itself"
                    .to_owned(),
            });
        }
        problems.extend(taken(self.secrets.keys(), &TAKEN));
        problems
    }
}

/// Adds what every request to Cloudflare needs.
pub(super) fn credentials(step: Step) -> Step {
    step.env("CLOUDFLARE_API_TOKEN", Text::secret("CLOUDFLARE_API_TOKEN"))
        .env(
            "CLOUDFLARE_ACCOUNT_ID",
            Text::secret("CLOUDFLARE_ACCOUNT_ID"),
        )
}

impl CloudflareWorkersKeys {
    /// Says which Worker a step is about.
    fn named(&self, mut step: Step) -> Step {
        for (name, value) in [("WORKER_NAME", &self.worker), ("WORKER_ENV", &self.env)] {
            if let Some(value) = value {
                step = step.env(name, value.as_str());
            }
        }
        step
    }
}

/// The steps of a deployment.
fn stages(keys: &CloudflareWorkersKeys, delivery: &Delivery<'_>) -> Stages {
    let site = Site { keys, delivery };
    let record = site
        .step("Record what is live", "wrangler-record")
        .id("record");
    let previous = Expression::output("record", "previous_version");
    let mut shares: Vec<_> = keys.gradual.iter().map(|share| share.number()).collect();
    if delivery.strategy == Strategy::BlueGreen && shares.first() != Some(&0) {
        shares.insert(0, 0);
    }
    let mut bring = vec![site.deploy(&previous, shares.is_empty())];
    for share in &shares {
        bring.push(site.shift(*share, &previous));
        bring.extend(site.check());
    }
    if !shares.is_empty() {
        bring.push(site.shift(100, &previous).env("TRIGGERS", "1"));
    }
    Stages {
        record: vec![record],
        bring,
        finish: Vec::new(),
        undo: previous.into(),
    }
}

/// The roll-back, to the version that was recorded or that carries a release's name.
fn rollback(keys: &CloudflareWorkersKeys, delivery: &Delivery<'_>, undo: Undo) -> RollBack {
    let site = Site { keys, delivery };
    let mut steps = Vec::new();
    let previous = match undo {
        Undo::Deployment(previous) => previous,
        Undo::Live(version) => {
            steps.push(
                site.step("Find the version", "wrangler-find")
                    .id("find")
                    .env("VERSION", version),
            );
            Expression::output("find", "previous_version").into()
        }
    };
    let back = site.step("Go back to the version before", "wrangler-rollback");
    steps.push(back.id("rollback").env("PREVIOUS_VERSION", previous));
    RollBack {
        checkout: true,
        steps,
        reported: false,
    }
}

struct Site<'a> {
    keys: &'a CloudflareWorkersKeys,
    delivery: &'a Delivery<'a>,
}

impl Site<'_> {
    /// A script that calls wrangler in the Worker's folder.
    fn step(&self, name: &str, script: &'static str) -> Step {
        let step = credentials(Step::script(name, script));
        self.keys.named(self.delivery.in_folder(step))
    }

    /// Uploads the version, with its variables and secrets.
    fn deploy(&self, previous: &Expression, at_once: bool) -> Step {
        let name = if at_once {
            "Deploy the Worker"
        } else {
            "Upload the new version"
        };
        let mut step = self
            .step(name, "wrangler-deploy")
            .id("deploy")
            .env("VERSION", self.delivery.version.clone())
            .env("PREVIOUS_VERSION", previous.clone())
            .env("TRAFFIC", if at_once { "all" } else { "none" });
        if !self.keys.vars.is_empty() {
            let lines = self.keys.vars.iter();
            let lines: Vec<_> = lines
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            step = step.env("VARS", lines.join("\n"));
        }
        if !self.keys.secrets.is_empty() {
            let names: Vec<_> = self.keys.secrets.keys().map(|name| name.as_str()).collect();
            step = step.env("SECRETS", names.join("\n"));
        }
        let secrets = self.keys.secrets.iter();
        step.envs(secrets.map(|(name, from)| (name.as_str().to_owned(), Text::secret(from))))
    }

    fn shift(&self, percent: u32, previous: &Expression) -> Step {
        let name = match percent {
            0 => "Let the new version be asked, without traffic".to_owned(),
            100 => "Give it all of the traffic".to_owned(),
            _ => format!("Give it {percent} % of the traffic"),
        };
        self.step(&name, "wrangler-shift")
            .env("NEW_VERSION", Expression::output("deploy", "new_version"))
            .env("PREVIOUS_VERSION", previous.clone())
            .env("PERCENT", percent.to_string())
    }

    /// Asks the new version itself, whatever its share.
    fn check(&self) -> Option<Step> {
        let url = self.delivery.url?;
        let own = self.keys.check.iter().map(|path| format!("{url}{path}"));
        let mut urls: Vec<_> = own.collect();
        if urls.is_empty() {
            let health = self.delivery.health_url.clone();
            urls.push(health.unwrap_or_else(|| format!("{url}/")));
        }
        let worker = self.keys.worker.as_ref()?;
        let script = match &self.keys.env {
            Some(env) => format!("{worker}-{env}"),
            None => worker.as_str().to_owned(),
        };
        let step = self.step("Ask the new version", "wrangler-check");
        Some(
            step.env("NEW_VERSION", Expression::output("deploy", "new_version"))
                .env("CHECK_URLS", urls.join("\n"))
                .env("WORKER_SCRIPT", script),
        )
    }
}
