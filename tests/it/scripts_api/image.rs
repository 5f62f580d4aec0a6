//! image-policy, against a `docker` that answers from files.

use serde_json::json;

use super::sandbox::{HOSTILE, Outcome, Sandbox};

fn image(user: &str, more: &[(&str, &str)]) -> Outcome {
    let sandbox = Sandbox::new();
    let details = json!([{"Config": {"User": user}, "Size": 200_500_000}]);
    sandbox
        .fake("docker")
        .answers("image inspect -- shop:ci", &[&details.to_string()]);
    sandbox.run("image-policy", &[&[("IMAGE", "shop:ci")], more].concat())
}

#[test]
fn images_do_not_run_as_root() {
    for user in ["", "0", "root", "0:0", "root:app", "00:1000", ":1000"] {
        image(user, &[]).fails("shop:ci runs as root");
    }
    for user in ["app", "1000", "1000:0", "10001:10001", "rooty"] {
        image(user, &[]).passes("shop:ci runs as user");
    }
    image("app", &[("IMAGE", HOSTILE)]).fails("::error::the image -x");
    let sandbox = Sandbox::new();
    sandbox
        .fake("docker")
        .answers("*", &[r#"[{"Config":{"User":"app"}}]"#]);
    sandbox
        .run("image-policy", &[("IMAGE", "x")])
        .fails("Docker names no size");
    image("root", &[("ROOT_USER", "warn")]).passes("::warning::shop:ci runs as root");
    image("root", &[("ROOT_USER", "allow")]).passes("runs as user root");
}

#[test]
fn images_keep_their_size_and_base() {
    image("app", &[("MAX_SIZE_MB", "201")]).passes("200 MB");
    image("app", &[("MAX_SIZE_MB", "200")]).fails("has 200 MB, more than 200");
    image("app", &[("MAX_SIZE_MB", "a[$(touch pwned)]")]).fails("must be a number");

    let based = |dockerfile: &str, bases: Option<&str>| {
        let sandbox = Sandbox::new();
        sandbox
            .fake("docker")
            .answers("*", &[r#"[{"Config":{"User":"app"},"Size":1}]"#]);
        let file = sandbox.write("Docker file", dockerfile);
        let mut env = vec![("IMAGE", "x"), ("DOCKERFILE", file.as_str())];
        env.extend(bases.map(|bases| ("MINIMAL_BASES", bases)));
        sandbox.run("image-policy", &env)
    };
    based("FROM python:3.12 AS build\nRUN x\nfrom --platform=linux/amd64 python:3.12-slim as run\nCOPY --from=build a b\n", None).passes("python:3.12-slim is a minimal");
    based(
        "FROM alpine:3.20 AS base\nFROM node:22 AS build\nFROM base\n",
        None,
    )
    .passes("alpine:3.20 is a minimal");
    based("FROM alpine AS build\nFROM python:3.12\n", None)
        .passes("::warning::")
        .passes("builds on python:3.12, which is no minimal");
    based("FROM python:3.12\n", Some("ubuntu:*\npython:3.1?")).passes("python:3.12 is a minimal");
    based("# nothing\n", None)
        .passes("::warning::")
        .passes("an unknown image");
    based("FROM $(touch pwned)::x\n", Some(HOSTILE)).passes("::warning::");
    image("app", &[("DOCKERFILE", "/does/not/exist")]).fails("cannot be read");
}
