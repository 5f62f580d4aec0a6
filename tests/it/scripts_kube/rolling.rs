//! Rolling: one colour, revisions.

use std::sync::OnceLock;

use super::site::{HOSTILE, SECRET, Site, Snapshot};
use super::{deploy, image, prepare};

pub(super) const STEPS: &[&str] = &["kube-record", "kube-render", "kube-apply", "kube-wait"];

fn site_with_v1() -> Site {
    static MADE: OnceLock<Snapshot> = OnceLock::new();
    Site::made(&MADE, || {
        let mut site = Site::connected();
        deploy(&mut site, 1, STEPS).unwrap();
        site.take_calls();
        site
    })
}

#[test]
fn a_deployment_goes_forward_and_back() {
    let mut site = site_with_v1();
    assert_eq!(site.runs("deployment/shop"), image(1));
    deploy(&mut site, 2, STEPS).unwrap();
    assert_eq!(site.runs("deployment/shop"), image(2));
    let calls = site.take_calls();
    let first_change = calls
        .iter()
        .position(|call| call.contains(" apply ") && call.contains("kube-apply"))
        .unwrap();
    let record = calls
        .iter()
        .position(|call| call.contains(" apply --filename=-"))
        .unwrap();
    assert!(
        record < first_change,
        "recorded before anything changes: {calls:#?}"
    );
    assert!(
        calls[first_change].contains("--dry-run=server"),
        "checked before it is applied: {calls:#?}"
    );

    let outcome = site.step("kube-rollback").passes("version v1 is live");
    assert_eq!(outcome.outputs["version"], "v1");
    assert_eq!(site.runs("deployment/shop"), image(1));
    assert!(
        site.take_calls()
            .iter()
            .any(|call| call.contains("rollout undo deployment/shop --to-revision=1"))
    );
    // The revision has another number by now.
    site.step("kube-rollback")
        .passes("only its images")
        .passes("version v1 is live");
    assert_eq!(site.runs("deployment/shop"), image(1));

    // By hand, from the ConfigMap.
    deploy(&mut site, 3, STEPS).unwrap();
    site.unset("RECORD");
    site.step("kube-rollback").passes("version v1 is live");
    assert_eq!(site.runs("deployment/shop"), image(1));
    assert_eq!(site.step("kube-record").outputs["previous_version"], "v1");
}

#[test]
fn a_failure_anywhere_is_undone() {
    let mut site = site_with_v1();
    site.unset("RECORD");
    let mut fails = |step: &'static str, patterns: &[&str]| {
        for pattern in patterns {
            let mut failing = site.copy();
            failing.set("WAIT_SECONDS", "1");
            failing.write("fake/fail", pattern);
            let (_, outcome) = deploy(&mut failing, 2, &[step]).expect_err(pattern);
            outcome.fails("::error::");
            if step != "kube-wait" {
                assert_eq!(failing.runs("deployment/shop"), image(1), "{pattern}");
            }
            failing.write("fake/fail", "");
            failing.set("WAIT_SECONDS", "120");
            // Nothing is left to undo where the deployment got no further than its record.
            if ["kube-apply", "kube-wait"].contains(&step) {
                failing.step("kube-rollback").passes("version v1 is live");
            }
            assert_eq!(failing.runs("deployment/shop"), image(1), "{pattern}");
        }
        deploy(&mut site, 2, &[step]).unwrap();
        site.unset("RECORD");
    };
    fails(
        "kube-record",
        &["get configmap", "get deployment", "apply --filename=-"],
    );
    fails("kube-render", &["kustomize", "create --dry-run=client"]);
    fails("kube-apply", &["dry-run=server", "apply --filename=/"]);
    fails("kube-wait", &["rollout status", "get pods --selector"]);
}

#[test]
fn a_version_that_does_not_start_is_told_and_undone() {
    let mut site = site_with_v1();
    site.set("WAIT_SECONDS", "1");
    site.write("fake/broken", "@sha256:2");
    let (step, outcome) = deploy(&mut site, 2, STEPS).unwrap_err();
    assert_eq!(step, "kube-wait");
    outcome
        .fails("deployment/shop was not rolled out within 1 seconds")
        .fails("| ::error::an event");
    site.set("WAIT_SECONDS", "120");
    site.step("kube-rollback").passes("version v1 is live");

    // Rolled out, but a pod is not ready, as when an autoscaler adds one that fails.
    site.write("fake/broken", "");
    deploy(&mut site, 3, STEPS).unwrap();
    site.write("fake/broken", "@sha256:3");
    site.write("fake/rolled-out", "");
    site.set("WAIT_SECONDS", "1");
    site.step("kube-wait").fails("deployment/shop: pod shop-");
}

