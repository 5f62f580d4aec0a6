//! Messages to people, put into jobs where something happens.

use super::scan;
use super::shared::Plan;
use crate::blocks::notify::{self, Message};
use crate::manifest::model::{Environment, tells};
use crate::manifest::raw::{Event, WorkflowKind};
use crate::pipeline::{Expression, Job, Phase, Step, Text};

const SLACK_DEFAULT: &[Event] = &[
    Event::Started,
    Event::Approval,
    Event::Succeeded,
    Event::Failed,
    Event::RolledBack,
    Event::Vulnerability,
];
const DATADOG_DEFAULT: &[Event] = &[
    Event::Started,
    Event::Succeeded,
    Event::Failed,
    Event::RolledBack,
];
const EMAIL_DEFAULT: &[Event] = &[Event::Failed, Event::RolledBack, Event::Vulnerability];

/// Whether Slack is told of this.
pub(super) fn slack_tells(plan: &Plan<'_>, event: Event) -> bool {
    plan.manifest
        .slack
        .as_ref()
        .is_some_and(|slack| tells(&slack.on, event, SLACK_DEFAULT))
}

/// Whether Datadog is told of this.
pub(super) fn datadog_tells(plan: &Plan<'_>, event: Event) -> bool {
    let told = plan.manifest.datadog.as_ref();
    told.is_some_and(|datadog| tells(&datadog.on, event, DATADOG_DEFAULT))
}

/// A step that puts a deployment on Datadog's dashboards, if there are any.
pub(super) fn datadog(
    plan: &Plan<'_>,
    name: &str,
    environment: &Environment,
    status: Option<&str>,
) -> Option<Step> {
    let written = plan.manifest.datadog.as_ref()?;
    let title = format!("{} on {}", plan.manifest.name, environment.name);
    Some(notify::datadog(
        name,
        written.url.as_ref().map(|url| url.as_str()),
        &environment.name,
        version(),
        title.into(),
        status,
    ))
}

/// Whether the mailboxes are told of this.
pub(super) fn email_tells(plan: &Plan<'_>, event: Event) -> bool {
    plan.manifest
        .email
        .as_ref()
        .is_some_and(|email| tells(&email.on, event, EMAIL_DEFAULT))
}

/// A step that posts to Slack about a deployment, if there is a channel.
///
/// `status` is how it stands; nothing if a variable of the job says so.
pub(super) fn slack(
    plan: &Plan<'_>,
    name: &str,
    environment: &Environment,
    status: Option<&str>,
    title: Text,
) -> Option<Step> {
    let message = Message {
        status: status.map(str::to_owned),
        title,
        version: version(),
        environment: Some(environment.name.clone()),
        links: links(plan, Some(environment)),
    };
    post(plan, name, &message)
}

/// The same where the run knows which environment it is about.
pub(super) fn slack_anywhere(plan: &Plan<'_>, name: &str, title: Text) -> Option<Step> {
    let message = Message {
        status: None,
        title,
        version: version(),
        environment: None,
        links: links(plan, None),
    };
    post(plan, name, &message)
}

fn post(plan: &Plan<'_>, name: &str, message: &Message) -> Option<Step> {
    let written = plan.manifest.slack.as_ref()?;
    let channel = notify::Slack {
        secret: written
            .secret
            .as_ref()
            .map_or("SLACK_WEBHOOK_URL", |secret| secret.as_str()),
        channel: written.channel.as_ref(),
    };
    Some(notify::slack(name, &channel, message))
}

/// The version that the job `validate` found out.
pub(super) fn version() -> Text {
    Text::expression(Expression::output_of("validate", "version"))
}

/// Buttons beside the one for the run: the environment, and the manifest's own.
fn links(plan: &Plan<'_>, environment: Option<&Environment>) -> Text {
    let named = environment
        .and_then(|environment| Some((environment.name.as_str(), environment.url.as_deref()?)));
    let own = plan
        .manifest
        .links
        .iter()
        .map(|(label, url)| (label.as_str(), url.as_str()));
    Text::lines(
        named
            .into_iter()
            .chain(own)
            .map(|(label, url)| Text::literal(format!("{label}|{url}"))),
    )
}

/// A step that sends an e-mail, if there is a mailbox.
pub(super) fn email(plan: &Plan<'_>, name: &str, subject: Text, body: Text) -> Option<Step> {
    let written = plan.manifest.email.as_ref()?;
    let email = notify::Email {
        to: &written.to,
        server: written.server.as_ref().map(|server| server.as_str()),
    };
    Some(notify::email(name, &email, subject, body))
}

