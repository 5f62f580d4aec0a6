//! The maintenance mode of an application: users see a notice while it is changed.

use serde::Deserialize;

use crate::blocks::shape::ShortForm;
use crate::blocks::words::{Command, Duration, Line, SettingName, UrlPath};
use crate::pipeline::{Expression, Step, Text};

/// The maintenance mode, on while a release takes over.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Maintenance {
    /// The command that switches it to what `$MAINTENANCE` says, `on` or `off`.
    pub command: Option<Command>,
    /// Instead: the path that is sent `{"enabled": true}` or `false` by POST.
    pub request: Option<UrlPath>,
    /// The secret with the bearer token of that request. Default: none.
    pub token: Option<SettingName>,
    /// Instead: the variable with the id of a Workers KV namespace, whose key `maintenance` the
    /// Worker reads.
    pub kv: Option<SettingName>,
    /// What users are told: the request has it as `message`, a command reads `$MAINTENANCE_MESSAGE`, the key
    /// has it instead of `on`. Default: what the application says by itself.
    pub message: Option<Line>,
    /// The path that answers 503 while it is on, and 2xx otherwise. Default: nobody looks. The
    /// paths of `health` answer 2xx all the while.
    pub shows: Option<UrlPath>,
    /// How long requests may go on once it is on, before anything is changed. Default: not at all.
    pub drain: Option<Duration>,
    /// Whether a run by hand asks for it, with the input `maintenance`. Default: it is always on.
    #[serde(default)]
    pub ask: bool,
}

impl ShortForm for Maintenance {
    type Short = Command;

    fn from_short(command: Command) -> Self {
        Self {
            command: Some(command),
            ..Self::default()
        }
    }
}

impl Maintenance {
    /// The ways in which it says how it is switched.
    pub fn ways(&self) -> usize {
        [
            self.command.is_some(),
            self.request.is_some(),
            self.kv.is_some(),
        ]
        .into_iter()
        .filter(|way| *way)
        .count()
    }

    /// The step that switches it on, for an application at this address.
    pub fn on(&self, url: Option<&str>) -> Step {
        let mut step = self
            .step("Switch the maintenance mode on", "on", url)
            .id("maintenance");
        if let Some(message) = &self.message {
            step = step.env("MAINTENANCE_MESSAGE", message.as_str());
        }
        if let Some(drain) = &self.drain {
            step = step.env("DRAIN", drain.seconds().to_string());
        }
        match self.asked() {
            Some(asked) => step.when(asked),
            None => step,
        }
    }

    /// Whether a run wants it; nothing if every run does.
    pub fn asked(&self) -> Option<Expression> {
        self.ask.then(|| Expression::new("inputs.maintenance"))
    }

    /// The step that switches it off, whatever happened since it was switched on.
    pub fn off(&self, url: Option<&str>) -> Step {
        let on = Expression::new("always() && steps.maintenance.outputs.switched == 'on'");
        self.off_when(url, on).id("maintenance-off")
    }

    /// The same for a job that has not switched it on.
    pub fn off_when(&self, url: Option<&str>, on: Expression) -> Step {
        self.step("Switch the maintenance mode off", "off", url)
            .when(on)
    }

    /// What [`Self::on`] and [`Self::off`] leave: `on` or `off`, nothing if neither ran.
    pub fn state() -> Expression {
        Expression::new(
            "steps.maintenance-off.outputs.switched || steps.maintenance.outputs.switched",
        )
    }

    fn step(&self, name: &str, to: &str, url: Option<&str>) -> Step {
        let address = |path: &UrlPath| format!("{}{path}", url.unwrap_or_default());
        let mut step = Step::script(name, "maintenance-switch").env("MAINTENANCE", to);
        if let Some(command) = &self.command {
            step = step.env("MAINTENANCE_COMMAND", command.as_str());
        }
        if let Some(request) = &self.request {
            step = step.env("MAINTENANCE_REQUEST", address(request));
        }
        if let Some(token) = &self.token {
            step = step.env("MAINTENANCE_TOKEN", Text::secret(token));
        }
        if let Some(kv) = &self.kv {
            step = step
                .env("MAINTENANCE_KV_NAMESPACE", Text::variable(kv))
                .env("CLOUDFLARE_API_TOKEN", Text::secret("CLOUDFLARE_API_TOKEN"))
                .env(
                    "CLOUDFLARE_ACCOUNT_ID",
                    Text::secret("CLOUDFLARE_ACCOUNT_ID"),
                );
        }
        match &self.shows {
            Some(path) => step.env("MAINTENANCE_URL", address(path)),
            None => step,
        }
    }
}
