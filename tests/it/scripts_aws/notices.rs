//! pagerduty-notify, sentry-release and datadog-event: what arrives, and that nothing they meet fails
//! a deployment or shows a secret.

use serde_json::{Value, json};

use super::sandbox::{HOSTILE, Outcome, Sandbox};
use super::servers::{Http, Reply, closed_url};

const KEY: &str = "0123456789abcdef0123456789ABCDEF";

/// Runs a script with a `curl` before the real one that keeps its words, and shows no secret in them.
#[track_caller]
fn run(script: &str, env: &[(&str, &str)]) -> Outcome {
    let sandbox = Sandbox::new();
    let words = sandbox.path("words");
    let program = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$@\" >> '{}'\nPATH=${{PATH#*:}} exec curl \"$@\"\n",
        words.display()
    );
    let path = sandbox.write("bin/curl", &program);
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let outcome = sandbox.run(script, env);
    let words = std::fs::read_to_string(words).unwrap_or_default();
    for secret in [KEY, "sentry-token", "datadog-key"] {
        assert!(
            !words.contains(secret) && !outcome.log.contains(secret),
            "{words}\n{outcome:#?}"
        );
    }
    outcome
}

fn page(url: &str, more: &[(&str, &str)]) -> Outcome {
    let env = [
        ("PAGERDUTY_ROUTING_KEY", KEY),
        ("PAGERDUTY_WEBHOOK_URL", url),
        ("ACTION", "trigger"),
        ("SUMMARY", "Deployment failed"),
    ];
    run("pagerduty-notify", &[&env[..], more].concat())
}

fn body(server: &Http) -> (String, Value) {
    let request = server.last();
    (request.line, serde_json::from_str(&request.body).unwrap())
}

