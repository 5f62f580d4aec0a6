//! The scripts that deploy to Kubernetes, with Helm, by Terraform and with golang-migrate, run for
//! real by bash and jq. Only the tools that need a cluster, a cloud or a database are stand-ins
//! (`scripts_kube/command.sh`), and they keep what those would keep.

mod canary;
mod check;
mod colours;
mod contract;
mod helm;
mod infrastructure;
mod migrations;
mod rendering;
mod rolling;
mod site;

use site::{Outcome, Site};

/// The scripts that these tests are about.
const SCRIPTS: &[&str] = &[
    "golang-migrate",
    "helm-record",
    "helm-rollback",
    "helm-upgrade",
    "kube-apply",
    "kube-argo",
    "kube-canary",
    "kube-canary-end",
    "kube-check",
    "kube-connect",
    "kube-eks",
    "kube-health",
    "kube-images",
    "kube-migrate",
    "kube-record",
    "kube-render",
    "kube-retire",
    "kube-rollback",
    "kube-set-image",
    "kube-switch",
    "kube-wait",
    "terraform-apply",
    "terraform-drift",
    "terraform-plan",
];

fn digest(version: u8) -> String {
    format!("sha256:{}", version.to_string().repeat(64))
}

fn image(version: u8) -> String {
    format!("ghcr.io/acme/shop@{}", digest(version))
}

/// Makes a version of one digit the next one to deploy.
fn prepare(site: &mut Site, version: u8) {
    site.set("VERSION", &format!("v{version}"));
    site.set("RELEASE", &format!("run-{version}"));
    site.set("IMAGES", &format!("SHOP_IMAGE={}\n", image(version)));
}

/// Runs the steps up to the first that fails, and names that one. What `kube-record` tells is given
/// to the steps after it, as a workflow does.
fn deploy(
    site: &mut Site,
    version: u8,
    steps: &[&'static str],
) -> Result<(), (&'static str, Outcome)> {
    prepare(site, version);
    for step in steps {
        let outcome = site.step(step);
        if *step == "kube-record" {
            for (name, output) in [
                ("COLOUR", "colour"),
                ("PREVIOUS_COLOUR", "previous_colour"),
                ("RECORD", "record"),
            ] {
                if let Some(value) = outcome.outputs.get(output) {
                    site.set(name, value);
                }
            }
        }
        if outcome.code != 0 {
            return Err((step, outcome));
        }
    }
    Ok(())
}
