//! The scripts that ask or tell GitHub, against a `gh` that records its calls.

use super::sandbox::{Fake, HOSTILE, Outcome, SHA, Sandbox};

fn with_gh() -> (Sandbox, Fake) {
    let sandbox = Sandbox::new();
    let gh = sandbox.fake("gh");
    (sandbox, gh)
}

const COMMIT: &str = r#"{"sha":"89abcdef0123456789abcdef0123456789abcdef"}"#;

#[test]
fn a_tag_is_resolved_to_its_commit() {
    let (sandbox, gh) = with_gh();
    gh.answers(
        "api repos/acme/shop/commits/tags%2Fv1.2.3 --jq .sha",
        &[COMMIT],
    );
    let asked = sandbox.run(
        "resolve-version",
        &[("VERSION_KIND", "tag"), ("VERSION_INPUT", "v1.2.3")],
    );
    asked.passes("");
    assert_eq!(asked.output("version"), "v1.2.3");
    assert_eq!(
        asked.output("sha"),
        "89abcdef0123456789abcdef0123456789abcdef"
    );

    let pushed = [
        ("VERSION_KIND", "tag"),
        ("VERSION_INPUT", ""),
        ("GITHUB_REF_TYPE", "tag"),
        ("GITHUB_REF_NAME", "v1.2.3"),
    ];
    assert_eq!(
        sandbox.run("resolve-version", &pushed).output("version"),
        "v1.2.3"
    );
}

#[test]
fn only_existing_tags_of_the_pattern_are_deployed() {
    let (sandbox, gh) = with_gh();
    gh.refuses(
        "*commits/tags*",
        "gh: No commit found for SHA: tags/v9.9.9 (HTTP 422)",
    );
    let tag = |version| {
        sandbox.run(
            "resolve-version",
            &[("VERSION_KIND", "tag"), ("VERSION_INPUT", version)],
        )
    };
    tag("v9.9.9").fails("`tags/v9.9.9` was not found in acme/shop");
    tag("").fails("no version was given");
    for version in [
        "v1.2.3-rc.1",
        "1.2.3",
        "v1.2",
        "main",
        "v1.2.3\nv1.2.3",
        "../../v1.2.3",
        HOSTILE,
    ] {
        tag(version).fails("cannot be deployed: it does not match");
    }
    let own = [
        ("VERSION_KIND", "tag"),
        ("VERSION_INPUT", "v1.2.3\nx=y"),
        ("VERSION_PATTERN", ".*"),
    ];
    sandbox
        .run("resolve-version", &own)
        .fails("is not a name that git allows");
    sandbox
        .run("resolve-version", &[("VERSION_KIND", HOSTILE)])
        .fails("VERSION_KIND must be");
}