#[test]
fn pagerduty_gets_one_alert_that_can_be_resolved() {
    let server =
        Http::start(|_, _| Reply::Full(202, "X: y".into(), r#"{"status":"success"}"#.into()));
    let more = [
        ("ENVIRONMENT", "production"),
        ("VERSION", "v1"),
        ("LINKS", "Grafana|https://g.example/d|x\nodd"),
    ];
    page(&server.url, &more).passes("PagerDuty took the event: trigger");
    let (line, event) = body(&server);
    assert_eq!(line, "POST /v2/enqueue");
    assert_eq!(
        (&event["routing_key"], &event["event_action"]),
        (&json!(KEY), &json!("trigger"))
    );
    assert_eq!(event["dedup_key"], "acme/shop/production");
    assert_eq!(event["payload"]["summary"], "Deployment failed");
    assert_eq!(
        (&event["payload"]["severity"], &event["payload"]["source"]),
        (&json!("critical"), &json!("acme/shop/production"))
    );
    assert_eq!(event["payload"]["custom_details"]["version"], "v1");
    let links = json!([{"text": "Workflow run", "href": "https://github.example/acme/shop/actions/runs/77"}, {"text": "Grafana", "href": "https://g.example/d|x"}]);
    assert_eq!(event["links"], links);

    page(
        &server.url,
        &[("ACTION", "resolve"), ("ENVIRONMENT", "production")],
    )
    .passes("resolve");
    let (_, resolved) = body(&server);
    assert_eq!(
        (&resolved["dedup_key"], &resolved["event_action"]),
        (&event["dedup_key"], &json!("resolve"))
    );
    page(&server.url, &[("ACTION", "change"), ("DEDUP_KEY", "x")]).passes("change");
    let (line, change) = body(&server);
    assert_eq!(line, "POST /v2/change/enqueue");
    assert!(
        change.get("event_action").is_none() && change.get("dedup_key").is_none(),
        "{change}"
    );
}

#[test]
fn the_key_of_pagerduty_may_stand_in_an_address() {
    let server = Http::start(|_, _| Reply::Status(202));
    for path in [
        format!("/integration/{KEY}/enqueue"),
        format!("/v2/enqueue?routing_key={KEY}"),
    ] {
        let url = format!("{}{path}", server.url);
        page(&url, &[("PAGERDUTY_ROUTING_KEY", "")]).passes("PagerDuty took");
        let (line, event) = body(&server);
        assert_eq!(
            (line.as_str(), &event["routing_key"]),
            ("POST /v2/enqueue", &json!(KEY))
        );
    }
    page(&server.url, &[("PAGERDUTY_ROUTING_KEY", "")])
        .passes("::notice::nothing sent to PagerDuty");
    page("", &[("PAGERDUTY_ROUTING_KEY", "")]).passes("::notice::");
    page("no address", &[]).passes("::warning::");
    assert_eq!(server.count(), 0);
}

#[test]
fn nothing_that_they_meet_fails_a_deployment() {
    let refused = Http::start(|_, _| {
        Reply::Full(
            400,
            "X: y".into(),
            "{\"status\":\"invalid event\"}\n::stop-commands::pwned".into(),
        )
    });
    let once = Http::start(|number, _| Reply::Status(if number % 2 == 1 { 429 } else { 202 }));
    page(&refused.url, &[])
        .passes("::warning::nothing sent to PagerDuty: ")
        .passes("invalid event");
    page(&once.url, &[]).passes("PagerDuty took");
    page(&closed_url(), &[]).passes("::warning::");
    page(&refused.url, &[("ACTION", HOSTILE)]).passes("::warning::");
    sentry(&refused.url, &[]).passes("::warning::no release recorded in Sentry: ");
    sentry(&closed_url(), &[]).passes("::warning::");
    sentry(&refused.url, &[("SENTRY_AUTH_TOKEN", "")]).passes("::notice::");
    for (name, value) in [
        ("VERSION", "a/b"),
        ("VERSION", ".."),
        ("VERSION", HOSTILE),
        ("SENTRY_ORG", HOSTILE),
        ("SENTRY_URL", HOSTILE),
    ] {
        sentry(&refused.url, &[(name, value)]).passes("::warning::");
    }
    event(&refused.url, &[]).passes("::warning::no event sent");
    event(&refused.url, &[("DATADOG_API_KEY", "")]).passes("::notice::");
    event(HOSTILE, &[]).passes("::warning::");
}

#[test]
fn hostile_texts_stay_texts() {
    let server = Http::start(|_, _| Reply::Status(202));
    let long = "é".repeat(4000);
    for text in [HOSTILE, &long, "\"}]}"] {
        let names = [
            "SUMMARY",
            "SEVERITY",
            "DEDUP_KEY",
            "ENVIRONMENT",
            "VERSION",
            "LINKS",
        ];
        page(&server.url, &names.map(|name| (name, text))).passes("PagerDuty took");
        let (_, sent) = body(&server);
        assert!(sent["payload"]["summary"].as_str().unwrap().chars().count() <= 1024);
        assert!(sent["dedup_key"].as_str().unwrap().chars().count() <= 255);
        assert_eq!(sent["payload"]["severity"], "critical");
        event(
            &server.url,
            &["TITLE", "STATUS", "ENVIRONMENT", "VERSION", "SERVICE"].map(|name| (name, text)),
        )
        .passes("event sent");
        let (_, sent) = body(&server);
        assert!(sent["title"].as_str().unwrap().chars().count() <= 100);
        assert_eq!(sent["tags"].as_array().unwrap().len(), 4);
    }
}

fn sentry(url: &str, more: &[(&str, &str)]) -> Outcome {
    let env = [
        ("SENTRY_AUTH_TOKEN", "sentry-token"),
        ("SENTRY_URL", url),
        ("SENTRY_ORG", "acme"),
        ("SENTRY_PROJECT", "web, api\nworker"),
        ("VERSION", "shop@1.2 3"),
        ("ENVIRONMENT", "production"),
    ];
    run("sentry-release", &[&env[..], more].concat())
}

#[test]
fn sentry_learns_of_release_and_deployment() {
    let server = Http::start(|_, request| {
        assert!(
            request
                .headers
                .contains("Authorization: Bearer sentry-token\r\n"),
            "{}",
            request.headers
        );
        Reply::Status(if request.line.starts_with("PUT") {
            200
        } else {
            208
        })
    });
    let more = [
        ("SENTRY_REPOSITORY", "acme/shop"),
        ("URL", "https://shop.example"),
    ];
    sentry(&server.url, &more).passes("recorded release shop@1.2 3 in Sentry");
    let (line, deployed) = body(&server);
    assert_eq!(
        line,
        "POST /api/0/organizations/acme/releases/shop%401.2%203/deploys/"
    );
    assert_eq!(
        (&deployed["environment"], &deployed["url"]),
        (&json!("production"), &json!("https://shop.example"))
    );
    let (line, finalised) = body(&server);
    assert_eq!(
        line,
        "PUT /api/0/organizations/acme/releases/shop%401.2%203/"
    );
    assert_eq!(finalised["dateReleased"], deployed["dateFinished"]);
    let (line, created) = body(&server);
    assert_eq!(line, "POST /api/0/organizations/acme/releases/");
    assert_eq!(
        (&created["version"], &created["projects"]),
        (&json!("shop@1.2 3"), &json!(["web", "api", "worker"]))
    );
    assert_eq!(
        created["refs"],
        json!([{"repository": "acme/shop", "commit": super::sandbox::SHA}])
    );
}

fn event(url: &str, more: &[(&str, &str)]) -> Outcome {
    let env = [
        ("DATADOG_API_KEY", "datadog-key"),
        ("DATADOG_URL", url),
        ("TITLE", "Shop deployed"),
        ("STATUS", "succeeded"),
    ];
    run("datadog-event", &[&env[..], more].concat())
}

#[test]
fn datadog_gets_an_event_with_tags() {
    let server = Http::start(|_, _| Reply::Status(202));
    event(
        &server.url,
        &[("ENVIRONMENT", "production"), ("VERSION", "v1")],
    )
    .passes("event sent to Datadog");
    let request = server.last();
    assert_eq!(request.line, "POST /api/v1/events");
    assert!(
        request.headers.contains("DD-API-KEY: datadog-key\r\n"),
        "{}",
        request.headers
    );
    let sent: Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(
        (&sent["title"], &sent["alert_type"]),
        (&json!("Shop deployed: succeeded"), &json!("success"))
    );
    assert_eq!(
        sent["tags"],
        json!([
            "env:production",
            "version:v1",
            "service:shop",
            "event:deployment"
        ])
    );
}
