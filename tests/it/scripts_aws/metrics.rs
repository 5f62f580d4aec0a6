//! monitor with its sources of metrics: warned, failed, and no data is a failure.

use serde_json::{Value, json};

use super::cloud::Cloud;
use super::sandbox::{HOSTILE, Outcome};
use super::servers::{Http, Reply};

fn watch(cloud: &Cloud, metrics: &Value, more: &[(&str, &str)]) -> Outcome {
    let health = Http::start(|_, _| Reply::Status(200));
    let metrics = metrics.to_string();
    let env = [
        ("HEALTH_URLS", health.url.as_str()),
        ("CHECKS", "2"),
        ("MAX_ERROR_PERCENT", "0"),
        ("METRICS", &metrics),
    ];
    cloud.run("monitor-metrics", &[&env[..], more].concat())
}

/// The share of answers 5xx at a load balancer, as metric math.
fn errors() -> Value {
    let stat = |id: &str, metric: &str| {
        json!({"Id": id, "ReturnData": false, "MetricStat": {"Stat": "Sum", "Period": 60,
            "Metric": {"Namespace": "AWS/ApplicationELB", "MetricName": metric, "Dimensions": [{"Name": "LoadBalancer", "Value": "app/shop/1"}]}}})
    };
    json!([
        stat("bad", "HTTPCode_Target_5XX_Count"),
        stat("requests", "RequestCount"),
        {"Id": "share", "Expression": "100 * FILL(bad, 0) / requests"},
    ])
}

#[test]
fn cloudwatch_warns_fails_and_needs_data() {
    let metric = json!([{"name": "5xx %", "source": "cloudwatch", "query": errors(), "warn_above": 0.1, "fail_above": 5}]);
    let watch = |values: Value| {
        let cloud = Cloud::new(json!({"values": values}));
        let outcome = watch(&cloud, &metric, &[]);
        (cloud, outcome)
    };
    let (cloud, outcome) = watch(json!([[0, 99], [0.1]]));
    outcome.passes("check 2 of 2: ok");
    let request = &cloud.requests("cloudwatch get-metric-data")[0];
    assert_eq!(
        (&request["MetricDataQueries"], &request["ScanBy"]),
        (&errors(), &json!("TimestampDescending"))
    );
    assert!(
        request["StartTime"].as_str().unwrap() < request["EndTime"].as_str().unwrap(),
        "{request}"
    );
    let (_, outcome) = watch(json!([[0.2]]));
    outcome.passes("::warning::5xx %25: 0.2 is above 0.1");
    let (_, outcome) = watch(json!([[0], [5.5]]));
    outcome.fails("5xx %25: 5.5 is above 5");
    let (_, outcome) = watch(json!([[]]));
    outcome.fails("5xx %25 has no data");
    let refused = Cloud::new(json!({"values": [[0]]}));
    refused.fault("cloudwatch get-metric-data", 1, super::cloud::REFUSE);
    self::watch(&refused, &metric, &[]).fails("not authorized");
}

/// One expression, as a manifest has it: several series are no answer.
#[test]
fn an_expression_of_cloudwatch_gives_one_series() {
    let expression =
        json!([{"Id": "value", "Expression": "AVG(SEARCH('{A,b} c', 'Sum', 60))", "Period": 60}]);
    let metric = |query: &Value| json!([{"name": "P95", "source": "cloudwatch", "query": query, "fail_above": 2}]);
    let cloud = Cloud::new(json!({"values": [[1.5], [2.5]]}));
    watch(&cloud, &metric(&expression), &[]).fails("P95: 2.5 is above 2");
    let request = &cloud.requests("cloudwatch get-metric-data")[0];
    assert_eq!(request["MetricDataQueries"], expression);
    let two = json!([expression[0], {"Id": "other", "Expression": "1"}]);
    let cloud = Cloud::new(json!({"values": [[1]]}));
    watch(&cloud, &metric(&two), &[]).fails("P95 has no data");
}

#[test]
fn an_alarm_fails_and_one_without_data_too() {
    for (state, text) in [
        ("ALARM", "cpu is in alarm"),
        ("INSUFFICIENT_DATA", "cpu has no data"),
        ("", "cpu has no data"),
    ] {
        let cloud = Cloud::new(json!({"alarms": {"shop-cpu": state}}));
        watch(
            &cloud,
            &json!([{"name": "cpu", "source": "cloudwatch-alarm", "query": "shop-cpu"}]),
            &[],
        )
        .fails(text);
    }
    let cloud = Cloud::new(json!({"alarms": {"shop-cpu": "OK"}}));
    watch(
        &cloud,
        &json!([{"name": "cpu", "source": "cloudwatch-alarm", "query": "shop-cpu"}]),
        &[],
    )
    .passes("ok");
    watch(
        &cloud,
        &json!([{"name": "cpu", "source": "cloudwatch-alarm", "query": HOSTILE}]),
        &[],
    )
    .fails("cpu has no data");
}

