//! The environments that the jobs name, with the protection that the
//! repository's settings must give them.

use super::deploy::{emergency_environment, gate_environment, role_environment};
use crate::blocks::words::Reviewer;
use crate::manifest::model::{Environment, Manifest, Place, REVIEW_ENVIRONMENT};
use crate::manifest::raw::{Via, WorkflowKind};
use crate::pipeline::{EnvironmentSettings, Trigger};

/// The environment of a roll-back: the same, or an unreviewed twin of a reviewed one.
pub(super) fn rollback_environment(environment: &Environment, place: &Place) -> String {
    if environment.is_reviewed() {
        format!("{}-rollback", place.environment)
    } else {
        place.environment.clone()
    }
}

/// Every environment that a job may name.
pub(super) fn environments(manifest: &Manifest) -> Vec<EnvironmentSettings> {
    let mut all = Vec::new();
    let from_default = manifest.workflows.iter().any(|workflow| {
        use WorkflowKind::{Backup, Drift, Rollback};
        matches!(workflow.kind, Backup | Drift | Rollback)
    });
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
        // Runs by hand and by the clock are of the default branch, whatever version they name.
        if (deployment.by_hand || from_default) && !branches.contains(&manifest.default_branch) {
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
        for place in environment.places() {
            // Parts may share one.
            let known = |settings: &EnvironmentSettings| settings.name == place.environment;
            if all.iter().any(known) {
                continue;
            }
            all.push(settings(
                place.environment.clone(),
                own.clone(),
                "deployments, with their secrets",
            ));
            // What cannot be taken back is still watched there.
            if reviewed && (environment.goes_back() || environment.monitor().is_some()) {
                all.push(settings(
                    rollback_environment(environment, place),
                    Vec::new(),
                    "roll-backs: the same secrets, nobody to wait for",
                ));
            }
        }
        let gate = environment.approval.as_ref();
        if let Some(gate) = gate.and_then(|approval| approval.gate.clone()) {
            let purpose = "the approval; no secrets";
            all.push(settings(gate, reviewers(environment), purpose));
        }
        let rollback = environment.rollback.approval.as_ref();
        if let Some(approval) = rollback.filter(|approval| !approval.reviewers.is_empty()) {
            let purpose = "the approval of roll-backs by hand; no secrets";
            all.push(settings(
                approval.gate.clone(),
                names(&approval.reviewers),
                purpose,
            ));
        }
        for role in environment
            .approval
            .iter()
            .flat_map(|approval| &approval.roles)
        {
            all.push(settings(
                role_environment(&environment.name, &role.name),
                names(&role.reviewers),
                "the approval of one role; no secrets",
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
        let emergency = approval.and_then(|approval| approval.emergency.as_ref());
        if let Some(emergency) = emergency {
            for number in 1..=emergency.required {
                all.push(settings(
                    emergency_environment(&environment.name, number, emergency.required),
                    names(&emergency.reviewers),
                    "one approval of a hotfix; no secrets",
                ));
            }
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
