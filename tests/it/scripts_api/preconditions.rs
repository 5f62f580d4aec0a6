//! What must hold before a deployment, asked of a `gh` that records its calls: version, workflows,
//! an earlier deployment, approvals.

use super::sandbox::{HOSTILE, Outcome, SHA, Sandbox, with_gh};

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
fn a_second_run_of_a_commit_may_have_a_name_of_its_own() {
    let (sandbox, gh) = with_gh();
    gh.answers("api repos/acme/shop/commits/*", &[COMMIT]);
    let run = |format| {
        let env = [("VERSION_KIND", "commit"), ("VERSION_FORMAT", format)];
        sandbox.run("resolve-version", &env)
    };
    let outcome = run("sha-timestamp");
    let (sha, time) = outcome.output("version").split_once('-').unwrap();
    assert_eq!(sha, outcome.output("sha"));
    assert!(time.len() == 14 && time.bytes().all(|byte| byte.is_ascii_digit()));
    assert_eq!(run("sha").output("version"), sha);
    run(HOSTILE).fails("VERSION_FORMAT must be");
    // It keeps that name when it is asked for again.
    let named = format!("{SHA}-20260102030405");
    gh.answers(&format!("*/commits/{SHA} --jq*"), &[COMMIT]);
    let again = sandbox.run(
        "resolve-version",
        &[("VERSION_KIND", "commit"), ("VERSION_INPUT", &named)],
    );
    assert_eq!(again.output("version"), named);
    assert_eq!(again.output("sha"), sha);
    gh.was_called_with(&[&format!("repos/acme/shop/commits/{SHA}")]);
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
        let env = [("ENVIRONMENTS", "stag ing&x"), ("SHA", SHA)];
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
    let env = [("ENVIRONMENTS", HOSTILE), ("SHA", HOSTILE)];
    sandbox
        .run("require-deployment", &env)
        .fails("the deployments cannot be read");
    sandbox
        .run("require-deployment", &[("ON_MISSING", HOSTILE)])
        .fails("ON_MISSING must be");
}

#[test]
fn every_part_of_the_earlier_environment_counts() {
    let (sandbox, gh) = with_gh();
    gh.answers("*environment=staging-backend*", &[r#"[{"id":8}]"#])
        .answers("*environment=staging-frontend*", &["[]"])
        .answers(
            "*/deployments/8/statuses*",
            &[r#"[{"id":1,"state":"success"}]"#],
        );
    let env = [
        ("ENVIRONMENTS", "staging-backend\nstaging-frontend\n"),
        ("SHA", SHA),
        ("ON_MISSING", "fail"),
    ];
    let outcome = sandbox.run("require-deployment", &env);
    outcome.fails("has not been deployed to staging-frontend with success");
    assert_eq!(outcome.output("deployed"), "false");
    sandbox
        .run(
            "require-deployment",
            &[("ENVIRONMENTS", "\n"), ("SHA", SHA)],
        )
        .fails("names no environment");
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
fn the_commit_that_is_live_is_the_last_that_was_deployed_well() {
    let (sandbox, gh) = with_gh();
    let (new, old) = ("b".repeat(40), "a".repeat(40));
    let deployments = serde_json::json!([
        {"id": 9, "sha": "c".repeat(40)}, {"id": 8, "sha": new}, {"id": 7, "sha": old}
    ]);
    gh.answers("*environment=live*", &[&deployments.to_string()])
        .answers("*/9/statuses*", &[r#"[{"id":5,"state":"in_progress"}]"#])
        .answers(
            "*/8/statuses*",
            &[r#"[{"id":4,"state":"failure"},{"id":3,"state":"in_progress"}]"#],
        )
        .answers(
            "*/7/statuses*",
            &[r#"[{"id":2,"state":"inactive"},{"id":1,"state":"success"}]"#],
        )
        .answers("*environment=none*", &["[]"]);
    let env = |name| [("ENVIRONMENT", name)];
    let outcome = sandbox.run("deployed-commit", &env("live"));
    assert_eq!(outcome.passes("is live").output("previous_version"), old);
    let nothing = sandbox.run("deployed-commit", &env("none"));
    assert_eq!(nothing.passes("::notice::").output("previous_version"), "");
    let (sandbox, gh) = with_gh();
    gh.refuses("*", "gh: Forbidden (HTTP 403)");
    sandbox
        .run("deployed-commit", &env(HOSTILE))
        .fails("the deployments cannot be read");
}
