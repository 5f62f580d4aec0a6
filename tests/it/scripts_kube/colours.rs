//! Blue-green: two colours of each workload, and a Service that leads to one of them.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::OnceLock;
use std::thread;

use serde_json::json;

use super::site::{Site, Snapshot};
use super::{deploy, image, prepare};

const STEPS: &[&str] = &[
    "kube-record",
    "kube-render",
    "kube-migrate",
    "kube-apply",
    "kube-wait",
    "kube-health",
    "kube-switch",
];
/// What a test needs of them that is about something else.
const SHORT: &[&str] = &[
    "kube-record",
    "kube-render",
    "kube-apply",
    "kube-wait",
    "kube-switch",
];

fn slot(site: &Site) -> String {
    site.object("service/shop")["spec"]["selector"]["slot"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// A cluster where v1 is live as blue.
fn site_with_v1() -> Site {
    static MADE: OnceLock<Snapshot> = OnceLock::new();
    Site::made(&MADE, || {
        let mut site = Site::connected();
        site.set("SERVICE", "shop");
        deploy(&mut site, 1, SHORT).unwrap();
        assert_eq!(
            (&*slot(&site), site.runs("deployment/shop-blue")),
            ("blue", image(1))
        );
        site.take_calls();
        site
    })
}

/// Answers every request with this text.
fn serve(answer: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}",
                answer.len()
            );
        }
    });
    port
}

