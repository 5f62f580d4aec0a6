//! Approvals by several roles, each asked by itself and some only for certain changes.

use super::Check;
use super::approvals::{approval_place, enforceable, too_many};
use crate::manifest::model::Role;
use crate::manifest::raw::{self, Raw, Via};

/// The roles of an approval; none if it is not by role.
pub(super) fn roles(
    name: &str,
    written: &raw::Approval,
    raw: &Raw,
    check: &mut Check<'_>,
) -> Vec<Role> {
    let at = ["approvals", name];
    if written.roles.is_empty() {
        return Vec::new();
    }
    let beside = [
        ("required", written.required.is_some()),
        ("reviewers", !written.reviewers.is_empty()),
        ("gate", written.gate.is_some()),
        ("wait", written.wait.is_some()),
        ("via", written.via == Some(Via::Issue)),
    ];
    for (key, _) in beside.into_iter().filter(|(_, is_written)| *is_written) {
        let message = format!("`{key}` is not said of several roles");
        let help = "remove it, or the roles: each is asked once, through an environment of its own";
        check.error(&[at[0], at[1], key], "roles-and-reviewers", message, help);
    }
    let help = "write `required`, `reviewers` and `via: issue` instead of the roles";
    enforceable(approval_place(&at, written, check), help, raw, check);
    let all = written.roles.iter().map(|(role, keys)| {
        let path = [at[0], at[1], "roles", role.as_str()];
        let reviewers = [path[0], path[1], path[2], path[3], "reviewers"];
        if keys.reviewers.is_empty() {
            let help = "name users, or teams as `team/NAME`";
            check.error(&reviewers, "no-reviewers", "nobody may approve", help);
        }
        too_many(&reviewers, &keys.reviewers, check);
        if keys.when.as_ref() == Some(&raw::Changes::default()) {
            let when = [path[0], path[1], path[2], path[3], "when"];
            let message = format!("no change makes `{role}` be asked");
            let help = "name `paths`, `commits` or a `label`, or remove the line to ask always";
            check.error(&when, "never-asked", message, help);
        }
        Role {
            name: role.as_str().to_owned(),
            reviewers: keys.reviewers.to_vec(),
            when: keys.when.clone(),
        }
    });
    all.collect()
}
