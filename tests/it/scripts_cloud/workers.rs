//! Workers: record, upload, shift in steps, roll back, each verified against what is live.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::sandbox::{HOSTILE, script_path};
use super::servers::{Http, Reply};
use super::{Cloud, TOKEN, V1, V2, V3};

/// A Worker whose live version is V1 and whose next upload becomes V2.
fn worker() -> Cloud {
    let cloud = Cloud::new(&[
        ("CLOUDFLARE_API_TOKEN", TOKEN),
        ("CLOUDFLARE_ACCOUNT_ID", "acc"),
        ("WORKER_ENV", "production"),
    ]);
    cloud.put("live", &format!("{V1} 100\n"));
    cloud.put("next", V2);
    cloud
}

fn live(cloud: &Cloud) -> String {
    cloud.get("live").trim_end().replace('\n', ", ")
}

#[test]
fn a_gradual_deployment_goes_up_step_by_step_and_back_in_one() {
    let cloud = worker();
    let recorded = cloud.run("wrangler-record", &[]);
    assert_eq!(recorded.output("previous_version"), V1);
    assert_eq!(
        cloud.calls(),
        ["wrangler deployments status --json --env=production"]
    );

    let env = [
        ("VERSION", "v2"),
        ("PREVIOUS_VERSION", V1),
        ("TRAFFIC", "none"),
    ];
    let uploaded = cloud.run("wrangler-deploy", &env);
    uploaded.passes("has no traffic");
    assert_eq!(uploaded.output("new_version"), V2);
    assert_eq!(
        uploaded.output("preview_url"),
        "https://2222-shop.acme.workers.dev"
    );
    assert_eq!(
        live(&cloud),
        format!("{V1} 100"),
        "an upload moves no traffic"
    );
    let call = cloud.calls().remove(0);
    assert!(call.starts_with("wrangler versions upload --env=production --tag=v2 --message=v2, https://github.example/acme/shop/actions/runs/77"), "{call}");

    let both = [("NEW_VERSION", V2), ("PREVIOUS_VERSION", V1)];
    for (percent, expected) in [
        ("0", format!("{V2} 0, {V1} 100")),
        ("10", format!("{V2} 10, {V1} 90")),
        ("50", format!("{V2} 50, {V1} 50")),
        ("100", format!("{V2} 100")),
    ] {
        let env = [both[0], both[1], ("PERCENT", percent)];
        cloud.calls();
        assert_eq!(cloud.run("wrangler-shift", &env).output("percent"), percent);
        assert_eq!(live(&cloud), expected);
        assert_eq!(cloud.calls().len(), 3, "asked, shifted, looked");
        cloud.run("wrangler-shift", &env).passes("of the traffic");
        assert_eq!(cloud.calls().len(), 1, "a second run only looks");
    }
    cloud
        .run("wrangler-shift", &[both[0], both[1], ("TRIGGERS", "1")])
        .passes("");
    assert_eq!(
        cloud.calls().last().unwrap(),
        "wrangler triggers deploy --env=production"
    );

    let back = [("PREVIOUS_VERSION", V1), ("REASON", HOSTILE)];
    assert_eq!(cloud.run("wrangler-rollback", &back).output("version"), V1);
    assert_eq!(live(&cloud), format!("{V1} 100"));
    cloud.calls();
    cloud
        .run("wrangler-rollback", &back)
        .passes("nothing to undo");
    assert_eq!(cloud.calls().len(), 1, "a second run only looks");
}

