//! The scripts that deploy with Compose over SSH, run for real: bash, ssh, tar and curl against a
//! private sshd. Only docker and nginx are stand-ins (`scripts_server/command.sh`).

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

mod site;

use site::{Outcome, Site, generate_key, script};

/// The steps of a blue-green deployment in their order.
const BLUE_GREEN: &[&str] = &[
    "compose-record",
    "ssh-copy",
    "compose-pull",
    "compose-backup",
    "compose-migrate",
    "compose-up",
    "compose-health",
    "compose-switch",
];
/// What a test needs of them that is about something else.
const SHORT: &[&str] = &["compose-record", "ssh-copy", "compose-up", "compose-switch"];
const DIRECT: &[&str] = SHORT.split_at(3).0;

fn image(version: u8) -> String {
    format!("ghcr.io/o/shop@sha256:{}", version.to_string().repeat(64))
}

fn use_blue_green(site: &mut Site) {
    let (blue, green) = (site.blue.to_string(), site.green.to_string());
    site.set("BLUE_PORT", &blue);
    site.set("GREEN_PORT", &green);
}

/// Makes a version of one digit the next one to deploy, as release `run-VERSION`.
fn prepare(site: &mut Site, version: u8) {
    site.set("VERSION", &format!("v{version}"));
    site.set("EXPECTED_VERSION", &format!("v{version}"));
    site.set("RELEASE", &format!("run-{version}"));
    site.set("IMAGES", &format!("BACKEND_IMAGE={}\n", image(version)));
    site.write("repo/config/production.env", &format!("LEVEL={version}\n"));
}