#[test]
fn a_commit_may_be_named_by_branch_or_not_at_all() {
    let (sandbox, gh) = with_gh();
    gh.answers("*/commits/feature%2Fa%26b --jq*", &[COMMIT])
        .answers(
            &format!("*/commits/{SHA} --jq*"),
            &[&format!(r#"{{"sha":"{SHA}"}}"#)],
        )
        .answers("*", &["{}"]);
    let commit = |version| {
        sandbox.run(
            "resolve-version",
            &[("VERSION_KIND", "commit"), ("VERSION_INPUT", version)],
        )
    };
    let branch = commit("feature/a&b");
    assert_eq!(branch.output("version"), branch.output("sha"));
    assert_eq!(
        branch.output("sha"),
        "89abcdef0123456789abcdef0123456789abcdef"
    );
    assert_eq!(commit("").output("sha"), SHA);
    commit("odd").fails("GitHub named no commit");
    for version in ["..", "a/../b", HOSTILE] {
        commit(version).fails("is not a name that git allows");
    }
}

fn run(status: &str, conclusion: &str) -> String {
    let run = serde_json::json!({"status": status, "conclusion": conclusion, "html_url": "https://github.example/run/5"});
    serde_json::json!({"workflow_runs": [run]}).to_string()
}

fn require_workflows(sandbox: &Sandbox, more: &[(&str, &str)]) -> Outcome {
    let env = [
        ("WORKFLOWS", "ci.yml\n security.yml \n"),
        ("SHA", SHA),
        ("INTERVAL", "0"),
    ];
    sandbox.run("require-workflows", &[&env[..], more].concat())
}

const NO_RUN: &str = r#"{"workflow_runs":[]}"#;

#[test]
fn workflows_are_waited_for_until_all_have_succeeded() {
    let (sandbox, gh) = with_gh();
    let unfinished = r#"{"workflow_runs":[{"status":"queued","conclusion":null,"html_url":"u"}]}"#;
    let good = run("completed", "success");
    gh.answers("*/ci.yml/runs*", &[NO_RUN, unfinished, &good])
        .answers(
            "*/security.yml/runs*",
            &[&run("in_progress", ""), "<html>bad gateway", &good],
        );
    require_workflows(&sandbox, &[])
        .passes("waiting for ci.yml queued")
        .passes("security.yml succeeded");
    assert_eq!(gh.calls().len(), 6);
    let asked = format!("repos/acme/shop/actions/workflows/ci.yml/runs?per_page=1&head_sha={SHA}");
    gh.was_called_with(&["api", &asked]);

    require_workflows(&sandbox, &[("EVENT", "push&x")]).passes("");
    let asked = format!(
        "repos/acme/shop/actions/workflows/ci.yml/runs?per_page=1&event=push%26x&head_sha={SHA}"
    );
    gh.was_called_with(&[&asked]);
}

#[test]
fn a_workflow_that_failed_never_ran_or_does_not_exist_stops_the_deployment() {
    for conclusion in ["failure", "cancelled", "skipped", "timed_out", "neutral"] {
        let (sandbox, gh) = with_gh();
        gh.answers("*security.yml*", &[&run("completed", conclusion)])
            .answers("*", &[&run("completed", "success")]);
        require_workflows(&sandbox, &[])
            .fails(&format!("security.yml ended with `{conclusion}`"))
            .fails("https://github.example/run/5");
    }
    let (sandbox, gh) = with_gh();
    gh.answers("*", &[NO_RUN]);
    require_workflows(&sandbox, &[("GRACE_MINUTES", "0")]).fails("ci.yml did not run for");

    let (sandbox, gh) = with_gh();
    gh.refuses("*", "gh: Not Found (HTTP 404)");
    require_workflows(&sandbox, &[]).fails("there is no workflow ci.yml");

    let (sandbox, gh) = with_gh();
    gh.refuses("*", "gh: Bad Gateway (HTTP 502)");
    require_workflows(&sandbox, &[("WAIT_MINUTES", "0")])
        .fails("no success within 0 minutes: ci.yml unreachable")
        .fails("HTTP 502");

    let (sandbox, gh) = with_gh();
    gh.answers("*", &[&run("in_progress", "")]);
    require_workflows(&sandbox, &[("WAIT_MINUTES", "0")]).fails("ci.yml in_progress");
    for name in ["SHA", "WAIT_MINUTES", "GRACE_MINUTES", "INTERVAL"] {
        require_workflows(&sandbox, &[(name, HOSTILE)]).fails("::error::");
    }
    require_workflows(&sandbox, &[("WORKFLOWS", HOSTILE), ("WAIT_MINUTES", "0")])
        .fails("no success");
    require_workflows(&sandbox, &[("WORKFLOWS", "\n")]).fails("names no workflow");
}

#[test]
fn an_earlier_deployment_counts_by_how_it_went_last() {
    let deployed = |statuses: &str, more: &[(&str, &str)]| {
        let (sandbox, gh) = with_gh();
        gh.answers(
            "api repos/acme/shop/deployments?sha=*",
            &[r#"[{"id":8},{"id":9}]"#],
        )
        .answers(
            "*/deployments/8/statuses*",
            &[r#"[{"id":1,"state":"failure"}]"#],
        )
        .answers("*/deployments/9/statuses*", &[statuses]);
        let env = [("ENVIRONMENT", "stag ing&x"), ("SHA", SHA)];
        let outcome = sandbox.run("require-deployment", &[&env[..], more].concat());
        let asked = format!(
            "repos/acme/shop/deployments?sha={SHA}&environment=stag%20ing%26x&per_page=100"
        );
        gh.was_called_with(&["api", &asked]);
        outcome
    };
    let replaced = r#"[{"id":4,"state":"inactive"},{"id":3,"state":"success"},{"id":2,"state":"in_progress"}]"#;
    assert_eq!(
        deployed(replaced, &[]).passes("").output("deployed"),
        "true"
    );
    for missing in [
        "[]",
        r#"[{"id":3,"state":"success"},{"id":5,"state":"failure"}]"#,
        r#"[{"id":2,"state":"in_progress"}]"#,
    ] {
        assert_eq!(
            deployed(missing, &[])
                .passes("::warning::commit")
                .output("deployed"),
            "false"
        );
        deployed(missing, &[("ON_MISSING", "fail")]).fails("::error::commit");
    }
    let (sandbox, gh) = with_gh();
    gh.refuses("*", "gh: Forbidden (HTTP 403)");
    let env = [("ENVIRONMENT", HOSTILE), ("SHA", HOSTILE)];
    sandbox
        .run("require-deployment", &env)
        .fails("the deployments cannot be read");
    sandbox
        .run("require-deployment", &[("ON_MISSING", HOSTILE)])
        .fails("ON_MISSING must be");
}

fn approval(id: u32, login: &str, state: &str, environment: &str) -> serde_json::Value {
    serde_json::json!({"state": state, "environments": [{"name": environment}], "user": {"id": id, "login": login}})
}

#[test]
fn approvals_count_people_and_not_clicks() {
    let quorum = |approvals: &[serde_json::Value], more: &[(&str, &str)]| {
        let (sandbox, gh) = with_gh();
        gh.answers(
            "api repos/acme/shop/actions/runs/77/approvals",
            &[&serde_json::json!(approvals).to_string()],
        );
        let env = [
            (
                "ENVIRONMENTS",
                "production-approval-1\n Production-Approval-2 \n",
            ),
            ("REQUIRED", "2"),
        ];
        sandbox.run("approval-quorum", &[&env[..], more].concat())
    };
    let ann = || approval(2, "ann", "approved", "production-approval-1");
    let bob = || approval(3, "bob", "approved", "production-approval-2");
    let outcome = quorum(&[ann(), bob()], &[]);
    outcome.passes("2 of 2 approvals: ann, bob");
    assert_eq!(
        (outcome.output("approvers"), outcome.output("count")),
        ("ann,bob", "2")
    );
    assert!(outcome.summary.contains("ann, bob"));

    let not_enough = [
        approval(2, "ann", "approved", "production-approval-2"),
        approval(3, "bob", "rejected", "production-approval-2"),
        approval(3, "bob", "approved", "staging"),
        approval(1, "renamed", "approved", "production-approval-2"),
        approval(9, "starter", "approved", "production-approval-2"),
        serde_json::json!({"state": "approved", "environments": [{"name": "production-approval-2"}], "user": null}),
    ];
    for second in not_enough {
        let outcome = quorum(&[ann(), second.clone()], &[]);
        outcome.fails("1 of 2 approvals by different people");
        assert_eq!(outcome.output("count"), "1", "{second}");
    }
    let rerun_by_bob = [("GITHUB_TRIGGERING_ACTOR", "bob")];
    quorum(&[ann(), bob()], &rerun_by_bob).fails("1 of 2 approvals");
    assert_eq!(quorum(&[], &[]).fails("0 of 2").output("approvers"), "");
    quorum(&[ann(), bob()], &[("GITHUB_RUN_ATTEMPT", "2")]).fails("start a new run instead");
    quorum(&[ann(), bob()], &[("REQUIRED", "0")]).fails("REQUIRED must be a number");
    quorum(&[ann(), bob()], &[("REQUIRED", HOSTILE)]).fails("REQUIRED must be a number");
    quorum(&[ann(), bob()], &[("ENVIRONMENTS", HOSTILE)]).fails("0 of 2");
    let (sandbox, gh) = with_gh();
    gh.answers("*", &[r#"{"message":"Not Found"}"#]);
    let env = [("ENVIRONMENTS", "gate"), ("REQUIRED", "1")];
    sandbox.run("approval-quorum", &env).fails("unknown form");
}

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
