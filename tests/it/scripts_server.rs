//! The scripts that deploy with Compose over SSH, run for real: bash, ssh, tar and curl against a
//! private sshd. Only docker and nginx are stand-ins (`scripts_server/command.sh`).

mod connection;
mod deploy;
mod programs;
mod roll_back;
mod runner;
mod site;

use site::{Outcome, Site};

/// The steps of a blue-green deployment in their order.
const BLUE_GREEN: &[&str] = &[
    "compose-record",
    "ssh-copy",
    "compose-pull",
    "compose-backup",
    "compose-migrate",
    "compose-up",
    "compose-health",
    "compose-switch",
];
/// What a test needs of them that is about something else.
const SHORT: &[&str] = &["compose-record", "ssh-copy", "compose-up", "compose-switch"];
const DIRECT: &[&str] = SHORT.split_at(3).0;

fn image(version: u8) -> String {
    format!("ghcr.io/o/shop@sha256:{}", version.to_string().repeat(64))
}

fn use_blue_green(site: &mut Site) {
    let (blue, green) = (site.blue.to_string(), site.green.to_string());
    site.set("BLUE_PORT", &blue);
    site.set("GREEN_PORT", &green);
}

/// Makes a version of one digit the next one to deploy, as release `run-VERSION`.
fn prepare(site: &mut Site, version: u8) {
    site.set("VERSION", &format!("v{version}"));
    site.set("EXPECTED_VERSION", &format!("v{version}"));
    site.set("RELEASE", &format!("run-{version}"));
    site.set("IMAGES", &format!("BACKEND_IMAGE={}\n", image(version)));
    site.write("repo/config/production.env", &format!("LEVEL={version}\n"));
}

/// Runs the steps up to the first that fails, and names that one.
fn deploy(
    site: &mut Site,
    version: u8,
    steps: &[&'static str],
) -> Result<(), (&'static str, Outcome)> {
    prepare(site, version);
    for step in steps {
        let outcome = site.step(step);
        if outcome.code != Some(0) {
            return Err((step, outcome));
        }
    }
    Ok(())
}

/// A server where v1 is live: on blue, or in place.
fn site_with_v1(steps: &[&'static str]) -> Option<Site> {
    let mut site = Site::start()?;
    if steps.contains(&"compose-switch") {
        use_blue_green(&mut site);
    }
    site.step("ssh-connect").succeeded();
    deploy(&mut site, 1, steps).unwrap();
    site.take_calls();
    Some(site)
}
