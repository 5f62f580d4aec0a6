//! Maintenance mode: on before, off after, and each only believed when the address shows it.

use std::fs;
use std::path::PathBuf;

use super::sandbox::{HOSTILE, Outcome};
use super::servers::{Http, Reply};
use super::{Cloud, TOKEN};

/// The application answers 503 while the file `key` is there; the API of Workers KV makes and removes it.
fn server(folder: PathBuf) -> Http {
    Http::start(move |_, request| {
        let key = folder.join("key");
        if request.line == "GET /" {
            return Reply::Status(if key.exists() { 503 } else { 200 });
        }
        let value = "/accounts/acc/storage/kv/namespaces/ns1/values/a%2Fb%20c";
        let allowed = request
            .headers
            .contains(&format!("Authorization: Bearer {TOKEN}"));
        if allowed && request.line == format!("PUT {value}") && request.body == "on" {
            fs::write(key, "").unwrap();
        } else if allowed && request.line == format!("DELETE {value}") {
            let _ = fs::remove_file(key);
        } else {
            return Reply::Full(
                403,
                "X: x".to_owned(),
                r#"{"success":false,"errors":[{"code":10000}]}"#.to_owned(),
            );
        }
        Reply::Text(r#"{"success":true,"errors":[],"messages":[],"result":null}"#)
    })
}

fn application() -> (Cloud, Http) {
    let mut cloud = Cloud::new(&[
        ("INTERVAL", "0"),
        ("ATTEMPTS", "2"),
        ("CLOUDFLARE_ACCOUNT_ID", "acc"),
        ("CLOUDFLARE_API_TOKEN", TOKEN),
    ]);
    cloud.put("calls", "");
    let server = server(cloud.path(""));
    cloud
        .set("CLOUDFLARE_API_BASE_URL", &server.url)
        .set("MAINTENANCE_URL", &format!("{}/", server.url));
    (cloud, server)
}

fn switch(cloud: &Cloud, to: &str) -> Outcome {
    cloud.run("maintenance-switch", &[("MAINTENANCE", to)])
}

#[test]
fn a_key_switches_it_on_and_off() {
    let (mut cloud, _server) = application();
    cloud
        .set("MAINTENANCE_KV_NAMESPACE", "ns1")
        .set("MAINTENANCE_KV_KEY", "a/b c");
    assert_eq!(
        switch(&cloud, "on")
            .passes("maintenance is on")
            .output("switched"),
        "on"
    );
    assert!(cloud.path("key").exists());
    switch(&cloud, "on").passes("maintenance is on");
    assert_eq!(
        switch(&cloud, "off")
            .passes("maintenance is off")
            .output("switched"),
        "off"
    );
    assert!(!cloud.path("key").exists());
    switch(&cloud, "off").passes("maintenance is off");

    cloud.set("CLOUDFLARE_API_TOKEN", "other");
    let refused = switch(&cloud, "on");
    assert_eq!(
        refused.fails("Cloudflare answered").output("switched"),
        "on",
        "it must be switched off all the same"
    );
}

#[test]
fn a_command_switches_it_and_is_not_believed() {
    let (mut cloud, _server) = application();
    cloud.set(
        "MAINTENANCE_COMMAND",
        "if [ \"$MAINTENANCE\" = on ]; then touch cloud/key; else rm -f cloud/key; fi",
    );
    switch(&cloud, "on").passes("answers 503");
    switch(&cloud, "off").passes("answers 200");
    cloud.set("MAINTENANCE_COMMAND", "true");
    let idle = switch(&cloud, "on");
    assert_eq!(idle.fails("was switched on, but").output("switched"), "on");
    cloud.put("key", "");
    let stuck = switch(&cloud, "off");
    stuck.fails("answers 503");
    assert!(!stuck.outputs.contains_key("switched"));
    cloud.set("MAINTENANCE_COMMAND", "exit 3");
    switch(&cloud, "off").fails("the command that switches the maintenance mode off failed");
}

#[test]
fn nothing_is_changed_on_bad_input() {
    let (mut cloud, server) = application();
    switch(&cloud, "on").fails("neither MAINTENANCE_COMMAND nor");
    cloud.set("MAINTENANCE_KV_NAMESPACE", "../x");
    switch(&cloud, "on").fails("must be ids");
    switch(&cloud, HOSTILE).fails("MAINTENANCE must be");
    cloud.set("MAINTENANCE_STATUS", "200");
    switch(&cloud, "on").fails("MAINTENANCE_STATUS must be");
    assert_eq!(server.count(), 0);
}

#[test]
fn the_application_is_asked_and_looked_at() {
    let (mut cloud, _server) = application();
    let folder = cloud.path("");
    let admin = Http::start(move |_, request| {
        let key = folder.join("key");
        if !request.headers.contains("Authorization: Bearer s3cret\r\n") {
            return Reply::Status(401);
        }
        match request.body.as_str() {
            r#"{"enabled":true}"# => fs::write(key, "").unwrap(),
            r#"{"enabled":false}"# => fs::remove_file(key).unwrap(),
            _ => return Reply::Status(400),
        }
        Reply::Status(204)
    });
    cloud
        .set("MAINTENANCE_REQUEST", &format!("{}/admin", admin.url))
        .set("MAINTENANCE_TOKEN", "s3cret");
    assert!(
        !switch(&cloud, "on")
            .passes("answers 503")
            .log
            .contains("s3cret")
    );
    switch(&cloud, "off").passes("answers 200");
    cloud.set("MAINTENANCE_TOKEN", "other");
    switch(&cloud, "on").fails("switch its maintenance mode on, and answered");
    cloud
        .set("MAINTENANCE_TOKEN", "s3cret")
        .set("MAINTENANCE_URL", "");
    switch(&cloud, "on").passes("maintenance is on");
}

#[test]
fn users_are_told_what_the_manifest_says() {
    let (mut cloud, _server) = application();
    let admin = Http::start(|_, _| Reply::Status(204));
    cloud
        .set("MAINTENANCE_URL", "")
        .set("MAINTENANCE_REQUEST", &admin.url);
    let sent = |message: &str| {
        let env = [("MAINTENANCE", "on"), ("MAINTENANCE_MESSAGE", message)];
        cloud
            .run("maintenance-switch", &env)
            .passes("maintenance is on");
        serde_json::from_str::<serde_json::Value>(&admin.last().body).unwrap()
    };
    for message in ["Back \"soon\"", "@/etc/hostname", HOSTILE] {
        let wanted = serde_json::json!({"enabled": true, "message": message});
        assert_eq!(sent(message), wanted);
    }
    assert_eq!(sent(""), serde_json::json!({"enabled": true}));
    switch(&cloud, "off").passes("maintenance is off");
    assert_eq!(admin.last().body, r#"{"enabled":false}"#);

    let keys = Http::start(|_, _| Reply::Text(r#"{"success":true}"#));
    cloud
        .set("MAINTENANCE_REQUEST", "")
        .set("MAINTENANCE_KV_NAMESPACE", "ns1")
        .set("CLOUDFLARE_API_BASE_URL", &keys.url);
    let env = [("MAINTENANCE", "on"), ("MAINTENANCE_MESSAGE", "@Back soon")];
    cloud
        .run("maintenance-switch", &env)
        .passes("maintenance is on");
    assert_eq!(keys.last().body, "@Back soon");
    cloud.set("MAINTENANCE_KV_NAMESPACE", "").set(
        "MAINTENANCE_COMMAND",
        "printf '%s' \"$MAINTENANCE_MESSAGE\" > told",
    );
    cloud
        .run("maintenance-switch", &env)
        .passes("maintenance is on");
    let told = fs::read_to_string(cloud.sandbox.path("told")).unwrap();
    assert_eq!(told, "@Back soon");
}
