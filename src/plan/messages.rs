//! Messages to people, put into jobs where something happens.

use super::shared::Plan;
use crate::blocks::notify::{self, Message};
use crate::manifest::model::{Environment, tells};
use crate::manifest::raw::Event;
use crate::pipeline::{Expression, Step, Text};

const SLACK_DEFAULT: &[Event] =
    &[Event::Started, Event::Approval, Event::Succeeded, Event::Failed, Event::RolledBack, Event::Vulnerability];
const EMAIL_DEFAULT: &[Event] = &[Event::Failed, Event::RolledBack, Event::Vulnerability];

/// Whether Slack is told of this.
pub(super) fn slack_tells(plan: &Plan<'_>, event: Event) -> bool {
    plan.manifest.slack.as_ref().is_some_and(|slack| tells(&slack.on, event, SLACK_DEFAULT))
}

/// Whether the mailboxes are told of this.
pub(super) fn email_tells(plan: &Plan<'_>, event: Event) -> bool {
    plan.manifest.email.as_ref().is_some_and(|email| tells(&email.on, event, EMAIL_DEFAULT))
}

/// A step that posts to Slack, if there is a channel.
///
/// `status` is how it stands; nothing if a variable of the job says so.
pub(super) fn slack(
    plan: &Plan<'_>,
    name: &str,
    environment: &Environment,
    status: Option<&str>,
    title: Text,
) -> Option<Step> {
    let written = plan.manifest.slack.as_ref()?;
    let channel = notify::Slack {
        secret: written.secret.as_ref().map_or("SLACK_WEBHOOK_URL", |secret| secret.as_str()),
        channel: written.channel.as_ref(),
    };
    let message = Message {
        status: status.map(str::to_owned),
        title,
        version: version(),
        environment: environment.name.clone(),
        links: links(plan, environment),
    };
    Some(notify::slack(name, &channel, &message))
}

/// The version that the job `validate` found out.
pub(super) fn version() -> Text {
    Text::expression(Expression::output_of("validate", "version"))
}

/// This run's page.
pub(super) fn run_url() -> Text {
    Text::code("github.server_url")
        .then("/")
        .then(Expression::new("github.repository"))
        .then("/actions/runs/")
        .then(Expression::new("github.run_id"))
}

/// Buttons: the environment, the run, and the manifest's own.
fn links(plan: &Plan<'_>, environment: &Environment) -> Text {
    let mut lines = Vec::new();
    if let Some(url) = &environment.url {
        lines.push(Text::literal(format!("{}|{url}", environment.name)));
    }
    lines.push(Text::literal("Workflow run|").then(run_url()));
    for (label, url) in &plan.manifest.links {
        lines.push(Text::literal(format!("{label}|{url}")));
    }
    Text::lines(lines)
}

/// A step that sends an e-mail, if there is a mailbox.
pub(super) fn email(plan: &Plan<'_>, name: &str, subject: Text, body: Text) -> Option<Step> {
    let written = plan.manifest.email.as_ref()?;
    let email = notify::Email { to: &written.to, server: &written.server };
    Some(notify::email(name, &email, subject, body))
}

/// Tells of a scan that stopped the run.
pub(super) fn vulnerability(plan: &Plan<'_>) -> Vec<Step> {
    if !email_tells(plan, Event::Vulnerability) {
        return Vec::new();
    }
    let subject = Text::literal(format!("{}: a scan found something that blocks", plan.manifest.name));
    let body = Text::literal("Branch or tag: ").then(Expression::new("github.ref_name"));
    let step = email(plan, "Tell of the findings by e-mail", subject, body);
    // A scanner that could not do its work has found nothing.
    let blocked = Expression::new("failure() && steps.policy.outputs.verdict == 'block'");
    step.into_iter().map(|step| step.when(blocked.clone())).collect()
}
