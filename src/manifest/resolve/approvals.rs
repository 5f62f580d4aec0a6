//! Approvals: of deployments and of findings, by how many people and at which gates.

use std::num::NonZeroU8;

use super::{Check, roles};
use crate::blocks::words::Reviewer;
use crate::diagnostics::{Diagnostic, nearest};
use crate::manifest::model::{Approval, Emergency, REVIEW_ENVIRONMENT};
use crate::manifest::raw::{self, Effect, Plan, Raw, Via, Visibility};
use crate::source::Location;

/// The most reviewers that GitHub keeps for one environment.
const MOST_REVIEWERS: usize = 6;

/// Refuses approvals of nothing.
pub(super) fn of_something(raw: &Raw, check: &mut Check<'_>) {
    for name in raw.approvals.keys() {
        if name.as_str() == REVIEW_ENVIRONMENT && !raw.environments.contains_key(name) {
            continue;
        }
        let known = raw.environments.get(name);
        if known.is_none() {
            unknown_approval(name, raw, check);
        } else if known.is_some_and(|environment| environment.deploy.is_none()) {
            check.error(
                &["approvals", name],
                "nothing-to-approve",
                format!("nothing is deployed to `{name}`"),
                format!("give `environments.{name}` a `deploy`, or remove the approval"),
            );
        }
    }
}

/// Who decides on findings that the gates leave to a person.
pub(super) fn security_reviewers(raw: &Raw, check: &mut Check<'_>) -> Vec<Reviewer> {
    let gates = &raw.gates;
    let asked = [
        &gates.vulnerabilities,
        &gates.code,
        &gates.secrets,
        &gates.policy,
    ];
    let mut asked = asked.into_iter().flat_map(|gate| gate.written());
    let mut capped = gates.scanners.iter().flat_map(|scanner| match scanner {
        raw::Scanner::Name(_) => Vec::new(),
        raw::Scanner::AtMost(scanners) => scanners.values().copied().collect(),
    });
    let asked = !gates.scanners.is_empty()
        && (asked.any(|effect| effect == Effect::Review)
            || capped.any(|effect| effect == Effect::Review));
    let written = raw
        .approvals
        .iter()
        .find(|(name, _)| name.as_str() == REVIEW_ENVIRONMENT);
    let at = ["approvals", REVIEW_ENVIRONMENT];
    match written {
        None if asked => {
            let place = check.value(&["gates"]);
            let error = Diagnostic::error(
                "review-by-nobody",
                "findings wait for a review, and nobody is named for it",
            )
            .at(place)
            .note("without reviewers, GitHub lets the job of the review pass at once")
            .help("write `approvals: {security-review: {reviewers: team/NAME}}`, or `block`");
            check.diagnostics.push(error);
            Vec::new()
        }
        Some(_) if !asked => {
            let help = "write `review` for something under `gates`, or remove the approval";
            check.error(
                &at,
                "nothing-to-approve",
                "no finding waits for a review",
                help,
            );
            Vec::new()
        }
        Some((_, written)) => {
            let approval = approval(REVIEW_ENVIRONMENT, written, raw, check);
            if approval.required > 1 || approval.via == Via::Issue || !approval.roles.is_empty() {
                let message = "findings are reviewed by one person, through GitHub's environments";
                check.error(&at, "review-kind", message, "write only `reviewers` here");
            }
            approval.reviewers
        }
        None => Vec::new(),
    }
}

fn unknown_approval(name: &str, raw: &Raw, check: &mut Check<'_>) {
    let known: Vec<_> = raw.environments.keys().map(|name| name.as_str()).collect();
    let help = match nearest(name, known.iter().copied()) {
        Some(near) => format!("write `{near}`"),
        None => format!(
            "add `environments.{name}`, or name one of {}",
            known.join(", ")
        ),
    };
    let place = check.key(&["approvals", name]);
    let error = Diagnostic::error(
        "unknown-name",
        format!("there is no environment `{name}` to approve"),
    )
    .at(place)
    .note("GitHub creates an environment that a job names, without any protection")
    .help(help);
    check.diagnostics.push(error);
}