/// Steps that tell of a hotfix before anybody agrees to it, and call whoever is to agree.
pub(super) fn emergency(plan: &Plan<'_>, environment: &Environment) -> Vec<Step> {
    let title = Text::literal(format!(
        "EMERGENCY: a hotfix of {} is to go to {}, with fewer approvals than usual: ",
        plan.manifest.name, environment.name
    ))
    .then(version());
    let name = "Tell Slack of the emergency";
    let slack = slack(plan, name, environment, Some("approval"), title.clone());
    let place = environment.name.as_str();
    let page = pagerduty_secrets(plan).map(|secrets| {
        let name = "Tell PagerDuty of the emergency";
        notify::page(name, secrets, title, place.into(), version())
    });
    slack.into_iter().chain(page).collect()
}

/// Steps that record a good release where it is watched: at Sentry, and at Uptime Robot.
pub(super) fn records(plan: &Plan<'_>, environment: &Environment, urls: &[String]) -> Vec<Step> {
    let manifest = plan.manifest;
    let sentry = manifest.sentry.as_ref().map(|written| {
        let projects = written.projects.iter().map(|name| name.as_str());
        let sentry = notify::Sentry {
            organization: written.organization.as_ref().map(|name| name.as_str()),
            projects: projects.collect(),
            server: written.url.as_ref().map(|url| url.as_str()),
        };
        notify::sentry(
            &sentry,
            &environment.name,
            environment.url.as_deref(),
            version(),
        )
    });
    let name = format!("{} {}", manifest.name, environment.name);
    let watched = manifest.uptime_robot && !urls.is_empty();
    let monitors = watched.then(|| notify::monitors(&name, urls));
    sentry.into_iter().chain(monitors).collect()
}

/// A step that tells PagerDuty how a run ended, if somebody is on call there.
pub(super) fn pagerduty(plan: &Plan<'_>, environment: Text, summary: Text) -> Option<Step> {
    let secrets = pagerduty_secrets(plan)?;
    Some(notify::pagerduty(secrets, summary, environment, version()))
}

/// The secrets with the key of PagerDuty and with its address.
fn pagerduty_secrets<'p>(plan: &Plan<'p>) -> Option<[&'p str; 2]> {
    let written = plan.manifest.pagerduty.as_ref()?;
    let key = written.secret.as_ref();
    let url = written.url.as_ref();
    Some([
        key.map_or("PAGERDUTY_ROUTING_KEY", |secret| secret.as_str()),
        url.map_or("PAGERDUTY_WEBHOOK_URL", |secret| secret.as_str()),
    ])
}

/// Tells of findings that stopped the run; a scan that broke is only a failed job.
pub(super) fn vulnerability(plan: &Plan<'_>) -> Vec<Step> {
    let blocked = Expression::new("failure() && steps.policy.outputs.verdict == 'block'");
    let steps = of_findings(plan).into_iter();
    steps.map(|step| step.when(blocked.clone())).collect()
}

/// The same where pull requests are scanned, which must not get at the secrets of messages:
/// a job of its own, behind those of these jobs that judge findings. Nothing if nobody is told.
pub(super) fn vulnerability_job(plan: &Plan<'_>, jobs: &mut [Job]) -> Option<Job> {
    let steps = of_findings(plan);
    let judges = |job: &&mut Job| {
        let mut ids = job.steps.iter().filter_map(|step| step.id.as_deref());
        // Those that no pull request runs tell by themselves.
        let tells = job
            .steps
            .iter()
            .any(|step| steps.iter().any(|own| own.name == step.name));
        ids.any(|id| id == scan::POLICY) && !job.may_fail && !tells
    };
    let mut found = Vec::new();
    for job in jobs.iter_mut().filter(judges).filter(|_| !steps.is_empty()) {
        // Of a matrix, empty outputs are left out, so that one run hides no other's.
        let verdict = "steps.policy.outputs.verdict == 'block' && 'block' || ''";
        job.outputs
            .push(("verdict".to_owned(), Text::code(verdict)));
        found.push(job.id.clone());
    }
    let blocks = found
        .iter()
        .map(|id| Expression::new(format!("needs.{id}.outputs.verdict == 'block'")));
    let blocks = Expression::new("always()").and(Expression::any(blocks)?);
    let job = Job::new(Phase::Notify, "notify-findings", "Tell of the findings", 5);
    Some(job.needs(found).when(blocks).steps(steps))
}

fn of_findings(plan: &Plan<'_>) -> Vec<Step> {
    let title = format!("{}: a scan found something that blocks", plan.manifest.name);
    let about = match plan.workflow.kind {
        WorkflowKind::Deploy => version(),
        _ => Text::code("github.ref_name"),
    };
    let slack = slack_tells(plan, Event::Vulnerability).then(|| Message {
        status: Some("failed".to_owned()),
        title: title.as_str().into(),
        version: about.clone(),
        environment: None,
        links: links(plan, None),
    });
    let slack = slack.and_then(|message| post(plan, "Tell Slack of the findings", &message));
    let body = Text::literal("Found in: ").then(about);
    let email = email_tells(plan, Event::Vulnerability)
        .then(|| email(plan, "Tell of the findings by e-mail", title.into(), body))
        .flatten();
    slack.into_iter().chain(email).collect()
}
