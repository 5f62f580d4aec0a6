//! Images: their names, their platforms, and what is found in them.

use serde_json::json;

use super::{context, place, workflow};
use crate::seeds::evaluate::text;
use crate::seeds::read::passes;

/// The names that a push gives an image, by the rules for the action that makes them.
fn names(kind: &str, name: &str) -> Vec<String> {
    let build = workflow("docker-build");
    let metadata = build.job("build-and-push").step("Name and label the image");
    assert_eq!(
        metadata.with("flavor"),
        "latest=false",
        "the action's own rule gives tags `latest`"
    );
    let github = json!({"github": {"ref_type": kind, "ref_name": name}});
    let rules = text(&metadata.with("tags"), &context(github));
    let mut names = Vec::new();
    for rule in rules.lines() {
        let value = |key: &str| {
            let mut pairs = rule.split(',').filter_map(|pair| pair.split_once('='));
            pairs
                .find(|(known, _)| *known == key)
                .map(|(_, value)| value)
        };
        if value("enable") == Some("false") {
            continue;
        }
        let prefix = value("prefix")
            .unwrap_or_default()
            .replace("{{branch}}", name);
        names.extend(
            match (value("type").unwrap(), value("event"), value("format")) {
                ("ref", Some(event), _) => (event == kind).then(|| name.to_owned()),
                ("raw", ..) => value("value").map(str::to_owned),
                ("sha", _, Some("short")) => Some(format!("{prefix}abc1234")),
                ("sha", _, Some("long")) => Some(format!("{prefix}abc1234…")),
                _ => panic!("{rule}"),
            },
        );
    }
    names.sort();
    names
}

/// VQM-A6
#[test]
fn a6_names_say_branch_commit_and_version_and_latest_is_main() {
    let build = workflow("docker-build");
    let push = build.trigger("push");
    assert_eq!(push.branches, ["main", "develop"]);
    assert!(passes(&push.tags, "v1.0.0") && !passes(&push.tags, "nightly"));
    assert_eq!(
        names("branch", "main"),
        ["latest", "main-abc1234", "sha-abc1234…"]
    );
    assert_eq!(
        names("branch", "develop"),
        ["develop", "develop-abc1234", "sha-abc1234…"]
    );
    assert_eq!(names("tag", "v1.0.0"), ["v1.0.0"]);
    let job = build.job("build-and-push");
    assert_eq!(job.matrix("image"), ["backend", "frontend"]);
}

/// VQM-A7
#[test]
fn a7_both_images_are_published_for_two_platforms() {
    let build = workflow("docker-build");
    let job = build.job("build-and-push");
    let both = "linux/amd64,linux/arm64";
    assert_eq!(job.matrix("platforms"), [both, both]);
    let push = job.step("Build and push");
    assert_eq!(push.with("platforms"), "${{ matrix.platforms }}");
    assert_eq!(push.with("push"), "true");
    assert_eq!(job.permissions["packages"], "write");
    assert_eq!(job.using("docker/login-action").with("registry"), "ghcr.io");
    let emulator = place(job, job.using("docker/setup-qemu-action"));
    assert!(emulator < place(job, push));
    let named = job.step("Name and label the image").with("images");
    assert_eq!(
        named,
        "ghcr.io/${{ github.repository }}/${{ matrix.image }}"
    );
}

/// VQM-A8
#[test]
fn a8_each_published_image_is_scanned_by_its_digest() {
    let build = workflow("docker-build");
    let job = build.job("build-and-push");
    let scan = job.step("Scan the image (Trivy)");
    assert!(
        scan.with("image-ref")
            .ends_with("@${{ steps.build.outputs.digest }}"),
        "{}",
        scan.with("image-ref")
    );
    assert_eq!(scan.with("format"), "sarif");
    let upload = job.step("Show the reports in the Security tab");
    assert!(place(job, job.step("Build and push")) < place(job, scan));
    assert!(place(job, scan) < place(job, upload));
    let policy = job.script("severity-policy");
    let effects = policy.env("POLICY");
    assert!(
        !effects.contains("block"),
        "findings are only shown: {effects}"
    );
}

/// VQM-A9
#[test]
fn a9_an_image_above_one_gigabyte_warns() {
    let build = workflow("docker-build");
    let job = build.job("build-and-push");
    let policy = job.script("image-policy");
    assert_eq!(
        (policy.env("MAX_SIZE_MB"), policy.env("ON_SIZE")),
        ("1024".into(), "warn".into())
    );
    let pull = job.step("Fetch the image");
    assert_eq!(pull.env("IMAGE"), policy.env("IMAGE"));
    assert!(place(job, pull) < place(job, policy));
}