#[test]
fn a_direct_deployment_takes_all_traffic_and_brings_its_secrets() {
    let cloud = worker();
    let env = [
        ("VERSION", HOSTILE),
        ("PREVIOUS_VERSION", V1),
        ("SECRETS", " JWT_SECRET\r\n\nDATABASE_URL\n"),
        ("JWT_SECRET", "s3cr3t-\"one\"\n\\two"),
        ("DATABASE_URL", "postgres://s3cr3t"),
    ];
    let outcome = cloud.run("wrangler-deploy", &env);
    outcome.passes("has all traffic");
    assert_eq!(live(&cloud), format!("{V2} 100"));
    let secrets: serde_json::Value = serde_json::from_str(&cloud.get("secrets")).unwrap();
    let expected = serde_json::json!({"JWT_SECRET": "s3cr3t-\"one\"\n\\two", "DATABASE_URL": "postgres://s3cr3t"});
    assert_eq!(secrets, expected);
    assert_eq!(cloud.get("secrets.mode"), "600\n");
    let calls = cloud.calls();
    let option = calls[0].split("--secrets-file=").nth(1).unwrap();
    assert!(!std::path::Path::new(option).exists(), "the file is gone");

    let unset = [("VERSION", "v2"), ("SECRETS", "MISSING")];
    cloud
        .run("wrangler-deploy", &unset)
        .fails("the secret MISSING has no value");
    let wrong = [("VERSION", "v2"), ("SECRETS", "a[$(touch pwned)]")];
    cloud
        .run("wrangler-deploy", &wrong)
        .fails("is not the name of a secret");
    assert!(cloud.calls().is_empty());
}

#[test]
fn the_first_deployment_has_nothing_to_go_back_to() {
    let cloud = worker();
    cloud.remove("live");
    let recorded = cloud.run("wrangler-record", &[]);
    assert_eq!(
        recorded
            .passes("does not exist yet")
            .output("previous_version"),
        ""
    );
    let env = [
        ("VERSION", "v2"),
        ("PREVIOUS_VERSION", ""),
        ("TRAFFIC", "none"),
    ];
    cloud
        .run("wrangler-deploy", &env)
        .passes("has all traffic at once");
    assert_eq!(live(&cloud), format!("{V2} 100"));
    let shift = [
        ("NEW_VERSION", V2),
        ("PREVIOUS_VERSION", ""),
        ("PERCENT", "10"),
    ];
    assert_eq!(cloud.run("wrangler-shift", &shift).output("percent"), "100");
    cloud
        .run("wrangler-rollback", &[("PREVIOUS_VERSION", "")])
        .fails("no version was live before");
    assert_eq!(live(&cloud), format!("{V2} 100"));
}

#[test]
fn a_failure_at_any_step_leaves_what_was_live() {
    let cloud = worker();
    let fails = |script, pattern: &str, env: &[(&str, &str)], message: &str| {
        cloud.put("wrangler.fail", pattern);
        cloud.run(script, env).fails(message);
        cloud.put("wrangler.fail", "");
        assert_eq!(live(&cloud), format!("{V1} 100"));
    };
    // An answer that is no answer must not look like a first deployment.
    fails(
        "wrangler-record",
        "deployments status*\n",
        &[],
        "cannot be read",
    );
    let deploy = [("VERSION", "v2"), ("PREVIOUS_VERSION", V1)];
    fails(
        "wrangler-deploy",
        "deploy *\n",
        &deploy,
        "the Worker cannot be deployed",
    );
    let upload = [deploy[0], deploy[1], ("TRAFFIC", "none")];
    fails(
        "wrangler-deploy",
        "versions upload*\n",
        &upload,
        "the Worker cannot be deployed",
    );
    let shift = [
        ("NEW_VERSION", V2),
        ("PREVIOUS_VERSION", V1),
        ("PERCENT", "10"),
    ];
    fails(
        "wrangler-shift",
        "deployments status*\n",
        &shift,
        "the live version cannot be read",
    );
    fails(
        "wrangler-shift",
        "versions deploy*\n",
        &shift,
        "the traffic cannot be shifted",
    );
    let back = [("PREVIOUS_VERSION", V3)];
    fails(
        "wrangler-rollback",
        "rollback*\n",
        &back,
        "cannot be rolled back; live is: 1111",
    );

    // The way back also works while the state cannot be read beforehand, but is not believed unseen.
    cloud.put("live", &format!("{V2} 10\n{V1} 90\n"));
    cloud.put("wrangler.fail", "deployments status*\n");
    cloud
        .run("wrangler-rollback", &[("PREVIOUS_VERSION", V1)])
        .fails("but the live version cannot be read");
    assert_eq!(live(&cloud), format!("{V1} 100"));
    cloud.put("wrangler.fail", "");

    cloud.put("live", &format!("{V3} 100\n"));
    cloud
        .run("wrangler-shift", &shift)
        .fails("another version went live meanwhile");
    assert_eq!(live(&cloud), format!("{V3} 100"));
}