#[test]
fn datadog_and_prometheus_give_their_newest_value() {
    let cloud = Cloud::new(json!({}));
    let ask = |source: &str, body: &str, limits: Value| {
        let body = body.to_owned();
        let server = Http::start(move |_, _| Reply::Full(200, "X: y".into(), body.clone()));
        let mut metric = json!({"name": "P95", "source": source, "query": "p95{a=\"b c\"}"});
        metric
            .as_object_mut()
            .unwrap()
            .extend(limits.as_object().unwrap().clone());
        let more = [
            ("PROMETHEUS_URL", server.url.as_str()),
            ("DATADOG_URL", server.url.as_str()),
            ("DATADOG_API_KEY", "key-of-datadog"),
            ("DATADOG_APP_KEY", "app-key"),
            ("PROMETHEUS_TOKEN", "token"),
        ];
        (watch(&cloud, &json!([metric]), &more), server.last())
    };
    let series = r#"{"status":"ok","series":[{"pointlist":[[1,9.0],[2,1.5],[3,null]]}]}"#;
    let (outcome, request) = ask("datadog", series, json!({"warn_above": 1, "fail_above": 2}));
    outcome.passes("::warning::P95: 1.5 is above 1");
    assert!(
        request.line.starts_with("GET /api/v1/query?from="),
        "{}",
        request.line
    );
    assert!(
        request
            .headers
            .contains("DD-API-KEY: key-of-datadog\r\nDD-APPLICATION-KEY: app-key\r\n"),
        "{}",
        request.headers
    );
    assert!(!outcome.log.contains("key-of-datadog"));
    ask("datadog", series, json!({"fail_above": 1.4}))
        .0
        .fails("P95: 1.5 is above 1.4");
    ask("datadog", series, json!({"fail_below": 1.6}))
        .0
        .fails("P95: 1.5 is below 1.6");
    for nothing in [
        r#"{"status":"ok","series":[]}"#,
        r#"{"status":"error","error":"x"}"#,
        "<html>",
        "",
        r#"{"status":"ok","series":[{"pointlist":[[1,null]]}]}"#,
    ] {
        ask("datadog", nothing, json!({"fail_above": 1}))
            .0
            .fails("P95 has no data");
    }
    let vector = r#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"91.5"]}]}}"#;
    let (outcome, request) = ask(
        "prometheus",
        vector,
        json!({"warn_below": 92, "fail_below": 50}),
    );
    outcome.passes("::warning::P95: 91.5 is below 92");
    assert!(
        request.headers.contains("Authorization: Bearer token"),
        "{}",
        request.headers
    );
    // Versions of curl differ in how they write escapes.
    let line = request.line.to_lowercase().replace('+', "%20");
    assert_eq!(line, "get /api/v1/query?query=p95%7ba%3d%22b%20c%22%7d");
}

#[test]
fn lists_that_are_not_whole_are_refused() {
    let cloud = Cloud::new(json!({}));
    for wrong in [
        json!(HOSTILE),
        json!({}),
        json!([{"name": "x", "source": "prometheus"}]),
        json!([{"name": "x", "source": "rm -rf", "query": "y"}]),
        json!([{"name": 1, "source": "prometheus", "query": "y"}]),
        json!([{"name": "x", "source": "prometheus", "query": "y", "fail_above": "5"}]),
    ] {
        watch(&cloud, &wrong, &[]).fails("METRICS is not a list of metrics");
    }
    watch(
        &cloud,
        &json!([{"name": HOSTILE, "source": "datadog", "query": HOSTILE}]),
        &[("DATADOG_URL", HOSTILE), ("DATADOG_API_KEY", HOSTILE)],
    )
    .fails("::error::");
}

