//! Terraform: plan, apply of exactly that plan, drift, locks; and the real program where there is one.

use std::process::Command;

use serde_json::json;

use super::site::{HOSTILE, SECRET, Site};

fn site() -> Site {
    let mut site = Site::new();
    site.write("repo/infra/main.tf", "");
    site.write("repo/infra/.terraform.lock.hcl", "");
    site.set("TERRAFORM_DIR", "infra");
    let change = |address: &str, actions: &[&str]| json!({"address": address, "change": {"actions": actions, "before": {"password": SECRET}}});
    let changes = json!({"resource_changes": [
        change("a.new", &["create"]),
        change("a.same", &["no-op"]),
        change("data.read", &["read"]),
        change("a.key[\"x|y`::z\"]", &["update"]),
        change("a.replaced", &["delete", "create"]),
        change("a.gone", &["delete"]),
    ]});
    site.write("fake/changes.json", &changes.to_string());
    site
}

fn plan(site: &mut Site) {
    let outputs = site
        .step("terraform-plan")
        .passes("2 to add, 1 to change, 2 to destroy")
        .outputs;
    site.set("PLAN_DIGEST", &outputs["plan_digest"]);
}

#[test]
fn the_plan_that_was_shown_is_applied_once() {
    let mut site = site();
    let outcome = site
        .step("terraform-plan")
        .passes("2 to add, 1 to change, 2 to destroy");
    assert_eq!(outcome.outputs["changes"], "true");
    let numbers = ["added", "changed", "destroyed"].map(|name| &*outcome.outputs[name]);
    assert_eq!(numbers, ["2", "1", "2"]);
    assert!(
        outcome
            .summary
            .contains("2 to add, 1 to change, 2 to destroy")
    );
    assert!(
        outcome.summary.contains("| **destroy** | `a.gone` |"),
        "{}",
        outcome.summary
    );
    assert!(
        outcome.summary.contains("| **replace** | `a.replaced` |"),
        "{}",
        outcome.summary
    );
    assert!(
        outcome
            .summary
            .contains("| change | `a.key[\"x\\|y'::z\"]` |"),
        "{}",
        outcome.summary
    );
    assert!(!outcome.summary.contains("a.same"));
    assert!(
        site.take_calls()
            .iter()
            .any(|call| call.contains("-lockfile=readonly"))
    );

    site.set("PLAN_DIGEST", &outcome.outputs["plan_digest"]);
    site.step("terraform-apply")
        .passes("applied the plan of infra");
    assert_eq!(site.read("fake/serial").trim(), "1");
    site.step("terraform-apply")
        .fails("changed after it was planned, and nothing was applied");

    plan(&mut site);
    site.write("temp/terraform.plan", "1 another plan");
    site.step("terraform-apply")
        .fails("is not the plan that was shown");
    assert_eq!(site.read("fake/serial").trim(), "1");
}

