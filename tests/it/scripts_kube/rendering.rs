//! The manifests that are made, and the real kubectl on what the stand-in is given.

use std::process::Command;

use serde_json::{Value, json};

use super::site::{Site, deployment};
use super::{image, prepare};

fn manifests(site: &Site) -> Vec<Value> {
    serde_json::from_str(&site.read("temp/kube-manifests.json")).unwrap()
}

#[test]
fn images_get_their_digests_and_the_repository_stays_as_it_is() {
    let mut site = Site::connected();
    prepare(&mut site, 2);
    site.step("kube-render").passes("| deployment/shop");
    let named = |at: usize| {
        manifests(&site)[at]["spec"]["template"]["spec"]["containers"][0]["image"].clone()
    };
    assert_eq!(named(1), image(2), "by its repository");
    assert!(site.read("repo/k8s/shop.yaml").contains("shop:dev"));

    // A kustomization, and an image that manifests know by a name of their own.
    site.write(
        "repo/k8s/kustomization.yaml",
        r#"{"resources": ["shop.yaml"]}"#,
    );
    site.write(
        "repo/k8s/shop.yaml",
        &deployment("shop", "backend").to_string(),
    );
    site.set("IMAGES", &format!("backend={}", image(3)));
    site.step("kube-render").passes("deployment/shop");
    assert_eq!(manifests(&site).len(), 1);
    assert!(site.read("temp/kube-manifests.json").contains(&image(3)));
}

#[test]
fn an_image_that_no_manifest_names_is_told() {
    let mut site = Site::connected();
    prepare(&mut site, 2);
    site.set(
        "IMAGES",
        &format!(
            "{}\nother=ghcr.io/acme/other@sha256:{}",
            image(2).replace("ghcr", "shop=ghcr"),
            "3".repeat(64)
        ),
    );
    site.step("kube-render")
        .fails("no manifest has an image `other` or `ghcr.io/acme/other`");
    site.set("IMAGES", "\n");
    site.step("kube-render").fails("IMAGES names none");
    for images in ["shop=ghcr.io/acme/shop:v1", "shop", "a b=c@sha256:0", "=x"] {
        site.set("IMAGES", images);
        site.step("kube-render")
            .fails("in IMAGES is no `NAME=image@sha256:...`");
    }
    prepare(&mut site, 2);
    site.write("repo/empty/.keep", "");
    site.set("MANIFESTS", "empty");
    site.step("kube-render").fails("empty holds no manifest");
    site.set("MANIFESTS", "k8s");
    site.set("WORKLOADS", "deployment/other");
    site.step("kube-render").passes("deployment/shop");
    site.step("kube-apply")
        .fails("no manifest is for deployment/other");
}

#[test]
fn the_migration_is_a_pod_that_no_service_selects() {
    let mut site = Site::connected();
    prepare(&mut site, 2);
    site.set(
        "MIGRATE_COMMAND",
        "migrate up; echo \"$X\"\n::stop-commands::x",
    );
    site.step("kube-render").passes("deployment/shop");
    let outcome = site
        .step("kube-migrate")
        .passes("| migrated\n| ::stop-commands::x");
    assert_eq!(outcome.outputs["job"], "migrate-run-2");
    let job = site.object("job/migrate-run-2");
    let template = &job["spec"]["template"];
    assert_eq!(
        template["metadata"]["labels"],
        json!({"app.kubernetes.io/component": "migration"})
    );
    let expected = json!([{"name": "web", "image": image(2), "envFrom": [{"secretRef": {"name": "shop"}}],
        "command": ["sh", "-c", "migrate up; echo \"$X\"\n::stop-commands::x"]}]);
    assert_eq!(template["spec"]["containers"], expected);
    assert_eq!(template["spec"]["serviceAccountName"], "shop");
    assert_eq!(
        (
            &template["spec"]["restartPolicy"],
            &job["spec"]["backoffLimit"]
        ),
        (&json!("Never"), &json!(0))
    );
    assert!(template["spec"]["initContainers"].is_null());
    site.set("CONTAINER", "absent");
    site.step("kube-migrate")
        .fails("no manifest has container absent of deployment/shop");
}

#[test]
fn a_migration_that_fails_or_goes_on_is_told() {
    let mut site = Site::connected();
    prepare(&mut site, 2);
    site.set("MIGRATE_COMMAND", "false");
    site.step("kube-render").passes("deployment/shop");
    let command = site.read("bin/kubectl");
    let fails = command.replace(
        r#"{type: "Complete", status: "True"}"#,
        r#"{type: "Failed", status: "True", reason: "DeadlineExceeded", message: "::stop-commands::x"}"#,
    );
    assert_ne!(command, fails);
    site.write("bin/kubectl", &fails);
    let outcome = site
        .step("kube-migrate")
        .fails("::error::the migration failed: DeadlineExceeded");
    assert!(outcome.log.contains("| migrated"), "{outcome:#?}");

    site.write(
        "bin/kubectl",
        &command.replace(
            r#"{type: "Complete", status: "True"}"#,
            r#"{type: "Suspended", status: "False"}"#,
        ),
    );
    site.set("RELEASE", "run-3");
    let outcome = site.stop("kube-migrate", "", |site| {
        site.read("output").contains("job=")
    });
    assert_eq!(outcome.code, 143);
    assert!(
        outcome
            .log
            .contains("job/migrate-run-3 goes on in the cluster"),
        "{outcome:#?}"
    );
}

/// The overlay that the script writes means to the real kubectl what it means to the stand-in.
#[test]
fn kubectl_renders_the_overlay() {
    let version = Command::new("kubectl")
        .args(["version", "--client"])
        .output();
    if !version.is_ok_and(|output| output.status.success()) {
        println!("not run: kubectl");
        return;
    }
    let mut site = Site::connected();
    prepare(&mut site, 2);
    for kustomization in [false, true] {
        if kustomization {
            site.write("repo/k8s/kustomization.yaml", "resources: [shop.yaml]\n");
        }
        // The real program for `kustomize` alone, and YAML made JSON for the stand-in.
        let real = "#!/usr/bin/env bash\nfor last; do :; done\n\
            [[ $1 != kustomize ]] || PATH=${PATH#*:} exec kubectl \"$@\"\n\
            [[ $* != *dry-run=client* ]] || { grep -o 'image: .*' \"${last#*=}\" | sort > \"$FAKE/images\"; echo '{}'; exit; }\n";
        site.write("bin/kubectl", real);
        site.step("kube-render");
        let images = site.read("fake/images");
        assert_eq!(
            images,
            format!("image: busybox:1\nimage: envoy:1\nimage: {}\n", image(2)),
            "{}",
            site.read("log")
        );
    }
}
