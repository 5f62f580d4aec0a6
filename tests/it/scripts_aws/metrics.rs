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
