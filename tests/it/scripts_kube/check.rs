//! kube-check: whether a cluster can take a release.

use serde_json::{Value, json};

use super::rolling::STEPS;
use super::site::Site;
use super::{deploy, image};

fn node(name: &str, ready: &str, pressure: &str, cordoned: bool) -> Value {
    json!({"metadata": {"name": name}, "spec": {"unschedulable": cordoned}, "status": {"conditions": [
        {"type": "MemoryPressure", "status": pressure},
        {"type": "Ready", "status": ready},
    ]}})
}

fn nodes(nodes: &[Value]) -> String {
    json!({"items": nodes}).to_string()
}

fn well() -> String {
    nodes(&[
        node("a", "True", "False", false),
        node("old", "False", "True", true),
    ])
}

/// A cluster with these nodes.
fn site(first: &str) -> Site {
    let mut site = Site::connected();
    site.write("fake/nodes.json", first);
    site.set("WAIT_SECONDS", "0");
    site
}

fn quota(hard: Value, used: Value) -> String {
    json!({"items": [{"metadata": {"name": "team"}, "status": {"hard": hard, "used": used}}]})
        .to_string()
}

#[test]
fn a_cluster_that_is_well_takes_a_release() {
    let site = site(&well());
    let hard = json!({"pods": "10", "requests.cpu": "2", "limits.memory": "4Gi", "services.loadbalancers": "1"});
    let used = json!({"pods": "9", "requests.cpu": "1999m", "limits.memory": "4095Mi", "services.loadbalancers": "1"});
    site.write("fake/quotas.json", &quota(hard, used));
    let outcome = site
        .step("kube-check")
        .passes("all nodes that take pods are ready");
    assert!(!outcome.log.contains("::warning::"), "{outcome:#?}");
    assert!(outcome.log.contains("leave room"));
}

#[test]
fn nodes_that_are_not_ready_stop_it() {
    site(&nodes(&[
        node("a", "True", "False", false),
        node("b", "Unknown", "False", false),
    ]))
    .step("kube-check")
    .fails("the cluster is not well: node b is not ready");
    site(&nodes(&[node("a", "True", "True", false)]))
        .step("kube-check")
        .fails("node a has MemoryPressure");
    for none in [nodes(&[]), nodes(&[node("a", "True", "False", true)])] {
        site(&none).step("kube-check").fails("no node takes pods");
    }
    site(&nodes(&[
        json!({"metadata": {"name": "::stop-commands::x"}}),
    ]))
    .step("kube-check")
    .fails("is not ready");
}

#[test]
fn a_node_may_come_back() {
    let lost = nodes(&[node("a", "False", "False", false)]);
    let mut site = site(&lost);
    site.write("fake/nodes-later.json", &well());
    site.set("WAIT_SECONDS", "120");
    site.step("kube-check")
        .passes("all nodes that take pods are ready");
    site.set("WAIT_SECONDS", "soon");
    site.step("kube-check")
        .fails("WAIT_SECONDS must be a number");
}

#[test]
fn a_quota_that_is_used_up_stops_it() {
    for (key, hard, used) in [
        ("pods", "10", "10"),
        ("requests.cpu", "2", "2000m"),
        ("limits.memory", "1Gi", "1100M"),
        ("memory", "1e9", "1G"),
    ] {
        let site = site(&well());
        site.write(
            "fake/quotas.json",
            &quota(json!({key: hard}), json!({key: used})),
        );
        site.step("kube-check").fails(&format!(
            "quotas of shop are used up: team: {key} {used} of {hard}"
        ));
    }
    let site = site(&well());
    site.write(
        "fake/quotas.json",
        &quota(json!({"pods": "many"}), json!({"pods": "1"})),
    );
    site.step("kube-check")
        .fails("the quotas of shop cannot be read");
}

#[test]
fn what_cannot_be_read_is_not_well() {
    for (call, said) in [
        ("get nodes", "need the right to list them"),
        ("get resourcequotas", "the quotas of shop cannot be read"),
        ("get pods", "the pods of shop cannot be read"),
    ] {
        let site = site(&well());
        site.write("fake/fail", call);
        site.step("kube-check").fails(said);
    }
    for (file, said) in [
        ("nodes", "the nodes cannot be read"),
        ("quotas", "the quotas of shop cannot be read"),
    ] {
        for nothing in ["{}", "", "no"] {
            let site = site(&well());
            site.write(&format!("fake/{file}.json"), nothing);
            site.step("kube-check").fails(said);
        }
    }
}

#[test]
fn pods_that_crash_are_named_and_may_be_mended() {
    let mut site = site(&well());
    site.set("WAIT_SECONDS", "120");
    deploy(&mut site, 1, STEPS).unwrap();
    site.write("fake/broken", &image(1));
    let outcome = site
        .step("kube-check")
        .passes("::warning::pods crash again and again in shop: shop-1-0");
    assert!(outcome.log.contains("leave room"));
}
