//! health-check, metrics-check, smoke-check and monitor against a server that misbehaves.

use super::sandbox::{HOSTILE, Outcome, Sandbox};
use super::servers::{Http, Reply, closed_url};

fn health(urls: &str, more: &[(&str, &str)]) -> Outcome {
    let fast = [
        ("HEALTH_URLS", urls),
        ("ATTEMPTS", "3"),
        ("INTERVAL", "0"),
        ("TIMEOUT", "1"),
    ];
    Sandbox::new().run("health-check", &[&fast[..], more].concat())
}

#[test]
fn health_waits_for_a_server_that_flaps() {
    let server = Http::start(|number, _| Reply::Status(if number < 3 { 503 } else { 204 }));
    health(&server.url, &[]).passes("all 1 addresses are healthy");
    assert_eq!(server.count(), 3);
}

#[test]
fn health_needs_every_address_in_the_same_round() {
    // Each address is well in turn, but never both at once.
    let server = Http::start(|number, _| {
        Reply::Status(if matches!(number, 1 | 4 | 5) {
            200
        } else {
            500
        })
    });
    let urls = format!("  {0}/overall  \n\n{0}/database\n", server.url);
    health(&urls, &[]).fails("::error::not healthy after 3 attempts");
    assert_eq!(server.count(), 6);
}

#[test]
fn health_takes_errors_redirects_and_silence_for_what_they_are() {
    for status in [500, 404, 302] {
        let location = "Location: /login".to_owned();
        let server = Http::start(move |_, request| {
            let at_login = request.line == "GET /login";
            Reply::Full(
                if at_login { 200 } else { status },
                location.clone(),
                String::new(),
            )
        });
        health(&server.url, &[]).fails(&format!("answers {status}"));
        assert_eq!(server.count(), 3);
    }
    let hangs = Http::start(|_, _| Reply::Hang);
    health(&hangs.url, &[("ATTEMPTS", "1")]).fails("answers 000: Operation timed out");
    let garbage = Http::start(|_, _| Reply::Garbage);
    health(&garbage.url, &[]).fails("answers 000: ");
    health(&closed_url(), &[]).fails("answers 000: ");
    health(" \n", &[]).fails("HEALTH_URLS names no address");
}

