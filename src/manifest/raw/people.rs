//! Who must say yes, and who is told what.

use std::num::NonZeroU8;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::blocks::shape::{Flexible, OneOrMany, ShortForm};
use crate::blocks::words::{
    Duration, Line, Mailbox, Name, PathPattern, Reviewer, SettingName, Url,
};

/// Who must say yes before an environment is deployed to.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Approval {
    /// How many different people. Default: 1.
    pub required: Option<NonZeroU8>,
    /// Who may: users and teams (`team/devops`).
    #[serde(default)]
    pub reviewers: OneOrMany<Reviewer>,
    /// Roles that are each asked at an environment of their own, such as `production-approval-security`.
    #[serde(default)]
    pub roles: IndexMap<Name, Role>,
    /// By GitHub's environments, or by an issue that everyone can answer.
    pub via: Option<Via>,
    /// What the reviewers should have looked at, shown where they decide.
    #[serde(default)]
    pub checklist: Vec<Line>,
    /// How long it waits. Default: 6h.
    pub wait: Option<Duration>,
    /// The GitHub environment that only asks for this approval, so that those with the secrets
    /// wait for nobody, such as `production-approval`. Default: the environment itself, or
    /// `NAME-approval` if it has parts.
    pub gate: Option<Name>,
    /// Paths whose changes are shown to the reviewers by themselves, such as `migrations/**`, with all that
    /// a deployment changes.
    #[serde(default)]
    pub impact: Vec<PathPattern>,
    /// Who may agree to a hotfix instead, for runs by hand with `deployment_type: hotfix`. It is told
    /// before it is asked for.
    pub emergency: Option<Emergency>,
}

impl Approval {
    /// How many different people, with the default.
    pub fn required(&self) -> u8 {
        self.required.map_or(1, NonZeroU8::get)
    }
}

/// Who may agree to a hotfix.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Emergency {
    /// How many different people. Default: 1.
    pub required: Option<NonZeroU8>,
    /// Who may. Default: the same people.
    #[serde(default)]
    pub reviewers: OneOrMany<Reviewer>,
}

/// One of several roles that must say yes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Role {
    /// Who may say it: users and teams (`team/devops`).
    pub reviewers: OneOrMany<Reviewer>,
    /// What must have changed since the last release for the role to be asked. Default: it always is.
    pub when: Option<Changes>,
}

/// Changes since the last release, of which one is enough.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Changes {
    /// Patterns of paths.
    #[serde(default)]
    pub paths: OneOrMany<Line>,
    /// Kinds of commits, as in `feat: …`.
    #[serde(default)]
    pub commits: OneOrMany<Name>,
    /// Labels of the commits' pull requests.
    #[serde(default)]
    pub label: OneOrMany<Line>,
}

/// The kind of approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// Required reviewers of environments; public repositories or GitHub Enterprise.
    Environment,
    /// An issue; any plan.
    Issue,
}

/// Who is told what.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Notify {
    /// A Slack channel, through an incoming webhook.
    pub slack: Option<Slack>,
    /// Mailboxes, through an SMTP server.
    pub email: Option<Email>,
    /// Datadog, which shows deployments as events on its dashboards.
    pub datadog: Option<Datadog>,
    /// Whoever is on call, through PagerDuty.
    pub pagerduty: Option<PagerDuty>,
    /// Whether a roll-back opens an incident issue. Default: true.
    pub incident: Option<bool>,
    /// Whether Sentry gets each release, with the secret `SENTRY_AUTH_TOKEN`: `true`, or the long form.
    pub sentry: Option<Flexible<Sentry>>,
    /// Whether Uptime Robot watches what is deployed, with the secret `UPTIMEROBOT_API_KEY`; not while the
    /// maintenance mode is on. Default: false.
    #[serde(default)]
    pub uptime_robot: bool,
}

/// A Slack channel.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Slack {
    /// The channel, for webhooks that may choose it.
    pub channel: Option<Line>,
    /// What it is told. Default: everything.
    #[serde(default)]
    pub on: OneOrMany<Event>,
    /// The secret with the webhook's address. Default: `SLACK_WEBHOOK_URL`.
    pub secret: Option<SettingName>,
}

/// Sentry.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Sentry {
    /// Whether it gets them; `sentry: true` is short for the defaults.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Slug of the organisation. Default: the variable `SENTRY_ORG`.
    pub organization: Option<Name>,
    /// Slugs of the projects. Default: the variable `SENTRY_PROJECT`.
    #[serde(default)]
    pub projects: OneOrMany<Name>,
    /// Its address, for a server of your own.
    pub url: Option<Url>,
}

fn yes() -> bool {
    true
}

impl ShortForm for Sentry {
    type Short = bool;

    fn from_short(enabled: bool) -> Self {
        Self {
            enabled,
            ..Self::default()
        }
    }
}

/// A service of PagerDuty: an alert when a deployment fails, which the next good one resolves.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PagerDuty {
    /// The secret with its integration key. Default: `PAGERDUTY_ROUTING_KEY`.
    pub secret: Option<SettingName>,
    /// The secret with an integration URL, which may hold the key. Default: `PAGERDUTY_WEBHOOK_URL`.
    pub url: Option<SettingName>,
}

/// Mailboxes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Email {
    /// Who gets it.
    pub to: OneOrMany<Mailbox>,
    /// The SMTP server, `host:port`. Port 465 speaks TLS from the start, others by STARTTLS. Default: what the
    /// repository's variable `EMAIL_SERVER` says.
    #[cfg_attr(test, schemars(example = "smtp.example.com:587"))]
    pub server: Option<Line>,
    /// What they are told. Default: failed, vulnerability, rolled-back.
    #[serde(default)]
    pub on: OneOrMany<Event>,
}

/// Datadog. Its key is the secret `DATADOG_API_KEY`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Datadog {
    /// The API of the site, for others than `datadoghq.com`.
    pub url: Option<Url>,
    /// What it is told. Default: started, succeeded, failed, rolled-back.
    #[serde(default)]
    pub on: OneOrMany<Event>,
}

/// Something that people are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A deployment begins.
    Started,
    /// Somebody's approval is asked for.
    Approval,
    /// A deployment went well.
    Succeeded,
    /// A deployment failed.
    Failed,
    /// The release before was restored.
    RolledBack,
    /// A scan found something that blocks.
    Vulnerability,
}
