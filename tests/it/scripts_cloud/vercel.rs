//! Vercel: built here, deployed without a domain, checked, promoted, rolled back; the domain is what counts.

use std::fs;
use std::path::PathBuf;

use super::sandbox::HOSTILE;
use super::servers::{Http, Reply};
use super::{Cloud, TOKEN};

fn json(status: u16, body: &serde_json::Value) -> Reply {
    Reply::Full(
        status,
        "Content-Type: application/json".to_owned(),
        body.to_string(),
    )
}

/// Answers as the API does: the file `alias` is what the domain shows, `state` how a deployment is, `owner` whose the domain is.
fn api(folder: PathBuf) -> Http {
    let read = move |name: &str| {
        fs::read_to_string(folder.join(name))
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    Http::start(move |_, request| {
        if !request
            .headers
            .contains(&format!("Authorization: Bearer {TOKEN}"))
            || !request.line.contains("teamId=team_1")
        {
            return json(403, &serde_json::json!({"error": {"code": "forbidden"}}));
        }
        let alias = read("alias");
        let (owner, state) = (read("owner"), read("state"));
        if request.line.starts_with("GET /v4/aliases/www.example.com?") {
            if alias.is_empty() {
                return json(404, &serde_json::json!({"error": {"code": "not_found"}}));
            }
            json(
                200,
                &serde_json::json!({"alias": "www.example.com", "deploymentId": alias,
                "projectId": if owner.is_empty() { "prj_1" } else { &owner }}),
            )
        } else if request
            .line
            .starts_with("GET /v13/deployments/shop-abc123-acme.vercel.app?")
        {
            json(
                200,
                &serde_json::json!({"id": "dpl_new", "readyState": if state.is_empty() { "READY" } else { &state }}),
            )
        } else if request
            .line
            .starts_with("GET /v6/deployments?projectId=prj_1&target=production&state=READY")
        {
            let deployment = |uid, release: &str, created| serde_json::json!({"uid": uid, "created": created, "meta": {"release": release}});
            json(
                200,
                &serde_json::json!({"deployments": [deployment("dpl_a", "v1", 1), deployment("dpl_b", "v1", 2), {"uid": "dpl_c", "created": 3}]}),
            )
        } else {
            json(404, &serde_json::json!({}))
        }
    })
}

fn project() -> (Cloud, Http) {
    let mut cloud = Cloud::new(&[
        ("VERCEL_TOKEN", TOKEN),
        ("VERCEL_ORG_ID", "team_1"),
        ("VERCEL_PROJECT_ID", "prj_1"),
        ("VERCEL_DOMAIN", "www.example.com"),
        ("INTERVAL", "0"),
        ("ATTEMPTS", "2"),
    ]);
    cloud.put("alias", "dpl_old");
    let server = api(cloud.path(""));
    cloud.set("VERCEL_API_URL", &server.url);
    (cloud, server)
}

const DEPLOY: [(&str, &str); 2] = [("VERCEL_ENVIRONMENT", "production"), ("VERSION", HOSTILE)];

#[test]
fn a_deployment_gets_the_domain_last_and_gives_it_back() {
    let (cloud, _server) = project();
    assert_eq!(
        cloud.run("vercel-record", &[]).output("previous_version"),
        "dpl_old"
    );
    let deployed = cloud.run("vercel-deploy", &DEPLOY);
    assert_eq!(deployed.output("new_version"), "dpl_new");
    assert_eq!(
        deployed.output("url"),
        "https://shop-abc123-acme.vercel.app"
    );
    assert_eq!(cloud.get("alias"), "dpl_old", "no domain yet");
    assert_eq!(
        cloud.get("built"),
        "SECRET=s3cr3t\n",
        "the build had the variables"
    );
    assert!(
        !cloud.sandbox.path(".vercel/.env.production.local").exists(),
        "later steps have not"
    );
    let calls = cloud.calls();
    assert_eq!(
        calls[..2],
        [
            "vercel pull --yes --environment=production",
            "vercel build --yes --prod"
        ]
    );
    assert!(
        calls[2].starts_with(
            "vercel deploy --prebuilt --yes --prod --skip-domain --meta=release=-x $("
        ),
        "{calls:?}"
    );

    let new = [("NEW_VERSION", "dpl_new")];
    assert_eq!(
        cloud.run("vercel-promote", &new).output("version"),
        "dpl_new"
    );
    cloud
        .run("vercel-promote", &new)
        .passes("shows deployment dpl_new");
    let old = [("PREVIOUS_VERSION", "dpl_old")];
    assert_eq!(
        cloud.run("vercel-rollback", &old).output("version"),
        "dpl_old"
    );
    cloud.run("vercel-rollback", &old).passes("nothing to undo");
    let expected = [
        "vercel promote dpl_new --yes --timeout=5m",
        "vercel rollback dpl_old --yes --timeout=5m",
    ];
    assert_eq!(cloud.calls(), expected, "each once");
}

#[test]
fn a_preview_is_built_as_one() {
    let (cloud, _server) = project();
    cloud
        .run(
            "vercel-deploy",
            &[("VERCEL_ENVIRONMENT", "preview"), ("VERSION", "v1")],
        )
        .passes("is ready");
    let expected = [
        "vercel pull --yes --environment=preview",
        "vercel build --yes",
        "vercel deploy --prebuilt --yes --meta=release=v1",
    ];
    assert_eq!(cloud.calls(), expected);
    cloud
        .run(
            "vercel-deploy",
            &[("VERCEL_ENVIRONMENT", HOSTILE), ("VERSION", "v1")],
        )
        .fails("VERCEL_ENVIRONMENT must be");
}

#[test]
fn a_failure_at_any_step_leaves_the_domain() {
    let (cloud, _server) = project();
    for (pattern, message) in [
        ("pull*\n", "the settings of the project cannot be fetched"),
        ("build*\n", "the project cannot be built"),
        ("deploy*\n", "the build cannot be deployed"),
    ] {
        cloud.put("vercel.fail", pattern);
        cloud.run("vercel-deploy", &DEPLOY).fails(message);
        assert!(!cloud.sandbox.path(".vercel/.env.production.local").exists());
    }
    cloud.put("vercel.fail", "promote*\n");
    cloud
        .run("vercel-promote", &[("NEW_VERSION", "dpl_new")])
        .fails("cannot be promoted");
    cloud.put("vercel.fail", "rollback*\n");
    cloud
        .run("vercel-rollback", &[("PREVIOUS_VERSION", "dpl_older")])
        .fails("cannot be rolled back");
    cloud.put("vercel.fail", "");
    cloud.put("state", "ERROR");
    cloud
        .run("vercel-deploy", &DEPLOY)
        .fails("is not ready: ERROR");
    // A queued or skipped promotion ends the CLI with 0.
    cloud.put("vercel.skips", "");
    cloud
        .run("vercel-promote", &[("NEW_VERSION", "dpl_new")])
        .fails("but www.example.com shows dpl_old");
    cloud
        .run("vercel-rollback", &[("PREVIOUS_VERSION", "dpl_older")])
        .fails("but www.example.com shows dpl_old");
    assert_eq!(cloud.get("alias"), "dpl_old");

    cloud.put("owner", "prj_2");
    cloud
        .run("vercel-record", &[])
        .fails("does not belong to the project prj_1");
    cloud
        .run("vercel-record", &[("VERCEL_TOKEN", "other")])
        .fails("answered 403");
    for hostile in [HOSTILE, "../x", "-y"] {
        cloud
            .run("vercel-rollback", &[("PREVIOUS_VERSION", hostile)])
            .fails("is not the id of a deployment");
        cloud
            .run("vercel-promote", &[("NEW_VERSION", hostile)])
            .fails("is not the id of a deployment");
    }
    cloud
        .run("vercel-record", &[("VERCEL_DOMAIN", HOSTILE)])
        .fails("is not a domain");
    cloud.remove("alias");
    assert_eq!(
        cloud
            .run("vercel-record", &[])
            .passes("shows nothing yet")
            .output("previous_version"),
        ""
    );
    cloud
        .run("vercel-rollback", &[("PREVIOUS_VERSION", "")])
        .fails("no deployment was live before");
}

#[test]
fn a_release_is_found_by_what_was_kept_with_it() {
    let (cloud, _server) = project();
    assert_eq!(
        cloud
            .run("vercel-find", &[("VERSION", "v1")])
            .output("previous_version"),
        "dpl_b"
    );
    cloud
        .run("vercel-find", &[("VERSION", HOSTILE)])
        .fails("no deployment of release");
}

#[test]
fn a_protected_deployment_is_checked_with_the_secret() {
    let server = Http::start(|_, request| {
        let knows = request
            .headers
            .contains("x-vercel-protection-bypass: s3cr3t\r\n");
        Reply::Status(match (knows, &*request.line) {
            (true, "GET /" | "GET /api?x=[1]") => 200,
            (true, _) => 500,
            (false, _) => 401,
        })
    });
    let (cloud, _server) = project();
    let check = |paths: &str, secret: &str| {
        let env = [
            ("BASE_URL", &*server.url),
            ("CHECK_PATHS", paths),
            ("VERCEL_AUTOMATION_BYPASS_SECRET", secret),
        ];
        cloud.run("vercel-check", &env)
    };
    check("", "s3cr3t").passes("all 1 paths answer");
    check("/\n /api?x=[1] \n", "s3cr3t").passes("all 2 paths answer");
    check("/", "").fails("VERCEL_AUTOMATION_BYPASS_SECRET missing");
    check("/broken", "s3cr3t").fails("/broken answers 500");
    check(HOSTILE, "s3cr3t").fails("is not a path");
}
