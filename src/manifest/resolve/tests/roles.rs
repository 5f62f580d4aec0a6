//! Approvals by role.

use super::messages;

const LIVE: &str =
    "environments: {live: {deploy: {target: {ssh-compose: {compose: compose.yml}}}}}\n";

fn approval(keys: &str) -> Vec<String> {
    messages(&format!("{LIVE}approvals: {{live: {{{keys}}}}}\n"))
}

#[test]
fn each_role_has_reviewers_and_may_have_a_reason() {
    let roles = "roles: {dev: {reviewers: a}, sec: {reviewers: team/s, when: {label: security}}}";
    assert!(approval(roles).is_empty());
    assert_eq!(
        approval(&format!("{roles}, required: 2, via: issue, reviewers: b")),
        [
            "5 `required` is not said of several roles; remove it, or the roles: each is asked once, through an environment of its own",
            "5 `via` is not said of several roles; remove it, or the roles: each is asked once, through an environment of its own",
            "5 `reviewers` is not said of several roles; remove it, or the roles: each is asked once, through an environment of its own",
        ]
    );
    assert_eq!(
        approval("roles: {dev: {reviewers: [], when: {}}}"),
        [
            "5 nobody may approve; name users, or teams as `team/NAME`",
            "5 no change makes `dev` be asked; name `paths`, `commits` or a `label`, or remove the line to ask always",
        ]
    );
    assert_eq!(
        approval("roles: {dev: {reviewers: [a, b, c, d, e, f, g]}}"),
        [
            "5 7 reviewers, but GitHub keeps 6 for an environment; name a team instead, as `team/NAME`"
        ]
    );
}

#[test]
fn roles_need_a_plan_that_enforces_them() {
    let text = format!("{LIVE}approvals: {{live: {{roles: {{dev: {{reviewers: a}}}}}}}}\n");
    let private = super::messages_in("private", &text);
    assert_eq!(
        private,
        [
            "5 GitHub does not enforce this approval in a private repository; write `required`, `reviewers` and `via: issue` instead of the roles"
        ]
    );
}
