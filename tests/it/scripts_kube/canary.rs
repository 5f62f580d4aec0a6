//! Canary: by the weights of an HTTPRoute, and by Argo Rollouts.

use std::sync::OnceLock;

use serde_json::{Value, json};

use super::site::{SECRET, Site, Snapshot, deployment};
use super::{deploy, image, prepare};

const STABLE: &[&str] = &["kube-record", "kube-render", "kube-apply", "kube-wait"];

fn weights(site: &Site) -> Value {
    let route = site.object("httproute/shop");
    json!([
        route["spec"]["rules"][1]["backendRefs"][0]["weight"],
        route["spec"]["rules"][1]["backendRefs"][1]["weight"]
    ])
}

/// A cluster where v1 is stable, and v2 has been started beside it as the canary.
fn site_with_canary() -> Site {
    static MADE: OnceLock<Snapshot> = OnceLock::new();
    Site::made(&MADE, make_canary)
}

fn make_canary() -> Site {
    let mut site = Site::connected();
    let route = json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": "shop"},
    "spec": {"rules": [
        {"backendRefs": [{"name": "admin", "port": 80}]},
        {"backendRefs": [{"name": "shop", "port": 80}, {"name": "shop-canary", "port": 80, "weight": 0}]},
    ]}});
    site.write("repo/k8s/route.json", &route.to_string());
    for (name, value) in [
        ("HTTP_ROUTE", "shop"),
        ("STABLE_SERVICE", "shop"),
        ("CANARY_SERVICE", "shop-canary"),
        ("CHECK_COMMAND", "true"),
    ] {
        site.set(name, value);
    }
    deploy(&mut site, 1, STABLE).unwrap();
    deploy(&mut site, 2, &STABLE[..2]).unwrap();
    site.set("COLOUR", "canary");
    site.step("kube-apply").passes("deployment/shop-canary");
    site.step("kube-wait")
        .passes("deployment/shop-canary is ready");
    assert_eq!(
        (
            site.runs("deployment/shop"),
            site.runs("deployment/shop-canary")
        ),
        (image(1), image(2))
    );
    site.write("fake/traffic", "");
    site
}

#[test]
fn the_canary_gets_more_and_more_and_then_the_stable_one_follows() {
    let mut site = site_with_canary();
    site.set(
        "CHECK_COMMAND",
        "echo ::stop-commands::x; echo checked >> ../checks",
    );
    let outcome = site
        .step("kube-canary")
        .passes("100 % of the traffic goes to shop-canary");
    assert_eq!(outcome.outputs["weight"], "100");
    assert_eq!(
        site.read("fake/traffic"),
        "[null,95,5]\n[null,75,25]\n[null,50,50]\n[null,0,100]\n"
    );
    assert_eq!(site.read("checks").lines().count(), 4);

    // A route that is there keeps its weights while the stable version is replaced.
    site.set("COLOUR", "");
    site.step("kube-apply").passes("deployment/shop configured");
    site.step("kube-wait").passes("is ready");
    assert_eq!(weights(&site), json!([0, 100]));
    site.set("COLOUR", "canary");
    site.step("kube-canary-end")
        .passes("all traffic goes to shop");
    assert_eq!(
        (weights(&site), site.replicas("deployment/shop-canary")),
        (json!([100, 0]), json!(0))
    );
    assert_eq!(site.runs("deployment/shop"), image(2));

    site.step("kube-rollback").passes("version v1 is live");
    assert_eq!(site.runs("deployment/shop"), image(1));
}

#[test]
fn a_canary_that_does_badly_gets_nothing() {
    let mut site = site_with_canary();
    site.set(
        "CHECK_COMMAND",
        "echo x >> ../checks; test $(wc -l < ../checks) -lt 3",
    );
    let outcome = site
        .step("kube-canary")
        .fails("2 checks in a row failed: the check command failed");
    assert_eq!(outcome.outputs["weight"], "0");
    assert_eq!(
        site.read("fake/traffic"),
        "[null,95,5]\n[null,75,25]\n[null,50,50]\n[null,100,0]\n"
    );
    site.take_calls();
    site.step("kube-rollback").passes("version v1 is live");
    let calls = site.take_calls();
    let first = calls
        .iter()
        .find(|call| {
            [" patch ", " scale ", " undo "]
                .iter()
                .any(|word| call.contains(word))
        })
        .unwrap();
    assert!(
        first.contains("patch httproute/shop"),
        "the weights come first: {calls:#?}"
    );
    assert_eq!(
        (
            site.runs("deployment/shop"),
            site.replicas("deployment/shop-canary")
        ),
        (image(1), json!(0))
    );

    // A weight that cannot be changed half-way: the traffic goes back as well.
    let site = site_with_canary();
    site.write("fake/fail", "value..:50");
    site.step("kube-canary")
        .fails("the weights were not changed");
    assert_eq!(weights(&site), json!([100, 0]));
}