#[test]
fn what_runs_must_be_this_release() {
    let mut site = site_with_v1();
    prepare(&mut site, 2);
    site.step("kube-wait")
        .fails("no workload runs ghcr.io/acme/shop@sha256:2222");
    site.set("WORKLOADS", "deployment/other");
    site.step("kube-wait").fails("deployment/other");
    site.set("WORKLOADS", "deployment/shop");
    // Somebody scaled it to nothing: then there are no pods to look at.
    let mut object = site.object("deployment/shop");
    object["spec"]["replicas"] = 0.into();
    site.put("deployment/shop", &object);
    prepare(&mut site, 1);
    site.step("kube-wait").passes("is ready");
}

#[test]
fn a_second_attempt_keeps_what_the_first_one_found() {
    let mut site = site_with_v1();
    site.write("fake/fail", "rollout status");
    deploy(&mut site, 2, STEPS).unwrap_err();
    site.write("fake/fail", "");
    deploy(&mut site, 2, STEPS).unwrap();
    site.step("kube-rollback").passes("version v1 is live");
    assert_eq!(site.runs("deployment/shop"), image(1));
    // A new version after a deployment that was undone starts from the version that is live.
    deploy(&mut site, 3, &STEPS[..1]).unwrap();
    assert_eq!(site.step("kube-record").outputs["previous_version"], "v1");
}

#[test]
fn the_first_deployment_has_nothing_to_go_back_to() {
    let mut site = Site::connected();
    site.step("kube-rollback")
        .fails("nothing was deployed to namespace shop yet");
    prepare(&mut site, 1);
    let outcome = site.step("kube-record").passes("version none is live");
    assert_eq!(outcome.outputs["previous_version"], "");
    assert_eq!(outcome.outputs["colour"], "");
    deploy(&mut site, 1, STEPS).unwrap();
    site.step("kube-rollback")
        .fails("there is nothing to go back to");
    assert_eq!(site.runs("deployment/shop"), image(1));
}

#[test]
fn a_cluster_that_does_not_answer_is_not_an_empty_one() {
    let mut site = site_with_v1();
    site.write("fake/fail", "get ");
    prepare(&mut site, 2);
    let outcome = site
        .step("kube-record")
        .fails("cannot read deployment/shop");
    assert_eq!(outcome.outputs.len(), 0);
}

#[test]
fn hostile_values_are_refused() {
    let mut site = site_with_v1();
    prepare(&mut site, 2);
    site.set("MIGRATE_COMMAND", "true");
    let defaults = [
        ("NAMESPACE", "shop"),
        ("WORKLOADS", "deployment/shop"),
        ("RECORD_NAME", "shop-release"),
        ("MANIFESTS", "k8s"),
        ("VERSION", "v2"),
        ("RELEASE", "run-2"),
        ("COLOUR", ""),
        ("IMAGES", &format!("shop={}", image(2))),
    ];
    for (step, name) in [
        ("kube-connect", "NAMESPACE"),
        ("kube-record", "NAMESPACE"),
        ("kube-record", "VERSION"),
        ("kube-record", "WORKLOADS"),
        ("kube-record", "RECORD_NAME"),
        ("kube-render", "MANIFESTS"),
        ("kube-render", "IMAGES"),
        ("kube-apply", "PART"),
        ("kube-apply", "COLOUR"),
        ("kube-apply", "WORKLOADS"),
        ("kube-wait", "WAIT_SECONDS"),
        ("kube-wait", "POLL_SECONDS"),
        ("kube-wait", "COLOUR"),
        ("kube-migrate", "RELEASE"),
        ("kube-rollback", "RECORD"),
        ("kube-rollback", "SLOT_LABEL"),
        ("kube-rollback", "WAIT_SECONDS"),
    ] {
        site.set(name, HOSTILE);
        let outcome = site.step(step);
        assert!(
            outcome.code == 1 && outcome.log.contains("::error::"),
            "{step} {name}: {outcome:#?}"
        );
        assert_eq!(site.runs("deployment/shop"), image(1), "{step} {name}");
        site.unset(name);
        for (name, value) in defaults {
            site.set(name, value);
        }
    }
}