#[test]
fn health_compares_the_version_that_answers() {
    let server = Http::start(|number, _| {
        let version = if number < 2 { "1.2.2" } else { "1.2.3" };
        Reply::Full(
            200,
            format!("x-app-version: v{version} "),
            format!(r#"{{"build":{{"version":"{version}"}}}}"#),
        )
    });
    let in_body = [
        ("EXPECTED_VERSION", "v1.2.3"),
        ("VERSION_FROM", ".build.version"),
    ];
    health(&server.url, &in_body)
        .passes("reports version `1.2.2`, not `v1.2.3`")
        .passes("healthy with version v1.2.3");
    assert_eq!(server.count(), 2);

    let in_header = [
        ("EXPECTED_VERSION", "1.2.3"),
        ("VERSION_FROM", "header:X-App-Version"),
    ];
    health(&server.url, &in_header).passes("with version 1.2.3");
    let missing = [
        ("EXPECTED_VERSION", "1.2.3"),
        ("VERSION_FROM", "header:X-Other"),
    ];
    health(&server.url, &missing).fails("reports version `none`, not `1.2.3`");
    let missing = [("EXPECTED_VERSION", "1.2.3")];
    health(&server.url, &missing).fails("reports version `none`, not `1.2.3`");
}

#[test]
fn health_distrusts_what_is_reported_as_version() {
    for body in [
        "",
        "not json",
        r#"{"version":null}"#,
        r#"{"version":["1.2.3"]}"#,
        r#"{"version":"1.2.30"}"#,
    ] {
        let server = Http::start(move |_, _| Reply::Text(body));
        health(&server.url, &[("EXPECTED_VERSION", "1.2.3")]).fails("not `1.2.3`");
    }
    let server = Http::start(|_, _| {
        Reply::Full(
            200,
            "A: b".into(),
            serde_json::json!({"version": HOSTILE}).to_string(),
        )
    });
    health(&server.url, &[("EXPECTED_VERSION", "1.2.3")]).fails("not `1.2.3`");
}

#[test]
fn health_does_not_read_the_version_of_an_earlier_answer() {
    let server = Http::start(|number, _| match number {
        1 => Reply::Full(503, "X-Version: 1".into(), r#"{"version":"1"}"#.into()),
        _ => Reply::Full(204, "A: b".into(), String::new()),
    });
    health(&server.url, &[("EXPECTED_VERSION", "1")]).fails("reports version `none`, not `1`");
}

#[test]
fn hostile_settings_of_probes_are_refused_or_data() {
    let server = Http::start(|_, _| Reply::Text(r#"{"version":"1"}"#));
    health(&server.url, &[("EXPECTED_VERSION", HOSTILE)]).fails("reports version `1`");
    health(
        &server.url,
        &[("EXPECTED_VERSION", "1"), ("VERSION_FROM", HOSTILE)],
    )
    .fails("`none`");
    health(
        &server.url,
        &[
            ("EXPECTED_VERSION", "1"),
            ("VERSION_FROM", &format!("header:{HOSTILE}")),
        ],
    )
    .fails("`none`");
    health(HOSTILE, &[]).fails("answers 000: ");
    health("file:///etc/hostname", &[]).fails("answers 000: ");
    for name in ["ATTEMPTS", "TIMEOUT", "INTERVAL"] {
        health(&server.url, &[(name, HOSTILE)]).fails("must be numbers");
        health(&server.url, &[(name, "a[$(touch pwned)]")]).fails("must be numbers");
    }
    health(&server.url, &[("TIMEOUT", "0")]).fails("must be numbers");
    let monitored = [
        ("HEALTH_URLS", server.url.as_str()),
        ("CHECKS", "a[$(touch pwned)]"),
    ];
    Sandbox::new()
        .run("monitor", &monitored)
        .fails("must be numbers");
}

fn metrics(body: &'static str, more: &[(&str, &str)]) -> Outcome {
    let server = Http::start(move |_, _| Reply::Text(body));
    let env = [
        ("METRICS_URL", server.url.as_str()),
        ("ATTEMPTS", "2"),
        ("INTERVAL", "0"),
        ("TIMEOUT", "1"),
    ];
    Sandbox::new().run("metrics-check", &[&env[..], more].concat())
}

#[test]
fn metrics_are_the_prometheus_text_format() {
    let real = "# HELP http_requests_total Requests.\n# TYPE http_requests_total counter\n\
        http_requests_total{method=\"post\",code=\"200\"} 1027 1395066363000\r\n\n\
        temperature -4.5e-1\nratio NaN\nrpc_bucket{le=\"+Inf\"} +Inf\n";
    metrics(real, &[]).passes("answers with metrics");
    for wrong in [
        "",
        "# HELP only comments\n",
        "<html>login</html>",
        "up 1\n<p>",
        "up\n",
        "up one\n",
    ] {
        metrics(wrong, &[]).fails("Prometheus text format");
    }
    metrics("<html>", &[("ON_FAILURE", "warn")]).passes("::warning::");
    metrics("up 1", &[("ON_FAILURE", HOSTILE)]).fails("must be `warn` or `fail`");
    let closed = closed_url();
    let env = [
        ("METRICS_URL", closed.as_str()),
        ("ATTEMPTS", "1"),
        ("ON_FAILURE", "warn"),
    ];
    Sandbox::new()
        .run("metrics-check", &env)
        .passes("::warning::");
}

fn smoke(base: &str, paths: &str) -> Outcome {
    let env = [
        ("BASE_URL", base),
        ("SMOKE_PATHS", paths),
        ("ATTEMPTS", "2"),
        ("INTERVAL", "0"),
        ("TIMEOUT", "1"),
    ];
    Sandbox::new().run("smoke-check", &env)
}

#[test]
fn smoke_compares_each_status_and_names_each_miss() {
    let server = Http::start(|_, request| match request.line.as_str() {
        "GET /health/" => Reply::Status(200),
        "GET /admin/?next=[a-b]" => Reply::Full(302, "Location: /health/".into(), String::new()),
        "GET /hang" => Reply::Hang,
        _ => Reply::Status(404),
    });
    let base = format!("{}/", server.url);
    smoke(&base, "/health/\n  /admin/?next=[a-b] 302\n\n/none 404").passes("ok: /none answers 404");
    let outcome = smoke(&base, "/health/ 201\n/admin/?next=[a-b]\n/hang");
    outcome
        .fails("::error::/health/ answers 200, not 201")
        .fails("::error::/admin/?next=[a-b] answers 302, not 200")
        .fails("::error::/hang answers 000: ")
        .fails("3 of 3 smoke checks failed");
    smoke(&base, "\n").fails("names no path");
    smoke(&base, "/health/ 200 x").fails("is not a line `PATH [STATUS]`");
    smoke(&base, HOSTILE).fails("is not a line `PATH [STATUS]`");
    smoke(HOSTILE, "/health/").fails("1 of 1 smoke checks failed");
}

fn monitor(url: &str, more: &[(&str, &str)]) -> Outcome {
    let env = [
        ("HEALTH_URLS", url),
        ("CHECKS", "10"),
        ("INTERVAL", "0"),
        ("TIMEOUT", "1"),
    ];
    Sandbox::new().run("monitor", &[&env[..], more].concat())
}

#[test]
fn monitor_allows_a_share_of_failures_and_no_more() {
    let twice = |number, _: &_| Reply::Status(if matches!(number, 3 | 7) { 500 } else { 200 });
    let server = Http::start(twice);
    let outcome = monitor(&server.url, &[("MAX_ERROR_PERCENT", "20")]);
    outcome.passes("check 10 of 10: ok");
    assert_eq!(
        (outcome.output("failed"), outcome.output("failed_percent")),
        ("2", "20")
    );
    assert_eq!(outcome.summary.lines().count(), 2 + 10);
    assert!(outcome.summary.contains(" answers 500 |"));

    let server = Http::start(twice);
    let outcome = monitor(&server.url, &[("MAX_ERROR_PERCENT", "19")]);
    outcome.fails("2 of 7 checks failed");
    assert_eq!(
        (outcome.output("checks"), server.count()),
        ("7", 7),
        "it stops once the result is certain"
    );
}

#[test]
fn monitor_ends_early_when_failures_follow_each_other() {
    let server = Http::start(|number, _| {
        if number > 1 {
            Reply::Hang
        } else {
            Reply::Status(200)
        }
    });
    let outcome = monitor(
        &server.url,
        &[("MAX_ERROR_PERCENT", "100"), ("MAX_CONSECUTIVE", "2")],
    );
    outcome.fails("2 of 3 checks failed");
    let down = monitor(&closed_url(), &[]);
    down.fails("answers 000: Failed to connect");
    assert_eq!(down.output("checks"), "1");
}

#[test]
fn monitor_asks_prometheus_and_distrusts_silence() {
    let ask = |reply: &'static str| {
        let server = Http::start(move |_, request| {
            if request
                .line
                .eq_ignore_ascii_case("GET /API/V1/QUERY?QUERY=RATE%28X%7BA%3D%22%26%22%7D%29")
            {
                assert!(request.headers.contains("Authorization: Bearer s3cret\r\n"));
                Reply::Text(reply)
            } else {
                Reply::Status(if request.line == "GET /health" {
                    200
                } else {
                    400
                })
            }
        });
        let health = format!("{}/health", server.url);
        let prometheus = format!("{}/", server.url);
        let env = [
            ("PROMETHEUS_URL", prometheus.as_str()),
            ("PROMETHEUS_QUERY", r#"rate(x{a="&"})"#),
            ("PROMETHEUS_TOKEN", "s3cret"),
            ("PROMETHEUS_LIMIT", "0.05"),
            ("CHECKS", "2"),
        ];
        let outcome = monitor(&health, &env);
        assert!(!outcome.log.contains("s3cret"));
        outcome
    };
    ask(r#"{"status":"success","data":{"result":[{"value":[1,"0.05"]}]}}"#)
        .passes("check 2 of 2: ok");
    ask(r#"{"status":"success","data":{"result":[{"value":[1,"6e-2"]}]}}"#)
        .fails("6e-2 is above 0.05");
    for silent in [
        r#"{"status":"success","data":{"result":[]}}"#,
        r#"{"status":"success","data":{"result":[{"value":[1,"NaN"]}]}}"#,
        r#"{"status":"success","data":{"result":[{"value":[1,"0"]},{"value":[1,"0"]}]}}"#,
        r#"{"status":"error"}"#,
        "<html>",
        "",
    ] {
        ask(silent).fails("Prometheus has no data");
    }
    let open = Http::start(|_, request| {
        assert!(
            !request.headers.contains("Authorization"),
            "{}",
            request.headers
        );
        Reply::Text(r#"{"status":"success","data":{"result":[{"value":[1,"0"]}]}}"#)
    });
    let env = [
        ("PROMETHEUS_URL", open.url.as_str()),
        ("PROMETHEUS_QUERY", "up"),
    ];
    monitor(&open.url, &env).passes("check 10 of 10: ok");
}

#[test]
fn a_model_is_fetched_and_looked_for() {
    let pull = |has: &'static str, status: u16, answer: &'static str| {
        let server = Http::start(move |_, request| {
            let body = if request.line == "GET /api/tags" {
                has
            } else {
                answer
            };
            let status = if request.line == "GET /api/tags" {
                200
            } else {
                status
            };
            let kind = "Content-Type: application/json".to_owned();
            Reply::Full(status, kind, body.to_owned())
        });
        let env = [("OLLAMA_HOST", &*server.url), ("OLLAMA_MODEL", "tiny")];
        Sandbox::new().run("ollama-pull", &env)
    };
    let has = r#"{"models":[{"name":"tiny:latest"}]}"#;
    pull(has, 200, r#"{"status":"success"}"#).passes("Ollama has tiny");
    pull(r#"{"models":[]}"#, 200, r#"{"status":"success"}"#).fails("does not have the model");
    pull(has, 200, r#"{"error":"no space"}"#).fails("was not fetched");
    pull(has, 500, r#"{"error":"file does not exist"}"#).fails("cannot be fetched");
    let env = [("OLLAMA_HOST", &*closed_url()), ("OLLAMA_MODEL", HOSTILE)];
    Sandbox::new()
        .run("ollama-pull", &env)
        .fails("cannot be fetched");
}
