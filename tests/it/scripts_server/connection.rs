//! The connection: who the server is, and that values and programs arrive as they were sent.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::programs::generate_key;
use super::site::Site;
use super::{BLUE_GREEN, prepare, use_blue_green};

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
