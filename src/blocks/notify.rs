//! Messages to people: Slack, e-mail, incident issues.

use super::words::{Line, Mailbox};
use crate::pipeline::{Access, Expression, Scope, Step, Text};

/// A Slack channel.
pub struct Slack<'a> {
    /// The secret with the webhook's address.
    pub secret: &'a str,
    /// The channel, for webhooks that may choose it.
    pub channel: Option<&'a Line>,
}

/// What a message says.
pub struct Message {
    /// How it stands: `started`, `approval`, `succeeded`, `failed`, `rolled-back`;
    /// nothing if the job's variable `STATUS` says so.
    pub status: Option<String>,
    /// First line.
    pub title: Text,
    /// What is deployed.
    pub version: Text,
    /// Where; nothing if it is not about an environment.
    pub environment: Option<String>,
    /// Buttons beside the one for the workflow run, lines `TEXT|URL`; may be empty.
    pub links: Text,
}

/// A step that posts to Slack.
pub fn slack(name: &str, slack: &Slack<'_>, message: &Message) -> Step {
    let step = Step::script(name, "slack-notify")
        .env("SLACK_WEBHOOK_URL", Text::secret(slack.secret))
        .env("TITLE", message.title.clone())
        .env("VERSION", message.version.clone());
    let step = match &message.environment {
        Some(environment) => step.env("ENVIRONMENT", environment.as_str()),
        None => step,
    };
    let step = if message.links.parts().is_empty() {
        step
    } else {
        step.env("LINKS", message.links.clone())
    };
    let step = match &message.status {
        Some(status) => step.env("STATUS", status.as_str()),
        None => step,
    };
    match slack.channel {
        Some(channel) => step.env("CHANNEL", channel.as_str()),
        None => step,
    }
}

/// A step that puts an event on Datadog's dashboards. `status` is how it stands; nothing if
/// the job's variable `STATUS` says so.
pub fn datadog(
    name: &str,
    url: Option<&str>,
    environment: &str,
    version: Text,
    title: Text,
    status: Option<&str>,
) -> Step {
    let step = Step::script(name, "datadog-event")
        .env("DATADOG_API_KEY", Text::secret("DATADOG_API_KEY"))
        .env("TITLE", title)
        .env("ENVIRONMENT", environment)
        .env("VERSION", version);
    let step = match url {
        Some(url) => step.env("DATADOG_URL", url),
        None => step,
    };
    match status {
        Some(status) => step.env("STATUS", status),
        None => step,
    }
}

/// Mailboxes.
pub struct Email<'a> {
    /// Who gets it.
    pub to: &'a [Mailbox],
    /// The SMTP server, `host:port`; nothing if a variable of the repository says it.
    pub server: Option<&'a str>,
}

/// A step that sends an e-mail.
pub fn email(name: &str, email: &Email<'_>, subject: Text, body: Text) -> Step {
    let server = match email.server {
        Some(server) if server.ends_with(":465") => format!("smtps://{server}").into(),
        Some(server) => format!("smtp://{server}").into(),
        None => Text::variable("EMAIL_SERVER"),
    };
    let to: Vec<_> = email.to.iter().map(|mailbox| mailbox.as_str()).collect();
    Step::script(name, "email-notify")
        .env("SMTP_URL", server)
        .env("EMAIL_USERNAME", Text::secret("EMAIL_USERNAME"))
        .env("EMAIL_PASSWORD", Text::secret("EMAIL_PASSWORD"))
        .env("MAIL_TO", to.join(","))
        .env("SUBJECT", subject)
        .env("BODY", body)
}

/// A step that opens an issue with what is left to do after a deployment, or comments on the open one.
pub fn follow_up(environment: &str, version: Text, list: &[&str]) -> Step {
    Step::script("Open an issue for what follows", "incident-issue")
        .env("MARKER", format!("follow-up-{environment}"))
        .env(
            "TITLE",
            Text::literal(format!("After the deployment to {environment}: ")).then(version.clone()),
        )
        .env("ENVIRONMENT", environment)
        .env("VERSION", version)
        .env("CHECKLIST", list.join("\n"))
        .env("LABEL", "follow-up")
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(Scope::Issues, Access::Write, "open the issue")
}

/// Sentry.
pub struct Sentry<'a> {
    /// Slug of the organisation; nothing for the repository's variable.
    pub organization: Option<&'a str>,
    /// Slugs of the projects; none for the repository's variable.
    pub projects: Vec<&'a str>,
    /// Its address, if it is another than the usual one.
    pub server: Option<&'a str>,
}

