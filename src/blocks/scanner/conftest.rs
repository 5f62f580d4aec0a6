//! Conftest: the repository's own policies (Rego, in the folder `policy`) for configuration.

use super::{Kind, Scan, Scanner, Scope, go_install};
use crate::pipeline::Step;

pub(super) static SCANNER: Scanner = Scanner {
    name: "conftest",
    kind: Kind::Policy,
    repository: Some(scan),
    ..Scanner::USUAL
};

fn scan(scope: &Scope<'_>) -> Scan {
    let report = scope.sarif();
    let install = go_install("conftest", "github.com/open-policy-agent/conftest");
    // What was kept and what was excepted stands in the report, too, as results.
    let command = format!(
        "{install}\n\
         git ls-files -z -- '*.yml' '*.yaml' '*.tf' '*Dockerfile' ':!.github' ':!policy' |\n  \
         xargs -0 \"$(go env GOPATH)/bin/conftest\" test --policy policy --all-namespaces --no-fail --output sarif > {report}.all\n\
         jq 'del(.runs[].results[]? | select(.level == \"none\" or (.ruleId | endswith(\"/allow\"))))' {report}.all > {report}"
    );
    let steps = vec![Step::run(
        "Check the project's own policies (Conftest)",
        command,
    )];
    Scan::new(report, steps)
}
