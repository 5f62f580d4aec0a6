//! Roll-backs: who must say yes to one by hand, and what it can take back.

use super::Check;
use super::approvals::{enforceable, too_many};
use crate::blocks::migration;
use crate::diagnostics::Diagnostic;
use crate::manifest::model::{Approval, Place, Rollback, RollbackApproval, Scope};
use crate::manifest::raw::{self, Host, Raw};

pub(super) fn rollback(
    at: &[&str; 2],
    environment: &raw::Environment,
    approval: Option<&Approval>,
    places: &[Place],
    raw: &Raw,
    check: &mut Check<'_>,
) -> Rollback {
    let written = &environment.rollback;
    let script = written.script.as_ref();
    stays(at, environment, places, check);
    Rollback {
        automatic: written.automatic,
        script: script
            .map_or("deploy/rollback.sh", |path| path.as_str())
            .to_owned(),
        monitor: written.monitor.clone(),
        approval: self::approval(at, &written.approval, approval, raw, check),
        scopes: scopes(at, environment, places, check),
    }
}

/// Refuses roll-backs of what stays where it was deployed.
fn stays(at: &[&str; 2], environment: &raw::Environment, places: &[Place], check: &mut Check<'_>) {
    let written = &environment.rollback;
    let asked = [
        written.automatic,
        written.monitor.is_some(),
        written.approval.enabled,
        !written.scopes.is_empty(),
    ];
    let Some(place) = places.iter().find(|place| !place.target.goes_back()) else {
        return;
    };
    if asked.contains(&true) {
        let place = check.value(&[at[0], at[1], "rollback"]);
        let message = format!("what is deployed to `{}` cannot be taken back", at[1]);
        let error = Diagnostic::error("no-way-back", message).at(place);
        let note = "what is published stays; a mistake is mended by the next version";
        check.diagnostics.push(error.note(note).help("remove it"));
    } else if places.iter().any(|place| place.target.goes_back()) {
        let part = place.part.as_deref().unwrap_or_default();
        let path = [at[0], at[1], "parts", part, "deploy", "target"];
        let message = format!("`{part}` cannot be taken back with the parts beside it");
        let help = "give it an environment of its own, with `after` if it comes later";
        check.error(&path, "no-way-back", message, help);
    }
}

/// Where a roll-back by hand waits, if it does.
fn approval(
    at: &[&str; 2],
    written: &raw::RollbackApproval,
    of_deployments: Option<&Approval>,
    raw: &Raw,
    check: &mut Check<'_>,
) -> Option<RollbackApproval> {
    if !written.enabled {
        return None;
    }
    let path = [at[0], at[1], "rollback", "approval"];
    if !written.reviewers.is_empty() {
        let reviewers = [path[0], path[1], path[2], path[3], "reviewers"];
        too_many(&reviewers, &written.reviewers, check);
        let help = "remove it: whoever may start workflows can roll back";
        enforceable(check.value(&path), help, raw, check);
        return Some(RollbackApproval {
            gate: format!("{}-rollback-approval", at[1]),
            reviewers: written.reviewers.to_vec(),
        });
    }
    let gate = of_deployments.and_then(|approval| approval.gate.clone());
    if gate.is_none() {
        let message = "there is no gate at which a roll-back could wait";
        let help = "write `approval: {reviewers: team/NAME}` for people of its own";
        check.error(&path, "gate-missing", message, help);
    }
    Some(RollbackApproval {
        gate: gate?,
        reviewers: Vec::new(),
    })
}

/// What a roll-back by hand can be limited to.
fn scopes(
    at: &[&str; 2],
    environment: &raw::Environment,
    places: &[Place],
    check: &mut Check<'_>,
) -> Vec<Scope> {
    let written = &environment.rollback.scopes;
    let mut scopes = Vec::new();
    for (index, word) in written.iter().enumerate() {
        let index = index.to_string();
        let path = [at[0], at[1], "rollback", "scopes", &index];
        // A single one is written without a list.
        let path = if written.len() == 1 {
            &path[..4]
        } else {
            &path[..]
        };
        let scope = Scope::from_word(word);
        if let Scope::Part(part) = &scope
            && !environment.parts.contains_key(part.as_str())
        {
            let parts = environment.parts.keys().map(|name| name.as_str());
            let known = ["full", "application", "database"].into_iter().chain(parts);
            check.unknown(path, "scope", word, known);
        }
        if scope.takes_database()
            && !places.is_empty()
            && let Err(why) = way_back(places)
        {
            let message = format!("the database of `{}` cannot go back: {why}", at[1]);
            check.error(path, "no-way-back", message, "remove it, or mend that");
        }
        scopes.push(scope);
    }
    scopes
}

/// Whether migrations can be taken back; the error says why not.
fn way_back(places: &[Place]) -> Result<(), String> {
    let mut why = "nothing migrates it on the runner".to_owned();
    for place in places {
        let Some((written, command, Host::Runner)) = place.migrations() else {
            continue;
        };
        match migration::goes_back(command, written.down.is_some()) {
            Ok(()) => return Ok(()),
            Err(other) => why = other,
        }
    }
    Err(why)
}