pub(super) fn approval(
    name: &str,
    written: &raw::Approval,
    raw: &Raw,
    check: &mut Check<'_>,
) -> Approval {
    let at = ["approvals", name];
    let required = written.required();
    let via = written.via.unwrap_or(Via::Environment);
    let roles = roles::roles(name, written, raw, check);
    if written.reviewers.is_empty() && roles.is_empty() {
        check.error(
            &[at[0], at[1], "reviewers"],
            "no-reviewers",
            "nobody may approve",
            "name users, or teams as `team/NAME`",
        );
    }
    let people = written
        .reviewers
        .iter()
        .filter(|reviewer| reviewer.team().is_none())
        .count();
    let only_people = people == written.reviewers.len() && roles.is_empty();
    if only_people && people > 0 && usize::from(required) > people {
        let message = format!("{required} people must approve, but only {people} may");
        check.error(
            &[at[0], at[1], "required"],
            "too-few-reviewers",
            message,
            "name more reviewers, or a team",
        );
    }
    if via == Via::Environment && roles.is_empty() {
        too_many(&[at[0], at[1], "reviewers"], &written.reviewers, check);
        let help = "write `via: issue`, which works on every plan";
        enforceable(approval_place(&at, written, check), help, raw, check);
    }
    Approval {
        required,
        reviewers: written.reviewers.to_vec(),
        via,
        checklist: written.checklist.clone(),
        wait: written.wait.clone(),
        gate: gate(name, written, raw, check).filter(|_| roles.is_empty()),
        roles,
        impact: written.impact.clone(),
        emergency: emergency(&at, written, via, check),
    }
}

/// Who may agree to a hotfix: fewer people or others, but never nobody.
fn emergency(
    at: &[&str; 2],
    written: &raw::Approval,
    via: Via,
    check: &mut Check<'_>,
) -> Option<Emergency> {
    let emergency = written.emergency.as_ref()?;
    let path = [at[0], at[1], "emergency"];
    if via == Via::Issue || written.required() < 2 {
        check.error(
            &path,
            "no-emergency",
            "only several approvals through environments can be fewer in an emergency",
            "write `required: 2` or more and `via: environment` beside it",
        );
    }
    let required = emergency.required.map_or(1, NonZeroU8::get);
    let own = emergency.reviewers.to_vec();
    Some(Emergency {
        required,
        reviewers: if own.is_empty() {
            written.reviewers.to_vec()
        } else {
            own
        },
    })
}

/// The environment that only asks for the approval: where parts are deployed by themselves,
/// each would ask for one of its own.
fn gate(name: &str, written: &raw::Approval, raw: &Raw, check: &mut Check<'_>) -> Option<String> {
    let by_one = written.required() == 1 && written.via != Some(Via::Issue);
    if let (Some(gate), false) = (&written.gate, by_one) {
        check.error(
            &["approvals", name, "gate"],
            "gate-of-several",
            format!("`{gate}` would let one person decide"),
            "remove it: several people are asked at gates of their own, or in an issue",
        );
    }
    let mut environments = raw.environments.iter();
    let has_parts =
        environments.any(|(known, written)| known.as_str() == name && !written.parts.is_empty());
    let own = written.gate.as_ref().map(|gate| gate.as_str().to_owned());
    own.or_else(|| has_parts.then(|| format!("{name}-approval")))
        .filter(|_| by_one)
}

/// Refuses more reviewers than an environment can have.
pub(super) fn too_many(path: &[&str], reviewers: &[Reviewer], check: &mut Check<'_>) {
    if reviewers.len() > MOST_REVIEWERS {
        let message = format!(
            "{} reviewers, but GitHub keeps {MOST_REVIEWERS} for an environment",
            reviewers.len()
        );
        let help = "name a team instead, as `team/NAME`";
        check.error(path, "too-many-reviewers", message, help);
    }
}

/// Where an approval is asked for.
pub(super) fn approval_place(
    at: &[&str; 2],
    written: &raw::Approval,
    check: &Check<'_>,
) -> Location {
    if written.via.is_some() {
        check.value(&[at[0], at[1], "via"])
    } else {
        check.key(at)
    }
}

/// Refuses an approval that the plan turns into decoration; the help says what to do instead.
pub(super) fn enforceable(place: Location, help: &str, raw: &Raw, check: &mut Check<'_>) {
    let repository = &raw.repository;
    let diagnostic = match (repository.visibility, repository.plan) {
        (Some(Visibility::Public), _) | (_, Some(Plan::Enterprise)) => return,
        (None, _) => Diagnostic::warning(
            "visibility-unknown",
            "whether GitHub enforces this approval is not known",
        )
        .help("write `repository: {visibility: public}`, or its plan"),
        (Some(_), _) => Diagnostic::error(
            "unenforceable-approval",
            "GitHub does not enforce this approval in a private repository",
        )
        .help(help),
    };
    let note = "required reviewers of environments need a public repository or GitHub Enterprise";
    check.diagnostics.push(diagnostic.at(place).note(note));
}