#[test]
fn success_is_what_is_live_afterwards() {
    let cloud = worker();
    cloud.put("ignored", "");
    let deploy = [("VERSION", "v2"), ("PREVIOUS_VERSION", V1)];
    cloud
        .run("wrangler-deploy", &deploy)
        .fails("was deployed, but the traffic is: 1111");
    let shift = [("NEW_VERSION", V2), ("PREVIOUS_VERSION", V1)];
    let outcome = cloud.run("wrangler-shift", &shift);
    outcome.fails("was shifted, but now it is: 1111");
    assert!(!outcome.outputs.contains_key("percent"));
    let outcome = cloud.run("wrangler-rollback", &[("PREVIOUS_VERSION", V3)]);
    outcome.fails("was rolled back, but now the traffic is: 1111");
    assert!(!outcome.outputs.contains_key("version"));
}

#[test]
fn an_unfinished_deployment_is_recorded_as_what_most_see() {
    let cloud = worker();
    cloud.put("live", &format!("{V2} 10\n{V1} 90\n"));
    let outcome = cloud.run("wrangler-record", &[]);
    assert_eq!(
        outcome
            .passes("::warning::the traffic is split")
            .output("previous_version"),
        V1
    );
}

#[test]
fn ids_and_shares_are_not_taken_on_trust() {
    let cloud = worker();
    for hostile in [HOSTILE, "latest", "-y", &V2[1..]] {
        let new = [("NEW_VERSION", hostile), ("PREVIOUS_VERSION", V1)];
        cloud
            .run("wrangler-shift", &new)
            .fails("is not the id of a version");
        cloud
            .run("wrangler-rollback", &[("PREVIOUS_VERSION", hostile)])
            .fails("is not the id of a version");
    }
    for percent in ["101", "-1", "5%", HOSTILE] {
        let env = [
            ("NEW_VERSION", V2),
            ("PREVIOUS_VERSION", V1),
            ("PERCENT", percent),
        ];
        cloud.run("wrangler-shift", &env).fails("PERCENT must be");
    }
    cloud
        .run("wrangler-record", &[("CLOUDFLARE_API_TOKEN", "")])
        .fails("is empty");
    assert!(cloud.calls().is_empty(), "nothing was asked");
    cloud
        .run("wrangler-record", &[("WORKER_ENV", HOSTILE)])
        .passes("");
}

#[test]
fn a_version_is_asked_itself_whatever_its_share() {
    let server = Http::start(|number, request| {
        let names = format!("Cloudflare-Workers-Version-Overrides: shop-prod=\"{V2}\"");
        Reply::Status(if request.headers.contains(&names) && number > 1 {
            200
        } else {
            500
        })
    });
    let cloud = worker();
    let env = [
        ("NEW_VERSION", V2),
        ("WORKER_SCRIPT", "shop-prod"),
        ("CHECK_URLS", &*server.url),
        ("INTERVAL", "0"),
        ("ATTEMPTS", "2"),
    ];
    cloud
        .run("wrangler-check", &env)
        .fails("is not part of the deployment");
    assert_eq!(server.count(), 0);
    cloud.put("live", &format!("{V2} 0\n{V1} 100\n"));
    cloud.run("wrangler-check", &env).passes("attempt 1 of 2");
    let other = [env[0], ("WORKER_SCRIPT", "other"), env[2], env[3], env[4]];
    cloud
        .run("wrangler-check", &other)
        .fails("not healthy after 2 attempts");
}

