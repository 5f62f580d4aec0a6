//! The people who must say yes before a deployment.

mod roles;

pub(crate) use roles::role_environment;

use super::{Chain, Release};
use crate::blocks::approval::{self, ByIssue};
use crate::manifest::model::Approval;
use crate::manifest::raw::{Event, Via};
use crate::pipeline::{Environment, Job, Phase, Step, Text};
use crate::plan::messages;

pub(crate) fn approval(release: &Release<'_>, chain: &mut Chain) {
    let Some(approval) = &release.environment.approval else {
        return;
    };
    if !approval.roles.is_empty() {
        return roles::approval(release, &approval.roles, chain);
    }
    match (approval.via, approval.required) {
        (Via::Issue, _) => chain.then(by_issue(release, approval)),
        (Via::Environment, 1) => {
            if let Some(step) = ask_slack(release) {
                let job = match approval.gate {
                    Some(_) => request(release),
                    None => named(release, "approval-request", "Ask for approval"),
                };
                chain.then(job.step(step));
            }
            // Without a gate, the deployment itself names the reviewed environment.
            if let Some(gate) = &approval.gate {
                let title = format!("Approval for {}", release.environment.name);
                let id = release.id(Phase::Approval, "approval");
                chain.then(at_gate(id, title, gate));
            }
        }
        (Via::Environment, _) => by_environments(release, approval, chain),
    }
}

fn named(release: &Release<'_>, suffix: &str, name: &str) -> Job {
    let id = format!("{}-{suffix}", release.environment.name);
    let name = format!("{name} for {}", release.environment.name);
    Job::new(
        Phase::Approval,
        release.plan.id(Phase::Approval, id),
        name,
        5,
    )
}

fn ask_slack(release: &Release<'_>) -> Option<Step> {
    if !messages::slack_tells(&release.plan, Event::Approval) {
        return None;
    }
    let title = Text::literal(format!(
        "Approval wanted: {} to ",
        release.plan.manifest.name
    ))
    .then(release.environment.name.clone());
    messages::slack(
        &release.plan,
        "Tell Slack that approval is wanted",
        release.environment,
        Some("approval"),
        title,
    )
}

/// One issue that several people answer.
fn by_issue(release: &Release<'_>, approval: &Approval) -> Job {
    let remark = release.skippable().then(|| {
        Text::code("inputs.skip_tests && '**The tests were skipped in this run.**' || 'The tests have run.'")
    });
    let issue = ByIssue {
        environment: &release.environment.name,
        version: messages::version(),
        required: approval.required,
        reviewers: &approval.reviewers,
        checklist: &approval.checklist,
        remark,
    };
    let mut job = named(release, "approval", "Approval");
    job.timeout = approval::wait_minutes(approval.wait.as_ref());
    job.about(format!(
        "Ends well when {} different people have answered the issue with \"approve\";",
        approval.required
    ))
    .about("the one who started the run does not count.")
    .steps(ask_slack(release))
    .step(approval::by_issue(&issue))
}

/// A gate environment for each approval, and a job that counts the people.
fn by_environments(release: &Release<'_>, approval: &Approval, chain: &mut Chain) {
    let name = &release.environment.name;
    if let Some(step) = ask_slack(release) {
        chain.then(request(release).step(step));
    }
    let before = chain.required().to_vec();
    let mut gates = Vec::new();
    for number in 1..=approval.required {
        let gate = gate_environment(name, number);
        let title = format!("Approval {number} of {} for {name}", approval.required);
        let job = at_gate(format!("approve-{name}-{number}"), title, &gate);
        gates.push(gate);
        chain.beside(job, &before, &[]);
    }
    let job = named(release, "approval", "Approval")
        .about("GitHub asks one reviewer for each gate; this counts the different people.")
        .step(approval::quorum(&gates, approval.required));
    chain.then(job);
}

/// The job that asks people to look; an id under `ids` is for the approval itself.
fn request(release: &Release<'_>) -> Job {
    Job {
        id: format!("{}-approval-request", release.environment.name),
        ..named(release, "approval-request", "Ask for approval")
    }
}

/// A job that waits at a gate environment, which has no other use.
pub(crate) fn at_gate(id: String, title: String, gate: &str) -> Job {
    let note = format!("echo \"{title} was given.\" >> \"$GITHUB_STEP_SUMMARY\"");
    let mut job =
        Job::new(Phase::Approval, id, title, 5).step(Step::run("Note the approval", note));
    job.environment = Some(Environment {
        name: gate.into(),
        url: None,
        deployment: false,
    });
    job
}

/// The environment of one gate.
pub(crate) fn gate_environment(environment: &str, number: u8) -> String {
    format!("{environment}-approval-{number}")
}