#[test]
fn a_job_stopped_at_a_step_takes_the_traffic_back() {
    for (check, seconds) in [("true", "60"), ("sleep 15", "0")] {
        let mut site = site_with_canary();
        site.set("CHECK_COMMAND", check);
        site.set("STEP_SECONDS", seconds);
        let outcome = site.stop("kube-canary", "", |site| weights(site) == json!([95, 5]));
        assert_eq!(outcome.code, 143, "{outcome:#?}");
        assert_eq!(outcome.outputs["weight"], "0");
        assert_eq!(weights(&site), json!([100, 0]));
    }
}

#[test]
fn no_data_is_no_good_news() {
    let mut site = site_with_canary();
    site.set("CHECK_COMMAND", "");
    site.step("kube-canary")
        .fails("nothing tells how the new version does");
    let answers = [
        (
            r#"{"status":"success","data":{"result":[]}}"#,
            "Prometheus has no data",
        ),
        (
            r#"{"status":"success","data":{"result":[{"value":[1,"NaN"]}]}}"#,
            "Prometheus has no data",
        ),
        (
            r#"{"status":"success","data":{"result":[{"value":[1,"0.2"]}]}}"#,
            "Prometheus: 0.2 is above 0.05",
        ),
    ];
    site.set("PROMETHEUS_QUERY", "errors{a=\"$(touch pwned)\"}");
    site.set("PROMETHEUS_TOKEN", SECRET);
    for (answer, problem) in answers {
        site.write(
            "bin/curl",
            &format!("#!/bin/sh\nprintf '%s ' \"$@\" >> \"$FAKE/calls\"\necho '{answer}'\n"),
        );
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(site.path("bin/curl"), mode).unwrap();
        site.set("PROMETHEUS_URL", "http://prometheus/");
        site.step("kube-canary").fails(problem);
        assert_eq!(weights(&site), json!([100, 0]));
    }
    site.write("bin/curl", "#!/bin/sh\necho '{\"status\":\"success\",\"data\":{\"result\":[{\"value\":[1,\"0.01\"]}]}}'\n");
    site.step("kube-canary").passes("100 %");
    for steps in ["", "0", "50,50", "50,101", "5;25", "a[$(touch pwned)]"] {
        site.set("STEPS", steps);
        if !steps.is_empty() {
            site.step("kube-canary").fails("STEPS must");
        }
    }
}

/// A cluster with v1 as an Argo rollout of four steps.
fn site_with_rollout() -> Site {
    static MADE: OnceLock<Snapshot> = OnceLock::new();
    Site::made(&MADE, make_rollout)
}

fn make_rollout() -> Site {
    let mut site = Site::connected();
    let mut rollout = deployment("shop", &image(1));
    rollout["kind"] = "Rollout".into();
    rollout["spec"]["strategy"] = json!({"canary": {"steps": [{"setWeight": 5}, {"pause": {}}, {"setWeight": 50}, {"pause": {}}]}});
    site.write("repo/k8s/shop.yaml", &rollout.to_string());
    for (name, value) in [
        ("WORKLOADS", "rollout/shop"),
        ("ROLLOUT", "shop"),
        ("CHECK_COMMAND", "true"),
    ] {
        site.set(name, value);
    }
    prepare(&mut site, 1);
    site.step("kube-render").passes("rollout/shop");
    site.step("kube-apply").passes("rollout/shop");
    let mut live = site.object("rollout/shop");
    live["status"] = json!({"phase": "Healthy", "observedGeneration": "1"});
    site.put("rollout/shop", &live);
    site.take_calls();
    site
}

#[test]
fn argo_is_promoted_from_pause_to_pause_and_undone() {
    let mut site = site_with_rollout();
    deploy(&mut site, 2, &["kube-record", "kube-argo"]).unwrap();
    assert_eq!(site.runs("rollout/shop"), image(2));
    let calls = site.take_calls();
    let argo: Vec<_> = calls
        .iter()
        .filter(|call| call.contains("argo rollouts"))
        .collect();
    assert_eq!(argo.len(), 3, "{argo:#?}");
    assert!(
        argo[0].ends_with(&format!("set image shop web={}", image(2))),
        "{argo:#?}"
    );
    assert!(
        argo[1].ends_with("promote shop") && argo[2].ends_with("promote shop"),
        "{argo:#?}"
    );

    site.step("kube-rollback")
        .passes("version")
        .passes("rollout/shop is ready");
    assert_eq!(site.runs("rollout/shop"), image(1));
}

