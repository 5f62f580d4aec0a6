//! Roll-backs by hand: who is asked, and what can go back.

use super::{messages, messages_in};

fn manifest(rollback: &str, deploy: &str) -> String {
    format!(
        "stack: {{api: {{language: node@22}}}}\nenvironments:\n  live:\n    deploy: {{{deploy}target: {{cloudflare-workers: {{component: api, worker: shop}}}}}}\n    rollback: {rollback}\n"
    )
}

#[test]
fn a_roll_back_has_people_of_its_own_or_the_gate_of_the_deployments() {
    assert!(messages(&manifest("{approval: {reviewers: team/on-call}}", "")).is_empty());
    assert!(messages(&manifest("{approval: false}", "")).is_empty());
    let nobody = "there is no gate at which a roll-back could wait; write `approval: {reviewers: team/NAME}` for people of its own";
    assert_eq!(
        messages(&manifest("{approval: true}", "")),
        [format!("8 {nobody}")]
    );
    let several = "approvals: {live: {required: 2, reviewers: team/devops}}\n";
    let both = format!("{}{several}", manifest("{approval: true}", ""));
    assert_eq!(messages(&both), [format!("8 {nobody}")]);
    let one = "approvals: {live: {reviewers: team/devops, gate: live-approval}}\n";
    let shared = format!("{}{one}", manifest("{approval: true}", ""));
    assert!(messages(&shared).is_empty());
    assert_eq!(
        messages_in("private", &manifest("{approval: {reviewers: octocat}}", "")),
        [
            "8 GitHub does not enforce this approval in a private repository; \
          remove it: whoever may start workflows can roll back"
        ]
    );
}

#[test]
fn only_what_can_go_back_is_offered() {
    let with = |scopes: &str, migrate: &str| {
        messages(&manifest(&format!("{{scopes: {scopes}}}"), migrate))
    };
    let database = "[full, application, database]";
    assert!(with(database, "migrate: prisma, ").is_empty());
    assert!(with("application", "").is_empty());
    let refused = |why: &str| {
        format!("8 the database of `live` cannot go back: {why}; remove it, or mend that")
    };
    for (migrate, why) in [
        ("", "nothing migrates it on the runner"),
        (
            "migrate: drizzle, ",
            "drizzle only goes forward: name the folder of the SQL files that take migrations back",
        ),
        (
            "migrate: make migrate, ",
            "nothing is known of going back with `make migrate`",
        ),
    ] {
        assert_eq!(with("database", migrate), [refused(why)]);
    }
    assert_eq!(
        with("[application, databse]", ""),
        ["8 `databse` is no scope; write `database`"]
    );
}