#[test]
fn a_plan_that_is_kept_is_encrypted() {
    let mut site = site();
    site.set("PLAN_FILE", &site.path("kept.plan").display().to_string());
    site.set("KEPT", "1");
    site.step("terraform-plan")
        .fails("one which is kept must be encrypted");
    site.set("PLAN_PASSPHRASE", SECRET);
    plan(&mut site);
    let kept = std::fs::read(site.path("kept.plan")).unwrap();
    assert!(!kept.windows(6).any(|window| window == b"secret"));
    assert!(!site.path("temp/terraform.plan").exists());
    site.set("PLAN_PASSPHRASE", "another");
    site.step("terraform-apply").fails("::error::");
    site.set("PLAN_PASSPHRASE", SECRET);
    site.step("terraform-apply").passes("applied");
    let left: Vec<_> = std::fs::read_dir(site.path("temp"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["terraform.log"], "no plan in clear is left");
}

#[test]
fn nothing_to_do_is_no_failure_and_failures_are_told() {
    let mut site = site();
    site.write("fake/locked", "");
    site.step("terraform-plan")
        .fails("another run holds the lock of the state")
        .fails("| Lock Info:");
    std::fs::remove_file(site.path("fake/locked")).unwrap();
    for fail in [" init ", " plan ", " show "] {
        site.write("fake/fail", fail);
        let outcome = site.step("terraform-plan").fails("::error::");
        assert_eq!(outcome.outputs.len(), 0);
    }
    site.write("fake/fail", "");
    plan(&mut site);
    site.write("fake/fail", " apply ");
    site.step("terraform-apply")
        .fails("what it did stays done and is in the state");
    site.write("fake/fail", "");
    for name in ["TERRAFORM", "TERRAFORM_DIR", "LOCK_SECONDS", "ON_FAILURE"] {
        for step in ["terraform-plan", "terraform-apply", "terraform-drift"] {
            site.set(name, HOSTILE);
            if name != "ON_FAILURE" || step == "terraform-drift" {
                site.step(step).fails("::error::");
            }
            site.unset(name);
            site.set("TERRAFORM_DIR", "infra");
        }
    }
    site.write("fake/changes.json", "{}");
    let outcome = site.step("terraform-plan").passes("0 to add");
    assert_eq!(outcome.outputs["changes"], "false");
    assert!(outcome.summary.contains("Nothing to change."));
}

#[test]
fn terraform_gets_the_signal_of_a_stopped_job() {
    let mut site = site();
    plan(&mut site);
    let outcome = site.stop("terraform-apply", " apply ", |_| false);
    assert_eq!(
        (outcome.code, &*site.read("fake/signals")),
        (1, "TERM\n"),
        "{outcome:#?}"
    );
}

#[test]
fn drift_is_named_and_fails_or_warns() {
    let mut site = site();
    site.write("fake/changes.json", "{}");
    assert_eq!(
        site.step("terraform-drift")
            .passes("as the state says")
            .outputs["drift"],
        "false"
    );
    let drift = json!({"resource_drift": [{"address": "a.b", "change": {"actions": ["update"], "after": {"password": SECRET}}},
        {"address": "a.c", "change": {"actions": ["delete"]}}]});
    site.write("fake/changes.json", &drift.to_string());
    let outcome = site
        .step("terraform-drift")
        .fails("2 differences from the state: changed a.b, gone a.c");
    assert_eq!(outcome.outputs["drift"], "true");
    assert_eq!(
        outcome.outputs["problem"],
        "2 differences from the state: changed a.b, gone a.c"
    );
    assert!(
        outcome.summary.contains("- `gone a.c`"),
        "{}",
        outcome.summary
    );
    site.set("ON_FAILURE", "warn");
    site.step("terraform-drift")
        .passes("::warning::2 differences");
    assert!(
        site.take_calls()
            .iter()
            .all(|call| !call.contains(" apply "))
    );
}

#[test]
fn the_real_terraform_does_the_same() {
    let version = Command::new("terraform")
        .arg("version")
        .env("TF_CLI_CONFIG_FILE", "/dev/null")
        .output();
    if !version.is_ok_and(|output| output.status.success()) {
        println!("not run: terraform");
        return;
    }
    let mut site = Site::new();
    std::fs::remove_file(site.path("bin/terraform")).unwrap();
    // Built in, so that nothing is fetched.
    site.write("repo/infra/main.tf", "variable \"v\" {}\nresource \"terraform_data\" \"x\" {\n  input = var.v\n}\noutput \"o\" {\n  value = terraform_data.x.output\n}\n");
    site.set("TERRAFORM_DIR", "infra");
    site.set("TF_VAR_v", "1");
    let outcome = site
        .step("terraform-plan")
        .passes("1 to add, 0 to change, 0 to destroy");
    assert!(
        outcome.summary.contains("| add | `terraform_data.x` |"),
        "{}",
        outcome.summary
    );
    site.set("PLAN_DIGEST", &outcome.outputs["plan_digest"]);
    site.step("terraform-apply").passes("| Apply complete!");
    site.step("terraform-apply")
        .fails("changed after it was planned");
    assert_eq!(
        site.step("terraform-plan").passes("0 to add").outputs["changes"],
        "false"
    );
    assert_eq!(
        site.step("terraform-drift")
            .passes("as the state says")
            .outputs["drift"],
        "false"
    );
    site.set("TF_VAR_v", "2");
    site.step("terraform-plan")
        .passes("0 to add, 1 to change, 0 to destroy");
    // A lock that somebody holds, as the local backend keeps it.
    let held = site.path("repo/infra/terraform.tfstate");
    let mut state: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&held).unwrap()).unwrap();
    state["outputs"]["o"]["value"] = "changed".into();
    std::fs::write(&held, state.to_string()).unwrap();
    let outcome = site
        .step("terraform-drift")
        .fails("1 differences from the state: changed output.o");
    assert_eq!(outcome.outputs["drift"], "true");
}