/// An application that counts its requests; each answer to `/metrics` is the next text.
fn counting(texts: &[&'static str]) -> Http {
    let texts = texts.to_vec();
    let asked = std::sync::atomic::AtomicUsize::new(0);
    Http::start(move |_, request| {
        if !request.line.starts_with("GET /metrics") {
            return Reply::Status(200);
        }
        let index = asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Reply::Text(texts[index.min(texts.len() - 1)])
    })
}

fn watch_endpoint(texts: &[&'static str], metric: Value, checks: usize) -> Outcome {
    let server = counting(texts);
    let mut whole = json!({"name": "Measured", "source": "endpoint"});
    let entries = whole.as_object_mut().unwrap();
    entries.extend(metric.as_object().unwrap().clone());
    let address = format!("{}/metrics", server.url);
    let more = [
        ("METRICS_URL", address.as_str()),
        ("CHECKS", &checks.to_string()),
        ("INTERVAL", "0"),
    ];
    watch(&Cloud::new(json!({})), &json!([whole]), &more)
}

const BEFORE: &str = "# TYPE http_requests_total counter\n\
    http_requests_total{code=\"200\"} 1000\nhttp_requests_total{code=\"500\"} 900\n";

#[test]
fn counters_count_from_the_beginning_of_the_watch() {
    let errors =
        || json!({"query": "errors http_requests_total", "warn_above": 0.1, "fail_above": 5});
    let good = "http_requests_total{code=\"200\"} 1100\nhttp_requests_total{code=\"500\"} 900\n";
    watch_endpoint(&[BEFORE, good], errors(), 3).passes("check 3 of 3: ok");
    let some = "http_requests_total{code=\"200\"} 1098\nhttp_requests_total{code=\"500\"} 902\n";
    watch_endpoint(&[BEFORE, some], errors(), 3).passes("::warning::Measured: 2 is above 0.1");
    let many = "http_requests_total{code=\"200\"} 1180\nhttp_requests_total{code=\"500\"} 910\n";
    watch_endpoint(&[BEFORE, good, many], errors(), 3).fails(
        "1 of 3 checks failed, 0 %25 of 3 are allowed; the last one: Measured: 5.26316 is above 5",
    );
    // The application began anew: what it counts since then is what it has counted.
    let anew = "http_requests_total{code=\"200\"} 50\nhttp_requests_total{code=\"500\"} 0\n";
    watch_endpoint(&[BEFORE, anew], errors(), 2).passes("check 2 of 2: ok");
    let still = watch_endpoint(&[BEFORE, BEFORE], errors(), 2);
    still.passes("::warning::Measured: nothing was counted yet");
    watch_endpoint(&["up 1\n"], errors(), 2).fails("Measured has no data");
    watch_endpoint(&["<html>"], errors(), 2).fails("are not in the Prometheus text format");
    let available = json!({"query": "availability http_requests_total", "fail_below": 99.9});
    watch_endpoint(&[BEFORE, some], available, 2).fails("Measured: 98 is below 99.9");
}

#[test]
fn a_last_look_over_the_limit_fails_whatever_share_is_allowed() {
    let server = counting(&[
        BEFORE,
        "http_requests_total{code=\"200\"} 1000\nhttp_requests_total{code=\"500\"} 901\n",
    ]);
    let address = format!("{}/metrics", server.url);
    let metric = json!([{"name": "Errors", "source": "endpoint", "query": "errors http_requests_total", "fail_above": 5}]);
    let more = [
        ("METRICS_URL", address.as_str()),
        ("MAX_ERROR_PERCENT", "100"),
        ("INTERVAL", "0"),
    ];
    watch(&Cloud::new(json!({})), &metric, &more)
        .fails("::error::over the whole watch, Errors: 100 is above 5");
}

#[test]
fn latency_is_read_from_the_buckets_of_a_histogram() {
    let before = "http_request_duration_seconds_bucket{le=\"0.5\"} 0\n\
        http_request_duration_seconds_bucket{le=\"1\"} 0\n\
        http_request_duration_seconds_bucket{le=\"+Inf\"} 0\nhttp_request_duration_seconds_count 0\n";
    let after = "http_request_duration_seconds_bucket{le=\"0.5\"} 90\n\
        http_request_duration_seconds_bucket{le=\"1\"} 100\n\
        http_request_duration_seconds_bucket{le=\"+Inf\"} 100\nhttp_request_duration_seconds_count 100\n";
    let texts = &[before, after];
    let p95 =
        |limit: f64| json!({"query": "p95 http_request_duration_seconds", "fail_above": limit});
    watch_endpoint(texts, p95(0.75), 2).passes("check 2 of 2: ok");
    watch_endpoint(texts, p95(0.7), 2).fails("Measured: 0.75 is above 0.7");
}

#[test]
fn cache_hits_are_two_counters() {
    let texts = &["hits 10\nmisses 10\n", "hits 18\nmisses 12\n"];
    let hits = |limit: u32| json!({"query": "cache-hits hits misses", "warn_below": limit});
    watch_endpoint(texts, hits(80), 2).passes("check 2 of 2: ok");
    watch_endpoint(texts, hits(90), 2).passes("::warning::Measured: 80 is below 90");
}

#[test]
fn the_probes_themselves_are_measured_too() {
    let cloud = Cloud::new(json!({}));
    let slow = json!([{"name": "P95", "source": "probes", "query": "p95", "fail_above": 0}]);
    watch(&cloud, &slow, &[]).fails("P95: 0.");
    let all = json!([
        {"name": "P95", "source": "probes", "query": "p95", "fail_above": 5},
        {"name": "Availability", "source": "probes", "query": "availability", "fail_below": 99.9}
    ]);
    watch(&cloud, &all, &[]).passes("check 2 of 2: ok");
}
