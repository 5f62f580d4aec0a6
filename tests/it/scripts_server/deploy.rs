//! The steps of a deployment: their order, and what a failure of each leaves behind.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::{BLUE_GREEN, SHORT, deploy, image, prepare, site_with_v1};

#[test]
fn blue_green_starts_checks_and_switches_in_this_order() {
    let Some(mut site) = site_with_v1(SHORT) else {
        return;
    };
    assert_eq!(site.traffic(), Some(site.blue));
    site.write("fake/requests", "");

    prepare(&mut site, 2);
    let recorded = site.step("compose-record").succeeded().outputs;
    assert_eq!(recorded["release"], "run-2");
    assert_eq!(recorded["previous_version"], "v1");
    assert_eq!(recorded["colour"], "green");
    for step in &BLUE_GREEN[1..7] {
        site.step(step).succeeded();
        assert_eq!(site.traffic(), Some(site.blue), "{step}");
    }
    site.step("compose-switch").succeeded();
    assert_eq!(site.traffic(), Some(site.green));
    assert!(
        site.runs("shop-blue"),
        "the old colour runs until it is retired"
    );
    site.step("compose-retire").succeeded();
    assert!(site.runs("shop-green") && !site.runs("shop-blue"));

    let calls = site.take_calls();
    let order = [
        "pull",
        "pg_dump",
        "pg_restore",
        "current",
        "upgrade",
        " up ",
        ".Config.Image",
        "nginx -t",
        "nginx -s",
        " stop",
    ];
    let at = order.map(|part| {
        calls
            .iter()
            .position(|call| call.contains(part))
            .expect(part)
    });
    assert!(at.is_sorted(), "{calls:#?}");
    let up = "docker compose --project-name shop-green --file deploy/compose.yml --env-file config/production.env up ";
    assert!(calls[at[5]].starts_with(up), "{}", calls[at[5]]);
    assert!(calls[at[9]].starts_with("docker compose --project-name shop-blue stop"));
    let requests = site.read("fake/requests");
    assert!(requests.contains("GET /health/ "), "{requests}");
    assert!(requests.contains("Host: shop.example\r\n"), "{requests}");
    assert!(
        requests.contains("X-Forwarded-Proto: https\r\n"),
        "{requests}"
    );
}

#[test]
fn a_failure_before_the_switch_leaves_the_traffic() {
    let Some(mut site) = site_with_v1(SHORT) else {
        return;
    };
    for (version, pattern, step) in [
        (2, " pull", "compose-pull"),
        (3, "pg_dump", "compose-backup"),
        (4, "upgrade", "compose-migrate"),
        (5, " up ", "compose-up"),
        (6, "nginx -t", "compose-switch"),
    ] {
        site.write("fake/fail", pattern);
        let (failed, _) = deploy(&mut site, version, BLUE_GREEN).unwrap_err();
        assert_eq!(failed, step);
        assert_eq!(site.traffic(), Some(site.blue));
        site.write("fake/fail", "");
        let outcome = site.step("compose-rollback").succeeded();
        assert_eq!(outcome.outputs["version"], "v1");
        assert_eq!(site.traffic(), Some(site.blue));
        assert!(site.runs("shop-blue") && !site.runs("shop-green"), "{step}");
        assert_eq!(site.read("app/config/production.env"), "LEVEL=1\n");
        assert!(
            site.read("app/upstream.conf")
                .contains(&site.blue.to_string())
        );
    }
}

#[test]
fn an_unhealthy_or_wrong_version_gets_no_traffic() {
    let Some(mut site) = site_with_v1(SHORT) else {
        return;
    };
    deploy(&mut site, 2, &SHORT[..3]).unwrap();
    site.set("EXPECTED_VERSION", "v");
    site.step("compose-health")
        .failed_with("healthy, but the answer does not name version v");
    site.set("EXPECTED_VERSION", "v9\n");
    site.step("compose-health")
        .failed_with("::error::EXPECTED_VERSION has other characters");
    site.set("EXPECTED_VERSION", "");
    fs::remove_file(site.path("fake/up/shop-green")).unwrap();
    site.step("compose-health")
        .failed_with("::error::v2 is not healthy");
    site.set("HEALTH_TRIES", "1+a[$(touch pwned)]");
    site.step("compose-health").failed_with("not healthy");
    assert!(!site.path("app/pwned").exists());
}

#[test]
fn an_image_that_no_service_uses_fails_the_start() {
    let Some(mut site) = site_with_v1(SHORT) else {
        return;
    };
    prepare(&mut site, 2);
    site.set(
        "IMAGES",
        &format!("BACKEND_IMAGE={}\nOTHER_IMAGE={}", image(2), image(3)),
    );
    for step in &SHORT[..2] {
        site.step(step).succeeded();
    }
    site.step("compose-up")
        .failed_with("no service has `image: ${OTHER_IMAGE}`");
}

