//! What a run leaves behind, told to a `gh` that records its calls: incident, release, comment, results.

use super::sandbox::{HOSTILE, Outcome, Sandbox, with_gh};

#[test]
fn an_incident_has_one_open_issue() {
    let incident = |issues: &str| {
        let (sandbox, gh) = with_gh();
        gh.answers("issue list*", &[issues])
            .refuses("label create*", "label already exists")
            .answers(
                "issue create*",
                &["Creating issue\nhttps://github.example/acme/shop/issues/6\n"],
            )
            .answers(
                "issue comment 4*",
                &["https://github.example/acme/shop/issues/4#c\n"],
            );
        let env = [
            ("MARKER", "deploy-production"),
            ("TITLE", HOSTILE),
            ("ENVIRONMENT", "production"),
            ("VERSION", HOSTILE),
            ("REASON", "a|b\nc"),
            ("CHECKLIST", "look\n\nfind $(touch pwned)"),
        ];
        let outcome = sandbox.run("incident-issue", &env);
        outcome.passes("");
        (outcome.output("url").to_owned(), gh, sandbox)
    };
    let others = serde_json::json!([
        {"number": 2, "body": "<!-- incident: deploy-production-eu -->\n"},
        {"number": 3, "body": "quoting <!-- incident: deploy-production -->"},
    ]);
    let (url, gh, _sandbox) = incident(&others.to_string());
    assert_eq!(url, "https://github.example/acme/shop/issues/6");
    gh.was_called_with(&[
        "issue",
        "create",
        &format!("--title={HOSTILE}"),
        "--label=incident",
    ]);
    let body = &gh.bodies()[0];
    assert!(
        body.starts_with("<!-- incident: deploy-production -->\n"),
        "{body}"
    );
    assert!(body.contains("| Reason | a\\|b c |\n"), "{body}");
    assert!(
        body.contains("- [ ] look\n- [ ] find $(touch pwned)\n"),
        "{body}"
    );
    assert!(
        body.contains("https://github.example/acme/shop/actions/runs/77"),
        "{body}"
    );
    assert!(!body.contains("\ninjected=1"), "{body}");

    let open =
        serde_json::json!([{"number": 4, "body": "<!-- incident: deploy-production -->\r\nold"}]);
    let (url, gh, _sandbox) = incident(&open.to_string());
    assert_eq!(url, "https://github.example/acme/shop/issues/4#c");
    assert!(
        gh.calls().iter().all(|call| call[1] != "create"),
        "{:?}",
        gh.calls()
    );

    let (sandbox, gh) = with_gh();
    gh.refuses("*", "HTTP 403");
    sandbox
        .run("incident-issue", &[("MARKER", "x"), ("TITLE", "t")])
        .fails("the issues cannot be read");
    sandbox
        .run("incident-issue", &[("MARKER", HOSTILE), ("TITLE", "t")])
        .fails("is not a marker");
}

fn release(sandbox: &Sandbox, status: &str) -> Outcome {
    let env = [
        ("TAG", "v1.2.3"),
        ("ENVIRONMENT", "production"),
        ("STATUS", status),
        ("SERVICES", "backend\nai|gateway"),
    ];
    sandbox.run("github-release", &env)
}

