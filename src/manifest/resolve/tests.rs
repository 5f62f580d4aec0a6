//! Rules across keys, in their words.

use crate::manifest;
use crate::source::{Source, Sources};

/// The messages about a manifest, each with its help.
fn messages(rest: &str) -> Vec<String> {
    let text = format!("version: 1\nname: shop\nrepository: {{visibility: public}}\n{rest}");
    let mut sources = Sources::new();
    let main = sources.add(Source::new("cicd.yml", &text).unwrap());
    let mut fetch = |_: &str| Err("there are no other files".to_owned());
    let reading = manifest::read(&mut sources, main, &mut fetch);
    let document = reading
        .document
        .unwrap_or_else(|| panic!("{:#?}", reading.diagnostics));
    let (_, diagnostics) = manifest::resolve(&document, &|_| true);
    let message = |one: &crate::diagnostics::Diagnostic| {
        let (_, start, _) = sources.resolve(one.primary.unwrap()).unwrap();
        format!(
            "{} {}; {}",
            start.line,
            one.message,
            one.help.as_deref().unwrap_or_default()
        )
    };
    diagnostics.iter().map(message).collect()
}

#[test]
fn a_review_of_findings_has_reviewers() {
    let gates = "gates: {vulnerabilities: {high: review}, scanners: [trivy]}\n";
    assert_eq!(
        messages(gates),
        ["4 findings wait for a review, and nobody is named for it; \
          write `approvals: {security-review: {reviewers: team/NAME}}`, or `block`"]
    );
    assert_eq!(
        messages("gates: {secrets: review, scanners: [gitleaks]}\n").len(),
        1
    );
    let named = "approvals: {security-review: {reviewers: team/security}}\n";
    assert!(messages(&format!("{gates}{named}")).is_empty());
    assert_eq!(
        messages(named),
        ["4 no finding waits for a review; \
          write `review` for something under `gates`, or remove the approval"]
    );
    let by_two = "approvals: {security-review: {reviewers: team/security, required: 2}}\n";
    assert_eq!(
        messages(&format!("{gates}{by_two}")),
        [
            "5 findings are reviewed by one person, through GitHub's environments; write only `reviewers` here"
        ]
    );
}

#[test]
fn a_deployment_has_a_target_with_compose_files() {
    let environment = |deploy: &str| format!("environments:\n  live: {{deploy: {{{deploy}}}}}\n");
    assert_eq!(
        messages(&environment("on: branch main")),
        [
            "5 nothing says where `live` is deployed to; write `target:` with one of cloudflare-workers, kubernetes, ssh-compose, vercel"
        ]
    );
    assert_eq!(
        messages(&environment("target: {ssh-compose: {path: /srv/shop}}")),
        ["5 the target names no Compose file; write `compose: FILE`"]
    );
    let defaults =
        "environment-defaults: {deploy: {target: {ssh-compose: {compose: compose.yml}}}}\n";
    assert!(messages(&format!("{defaults}{}", environment("on: branch main"))).is_empty());
}

#[test]
fn parts_say_what_is_theirs_and_nothing_else() {
    let target = "target: {ssh-compose: {compose: compose.yml}}";
    let parts = |whole: &str, part: &str| {
        format!(
            "environments:\n  live:\n    {whole}\n    parts:\n      web: {{url: https://a.b, deploy: {{{target}}}}}\n      {part}\n"
        )
    };
    let api = format!("api: {{deploy: {{{target}}}}}");
    assert!(messages(&parts("deploy: {on: branch main}", &api)).is_empty());
    assert_eq!(
        messages(&parts("url: https://a.b", &api)),
        [
            "8 nothing says what starts a deployment to `live`; write `deploy: {on: dispatch}` beside `parts`"
        ]
    );
    assert_eq!(
        messages(&parts("deploy: {migrate: alembic}", &api)),
        ["6 `migrate` belongs to a part of `live`; write it under `parts.NAME.deploy.migrate`"]
    );
    assert_eq!(
        messages(&parts("deploy: {}", "api: {deploy: {after: live}}")),
        [
            "9 nothing says where `api` is deployed to; write `target:` with one of cloudflare-workers, kubernetes, ssh-compose, vercel",
            "9 `after` is not said of a part; write it under `environments.live.deploy.after`"
        ]
    );
    let watched = format!("api: {{deploy: {{{target}}}, verify: {{health: /, monitor: 5m}}}}");
    assert_eq!(
        messages(&parts("deploy: {}", &watched)),
        [
            "9 `api` has no address to ask; write `url: https://…` beside `verify`",
            "9 a part is not watched by itself; write it under `environments.live.verify.monitor`"
        ]
    );
}

#[test]
fn several_people_have_gates_of_their_own() {
    let environments =
        "environments: {live: {deploy: {target: {ssh-compose: {compose: compose.yml}}}}}\n";
    let approval = "approvals: {live: {required: 2, reviewers: [a, b], gate: live-approval}}\n";
    assert_eq!(
        messages(&format!("{environments}{approval}")),
        [
            "5 `live-approval` would let one person decide; remove it: several people are asked at gates of their own, or in an issue"
        ]
    );
}
