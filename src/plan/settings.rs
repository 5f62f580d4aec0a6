//! The environments that the jobs name, with the protection that the
//! repository's settings must give them.

use super::deploy::gate_environment;
use crate::blocks::words::Reviewer;
use crate::manifest::model::{Environment, Manifest, REVIEW_ENVIRONMENT};
use crate::manifest::raw::{Via, WorkflowKind};
use crate::pipeline::{EnvironmentSettings, Trigger};

/// The environment of a roll-back: the same, or an unreviewed twin of a reviewed one.
pub(super) fn rollback_environment(environment: &Environment) -> String {
    if environment.is_reviewed() {
        format!("{}-rollback", environment.name)
    } else {
        environment.name.clone()
    }
}

/// Every environment that a job may name.
pub(super) fn environments(manifest: &Manifest) -> Vec<EnvironmentSettings> {
    let mut all = Vec::new();
    let rolls_back_by_hand = manifest
        .workflows
        .iter()
        .any(|workflow| workflow.kind == WorkflowKind::Rollback);
    for environment in &manifest.environments {
        let Some(deployment) = &environment.deploy else {
            continue;
        };
        let (mut branches, mut tags) = (Vec::new(), Vec::new());
        for trigger in &deployment.triggers {
            if let Trigger::Push(filter) = trigger {
                branches.extend(filter.branches.iter().cloned());
                tags.extend(filter.tags.iter().cloned());
            }
        }
        // Runs by hand start on the default branch, whatever version they name.
        if (deployment.by_hand || rolls_back_by_hand)
            && !branches.contains(&manifest.default_branch)
        {
            branches.push(manifest.default_branch.clone());
        }
        let settings = |name: String, reviewers: Vec<String>, purpose: &str| EnvironmentSettings {
            name,
            reviewers,
            branches: branches.clone(),
            tags: tags.clone(),
            purpose: purpose.to_owned(),
        };
        let reviewers = |environment: &Environment| {
            let approval = environment.approval.as_ref();
            approval.map_or_else(Vec::new, |approval| names(&approval.reviewers))
        };
        let reviewed = environment.is_reviewed();
        let own = if reviewed {
            reviewers(environment)
        } else {
            Vec::new()
        };
        all.push(settings(
            environment.name.clone(),
            own,
            "deployments, with their secrets",
        ));
        if reviewed {
            all.push(settings(
                rollback_environment(environment),
                Vec::new(),
                "roll-backs: the same secrets, nobody to wait for",
            ));
        }
        let approval = environment
            .approval
            .as_ref()
            .filter(|approval| approval.via == Via::Environment && approval.required > 1);
        for number in 1..=approval.map_or(0, |approval| approval.required) {
            all.push(settings(
                gate_environment(&environment.name, number),
                reviewers(environment),
                "one approval; no secrets",
            ));
        }
    }
    if !manifest.security_reviewers.is_empty() {
        all.push(EnvironmentSettings {
            name: REVIEW_ENVIRONMENT.to_owned(),
            reviewers: names(&manifest.security_reviewers),
            branches: Vec::new(),
            tags: Vec::new(),
            purpose: "decisions on findings of the scanners; no secrets".to_owned(),
        });
    }
    all
}

fn names(reviewers: &[Reviewer]) -> Vec<String> {
    reviewers
        .iter()
        .map(|reviewer| reviewer.as_str().to_owned())
        .collect()
}