#[test]
fn a_release_is_made_once_and_then_kept_up_to_date() {
    let (sandbox, gh) = with_gh();
    gh.refuses("release view*", "release not found")
        .answers(
            "api repos/acme/shop/releases/generate-notes*",
            &[r###"{"body":"## What's Changed\n* `x` by @ann"}"###],
        )
        .answers(
            "release create*",
            &["https://github.example/acme/shop/releases/v1.2.3\n"],
        );
    assert_eq!(
        release(&sandbox, "succeeded").output("url"),
        "https://github.example/acme/shop/releases/v1.2.3"
    );
    gh.was_called_with(&[
        "release",
        "create",
        "v1.2.3",
        "--verify-tag",
        "--title=v1.2.3",
    ]);
    gh.was_called_with(&["--raw-field", "tag_name=v1.2.3"]);
    let first = gh.bodies().remove(0);
    assert!(
        first.starts_with("## What's Changed\n* `x` by @ann\n\n<!-- deployment: production -->\n"),
        "{first}"
    );
    assert!(
        first.contains("| Status | succeeded |\n| Services | backend ai\\|gateway |\n| Time | 20"),
        "{first}"
    );

    let written_by_hand = format!("{first}\r\nThanks to Ann.\n");
    let (sandbox, gh) = with_gh();
    gh.answers(
        "release view*",
        &[&serde_json::json!({"body": written_by_hand}).to_string()],
    )
    .answers("release edit*", &["https://github.example/r\n"]);
    release(&sandbox, "rolled-back").passes("url=https://github.example/r");
    let second = gh.bodies().remove(0);
    assert!(
        second.starts_with("## What's Changed\n") && second.contains("\nThanks to Ann.\n"),
        "{second}"
    );
    assert_eq!(
        second.matches("<!-- deployment: production -->").count(),
        1,
        "{second}"
    );
    assert!(
        second.contains("| Status | rolled-back |") && !second.contains("succeeded"),
        "{second}"
    );
}

#[test]
fn a_release_that_cannot_be_made_is_an_error() {
    let (sandbox, gh) = with_gh();
    gh.refuses("release create*", "tag v1.2.3 doesn't exist in the repo")
        .answers("api*", &[r#"{"body":""}"#]);
    release(&sandbox, "succeeded")
        .fails("tag v1.2.3 doesn't exist")
        .fails("::error::the release of v1.2.3 cannot be made");
    let env = [
        ("TAG", HOSTILE),
        ("ENVIRONMENT", HOSTILE),
        ("STATUS", HOSTILE),
    ];
    sandbox
        .run("github-release", &env)
        .fails("is not the name of a tag");
    let env = [
        ("TAG", "v1"),
        ("ENVIRONMENT", HOSTILE),
        ("STATUS", HOSTILE),
        ("SERVICES", HOSTILE),
    ];
    sandbox.run("github-release", &env).fails("cannot be made");
    assert!(!gh.bodies().iter().any(|body| body.contains("\ninjected")));
}

const NEEDS: &str = r#"{"lint":{"result":"success","outputs":{"a":"b"}},"test|x":{"result":"failure","outputs":{}},
    "e2e":{"result":"skipped","outputs":{}}}"#;

fn comment(sandbox: &Sandbox, head: &str, more: &[(&str, &str)]) -> Outcome {
    let pull_request =
        serde_json::json!({"pull_request": {"number": 12, "head": {"repo": {"full_name": head}}}});
    let event = sandbox.write("event.json", &pull_request.to_string());
    let env = [
        ("GITHUB_EVENT_PATH", event.as_str()),
        ("NEEDS", NEEDS),
        ("MARKER", "checks"),
        ("LABELS", "lint Black & friends\n"),
    ];
    sandbox.run("pull-request-comment", &[&env[..], more].concat())
}

#[test]
fn a_pull_request_has_one_comment_per_marker() {
    let (sandbox, gh) = with_gh();
    let comments = r#"[{"id":1,"user":{"type":"User"},"body":"<!-- results: checks -->"},{"id":2,"user":{"type":"Bot"},"body":"other"}]"#;
    let with_ours = r#"[{"id":3,"user":{"type":"Bot"},"body":"<!-- results: checks -->\nold"}]"#;
    gh.answers(
        "api --paginate repos/acme/shop/issues/12/comments*",
        &[comments, with_ours],
    )
    .answers("*", &[r#"{"html_url":"https://github.example/c"}"#]);
    comment(&sandbox, "acme/shop", &[("TITLE", HOSTILE)]).passes("https://github.example/c");
    gh.was_called_with(&["--method", "POST", "repos/acme/shop/issues/12/comments"]);
    comment(&sandbox, "acme/shop", &[]).passes("https://github.example/c");
    gh.was_called_with(&["--method", "PATCH", "repos/acme/shop/issues/comments/3"]);
    let bodies = gh.bodies();
    let rows = "| Check | Result |\n| --- | --- |\n| Black & friends | ✅ success |\n| test\\|x | ❌ failure |\n| e2e | ⏭️ skipped |\n";
    assert!(
        bodies[1].starts_with(&format!("<!-- results: checks -->\n### Checks\n\n{rows}")),
        "{}",
        bodies[1]
    );
    assert!(!bodies[0].contains("\n::stop-commands"), "{}", bodies[0]);
}

#[test]
fn a_comment_that_may_not_be_written_is_left_out_and_said_so() {
    let (sandbox, gh) = with_gh();
    comment(&sandbox, "fork/shop", &[]).passes("::notice::no comment: runs for forks");
    comment(
        &sandbox,
        "acme/shop",
        &[("GITHUB_ACTOR", "dependabot[bot]")],
    )
    .passes("::notice::no comment");
    let event = sandbox.write("push.json", "{}");
    comment(&sandbox, "acme/shop", &[("GITHUB_EVENT_PATH", &event)])
        .passes("does not belong to a pull request");
    assert!(gh.calls().is_empty());
    comment(&sandbox, "acme/shop", &[]).fails("::error::the comments cannot be read");
    for needs in ["", "not json", HOSTILE] {
        comment(&sandbox, "acme/shop", &[("NEEDS", needs)]).fails("NEEDS is not");
    }
    comment(&sandbox, "acme/shop", &[("MARKER", HOSTILE)]).fails("is not a marker");
}

#[test]
fn job_results_decide_by_need() {
    let judge = |needs: &str, more: &[(&str, &str)]| {
        let env = [("NEEDS", needs)];
        Sandbox::new().run("job-results", &[&env[..], more].concat())
    };
    let outcome = judge(NEEDS, &[]);
    outcome.fails("::error::jobs that did not succeed: test|x (failure)");
    assert!(
        outcome.summary.contains("| lint | success |\n"),
        "{}",
        outcome.summary
    );
    judge(NEEDS, &[("ALLOW_FAILURE", "other, test|x")]).passes("e2e: skipped");
    judge(
        NEEDS,
        &[("ALLOW_FAILURE", "test|x"), ("MUST_RUN", "lint\ne2e")],
    )
    .fails("succeed: e2e (skipped)");
    judge(r#"{"a":{"result":"cancelled"}}"#, &[]).fails("a (cancelled)");
    judge(r#"{"a":{"result":"odd"}}"#, &[]).fails("a (odd)");
    judge(r#"{"a":{"result":"success"}}"#, &[("MUST_RUN", "b")]).fails("b (not among the needs)");
    judge(
        r#"{"a":{"result":"success"}}"#,
        &[("ALLOW_FAILURE", HOSTILE)],
    )
    .passes("a: success");
    judge("{}", &[]).fails("needs no other job");
    for broken in ["", "[", HOSTILE] {
        judge(broken, &[]).fails("NEEDS is not");
    }
}
