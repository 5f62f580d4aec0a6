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

#[test]
fn what_is_published_is_not_taken_back() {
    let package = "target: {package: {registry: npm, component: api}}";
    let with = |deploy: &str, rest: &str| {
        messages(&format!(
            "stack: {{api: {{language: node@22}}}}\nenvironments:\n  npm:\n    deploy:\n      on: {deploy}\n      {package}\n{rest}"
        ))
    };
    assert!(with("tag v*.*.*", "").is_empty());
    assert!(with("tag v*.*.*", "    rollback: manual\n").is_empty());
    let stays = "10 what is deployed to `npm` cannot be taken back; remove it";
    for rollback in [
        "automatic",
        "{monitor: 5m}",
        "{scopes: application}",
        "{approval: {reviewers: octocat}}",
    ] {
        let told = with("tag v*.*.*", &format!("    rollback: {rollback}\n"));
        assert_eq!(told, [stays], "{rollback}");
    }
    let by_hand = with("tag v*.*.*", "workflows: {back: {kind: rollback}}\n");
    assert_eq!(
        by_hand,
        ["10 nothing that is deployed can be taken back; remove the workflow"]
    );
    let tag = "8 only a tag starts a deployment to a `package`; \
               write `on: tag v*.*.*`; a run that failed is started again on its page";
    for other in ["dispatch", "[tag v*.*.*, dispatch]", "branch main"] {
        assert_eq!(with(other, ""), [tag], "{other}");
    }
}

#[test]
fn what_is_published_is_no_part_of_what_goes_back() {
    let parts = "stack: {api: {language: node@22}}\nenvironments:\n  live:\n    deploy: {on: tag v*.*.*}\n    parts:\n      \
                 sdk: {deploy: {target: {package: {registry: npm, component: api}}}}\n      \
                 app: {deploy: {target: {cloudflare-workers: {component: api, worker: shop}}}}\n";
    assert_eq!(
        messages(parts),
        ["9 `sdk` cannot be taken back with the parts beside it; \
          give it an environment of its own, with `after` if it comes later"]
    );
}
