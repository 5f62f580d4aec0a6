//! Deployments by scripts of the project: recorded, brought, and back to what was recorded.

use std::fs;

use super::sandbox::{HOSTILE, Sandbox};

const RECORD: &str = "#!/bin/sh\necho looking >&2\ncat live 2> /dev/null || true\n";
const ENV: [(&str, &str); 4] = [
    ("RECORD_SCRIPT", "deploy/live.sh"),
    ("DEPLOY_SCRIPT", "deploy/bring.sh"),
    ("ROLLBACK_SCRIPT", "deploy/back.sh"),
    ("ENVIRONMENT", "production"),
];

/// A project whose scripts keep what is live in a file.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("deploy/live.sh", RECORD);
    sandbox.write(
        "deploy/bring.sh",
        "echo \"$VERSION for $ENVIRONMENT with $IMAGES\"\necho \"$VERSION\" > live\n",
    );
    sandbox.write("deploy/back.sh", "echo \"$PREVIOUS_VERSION\" > live\n");
    sandbox
}

fn run(sandbox: &Sandbox, script: &str, more: &[(&str, &str)]) -> super::sandbox::Outcome {
    sandbox.run(script, &[&ENV[..], more].concat())
}

fn live(sandbox: &Sandbox) -> String {
    fs::read_to_string(sandbox.path("live")).unwrap_or_default()
}

#[test]
fn a_release_is_brought_and_undone() {
    let sandbox = project();
    let first = run(&sandbox, "custom-record", &[]);
    assert_eq!(first.passes("::notice::").output("previous_version"), "");
    run(&sandbox, "custom-rollback", &[("PREVIOUS_VERSION", "")])
        .fails("no version was live before");
    let images = [("VERSION", "v1"), ("IMAGES", "A=b@sha256:c")];
    let brought = run(&sandbox, "custom-deploy", &images);
    brought.passes("v1 for production with A=b@sha256:c");
    assert_eq!(brought.output("version"), "v1");
    let recorded = run(&sandbox, "custom-record", &[]);
    assert_eq!(recorded.output("previous_version"), "v1");
    run(&sandbox, "custom-deploy", &[("VERSION", "v2")]).passes("version v2 is live");
    let back = [("PREVIOUS_VERSION", "v1")];
    assert_eq!(
        run(&sandbox, "custom-rollback", &back).output("version"),
        "v1"
    );
    assert_eq!(live(&sandbox), "v1\n");
    run(&sandbox, "custom-rollback", &back).passes("nothing to undo");
    let hostile = [("VERSION", "$(touch pwned)")];
    run(&sandbox, "custom-deploy", &hostile).passes("is live");
    assert!(!sandbox.path("pwned").exists());
}

#[test]
fn scripts_that_fail_or_do_nothing_are_failures() {
    let sandbox = project();
    run(&sandbox, "custom-deploy", &[("VERSION", "v1")]).passes("is live");
    sandbox.write("deploy/back.sh", "echo done\n");
    run(&sandbox, "custom-rollback", &[("PREVIOUS_VERSION", "v0")])
        .fails("ended well, but version v1 is live");
    sandbox.write("deploy/back.sh", "exit 3\n");
    run(&sandbox, "custom-rollback", &[("PREVIOUS_VERSION", "v0")]).fails("deploy/back.sh failed");
    sandbox.write("deploy/bring.sh", "exit 3\n");
    run(&sandbox, "custom-deploy", &[("VERSION", "v2")]).fails("deploy/bring.sh failed");
    sandbox.write("deploy/bring.sh", "rm live\n");
    run(&sandbox, "custom-deploy", &[("VERSION", "v2")]).fails("but nothing is live");
    sandbox.write("deploy/live.sh", "exit 1\n");
    run(&sandbox, "custom-record", &[]).fails("cannot say which version is live");
    sandbox.write("deploy/live.sh", "printf '\\033[1m'\n");
    run(&sandbox, "custom-record", &[]).fails("cannot say which version is live");
    run(&sandbox, "custom-record", &[("RECORD_SCRIPT", HOSTILE)]).fails("cannot say");
}
