//! Pages: the live deployment before, the deployment to its end, and the way back through the API.

use std::fs;
use std::path::PathBuf;

use super::sandbox::HOSTILE;
use super::servers::{Http, Reply};
use super::{Cloud, TOKEN, V1, V2, V3};

/// Answers as the API does about the project `shop`: the file `live` is what is live, `broken` a method and path
/// whose requests fail, `stage` what became of a deployment.
fn api(folder: PathBuf) -> Http {
    let state = folder.clone();
    let read = move |name: &str| {
        fs::read_to_string(state.join(name))
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    Http::start(move |_, request| {
        let answer = |result: serde_json::Value| {
            let body = serde_json::json!({"success": true, "errors": [], "messages": [], "result": result});
            Reply::Full(
                200,
                "Content-Type: application/json".to_owned(),
                body.to_string(),
            )
        };
        let refusal = |status, message: &str| {
            let body = serde_json::json!({"success": false, "errors": [{"code": 8000007, "message": message}], "result": null});
            Reply::Full(
                status,
                "Content-Type: application/json".to_owned(),
                body.to_string(),
            )
        };
        if !request
            .headers
            .contains(&format!("Authorization: Bearer {TOKEN}"))
        {
            return refusal(403, "Authentication error");
        }
        let project = "/accounts/acc/pages/projects/shop";
        let broken = read("broken");
        if !broken.is_empty() && request.line.starts_with(&broken) {
            return refusal(400, "::stop-commands::pwned");
        }
        let Some((method, rest)) = request
            .line
            .split_once(' ')
            .and_then(|(method, path)| Some((method, path.strip_prefix(project)?)))
        else {
            return refusal(404, "Project not found");
        };
        let live = read("pages.live");
        match (method, rest) {
            ("GET", "") => {
                let canonical = if live.is_empty() {
                    serde_json::Value::Null
                } else {
                    serde_json::json!({"id": live, "environment": "production"})
                };
                answer(
                    serde_json::json!({"name": "shop", "production_branch": "main", "canonical_deployment": canonical}),
                )
            }
            ("GET", list) if list.starts_with("/deployments?env=production") => {
                let deployment = |id, release: &str, status| {
                    serde_json::json!({"id": id, "latest_stage": {"name": "deploy", "status": status},
                    "deployment_trigger": {"metadata": {"commit_message": release}}})
                };
                let (a, b) = ("v1.0.0".to_owned(), HOSTILE.to_owned());
                answer(match list.rsplit('=').next() {
                    Some("1") => serde_json::json!([
                        deployment(V3, &a, "failure"),
                        deployment(V2, &b, "success")
                    ]),
                    Some("2") => serde_json::json!([deployment(V1, &a, "success")]),
                    _ => serde_json::json!([]),
                })
            }
            ("GET", _) => {
                let stage = read("stage");
                let (name, status) = stage.split_once(' ').unwrap_or(("deploy", "success"));
                answer(serde_json::json!({"latest_stage": {"name": name, "status": status}}))
            }
            ("POST", back) => {
                let id = back
                    .trim_start_matches("/deployments/")
                    .trim_end_matches("/rollback");
                if read("ignored").is_empty() {
                    fs::write(folder.join("pages.live"), id).unwrap();
                }
                answer(serde_json::json!({"id": id}))
            }
            _ => refusal(405, "no"),
        }
    })
}

/// A project with V1 live, and a built site that becomes V2.
fn project() -> (Cloud, Http) {
    let mut cloud = Cloud::new(&[
        ("PAGES_PROJECT", "shop"),
        ("CLOUDFLARE_API_TOKEN", TOKEN),
        ("CLOUDFLARE_ACCOUNT_ID", "acc"),
        ("INTERVAL", "0"),
        ("ATTEMPTS", "2"),
    ]);
    cloud.put("pages.live", V1);
    cloud.put("next", V2);
    cloud.sandbox.write("dist/index.html", "<p>");
    let server = api(cloud.path(""));
    cloud.set("CLOUDFLARE_API_BASE_URL", &server.url);
    (cloud, server)
}

const DEPLOY: [(&str, &str); 4] = [
    ("FOLDER", "dist"),
    ("BRANCH", "main"),
    ("PAGES_ENVIRONMENT", "production"),
    ("VERSION", HOSTILE),
];

#[test]
fn a_deployment_is_live_and_can_be_undone() {
    let (cloud, server) = project();
    let recorded = cloud.run("pages-record", &[]);
    assert_eq!(recorded.output("previous_version"), V1);
    assert_eq!(recorded.output("production_branch"), "main");
    let deployed = cloud.run("pages-deploy", &DEPLOY);
    deployed.passes("is live");
    assert_eq!(deployed.output("new_version"), V2);
    assert_eq!(deployed.output("url"), "https://ab.shop.pages.dev");
    assert_eq!(cloud.get("pages.live"), V2);
    let call = cloud.calls().join("\n");
    assert!(
        call.contains("/dist --project-name=shop --branch=main --commit-hash=0123456789abcdef"),
        "{call}"
    );
    let other = "b".repeat(40);
    let mut older = DEPLOY.to_vec();
    older.push(("COMMIT", &other));
    cloud.run("pages-deploy", &older).passes("is live");
    let call = cloud.calls().join("\n");
    assert!(call.contains(&format!("--commit-hash={other}")), "{call}");
    older.push(("COMMIT", HOSTILE));
    cloud
        .run("pages-deploy", &older)
        .fails("is not the full hash");

    let back = [("PREVIOUS_VERSION", V1)];
    assert_eq!(cloud.run("pages-rollback", &back).output("version"), V1);
    assert_eq!(cloud.get("pages.live"), V1);
    let count = server.count();
    cloud.run("pages-rollback", &back).passes("nothing to undo");
    assert_eq!(server.count(), count + 1, "a second run only looks");
}

#[test]
fn the_first_deployment_has_nothing_to_go_back_to() {
    let (cloud, _server) = project();
    cloud.put("pages.live", "");
    assert_eq!(
        cloud
            .run("pages-record", &[])
            .passes("::notice::")
            .output("previous_version"),
        ""
    );
    cloud
        .run("pages-rollback", &[("PREVIOUS_VERSION", "")])
        .fails("no deployment was live before");
}

#[test]
fn a_preview_never_reaches_production_by_mistake() {
    let (cloud, _server) = project();
    let preview = [
        DEPLOY[0],
        ("BRANCH", "feature"),
        ("PAGES_ENVIRONMENT", "preview"),
        DEPLOY[3],
    ];
    cloud.run("pages-deploy", &preview).passes("is ready");
    assert_eq!(cloud.get("pages.live"), V1);
    cloud.calls();
    let wrong = [
        DEPLOY[0],
        DEPLOY[1],
        ("PAGES_ENVIRONMENT", "preview"),
        DEPLOY[3],
    ];
    cloud
        .run("pages-deploy", &wrong)
        .fails("leads to production, not to preview");
    let wrong = [DEPLOY[0], ("BRANCH", HOSTILE), DEPLOY[2], DEPLOY[3]];
    cloud
        .run("pages-deploy", &wrong)
        .fails("leads to preview, not to production");
    let empty = [("FOLDER", "missing"), DEPLOY[1], DEPLOY[2], DEPLOY[3]];
    cloud
        .run("pages-deploy", &empty)
        .fails("there is no built site");
    assert!(cloud.calls().is_empty());
}

#[test]
fn a_failure_at_any_step_is_one() {
    let (cloud, _server) = project();
    cloud.put("broken", "GET");
    cloud.run("pages-record", &[]).fails("cannot be read");
    cloud.run("pages-deploy", &DEPLOY).fails("cannot be read");
    cloud.put("broken", "POST");
    let back = [("PREVIOUS_VERSION", V3)];
    cloud
        .run("pages-rollback", &back)
        .fails("cannot be rolled back");
    cloud.put("broken", "");
    assert_eq!(cloud.get("pages.live"), V1);

    cloud.put("wrangler.fail", "pages deploy*\n");
    cloud
        .run("pages-deploy", &DEPLOY)
        .fails("the site cannot be deployed");
    assert_eq!(cloud.get("pages.live"), V1);
    cloud.put("wrangler.fail", "");

    // Wrangler ends well on all of these.
    cloud.put("stage", "build failure");
    assert_eq!(
        cloud
            .run("pages-deploy", &DEPLOY)
            .fails("ended with: build failure")
            .output("new_version"),
        V2
    );
    cloud.put("stage", "queued active");
    cloud
        .run("pages-deploy", &DEPLOY)
        .fails("not finished after 2 questions: queued active");

    cloud.put("stage", "");
    cloud.put("pages.live", V1);
    cloud.put("ignored", "yes");
    cloud
        .run("pages-deploy", &DEPLOY)
        .fails("is finished, but 1111");
    cloud
        .run("pages-rollback", &back)
        .fails("was rolled back to 3333");
    for hostile in [HOSTILE, "../../x"] {
        cloud
            .run("pages-rollback", &[("PREVIOUS_VERSION", hostile)])
            .fails("is not the id of a deployment");
        cloud
            .run("pages-record", &[("PAGES_PROJECT", hostile)])
            .fails("is not the name of a Pages project");
    }
    cloud
        .run("pages-record", &[("CLOUDFLARE_API_TOKEN", "other")])
        .fails("Authentication error");
}

#[test]
fn the_deployment_of_a_release_is_found_on_whichever_page_it_is() {
    let (cloud, _server) = project();
    let found = |release: &str| cloud.run("pages-find", &[("VERSION", release)]);
    assert_eq!(
        found("v1.0.0").output("previous_version"),
        V1,
        "the failed one is left out"
    );
    assert_eq!(found(HOSTILE).output("previous_version"), V2);
    found("v1.0").fails("no successful production deployment");
    found("").fails("names no release");
}
