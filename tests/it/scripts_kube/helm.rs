//! Helm 3 and 4: upgrade, Helm's own way back, and ours.

use serde_json::{Value, json};

use super::site::{HOSTILE, Site};
use super::{image, prepare};

fn site_with_release(versions: u8) -> Site {
    let mut site = Site::connected();
    site.write("fake/helm-version", "v4.2.4");
    site.write("repo/values/prod.yaml", "a: 1\n");
    site.set("CHART", "charts/shop");
    for version in 1..=versions {
        upgrade(&mut site, version);
        site.step("helm-upgrade")
            .passes(&format!("is version v{version}"));
    }
    site.take_calls();
    site
}

fn upgrade(site: &mut Site, version: u8) {
    prepare(site, version);
    site.set("RELEASE", "shop");
    site.set("IMAGES", &format!("backend.image={}", image(version)));
}

fn history(site: &Site) -> Vec<Value> {
    serde_json::from_str(&site.read("fake/helm.json")).unwrap()
}

#[test]
fn a_release_goes_forward_and_back() {
    let mut site = site_with_release(0);
    site.set("RELEASE", "shop");
    assert_eq!(
        site.step("helm-record")
            .passes("revision none of shop is live")
            .outputs["revision"],
        ""
    );
    site.step("helm-rollback")
        .fails("helm cannot read the history of shop");

    let mut site = site_with_release(1);
    let recorded = site
        .step("helm-record")
        .passes("revision 1 of shop is live, version v1")
        .outputs;
    assert_eq!(
        (&*recorded["revision"], &*recorded["previous_version"]),
        ("1", "v1")
    );
    site.step("helm-rollback")
        .fails("there is nothing to go back to");
    upgrade(&mut site, 2);
    site.set("VALUES_FILES", "values/prod.yaml\n");
    let outputs = site
        .step("helm-upgrade")
        .passes("revision 2 of shop is version v2")
        .outputs;
    assert_eq!(outputs["revision"], "2");
    let (repository, digest) = ("ghcr.io/acme/shop", super::digest(2));
    assert_eq!(
        history(&site)[1]["values"],
        json!({"backend": {"image": {"repository": repository, "digest": digest}}})
    );
    let call = site
        .take_calls()
        .into_iter()
        .find(|call| call.contains(" upgrade "))
        .unwrap();
    assert!(
        call.contains("--install")
            && call.contains("--rollback-on-failure")
            && call.contains("--values=values/prod.yaml"),
        "{call}"
    );

    site.set("IMAGES", &format!("SHOP_IMAGE={}", image(2)));
    site.set("PATHS", "SHOP_IMAGE=web.image\n");
    site.step("helm-upgrade").passes("is version v2");
    assert_eq!(
        history(&site)[2]["values"]["web"]["image"]["digest"],
        digest
    );
    let two = format!("A={0}\nB={0}", image(2));
    site.set("IMAGES", &two);
    site.set("PATHS", "A=image\nB=image");
    site.step("helm-upgrade")
        .fails("several images have the path `image`");

    site.set("REVISION", "1");
    assert_eq!(
        site.step("helm-rollback")
            .passes("revision 1 of shop is live, version v1")
            .outputs["version"],
        "v1"
    );
    assert_eq!(history(&site).len(), 4);
    site.step("helm-rollback")
        .passes("revision 1 of shop is live already");
    assert_eq!(history(&site).len(), 4);
    assert_eq!(site.step("helm-record").outputs["previous_version"], "v1");

    // By hand: what was live before, not the copy that a roll-back made.
    upgrade(&mut site, 4);
    site.step("helm-upgrade").passes("version v4");
    site.unset("REVISION");
    assert_eq!(
        site.step("helm-rollback").passes("is live").outputs["version"],
        "v1"
    );
    site.set("REVISION", "99");
    site.step("helm-rollback").fails("shop has no revision 99");
}

#[test]
fn a_failed_upgrade_is_taken_back_by_helm_or_by_the_roll_back() {
    for back in ["back", "no"] {
        let mut site = site_with_release(1);
        site.write("fake/helm-fails", back);
        upgrade(&mut site, 2);
        let outcome = site
            .step("helm-upgrade")
            .fails("shop was not upgraded to version v2");
        assert!(
            outcome.log.contains("| Error: UPGRADE FAILED"),
            "{outcome:#?}"
        );
        site.set("REVISION", "1");
        let outcome = site
            .step("helm-rollback")
            .passes("revision 1 of shop is live");
        assert_eq!(outcome.outputs["version"], "v1");
        assert_eq!(
            outcome.log.contains("already"),
            back == "back",
            "{outcome:#?}"
        );
        assert_eq!(
            history(&site).last().unwrap()["description"],
            "Rollback to 1"
        );
    }
}

#[test]
fn helm_gets_the_signal_of_a_stopped_job() {
    let mut site = site_with_release(1);
    upgrade(&mut site, 2);
    let outcome = site.stop("helm-upgrade", "helm upgrade", |_| false);
    assert_eq!(
        (outcome.code, &*site.read("fake/signals")),
        (1, "TERM\n"),
        "{outcome:#?}"
    );
}

#[test]
fn each_helm_has_its_own_word() {
    let mut site = site_with_release(0);
    for (version, word) in [("v3.19.0", "--atomic"), ("v4.0.1", "--rollback-on-failure")] {
        site.write("fake/helm-version", version);
        upgrade(&mut site, 1);
        site.step("helm-upgrade").passes("is version v1");
        assert!(
            site.take_calls().iter().any(|call| call.contains(word)),
            "{version}"
        );
    }
    site.write("fake/helm-version", "v2.17.0");
    site.step("helm-upgrade").fails("neither version 3 nor 4");
}

#[test]
fn a_pending_release_and_hostile_values_are_refused() {
    let mut site = site_with_release(1);
    for (step, name) in [
        ("helm-record", "RELEASE"),
        ("helm-upgrade", "CHART"),
        ("helm-upgrade", "VERSION"),
        ("helm-upgrade", "CHART_VERSION"),
        ("helm-upgrade", "VALUES_FILES"),
        ("helm-upgrade", "IMAGES"),
        ("helm-upgrade", "WAIT_SECONDS"),
        ("helm-rollback", "REVISION"),
    ] {
        upgrade(&mut site, 2);
        site.set("CHART", "charts/shop");
        site.set(name, HOSTILE);
        site.step(step).fails("::error::");
        site.unset(name);
    }
    assert_eq!(history(&site).len(), 1);
    site.set("RELEASE", "shop");
    let mut all = history(&site);
    all[0]["description"] = HOSTILE.into();
    site.write("fake/helm.json", &json!(all).to_string());
    assert_eq!(
        site.step("helm-record").passes("revision 1").outputs["previous_version"],
        ""
    );
    all.push(
        json!({"revision": 2, "status": "pending-upgrade", "description": "Preparing upgrade"}),
    );
    site.write("fake/helm.json", &json!(all).to_string());
    site.step("helm-record")
        .fails("shop is pending-upgrade at revision 2");
    // What was killed half-way is what a roll-back is for.
    site.set("REVISION", "1");
    site.step("helm-rollback")
        .passes("revision 1 of shop is live");
    assert_eq!(history(&site).len(), 3);
}
