//! Approvals: people who say yes before a deployment goes on.
//!
//! GitHub releases an environment after one approval, so several people are
//! asked for in a row and counted through the approvals API, or by an issue
//! with a minimum. What a plan cannot enforce is refused by the manifest.

use super::words::{Duration, Line, Reviewer};
use crate::pipeline::{Access, Expression, Scope, Step, Text};

/// An approval by issue.
pub struct ByIssue<'a> {
    /// The environment that waits for it.
    pub environment: &'a str,
    /// What is deployed.
    pub version: Text,
    /// How many different people.
    pub required: u8,
    /// Who may.
    pub reviewers: &'a [Reviewer],
    /// What they should have looked at.
    pub checklist: &'a [Line],
    /// What they must know besides, such as skipped tests; may be empty.
    pub remark: Option<Text>,
}

/// The longest wait on a runner: GitHub ends hosted jobs after six hours.
pub const LONGEST_WAIT: u32 = 360;

/// The step that opens the issue and waits for its answers.
pub fn by_issue(approval: &ByIssue<'_>) -> Step {
    let mut body = Text::literal("Deploy ")
        .then(approval.version.clone())
        .then(format!(" to {}?\n\n", approval.environment));
    if let Some(remark) = &approval.remark {
        body = body.then(remark.clone()).then("\n\n");
    }
    for line in approval.checklist {
        body = body.then(format!("- [ ] {line}\n"));
    }
    let names: Vec<_> = approval
        .reviewers
        .iter()
        .map(|reviewer| reviewer.team().unwrap_or(reviewer))
        .collect();
    let teams = approval
        .reviewers
        .iter()
        .any(|reviewer| reviewer.team().is_some());
    let step = Step::uses("Wait for approval", "trstringer/manual-approval")
        .with("approvers", names.join(","))
        .with("minimum-approvals", approval.required.to_string())
        .with("exclude-workflow-initiator-as-approver", "true")
        .with(
            "issue-title",
            Text::literal(format!("Deploy to {}: ", approval.environment))
                .then(approval.version.clone()),
        )
        .with("issue-body", body)
        .allow(Scope::Issues, Access::Write, "open the approval issue");
    if teams {
        step.about("The job's own token cannot see who is in a team.")
            .with("secret", Text::secret("APPROVAL_TOKEN"))
    } else {
        step.with("secret", Expression::new("github.token"))
    }
}

/// The step that counts the different people who approved the environments.
pub fn quorum(environments: &[String], required: u8) -> Step {
    quorum_of(environments.join("\n").into(), required.to_string().into())
}

/// The same, with gates and number as the run has them; the gates in lines or words.
pub fn quorum_of(environments: Text, required: Text) -> Step {
    Step::script("Count the people who approved", "approval-quorum")
        .env("ENVIRONMENTS", environments)
        .env("REQUIRED", required)
        .env("GH_TOKEN", Expression::new("github.token"))
        .allow(Scope::Actions, Access::Read, "read this run's approvals")
}

/// Minutes that an approval on a runner may take.
pub fn wait_minutes(wait: Option<&Duration>) -> u32 {
    wait.map_or(LONGEST_WAIT, |wait| wait.minutes().clamp(1, LONGEST_WAIT))
}