#[test]
fn the_version_of_a_release_is_found_by_its_tag() {
    let cloud = worker();
    let version = |id, tag: &str, day| serde_json::json!({"id": id, "metadata": {"created_on": day}, "annotations": {"workers/tag": tag}});
    let list = serde_json::json!([version(V1, "v1", "2026-01-01"), version(V2, "v1", "2026-01-02"), version(V3, "v3", "2026-01-03"), {"id": V3, "metadata": {}}]);
    cloud.put("versions", &list.to_string());
    assert_eq!(
        cloud
            .run("wrangler-find", &[("VERSION", "v1")])
            .output("previous_version"),
        V2
    );
    cloud
        .run("wrangler-find", &[("VERSION", HOSTILE)])
        .fails("among the last 4");
}

#[test]
fn a_cancelled_upload_leaves_no_secret_behind_and_the_live_version_alone() {
    let cloud = worker();
    cloud.put("wrangler.hang", "versions upload*\n");
    let folder = cloud.sandbox.path("");
    let mut child = Command::new("bash")
        .arg(script_path("wrangler-deploy"))
        .current_dir(&folder)
        .process_group(0)
        .env_clear()
        .env("PATH", format!("{}/bin:/usr/bin:/bin", folder.display()))
        .env("RUNNER_TEMP", &folder)
        .env("GITHUB_OUTPUT", folder.join("output"))
        .envs(cloud.env.iter().map(|(name, value)| (name, value)))
        .envs([
            ("GITHUB_SERVER_URL", "x"),
            ("GITHUB_REPOSITORY", "x"),
            ("GITHUB_RUN_ID", "1"),
        ])
        .envs([
            ("VERSION", "v2"),
            ("PREVIOUS_VERSION", V1),
            ("TRAFFIC", "none"),
            ("SECRETS", "JWT"),
            ("JWT", "s3cr3t"),
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(120);
    while !cloud.path("hangs").exists() {
        assert!(Instant::now() < deadline, "the upload does not start");
        sleep(Duration::from_millis(5));
    }
    // As the runner does: bash acts on it when its child is gone.
    let kill = format!("kill -TERM -- -{}", child.id());
    Command::new("bash").args(["-c", &kill]).status().unwrap();
    let status = child.wait().unwrap();
    let mut errors = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut errors)
        .unwrap();
    assert_eq!(status.code(), Some(143), "{errors}");
    assert_eq!(live(&cloud), format!("{V1} 100"));
    let left = walkdir::WalkDir::new(&folder)
        .into_iter()
        .filter_map(Result::ok);
    let mut secrets = left.filter(|entry| entry.file_name() == "secrets.json");
    assert!(secrets.next().is_none(), "the secrets are gone");
}

#[test]
fn variables_go_with_the_version() {
    let cloud = worker();
    let env = [
        ("VERSION", "v2"),
        ("VARS", "API_URL=https://a.example/?b=c d\nMODE="),
    ];
    cloud.run("wrangler-deploy", &env).passes("has all traffic");
    let call = cloud.calls().remove(0);
    assert!(
        call.contains("--var=API_URL:https://a.example/?b=c d --var=MODE:"),
        "{call}"
    );
    let env = [("VERSION", "v2"), ("VARS", "--env=other")];
    cloud
        .run("wrangler-deploy", &env)
        .fails("is no `NAME=value`");
    assert!(cloud.calls().is_empty());
}

#[test]
fn a_dry_run_needs_no_token_and_deploys_nothing() {
    let cloud = Cloud::new(&[("WORKER_ENV", "production")]);
    cloud.put("live", &format!("{V1} 100\n"));
    cloud
        .run("wrangler-dry-run", &[])
        .passes("can be deployed with this configuration");
    assert_eq!(live(&cloud), format!("{V1} 100"));
    assert!(cloud.calls()[0].contains("deploy --dry-run"));
    // Wrangler only warns, and would deploy the top level.
    let warning = "▲ [WARNING] Processing wrangler.toml configuration:\n  - No environment found in configuration with name \"production\".";
    cloud.put("config", warning);
    cloud
        .run("wrangler-dry-run", &[])
        .fails("has no environment `production`");
    cloud.put("config", "");
    cloud.put("ignored", "yes");
    cloud.run("wrangler-dry-run", &[]).fails("made no bundle");
    cloud.put("wrangler.fail", "deploy*\n");
    cloud.run("wrangler-dry-run", &[]).fails("cannot be built");
}