#[test]
fn argo_is_aborted_when_checks_fail_or_the_job_is_stopped() {
    let mut site = site_with_rollout();
    site.set("CHECK_COMMAND", "false");
    let (step, outcome) = deploy(&mut site, 2, &["kube-record", "kube-argo"]).unwrap_err();
    assert_eq!(step, "kube-argo");
    outcome
        .fails("2 checks in a row failed")
        .fails("rollout/shop is aborted");
    site.step("kube-rollback").passes("rollout/shop is ready");
    assert_eq!(site.runs("rollout/shop"), image(1));

    let mut site = site_with_rollout();
    deploy(&mut site, 2, &["kube-record"]).unwrap();
    site.set("STEP_SECONDS", "60");
    let outcome = site.stop("kube-argo", "", |site| {
        site.read("log").contains("paused after step 1")
    });
    assert_eq!(outcome.code, 143, "{outcome:#?}");
    assert_eq!(site.object("rollout/shop")["status"]["phase"], "Degraded");
    site.step("kube-rollback").passes("rollout/shop is ready");
    assert_eq!(site.runs("rollout/shop"), image(1));

    // On the way to a pause, too.
    site.write("fake/stuck", "");
    site.set("WAIT_SECONDS", "60");
    site.take_calls();
    prepare(&mut site, 4);
    let outcome = site.stop("kube-argo", "", |site| {
        let calls = site.read("fake/calls");
        calls
            .split_once("set image")
            .is_some_and(|(_, after)| after.contains("get rollout/shop"))
    });
    assert_eq!(outcome.code, 143, "{outcome:#?}");
    assert!(
        outcome.log.contains("rollout/shop is aborted"),
        "{outcome:#?}"
    );

    prepare(&mut site, 3);
    site.set(
        "IMAGES",
        &format!("x=ghcr.io/acme/other@sha256:{}", "3".repeat(64)),
    );
    site.step("kube-argo")
        .fails("no container of rollout/shop is for ghcr.io/acme/other");
}

#[test]
fn between_two_colours_the_idle_one_gets_its_shares_before_the_switch() {
    let mut site = Site::connected();
    let service = |name: &str| {
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
            "spec": {"selector": {"app": "shop", "slot": "blue"}, "ports": [{"port": 80}]}})
    };
    let route = json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": "shop"},
    "spec": {"rules": [{}, {"backendRefs": [{"name": "shop", "port": 80}, {"name": "shop-next", "port": 80, "weight": 0}]}]}});
    site.write("repo/k8s/next.json", &service("shop-next").to_string());
    site.write("repo/k8s/route.json", &route.to_string());
    let steps = ["kube-record", "kube-render", "kube-apply", "kube-wait"];
    for (name, value) in [
        ("SERVICE", "shop"),
        ("HTTP_ROUTE", "shop"),
        ("CHECK_COMMAND", "true"),
    ] {
        site.set(name, value);
    }
    site.set("STABLE_SERVICE", "shop");
    site.set("CANARY_SERVICE", "shop-next");
    deploy(&mut site, 1, &steps).unwrap();
    site.step("kube-switch").passes("traffic goes to blue");
    deploy(&mut site, 2, &steps).unwrap();
    site.write("fake/traffic", "");
    site.set("SERVICE", "shop-next");
    site.step("kube-switch").passes("traffic goes to green");
    site.set("STEPS", "10,100");
    site.step("kube-canary")
        .passes("100 % of the traffic goes to shop-next");
    assert_eq!(
        site.object("service/shop")["spec"]["selector"]["slot"],
        "blue"
    );
    site.set("SERVICE", "shop");
    site.step("kube-switch").passes("traffic goes to green");
    site.unset("WORKLOADS");
    site.step("kube-canary-end")
        .passes("all traffic goes to shop");
    assert_eq!(weights(&site), json!([100, 0]));
    assert_ne!(site.replicas("deployment/shop-green"), json!(0));

    site.set("WORKLOADS", "deployment/shop\n");
    site.step("kube-rollback").passes("version v1 is live");
    assert_eq!(
        site.object("service/shop")["spec"]["selector"]["slot"],
        "blue"
    );
}

#[test]
fn an_address_that_fails_ends_a_canary() {
    let mut site = site_with_canary();
    site.unset("CHECK_COMMAND");
    site.set("HEALTH_URL", "http://127.0.0.1:9/health");
    let outcome = site
        .step("kube-canary")
        .fails("http://127.0.0.1:9/health does not answer");
    assert_eq!(outcome.outputs["weight"], "0");
    site.unset("HEALTH_URL");
    site.step("kube-canary")
        .fails("nothing tells how the new version does");
}
