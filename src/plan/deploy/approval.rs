//! The people who must say yes before a deployment.

mod roles;

pub(crate) use roles::role_environment;

use super::{Chain, Release};
use crate::blocks::approval::{self, ByIssue};
use crate::manifest::model::{Approval, Emergency};
use crate::manifest::raw::{Event, Via};
use crate::pipeline::{Environment, Expression, Job, Phase, Step, Text};
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
    let emergency = approval.emergency.as_ref();
    let emergency = emergency.filter(|_| release.knows_hotfixes());
    let before = (chain.all_required(), chain.optional().to_vec());
    let mut gates = Vec::new();
    for number in 1..=approval.required {
        let gate = gate_environment(name, number);
        let title = format!("Approval {number} of {} for {name}", approval.required);
        let mut job = at_gate(format!("approve-{name}-{number}"), title, &gate);
        if emergency.is_some() {
            job = job.when(Expression::new(STANDARD));
        }
        gates.push(gate);
        chain.beside(job, &before.0, &before.1);
    }
    let count = named(release, "approval", "Approval")
        .about("GitHub asks one reviewer for each gate; this counts the different people.");
    let Some(emergency) = emergency else {
        chain.then(count.step(approval::quorum(&gates, approval.required)));
        return;
    };
    let standard = (gates, approval.required);
    by_emergency(release, emergency, standard, before, chain, count);
}

const HOTFIX: &str = "inputs.deployment_type == 'hotfix'";
const STANDARD: &str = "inputs.deployment_type != 'hotfix'";

/// The gates of a hotfix beside the others: it is told, then asked for, and the people count, too.
fn by_emergency(
    release: &Release<'_>,
    emergency: &Emergency,
    (gates, required): (Vec<String>, u8),
    before: (Vec<String>, Vec<String>),
    chain: &mut Chain,
    count: Job,
) {
    let name = &release.environment.name;
    let approvals = |number: u8| format!("approve-{name}-{number}");
    let standard: Vec<_> = (1..=required).map(approvals).collect();
    let mut before = before;
    let notice = messages::emergency(&release.plan, release.environment);
    if !notice.is_empty() {
        let job = Job::new(
            Phase::Approval,
            format!("{name}-emergency-notice"),
            format!("Tell of the hotfix for {name}"),
            5,
        )
        .when(Expression::new(HOTFIX))
        .steps(notice);
        let id = job.id.clone();
        chain.push(job, &before.0, &before.1);
        before.0.push(id);
    }
    let mut hotfix = Vec::new();
    let mut own_gates = Vec::new();
    for number in 1..=emergency.required {
        let gate = emergency_environment(name, number, emergency.required);
        let title = format!(
            "Approval {number} of {} of a hotfix for {name}",
            emergency.required
        );
        let job = at_gate(format!("approve-{name}-hotfix-{number}"), title, &gate);
        hotfix.push(job.id.clone());
        own_gates.push(gate);
        chain.push(job.when(Expression::new(HOTFIX)), &before.0, &before.1);
    }
    let choose = |hotfix: String, standard: String| {
        let hotfix = Expression::literal(&hotfix).code().to_owned();
        let standard = Expression::literal(&standard).code().to_owned();
        Text::code(format!("{HOTFIX} && {hotfix} || {standard}"))
    };
    // Lines cannot stand in an expression.
    let counted = approval::quorum_of(
        choose(own_gates.join(" "), gates.join(" ")),
        choose(emergency.required.to_string(), required.to_string()),
    );
    let all =
        |ids: &[String]| Expression::all(ids.iter().map(|id| Expression::result_is(id, "success")));
    let agreed = [
        all(&hotfix).map(|all| Expression::new(HOTFIX).and(all)),
        all(&standard).map(|all| Expression::new(STANDARD).and(all)),
    ];
    let agreed = Expression::any(agreed.into_iter().flatten());
    let condition = [Some(Expression::new("!cancelled()")), agreed];
    let mut job = count.step(counted);
    job.condition = Expression::all(condition.into_iter().flatten());
    let needs = chain.all_required().into_iter().chain(hotfix);
    chain.joined(job.needs(needs));
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

/// The environment of one gate for hotfixes.
pub(crate) fn emergency_environment(environment: &str, number: u8, of: u8) -> String {
    match of {
        1 => format!("{environment}-emergency"),
        _ => format!("{environment}-emergency-{number}"),
    }
}

/// The environment of one gate.
pub(crate) fn gate_environment(environment: &str, number: u8) -> String {
    format!("{environment}-approval-{number}")
}