#[test]
fn traffic_moves_only_to_a_colour_that_passed() {
    let mut site = site_with_v1();
    site.write("fake/port", &serve(r#"{"version": "2"}"#).to_string());
    for (name, value) in [
        ("PORT", "8080"),
        ("HEALTH_PATH", "/health?a=1"),
        ("EXPECTED_VERSION", "v2"),
        (
            "SMOKE_COMMAND",
            "curl --silent --fail $BASE_URL/smoke > smoke.txt",
        ),
        ("MIGRATE_COMMAND", "migrate 'up'"),
    ] {
        site.set(name, value);
    }
    deploy(&mut site, 2, STEPS).unwrap();
    assert_eq!(slot(&site), "green");
    assert_eq!(
        (
            site.runs("deployment/shop-blue"),
            site.runs("deployment/shop-green")
        ),
        (image(1), image(2))
    );
    assert_eq!(site.read("repo/smoke.txt"), r#"{"version": "2"}"#);
    assert!(
        site.object("deployment/shop").is_null(),
        "no workload without a colour"
    );
    let green = site.object("deployment/shop-green");
    assert_eq!(
        green["spec"]["selector"]["matchLabels"],
        json!({"app": "shop", "slot": "green"})
    );

    let calls = site.take_calls();
    let at = |what: &str| {
        calls
            .iter()
            .position(|call| call.contains(what))
            .unwrap_or_else(|| panic!("no {what} in {calls:#?}"))
    };
    let order = [
        "apply --filename=-",
        "kube-job.json",
        "kube-apply.json",
        "rollout status deployment/shop-green",
        "port-forward",
        "patch service/shop",
        "get endpointslices",
    ];
    assert!(order.is_sorted_by_key(|what| at(what)), "{calls:#?}");

    site.step("kube-retire")
        .passes("blue is scaled down, traffic goes to green");
    assert_eq!(
        (
            site.replicas("deployment/shop-blue"),
            site.replicas("deployment/shop-green")
        ),
        (json!(0), json!(2))
    );

    // Once with the output of this run, and once by hand, from the ConfigMap.
    for _ in 0..2 {
        let outcome = site.step("kube-rollback").passes("version v1 is live");
        assert_eq!(outcome.outputs["version"], "v1");
        assert_eq!(
            (slot(&site), site.runs("deployment/shop-blue")),
            ("blue".to_owned(), image(1))
        );
        assert_eq!(
            (
                site.replicas("deployment/shop-blue"),
                site.replicas("deployment/shop-green")
            ),
            (json!(2), json!(0))
        );
        site.unset("RECORD");
    }
    // The next one takes green again.
    deploy(&mut site, 3, SHORT).unwrap();
    assert_eq!(
        (slot(&site), site.runs("deployment/shop-green")),
        ("green".to_owned(), image(3))
    );
    assert!(!site.read("fake/traffic").contains("null"));
}

#[test]
fn a_failure_before_the_switch_leaves_the_traffic() {
    let mut site = site_with_v1();
    for (name, value) in [
        ("PORT", "8080"),
        ("ATTEMPTS", "2"),
        ("MIGRATE_COMMAND", "true"),
    ] {
        site.set(name, value);
    }
    site.write("fake/port", &serve("ok").to_string());
    let mut fails = |step: &'static str, patterns: &[&str]| {
        for pattern in patterns {
            let mut failing = site.copy();
            failing.set("WAIT_SECONDS", "1");
            failing.write("fake/fail", pattern);
            let (_, outcome) = deploy(&mut failing, 2, &[step]).expect_err(pattern);
            outcome.fails("::error::");
            assert_eq!(
                (slot(&failing), failing.runs("deployment/shop-blue")),
                ("blue".to_owned(), image(1)),
                "{pattern}"
            );
        }
        deploy(&mut site, 2, &[step]).unwrap();
    };
    fails("kube-record", &["get service"]);
    fails("kube-render", &["kustomize"]);
    fails("kube-migrate", &["kube-job"]);
    fails("kube-apply", &["apply --filename=/"]);
    fails("kube-wait", &["rollout status"]);
    fails("kube-health", &["port-forward"]);
    fails("kube-switch", &["patch service", "get endpointslices"]);
    // The watch after the switch may fail too.
    site.step("kube-rollback").passes("version v1 is live");
    assert_eq!(
        (slot(&site), site.replicas("deployment/shop-green")),
        ("blue".to_owned(), json!(0))
    );
}

#[test]
fn an_unhealthy_colour_gets_no_traffic() {
    let mut site = site_with_v1();
    for (name, value) in [
        ("PORT", "8080"),
        ("ATTEMPTS", "2"),
        ("EXPECTED_VERSION", "v2"),
        ("MIGRATE_COMMAND", "true"),
    ] {
        site.set(name, value);
    }
    site.write("fake/port", &serve("v2.1").to_string());
    let (step, outcome) = deploy(&mut site, 2, STEPS).unwrap_err();
    assert_eq!(step, "kube-health");
    outcome.fails("deployment/shop-green is not healthy: does not name version v2");
    site.write("fake/port", "1");
    site.step("kube-health")
        .fails("deployment/shop-green is not healthy: answers 000");
    site.write("fake/port", &serve("v2").to_string());
    site.set("SMOKE_COMMAND", "echo ::error::x; false");
    site.step("kube-health")
        .fails("the smoke test of deployment/shop-green failed");
    assert_eq!(slot(&site), "blue");
}

#[test]
fn a_job_stopped_during_the_switch_goes_back() {
    let mut site = site_with_v1();
    deploy(&mut site, 2, &SHORT[..4]).unwrap();
    // The endpoints never follow, as with pods that are not ready.
    site.write("fake/broken", "@sha256:2");
    site.set("WAIT_SECONDS", "60");
    let outcome = site.stop("kube-switch", "", |site| slot(site) == "green");
    assert_eq!(outcome.code, 143, "{outcome:#?}");
    assert!(
        outcome.log.contains("leads to blue, as before"),
        "{outcome:#?}"
    );
    assert_eq!(slot(&site), "blue");
    site.set("WAIT_SECONDS", "1");
    site.step("kube-switch")
        .fails("service/shop does not lead to green: no endpoint is ready");
    assert_eq!(slot(&site), "blue");
    let log = site.read("fake/traffic");
    assert!(
        log.trim_end().ends_with(r#"{"app":"shop","slot":"blue"}"#),
        "{log}"
    );
}

#[test]
fn the_live_colour_is_neither_overwritten_nor_retired() {
    let mut site = site_with_v1();
    site.set("PREVIOUS_COLOUR", "blue");
    site.step("kube-retire")
        .fails("service/shop leads to blue, so blue stays");
    site.set("PREVIOUS_COLOUR", "");
    site.step("kube-retire")
        .passes("there is no previous colour");
    // A Service without colours would lead to both.
    let mut service = site.object("service/shop");
    service["spec"]["selector"] = json!({"app": "shop"});
    site.put("service/shop", &service);
    prepare(&mut site, 2);
    site.step("kube-record")
        .fails("leads to pods of every colour");
}

#[test]
fn the_first_deployment_takes_blue() {
    let mut site = Site::connected();
    site.set("SERVICE", "shop");
    deploy(&mut site, 1, SHORT).unwrap();
    site.step("kube-rollback")
        .fails("there is nothing to go back to");
    assert_eq!(
        (&*slot(&site), site.replicas("deployment/shop-blue")),
        ("blue", json!(2))
    );
}

#[test]
fn an_autoscaler_goes_with_its_colour_and_configuration_can_go_first() {
    let mut site = site_with_v1();
    let scaler = json!({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "shop"},
        "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "shop"}}});
    site.write("repo/k8s/scaler.json", &scaler.to_string());
    deploy(&mut site, 2, &SHORT[..2]).unwrap();
    site.set("PART", "configuration");
    site.step("kube-apply").passes("service/shop configured");
    assert!(site.object("deployment/shop-green").is_null());
    site.set("PART", "workloads");
    site.step("kube-apply")
        .passes("deployment/shop-green configured");
    let scaler = site.object("horizontalpodautoscaler/shop-green");
    assert_eq!(scaler["spec"]["scaleTargetRef"]["name"], "shop-green");
}
