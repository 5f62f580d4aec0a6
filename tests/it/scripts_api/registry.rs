//! image-platforms and choose-image, against a registry that keeps what it is given.

use serde_json::json;

use super::sandbox::{HOSTILE, Outcome, Sandbox};

const API: &str = "ghcr.io/acme/shop/api";
const TAGS: &str = "ghcr.io/acme/shop/api:sha-0123\nghcr.io/acme/shop/api:latest\n";
const BOTH: &str = "linux/amd64 linux/arm64";

struct Registry {
    sandbox: Sandbox,
}

impl Registry {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        sandbox.program("docker", include_str!("registry.sh"));
        Self { sandbox }
    }

    /// Pushes an image by its digest as a builder does: in a list, with its provenance beside it.
    fn push(&self, arch: &str, number: u8) -> String {
        let digest = format!("sha256:{}", number.to_string().repeat(64));
        let inner = format!("sha256:{}", (number + 1).to_string().repeat(64));
        let platform = |os: &str, arch: &str| json!({"os": os, "architecture": arch});
        let list = json!({"manifests": [
            {"digest": inner, "platform": platform("linux", arch)},
            {"digest": "sha256:00", "platform": platform("unknown", "unknown")},
        ]});
        let blob = format!("registry/blobs/{digest}");
        self.sandbox.write(&blob, &list.to_string());
        self.sandbox
            .write(&format!("digests/{arch}"), &format!("{digest}\n"));
        inner
    }

    fn fails_at(&self, pattern: &str) {
        self.sandbox.write("registry/fail", pattern);
    }

    fn list(&self, tags: &str, platforms: &str) -> Outcome {
        let folder = self.sandbox.path("digests");
        let env = [
            ("TAGS", tags),
            ("PLATFORMS", platforms),
            ("DIGESTS", folder.to_str().unwrap()),
        ];
        self.sandbox.run("image-platforms", &env)
    }

    fn choose(&self, images: &str, more: &[(&str, &str)]) -> Outcome {
        let env = [("IMAGES", images), ("WANTED", "API_IMAGE")];
        self.sandbox.run("choose-image", &[&env[..], more].concat())
    }

    /// What a tag names.
    fn tag(&self, tag: &str) -> Option<String> {
        let path = format!("registry/tags/{}:{tag}", API.replace('/', "%"));
        std::fs::read_to_string(self.sandbox.path(&path)).ok()
    }
}

#[test]
fn platforms_become_one_list_under_all_tags() {
    let registry = Registry::new();
    let amd = registry.push("amd64", 1);
    let arm = registry.push("arm64", 3);
    let outcome = registry.list(TAGS, BOTH);
    outcome.passes("is for linux/amd64 linux/arm64");
    let digest = outcome.output("digest").to_owned();
    for tag in ["sha-0123", "latest"] {
        assert_eq!(registry.tag(tag).as_deref(), Some(&*digest));
    }
    let images = format!("WEB_IMAGE=ghcr.io/acme/shop/web@{digest}\nAPI_IMAGE={API}@{digest}\n");
    let whole = registry.choose(&images, &[]);
    assert_eq!(whole.output("image"), format!("{API}@{digest}"));
    for (platform, wanted) in [("linux/amd64", &amd), ("linux/arm64", &arm)] {
        let chosen = registry.choose(&images, &[("PLATFORM", platform)]);
        assert_eq!(chosen.output("image"), format!("{API}@{wanted}"));
        assert_eq!(
            (chosen.output("name"), chosen.output("digest")),
            (API, wanted.as_str())
        );
    }
    registry
        .choose(&images, &[("PLATFORM", "linux/riscv64")])
        .fails("has no image for linux/riscv64");
    registry
        .choose(&images, &[("PLATFORM", HOSTILE)])
        .fails("has no image for");
    registry
        .choose(&images, &[("WANTED", "OTHER_IMAGE")])
        .fails("OTHER_IMAGE is not among the images");
    for none in [
        "",
        "API_IMAGE=",
        "API_IMAGE=ghcr.io/acme/shop/api:latest",
        HOSTILE,
    ] {
        registry
            .choose(none, &[])
            .fails("API_IMAGE is not among the images");
    }
    registry.fails_at("--raw");
    registry
        .choose(&images, &[("PLATFORM", "linux/arm64")])
        .fails("has no image for linux/arm64");
}

#[test]
fn a_platform_that_is_not_there_gives_no_list() {
    let registry = Registry::new();
    registry.push("amd64", 1);
    registry
        .list(TAGS, BOTH)
        .fails("no job has left the digest of ghcr.io/acme/shop/api for linux/arm64");
    registry.sandbox.write("digests/arm64", "\n");
    registry
        .list(TAGS, BOTH)
        .fails("has no digest for linux/arm64");
    // A Dockerfile that names a platform itself gives the wrong one.
    let wrong = registry.push("amd64", 5);
    assert_ne!(wrong, "");
    let text = std::fs::read_to_string(registry.sandbox.path("digests/amd64")).unwrap();
    registry.push("amd64", 1);
    registry.sandbox.write("digests/arm64", &text);
    registry
        .list(TAGS, BOTH)
        .fails("is for linux/amd64 linux/amd64 instead of linux/amd64 linux/arm64");
}

#[test]
fn a_registry_that_fails_is_no_success() {
    let registry = Registry::new();
    registry.push("amd64", 1);
    registry.push("arm64", 3);
    for (call, said) in [
        ("imagetools create", "cannot be put together"),
        ("--format", "cannot be found in the registry"),
        ("--raw", "is no list of platforms"),
    ] {
        registry.fails_at(call);
        registry.list(TAGS, BOTH).fails(said);
    }
    registry.fails_at("");
    registry.list("\n", BOTH).fails("TAGS names no tag");
    registry
        .list(TAGS, " ")
        .fails("PLATFORMS names no platform");
    registry.list(TAGS, "linux/../x").fails("is not a platform");
    registry
        .list("ghcr.io/acme/shop/api:a\nghcr.io/acme/shop/web:a", BOTH)
        .fails("is not in ghcr.io/acme/shop/api");
    for tag in [HOSTILE, "--help", "ghcr.io/Acme/api:a", "ghcr.io/acme/api"] {
        registry
            .list(tag, BOTH)
            .fails("is not an image with its tag");
    }
    registry.list(TAGS, HOSTILE).fails("is not a platform");
}
