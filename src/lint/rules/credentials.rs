//! `hardcoded-credentials`: a password of a registry that stands in the file.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::expression;
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::Node;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "hardcoded-credentials",
    group: Group::Security,
    severity: Severity::Error,
    fixes: Fixes::Never,
    finds: "a password for the registry of a container that is written out",
    why: "Whoever can read the repository has it, and so has its history for good. Change it, and keep the new one as a secret.",
    bad: &[
        JOB,
        "    container: {image: 'example.com/ci:1', credentials: {username: ci, password: hunter2}}\n",
        STEPS,
    ],
    good: &[
        JOB,
        "    container: {image: 'example.com/ci:1', credentials: {username: ci, password: '${{ secrets.REGISTRY }}'}}\n",
        STEPS,
    ],
}];

const JOB: &str = "\
on: push
permissions: {}
jobs:
  build:
    runs-on: ubuntu-24.04
";

const STEPS: &str = "    steps: [{run: make}]\n";

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let jobs = cx.workflow.into_iter().flat_map(|workflow| &workflow.jobs);
    for job in jobs {
        for container in job.containers() {
            let credentials = container.value.get("credentials");
            found.extend(
                credentials
                    .and_then(|node| node.get("password"))
                    .and_then(written),
            );
        }
    }
}

fn written(password: Node<'_>) -> Option<Diagnostic> {
    let text = password.as_str()?;
    (!text.is_empty() && !expression::is_in(text)).then(|| {
        Diagnostic::error("hardcoded-credentials", "a password stands in the file")
            .at(password.location())
            .help("change it, keep the new one as a secret, and write `${{ secrets.NAME }}`")
    })
}
