//! KubeLinter: good practice for Kubernetes manifests and Helm charts.

use super::{Kind, Scan, Scanner, Scope, go_install};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "kube-linter",
    kind: Kind::Policy,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let report = scope.sarif();
    let install = go_install(
        "kube-linter",
        "golang.stackrox.io/kube-linter/cmd/kube-linter",
    );
    // Code 1 means findings, or an error that leaves no report. What it says of its
    // invocation is whether it found something, not whether it could do its work.
    let command = format!(
        "{install}\n\
         \"$(go env GOPATH)/bin/kube-linter\" lint . --fail-if-no-objects-found --format sarif > {report}.all || [ $? -eq 1 ]\n\
         jq 'del(.runs[].invocations)' {report}.all > {report}"
    );
    let steps = vec![Step::run(
        "Check Kubernetes manifests (KubeLinter)",
        command,
    )];
    Scan::new(report, steps)
}