#[test]
fn the_connection_is_private_and_checked() {
    let mut site = Site::new();
    let config = |more: &str| {
        format!(
            r#"{{"current-context":"c","clusters":[{{"name":"c","cluster":{{"server":"https://k"{more}}}}}],"users":[{{"user":{{"token":"{SECRET}"}}}}]}}"#
        )
    };
    site.set("KUBECONFIG_DATA", &config(""));
    site.step("kube-connect")
        .passes("connected, to deploy in namespace shop");
    let path = site.path("temp/kubeconfig");
    assert_eq!(
        site.read("github-env"),
        format!("KUBECONFIG={}\n", path.display())
    );
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);

    // As `base64 kubeconfig` prints it, in lines.
    let encoded = std::process::Command::new("bash")
        .args(["-c", "base64 <<< \"$0\"", &config("")])
        .output()
        .unwrap();
    site.set(
        "KUBECONFIG_DATA",
        &String::from_utf8(encoded.stdout).unwrap(),
    );
    site.step("kube-connect").passes("connected");
    assert!(site.read("temp/kubeconfig").contains(SECRET));

    site.set(
        "KUBECONFIG_DATA",
        &config(r#","insecure-skip-tls-verify":true"#),
    );
    site.step("kube-connect")
        .fails("does not check who the cluster is");
    for wrong in ["not a config", HOSTILE, "{\"clusters\": []}"] {
        site.set("KUBECONFIG_DATA", wrong);
        site.step("kube-connect")
            .fails("::error::KUBECONFIG_DATA is");
    }
    site.unset("KUBECONFIG_DATA");
    site.write("fake/can-i", "no - ::stop-commands::x");
    site.step("kube-connect")
        .fails("these credentials may not patch deployments");
    site.write("fake/fail", "auth can-i");
    site.step("kube-connect")
        .fails("the cluster cannot be reached");
}

const IMAGES_ONLY: &[&str] = &["kube-record", "kube-images", "kube-set-image", "kube-wait"];

#[test]
fn images_alone_go_forward_and_back_and_leave_the_rest() {
    let mut site = site_with_v1();
    deploy(&mut site, 2, &["kube-record", "kube-images"]).unwrap();
    assert_eq!(
        site.runs("deployment/shop"),
        image(1),
        "looking changes nothing"
    );
    site.take_calls();
    deploy(&mut site, 2, IMAGES_ONLY).unwrap();
    assert_eq!(site.runs("deployment/shop"), image(2));
    assert!(
        site.take_calls()
            .iter()
            .all(|call| !call.contains("--filename=/"))
    );
    site.step("kube-rollback").passes("version v1 is live");
    assert_eq!(site.runs("deployment/shop"), image(1));

    // By the name of the container, whatever image it has had.
    site.set(
        "IMAGES",
        &format!("WEB_IMAGE=registry.example.com/other@{}", super::digest(3)),
    );
    site.step("kube-images")
        .passes("deployment/shop: web gets registry.example.com/other");
    site.set(
        "IMAGES",
        &format!("OTHER_IMAGE=ghcr.io/acme/other@{}", super::digest(3)),
    );
    site.step("kube-images")
        .fails("no container is for ghcr.io/acme/other");
    site.set("WORKLOADS", "deployment/none");
    site.step("kube-images").fails("apply its manifests first");
    site.set("WORKLOADS", HOSTILE);
    site.step("kube-images").fails("in WORKLOADS is no");
    site.step("kube-set-image").fails("in WORKLOADS is no");
}

#[test]
fn migrations_run_with_the_new_image_where_only_images_change() {
    let mut site = site_with_v1();
    site.set("MIGRATE_COMMAND", "migrate up");
    deploy(
        &mut site,
        2,
        &["kube-record", "kube-images", "kube-migrate"],
    )
    .unwrap();
    let job = site.object("job/migrate-run-2");
    let image_of_job = &job["spec"]["template"]["spec"]["containers"][0]["image"];
    assert_eq!(image_of_job.as_str().unwrap(), image(2));
}

#[test]
fn a_cluster_of_eks_is_found_by_its_name() {
    let mut site = Site::new();
    site.set("CLUSTER", "shop-cluster");
    site.step("kube-eks").passes("the cluster is shop-cluster");
    assert_eq!(site.read("temp/kubeconfig"), "clusters: [shop-cluster]\n");
    site.write("fake/fail", "aws");
    site.step("kube-eks")
        .fails("cannot be found with this login");
    site.set("CLUSTER", HOSTILE);
    site.step("kube-eks").fails("is not the name of a cluster");
}