/// Runs the steps up to the first that fails, and names that one.
fn deploy(
    site: &mut Site,
    version: u8,
    steps: &[&'static str],
) -> Result<(), (&'static str, Outcome)> {
    prepare(site, version);
    for step in steps {
        let outcome = site.step(step);
        if outcome.code != Some(0) {
            return Err((step, outcome));
        }
    }
    Ok(())
}

/// A server where v1 is live: on blue, or in place.
fn site_with_v1(steps: &[&'static str]) -> Option<Site> {
    let mut site = Site::start()?;
    if steps.contains(&"compose-switch") {
        use_blue_green(&mut site);
    }
    site.step("ssh-connect").succeeded();
    deploy(&mut site, 1, steps).unwrap();
    site.take_calls();
    Some(site)
}

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
fn roll_back_after_the_switch_restores_version_files_and_traffic() {
    let Some(mut site) = site_with_v1(SHORT) else {
        return;
    };
    deploy(&mut site, 2, SHORT).unwrap();
    site.step("compose-retire").succeeded();
    assert_eq!(site.read("app/config/production.env"), "LEVEL=2\n");
    site.take_calls();

    let start = Instant::now();
    let outcome = site.roll_back_by_hand(&[]).succeeded();
    assert!(start.elapsed() < Duration::from_secs(10));
    assert!(
        outcome.text.ends_with("version v1 is live\n"),
        "{}",
        outcome.text
    );
    assert_eq!(site.traffic(), Some(site.blue));
    assert!(site.runs("shop-blue") && !site.runs("shop-green"));
    assert_eq!(site.read("app/config/production.env"), "LEVEL=1\n");
    assert!(!site.read("fake/migrations").contains("back"));
    site.take_calls();

    let again = site.roll_back_by_hand(&[]).succeeded();
    assert_eq!(again.text, "nothing to undo: version v1 is live\n");
    assert_eq!(site.take_calls(), [] as [&str; 0]);

    deploy(&mut site, 3, BLUE_GREEN).unwrap();
    assert_eq!(site.traffic(), Some(site.green));
    site.roll_back_by_hand(&[("RELEASE", "run-2")]).succeeded();
    assert_eq!(
        site.traffic(),
        Some(site.green),
        "another release's failure changes nothing"
    );
    site.roll_back_by_hand(&[("RELEASE", "run-3"), ("ROLLBACK_MIGRATIONS", "1")])
        .succeeded();
    assert_eq!(site.traffic(), Some(site.blue));
    assert!(
        site.read("fake/migrations")
            .ends_with("back to rev \"1\"\n")
    );
}

#[test]
fn roll_back_refuses_a_version_that_does_not_answer() {
    let Some(mut site) = site_with_v1(SHORT) else {
        return;
    };
    deploy(&mut site, 2, SHORT).unwrap();
    site.write("fake/fail", "shop-blue .* up ");
    site.step("compose-rollback")
        .failed_with("version v1 does not start");
    assert_eq!(site.traffic(), Some(site.green));
    site.write("fake/fail", "nginx -t");
    site.step("compose-rollback")
        .failed_with("the proxy did not accept");
    assert!(
        site.read("app/upstream.conf")
            .contains(&site.green.to_string())
    );
    site.write("fake/fail", "");
    assert_eq!(
        site.step("compose-rollback").succeeded().outputs["version"],
        "v1"
    );
    assert_eq!(site.traffic(), Some(site.blue));
}

/// Starts a step, waits until a call of it hangs, and kills it as the runner does at a timeout.
fn kill_step(site: &Site, step: &str, pattern: &str) {
    site.write("fake/hang", pattern);
    let _ = fs::remove_file(site.path("fake/hanging"));
    let mut command = site.command(&script(step));
    let mut running = command
        .process_group(0)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while !site.path("fake/hanging").exists() {
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "{step} never called {pattern}"
        );
        thread::sleep(Duration::from_millis(10));
    }
    let group = format!("-{}", running.id());
    assert!(
        Command::new("kill")
            .args(["-KILL", "--", &group])
            .status()
            .unwrap()
            .success()
    );
    running.wait().unwrap();
    site.write("fake/hang", "");
}

#[test]
fn roll_back_ends_a_step_that_outlived_its_job() {
    let Some(mut site) = site_with_v1(SHORT) else {
        return;
    };
    deploy(&mut site, 2, &SHORT[..2]).unwrap();
    kill_step(&site, "compose-up", " up ");
    let hanging = site.read("fake/hanging");
    site.step("compose-health")
        .failed_with("another deployment or roll-back is at work");
    assert_eq!(
        site.step("compose-rollback").succeeded().outputs["version"],
        "v1"
    );
    // A dead process that nobody has waited for has no command line any more.
    let command_line = format!("/proc/{}/cmdline", hanging.trim());
    assert_eq!(fs::read_to_string(command_line).unwrap_or_default(), "");
    assert_eq!(site.traffic(), Some(site.blue));
}

#[test]
fn a_deployment_killed_between_switch_and_record_goes_back() {
    let Some(mut site) = site_with_v1(SHORT) else {
        return;
    };
    deploy(&mut site, 2, &SHORT[..3]).unwrap();
    kill_step(&site, "compose-switch", "nginx -s");
    assert!(
        site.read("app/upstream.conf")
            .contains(&site.green.to_string())
    );
    assert_eq!(
        site.step("compose-rollback").succeeded().outputs["version"],
        "v1"
    );
    assert!(
        site.read("app/upstream.conf")
            .contains(&site.blue.to_string())
    );
    assert_eq!(site.traffic(), Some(site.blue));
    assert!(!site.runs("shop-green"));
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
fn the_direct_strategy_goes_back_to_images_and_files() {
    let Some(mut site) = site_with_v1(DIRECT) else {
        return;
    };
    deploy(&mut site, 2, DIRECT).unwrap();
    assert_eq!(site.read("fake/up/shop"), image(2) + "\n");
    assert_eq!(
        site.step("compose-rollback").succeeded().outputs["version"],
        "v1"
    );
    assert_eq!(site.read("fake/up/shop"), image(1) + "\n");
    assert_eq!(site.read("app/config/production.env"), "LEVEL=1\n");

    // Stopped half-way: the containers are new, the release never became live.
    site.write("fake/fail", "docker inspect");
    let (failed, _) = deploy(&mut site, 3, DIRECT).unwrap_err();
    assert_eq!(failed, "compose-up");
    assert_eq!(site.read("fake/up/shop"), image(3) + "\n");
    site.write("fake/fail", "");
    assert_eq!(
        site.step("compose-rollback").succeeded().outputs["version"],
        "v1"
    );
    assert_eq!(site.read("fake/up/shop"), image(1) + "\n");
    assert!(
        site.take_calls()
            .iter()
            .all(|call| !call.starts_with("nginx"))
    );
}

#[test]
fn roll_back_crosses_from_blue_green_to_direct_only_with_a_port() {
    let Some(mut site) = site_with_v1(DIRECT) else {
        return;
    };
    use_blue_green(&mut site);
    deploy(&mut site, 2, &SHORT[..3]).unwrap();
    assert_eq!(
        site.step("compose-rollback").succeeded().outputs["version"],
        "v1"
    );
    assert!(site.runs("shop") && !site.runs("shop-blue"));
    assert!(!site.path("app/upstream.conf").exists());

    deploy(&mut site, 3, SHORT).unwrap();
    site.step("compose-retire").succeeded();
    assert!(
        site.runs("shop"),
        "a project without a colour may hold the database"
    );
    site.take_calls();
    site.step("compose-rollback")
        .failed_with("version v1 was deployed without a port");
    assert_eq!(site.take_calls(), [] as [&str; 0]);
    site.write("app/.cicd/releases/run-1/PORT", "8000");
    site.write("app/.cicd/releases/run-1/HEALTH_URL", "");
    assert_eq!(
        site.step("compose-rollback").succeeded().outputs["version"],
        "v1"
    );
    assert_eq!(site.traffic(), Some(8000));
}

#[test]
fn the_first_deployment_has_nothing_to_go_back_to() {
    let Some(mut site) = Site::start() else {
        return;
    };
    use_blue_green(&mut site);
    site.step("ssh-connect").succeeded();
    site.step("compose-rollback")
        .failed_with("nothing was deployed to");
    prepare(&mut site, 1);
    let recorded = site.step("compose-record").succeeded().outputs;
    assert_eq!(
        (&*recorded["previous_version"], &*recorded["colour"]),
        ("", "blue")
    );
    fs::remove_file(site.path("fake/database")).unwrap();
    for step in &BLUE_GREEN[1..7] {
        let outcome = site.step(step).succeeded();
        if *step == "compose-backup" {
            assert_eq!(outcome.outputs["backup"], "");
        }
    }
    for _ in 0..2 {
        site.step("compose-rollback")
            .failed_with("there is nothing to go back to");
        assert!(!site.runs("shop-blue"));
    }
    deploy(&mut site, 2, SHORT).unwrap();
    site.step("compose-rollback")
        .failed_with("there is nothing to go back to");
    assert_eq!(site.traffic(), Some(site.blue), "the only version stays");
}

#[test]
fn a_server_that_cannot_prove_itself_is_refused() {
    let Some(mut site) = Site::start() else {
        return;
    };
    generate_key(&site.path("other_key"));
    let other = format!("[127.0.0.1]:* {}", site.read("other_key.pub"));
    let known_hosts = site.variable("SSH_KNOWN_HOSTS");
    site.set("SSH_KNOWN_HOSTS", &other);
    site.step("ssh-connect")
        .failed_with("Host key verification failed");
    site.set("SSH_KNOWN_HOSTS", " \n");
    site.step("ssh-connect").failed_with("::error::SSH_KNOWN_HOSTS is empty, so the server cannot prove who it is: run `ssh-keyscan -p");
    site.set("SSH_KNOWN_HOSTS", &known_hosts.replace('\n', "\r\n"));
    site.step("ssh-connect").succeeded();
    for name in ["key", "known_hosts", "config"] {
        let mode = fs::metadata(site.path("runner/ssh").join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    for (name, value) in [
        ("SSH_KEY", "no key"),
        ("SSH_HOST", "-oProxyCommand=touch pwned"),
        ("SSH_HOST", "h\n  ProxyCommand touch pwned"),
        ("SSH_USER", "root\nProxyCommand touch pwned"),
        ("SSH_PORT", "22 "),
    ] {
        let before = site.variable(name);
        site.set(name, value);
        site.step("ssh-connect")
            .failed_with(&format!("::error::{name} is no "));
        site.set(name, &before);
    }
    assert!(!site.path("repo/pwned").exists());
}

/// Texts that break out of careless quoting.
const HOSTILE: &[&str] = &[
    "two  words",
    "$(touch pwned) `touch pwned` ${HOME} $0",
    "'; touch pwned; '",
    "\"; touch pwned; \"",
    "-rf",
    "%s %n \\n \\",
    "line one\nline two\n} </dev/null\nREMOTE\ntouch pwned",
    "grüße 漢字 \u{1f980}\t\u{7}",
    "* ? [a-z] ~ ! #",
];

#[test]
fn values_arrive_unchanged() {
    let Some(mut site) = Site::start() else {
        return;
    };
    site.step("ssh-connect").succeeded();
    for (index, value) in HOSTILE.iter().enumerate() {
        site.set(&format!("V{index}"), value);
    }
    let names: Vec<_> = (0..HOSTILE.len())
        .map(|index| format!("V{index}"))
        .collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let program = format!(
        "printf '%s\\0' {}",
        names
            .iter()
            .map(|name| format!("\"${name}\" "))
            .collect::<String>()
    );
    let outcome = site.on_target(&names, &program).succeeded();
    assert_eq!(
        outcome.text.split_terminator('\0').collect::<Vec<_>>(),
        HOSTILE
    );
}

#[test]
fn hostile_values_do_no_harm_in_any_variable() {
    let Some(mut site) = Site::start() else {
        return;
    };
    use_blue_green(&mut site);
    site.step("ssh-connect").succeeded();
    let app = site
        .path("an app's $(touch pwned) -x")
        .display()
        .to_string();
    let upstream = format!("{app}/up stream's.conf");
    site.set("APP_DIR", &app);
    site.set("UPSTREAM_FILE", &upstream);
    site.write("fake/upstream", &upstream);
    site.write("repo/-n it's $(touch pwned).txt", "kept");
    site.set("DEPLOY_FILES", "deploy\nconfig\n-n it's $(touch pwned).txt");
    site.set("DATABASE_NAME", "-x $(touch pwned) it's/../../shop");
    site.set("DATABASE_USER", "$(touch pwned)");
    site.set("MIGRATE_COMMAND", "echo 'it''s' \"$HOME\" $(true)\nupgrade");
    site.set("REGISTRY_USER", "--help $(touch pwned)");
    prepare(&mut site, 1);
    site.set("VERSION", "$(touch pwned) 'v\"1; ../../x");
    site.set("EXPECTED_VERSION", "");
    for step in BLUE_GREEN {
        let outcome = site.step(step).succeeded();
        if *step == "compose-backup" {
            let backup = &outcome.outputs["backup"];
            assert!(
                backup.starts_with("backups/-x___touch_pwned__it_s_.._.._shop-"),
                "{backup}"
            );
            assert!(fs::exists(format!("{app}/{backup}")).unwrap());
        }
    }
    assert_eq!(
        fs::read_to_string(format!("{app}/-n it's $(touch pwned).txt")).unwrap(),
        "kept"
    );
    assert!(
        site.read("fake/migrations")
            .contains("echo 'it''s' \"$HOME\" $(true)\nupgrade\n")
    );
    prepare(&mut site, 2);
    let outputs = site.step("compose-record").succeeded().outputs;
    assert_eq!(outputs["previous_version"], "$(touch pwned) 'v\"1; ../../x");

    for (name, step) in [
        ("RELEASE", "compose-record"),
        ("PROJECT", "compose-record"),
        ("GREEN_PORT", "compose-record"),
        ("IMAGES", "compose-record"),
        ("APP_DIR", "compose-record"),
        ("BACKUPS_KEPT", "compose-backup"),
    ] {
        prepare(&mut site, 3);
        let before = site.variable(name);
        for value in [HOSTILE[1], HOSTILE[6]] {
            site.set(name, value);
            site.step(step).failed_with("::error::");
        }
        site.set(name, &before);
    }
    for entry in walkdir::WalkDir::new(site.path("")) {
        assert_ne!(entry.unwrap().file_name(), "pwned");
    }
}

#[test]
fn the_program_is_neither_eaten_nor_run_in_part() {
    let Some(site) = Site::start() else { return };
    site.step("ssh-connect").succeeded();
    let outcome = site
        .on_target(&[], "cat >/dev/null\nhead -c 100\necho after")
        .succeeded();
    assert_eq!(outcome.text, "after\n");
    assert_eq!(site.on_target(&[], "exit 42").code, Some(42));
    assert_eq!(site.on_target(&[], "false\necho on").code, Some(1));
    site.on_target(&[], "echo ${unset}").failed_with("unbound");
    let cut = site.on_target(&[], "echo begun\nif true; then\n");
    assert!(!cut.text.contains("begun\n"), "{}", cut.text);
    assert_ne!(cut.code, Some(0));
    site.on_target(&[], "fail $'50% of\\nit'")
        .failed_with("::error::50%25 of%0Ait\n");
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
fn images_are_resolved_to_digests() {
    let Some(mut site) = Site::start() else {
        return;
    };
    let digest = format!("sha256:{}", "a".repeat(64));
    site.write("fake/digest", &digest);
    site.set(
        "IMAGES",
        "A_IMAGE=ghcr.io/o/r/a:v1.2\n\nB_IMAGE=localhost:5000/b\nC=x:1@sha256:old\n",
    );
    let outputs = site.step("resolve-images").succeeded().outputs;
    let expected =
        format!("A_IMAGE=ghcr.io/o/r/a@{digest}\nB_IMAGE=localhost:5000/b@{digest}\nC=x@{digest}");
    assert_eq!(outputs["images"], expected);
    for images in ["A=--help", "A B=x", "A=x y", "A=$(touch pwned)"] {
        site.set("IMAGES", images);
        site.step("resolve-images").failed_with("::error::");
    }
    site.set("IMAGES", "A=x");
    site.write("fake/digest", "nothing");
    site.step("resolve-images")
        .failed_with("::error::x has no digest");
    site.write("fake/fail", "imagetools");
    site.step("resolve-images")
        .failed_with("::error::x cannot be found in the registry");
}

#[test]
fn a_configuration_without_a_value_is_refused() {
    let Some(mut site) = Site::start() else {
        return;
    };
    site.set("EXAMPLE_FILE", "config/example.env");
    site.set("REQUIRED_KEYS", "EXTRA");
    site.write(
        "repo/config/example.env",
        "# KEY=1\nA=1\nexport B = 2\nC=\nD=\n",
    );
    site.write(
        "repo/config/production.env",
        "A=x=y # z\nB=''\nC= # none\nEXTRA=\"\"\n",
    );
    site.step("check-config")
        .failed_with("::error::config/production.env gives no value to: EXTRA B C D\n");
    site.write(
        "repo/config/production.env",
        "A=x\nexport B = 2\nC='it'\nD=#x\nD=1\nEXTRA=\"z\"\n",
    );
    site.step("check-config").succeeded();
    assert_eq!(
        site.take_calls(),
        [
            "docker compose --file deploy/compose.yml --env-file config/production.env config --quiet"
        ]
    );
    site.write("fake/fail", "config --quiet");
    site.step("check-config")
        .failed_with("::error::docker compose does not accept");
    site.set("REQUIRED_KEYS", "A.*");
    site.step("check-config")
        .failed_with("::error::A.* is no name of a key");
    site.set("ENV_FILE", "config/absent.env");
    site.step("check-config")
        .failed_with("config/absent.env is not in the repository");
}

#[test]
fn each_contract_names_what_its_script_reads_and_writes() {
    let folder = script("x").parent().unwrap().to_owned();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !["ssh-", "compose-", "rollback", "resolve-", "check-config"]
            .iter()
            .any(|start| name.starts_with(start))
        {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("#!/usr/bin/env bash\n# "), "{name}");
        let (contract, program) = text.split_once("\nset -euo pipefail\n").expect(&name);
        for line in contract.lines() {
            let Some((kind, rest)) = line
                .strip_prefix("# ")
                .and_then(|rest| rest.split_once(' '))
            else {
                continue;
            };
            let Some((field, meaning)) = rest
                .split_once(": ")
                .filter(|_| ["in", "out"].contains(&kind))
            else {
                continue;
            };
            let plain = field.trim_end_matches('?');
            assert!(program.contains(plain), "{name} does not use {plain}");
            if kind == "in" {
                let (optional, defaulted) = (field.ends_with('?'), meaning.contains("; "));
                assert_eq!(optional, defaulted, "{name}: {field} names its default");
            }
        }
    }
}