#[test]
fn the_next_deployment_sees_where_the_traffic_is() {
    let Some(mut site) = site_with_v1(SHORT) else {
        return;
    };
    deploy(&mut site, 2, &SHORT[..3]).unwrap();
    // As a kill would leave it: the proxy switched, the state not written.
    let upstream = format!("server 127.0.0.1:{};\n", site.green);
    site.write("app/upstream.conf", &upstream);
    prepare(&mut site, 3);
    let outputs = site.step("compose-record").succeeded().outputs;
    assert_eq!(
        (&*outputs["previous_version"], &*outputs["colour"]),
        ("v2", "blue")
    );
}

#[test]
fn the_token_stays_nowhere() {
    let Some(mut site) = site_with_v1(SHORT) else {
        return;
    };
    site.write("fake/fail", " pull");
    deploy(&mut site, 2, BLUE_GREEN).unwrap_err();
    assert_eq!(site.read("fake/token-length"), "19\n", "the login had it");
    let calls = site.take_calls();
    assert!(
        calls
            .iter()
            .any(|call| call.contains("login --username robot --password-stdin -- ghcr.io"))
    );
    for entry in walkdir::WalkDir::new(site.path("")) {
        let path = entry.unwrap().into_path();
        if path.is_file() {
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            assert!(!text.contains("verysecret"), "{}", path.display());
        }
    }
    assert_eq!(fs::read_dir(site.path("tmp")).unwrap().count(), 0);
    site.set("REGISTRY_TOKEN", "");
    site.write("fake/fail", "login");
    site.step("compose-pull").succeeded();
}

#[test]
fn a_backup_is_proved_and_old_ones_go() {
    let Some(mut site) = site_with_v1(SHORT) else {
        return;
    };
    site.set("BACKUPS_KEPT", "2");
    site.write("app/backups/other.txt", "mine");
    for version in 2..5 {
        deploy(&mut site, version, &["compose-record", "compose-backup"]).unwrap();
    }
    let mut names: Vec<_> = fs::read_dir(site.path("app/backups"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["other.txt", "shop-v3-run-3.dump", "shop-v4-run-4.dump"]
    );
    assert_eq!(
        site.read("app/backups/shop-v4-run-4.dump"),
        "PGDMP of the shop"
    );
    site.write("fake/database", "");
    site.step("compose-backup")
        .failed_with("the dump of shop cannot be read or is empty");
    fs::remove_file(site.path("fake/database")).unwrap();
    site.step("compose-backup")
        .failed_with("service db of project data does not run");
}

#[test]
fn only_files_of_the_repository_are_copied_with_their_modes() {
    let Some(mut site) = site_with_v1(SHORT) else {
        return;
    };
    prepare(&mut site, 2);
    site.step("compose-record").succeeded();
    for files in ["/etc/passwd", "deploy/../../x", "..", "missing", " \n"] {
        site.set("DEPLOY_FILES", files);
        site.step("ssh-copy").failed_with("::error::");
    }
    let tool = site.path("repo/deploy/tool");
    fs::write(&tool, "x".repeat(400_000)).unwrap();
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
    site.set("DEPLOY_FILES", "deploy");
    site.step("ssh-copy").succeeded();
    let copied = fs::metadata(site.path("app/deploy/tool")).unwrap();
    assert_eq!(
        (copied.len(), copied.permissions().mode() & 0o777),
        (400_000, 0o755)
    );
}

#[test]
fn services_are_replaced_one_after_the_other() {
    let Some(mut site) = site_with_v1(SHORT) else {
        return;
    };
    site.set("ROLLING", "1");
    let started = |calls: Vec<String>| {
        let calls = calls.into_iter().filter(|call| call.contains(" up "));
        let last = |call: String| call.rsplit(' ').next().unwrap().to_owned();
        calls.map(last).collect::<Vec<_>>()
    };
    site.take_calls();
    deploy(&mut site, 2, &SHORT[..3]).unwrap();
    // At the end all of them, with the number of seconds as the last word.
    assert_eq!(started(site.take_calls()), ["worker", "backend", "120"]);
    site.write("fake/fail", " up .* worker");
    let (failed, outcome) = deploy(&mut site, 3, &SHORT[..3]).unwrap_err();
    assert_eq!(failed, "compose-up");
    outcome.failed_with("worker did not become healthy within 120 seconds");
    assert_eq!(started(site.take_calls()), ["worker"]);
}