/// A step that records a release at Sentry.
pub fn sentry(sentry: &Sentry<'_>, environment: &str, url: Option<&str>, version: Text) -> Step {
    let projects = if sentry.projects.is_empty() {
        Text::code("vars.SENTRY_PROJECT")
    } else {
        sentry.projects.join("\n").into()
    };
    let organization = sentry.organization.map(Text::from);
    let step = Step::script("Record the release at Sentry", "sentry-release")
        .env("SENTRY_AUTH_TOKEN", Text::secret("SENTRY_AUTH_TOKEN"))
        .env(
            "SENTRY_ORG",
            organization.unwrap_or_else(|| Text::code("vars.SENTRY_ORG")),
        )
        .env("SENTRY_PROJECT", projects)
        .env("VERSION", version)
        .env("ENVIRONMENT", environment);
    let step = match sentry.server {
        Some(server) => step.env("SENTRY_URL", server),
        None => step,
    };
    match url {
        Some(url) => step.env("URL", url),
        None => step,
    }
}

/// A step that makes the monitors of addresses that Uptime Robot does not have.
pub fn monitors(name: &str, urls: &[String]) -> Step {
    uptime_robot("Let Uptime Robot watch it", "ensure")
        .env("NAME", name)
        .env("URLS", urls.join("\n"))
}

/// A step that pauses the monitor of an address. Its output `paused` says which one it was.
pub fn pause_monitor(url: String) -> Step {
    uptime_robot("Pause the monitor at Uptime Robot", "pause").env("URLS", url)
}

/// A step that lets monitors look again that a step or a job has paused.
pub fn resume_monitors(ids: Expression) -> Step {
    uptime_robot("Resume the monitor at Uptime Robot", "resume").env("IDS", ids)
}

fn uptime_robot(title: &str, action: &str) -> Step {
    Step::script(title, "uptime-monitors")
        .env("UPTIMEROBOT_API_KEY", Text::secret("UPTIMEROBOT_API_KEY"))
        .env("ACTION", action)
}

/// A step that raises an alert at PagerDuty, or resolves it when the job's variable `STATUS`
/// is `succeeded`.
pub fn pagerduty(secrets: [&str; 2], summary: Text, environment: Text, version: Text) -> Step {
    let action = Text::code("env.STATUS == 'succeeded' && 'resolve' || 'trigger'");
    event("Tell PagerDuty", secrets, action, summary)
        .env("ENVIRONMENT", environment)
        .env("VERSION", version)
}

/// A step that warns whoever is on call; the message of how it ended resolves that.
pub fn page(
    name: &str,
    secrets: [&str; 2],
    summary: Text,
    environment: Text,
    version: Text,
) -> Step {
    event(name, secrets, "trigger".into(), summary)
        .env("SEVERITY", "warning")
        .env("ENVIRONMENT", environment)
        .env("VERSION", version)
}

fn event(name: &str, [key, url]: [&str; 2], action: Text, summary: Text) -> Step {
    Step::script(name, "pagerduty-notify")
        .env("PAGERDUTY_ROUTING_KEY", Text::secret(key))
        .env("PAGERDUTY_WEBHOOK_URL", Text::secret(url))
        .env("ACTION", action)
        .env("SUMMARY", summary)
}

/// What people do after an incident.
const AFTER_AN_INCIDENT: [&str; 3] = [
    "Find the cause",
    "Look at the error rate",
    "Write the post-mortem",
];

/// A step that opens an incident after a roll-back by hand, with the reason that was given.
pub fn incident_by_hand(environment: Text, version: Text, previous: Text, reason: Text) -> Step {
    let on = || Text::literal("rollback-").then(environment.clone());
    Step::script("Open an incident", "incident-issue")
        .env("MARKER", on())
        .env(
            "TITLE",
            Text::literal("Roll-back of ")
                .then(environment.clone())
                .then(": ")
                .then(version.clone()),
        )
        .env("ENVIRONMENT", environment.clone())
        .env("VERSION", version)
        .env("PREVIOUS_VERSION", previous)
        .env("REASON", reason)
        .env("CHECKLIST", AFTER_AN_INCIDENT.join("\n"))
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(Scope::Issues, Access::Write, "open the incident")
}

/// A step that opens an issue about infrastructure that is not what Terraform knows, or
/// comments on the open one.
pub fn drifted(environment: &str, what: Text) -> Step {
    Step::script("Open an issue about the drift", "incident-issue")
        .env("MARKER", format!("drift-{environment}"))
        .env(
            "TITLE",
            format!("The infrastructure of {environment} has drifted"),
        )
        .env("ENVIRONMENT", environment)
        .env("REASON", what)
        .env(
            "CHECKLIST",
            "find out who changed it, and why\n\
             take the change over into the configuration, or apply the configuration again",
        )
        .env("LABEL", "drift")
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(Scope::Issues, Access::Write, "open the issue")
}

/// A step that opens an incident, or comments on the open one.
pub fn incident(environment: &str, version: Text, previous: Text) -> Step {
    Step::script("Open an incident", "incident-issue")
        .env("MARKER", format!("deploy-{environment}"))
        .env(
            "TITLE",
            Text::literal(format!("Deployment to {environment} failed: ")).then(version.clone()),
        )
        .env("ENVIRONMENT", environment)
        .env("VERSION", version)
        .env("PREVIOUS_VERSION", previous)
        .env("CHECKLIST", AFTER_AN_INCIDENT.join("\n"))
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(Scope::Issues, Access::Write, "open the incident")
}
