//! Roll-back: after the switch, before it, by hand, twice, after a kill, and with nothing before.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::site::{Site, script};
use super::{BLUE_GREEN, DIRECT, SHORT, deploy, image, prepare, site_with_v1, use_blue_green};

#[test]
fn roll_back_after_the_switch_restores_version_files_and_traffic() {
    let Some(mut site) = site_with_v1(SHORT) else {
        return;
    };
    deploy(&mut site, 2, SHORT).unwrap();
    site.step("compose-retire").succeeded();
    assert_eq!(site.read("app/config/production.env"), "LEVEL=2\n");
    site.take_calls();

    let outcome = site.roll_back_by_hand(&[]).succeeded();
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
            start.elapsed() < Duration::from_secs(120),
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
