//! `cloudflare-workers`: a Worker, by versions whose traffic is shifted.

use serde::Deserialize;

use super::Target;
use super::delivery::{Delivery, Migrate, RollBack, Stages, Undo};
use crate::blocks::shape::OneOrMany;
use crate::blocks::words::{Name, Percent, UrlPath};
use crate::pipeline::{Expression, Step, Text};

/// The keys of the target.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct CloudflareWorkersKeys {
    /// The component of the stack that is the Worker; wrangler runs in its folder.
    pub component: Option<Name>,
    /// The Worker's name. Default: as in its configuration.
    pub worker: Option<Name>,
    /// The environment of wrangler's configuration. Default: the top level.
    pub env: Option<Name>,
    /// Shares of the traffic that the new version gets one after the other, with a
    /// check of that version at each: `[10%, 50%]`. Default: all at once.
    #[serde(default)]
    pub gradual: Vec<Percent>,
    /// Paths that the new version itself must answer at each share. Default: `/`.
    #[serde(default)]
    pub check: OneOrMany<UrlPath>,
}

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

    fn asks_for_release(&self) -> bool {
        true
    }
}

/// The steps of a deployment.
fn stages(keys: &CloudflareWorkersKeys, delivery: &Delivery<'_>) -> Stages {
    let site = Site { keys, delivery };
    let mut record = delivery.prepare.clone();
    record.push(
        site.step("Record what is live", "wrangler-record")
            .id("record"),
    );
    let mut bring: Vec<Step> = delivery
        .migrate
        .iter()
        .map(|migrate| site.migrate(*migrate))
        .collect();
    let traffic = if keys.gradual.is_empty() {
        "all"
    } else {
        "none"
    };
    let previous = Expression::output("record", "previous_version");
    bring.push(
        site.step("Deploy the Worker", "wrangler-deploy")
            .id("deploy")
            .env("VERSION", delivery.version.clone())
            .env("PREVIOUS_VERSION", previous.clone())
            .env("TRAFFIC", traffic),
    );
    for share in &keys.gradual {
        bring.push(site.shift(share.number(), &previous));
        bring.extend(site.check());
    }
    if !keys.gradual.is_empty() {
        bring.push(site.shift(100, &previous).env("TRIGGERS", "1"));
    }
    Stages {
        record,
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
        let mut step = Step::script(name, script)
            .env("CLOUDFLARE_API_TOKEN", Text::secret("CLOUDFLARE_API_TOKEN"))
            .env(
                "CLOUDFLARE_ACCOUNT_ID",
                Text::secret("CLOUDFLARE_ACCOUNT_ID"),
            );
        if let Some(folder) = self.delivery.folder {
            step = step.folder(folder);
        }
        for (name, value) in [
            ("WORKER_NAME", &self.keys.worker),
            ("WORKER_ENV", &self.keys.env),
        ] {
            if let Some(value) = value {
                step = step.env(name, value.as_str());
            }
        }
        step
    }

    fn shift(&self, percent: u32, previous: &Expression) -> Step {
        self.step(
            &format!("Give it {percent} % of the traffic"),
            "wrangler-shift",
        )
        .env("NEW_VERSION", Expression::output("deploy", "new_version"))
        .env("PREVIOUS_VERSION", previous.clone())
        .env("PERCENT", percent.to_string())
    }

    /// Asks the new version itself, whatever its share.
    fn check(&self) -> Option<Step> {
        let url = self.delivery.url?;
        let paths = self.keys.check.iter().map(|path| path.as_str());
        let urls: Vec<_> = paths.map(|path| format!("{url}{path}")).collect();
        let urls = if urls.is_empty() {
            format!("{url}/")
        } else {
            urls.join("\n")
        };
        let worker = self.keys.worker.as_ref()?;
        let script = match &self.keys.env {
            Some(env) => format!("{worker}-{env}"),
            None => worker.as_str().to_owned(),
        };
        let step = self.step("Ask the new version", "wrangler-check");
        Some(
            step.env("NEW_VERSION", Expression::output("deploy", "new_version"))
                .env("CHECK_URLS", urls)
                .env("WORKER_SCRIPT", script),
        )
    }

    /// Migrates from the runner, which reaches the database by its address.
    fn migrate(&self, migrate: Migrate<'_>) -> Step {
        let step = match migrate.script() {
            Some(script) => Step::script("Migrate the database", script),
            None => Step::run("Migrate the database", migrate.forward),
        };
        let step = step.env("DATABASE_URL", Text::secret("DATABASE_URL"));
        match self.delivery.folder {
            Some(folder) => step.folder(folder),
            None => step,
        }
    }
}
