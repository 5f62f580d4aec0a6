//! `uses-self-repo`: actions of the repository by `./` where `$/` is safer.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "uses-self-repo",
    group: Group::Policy,
    severity: Severity::Warning,
    fixes: Fixes::Never,
    finds: "an action of the repository that is used by `./`",
    why: "`./` is whatever lies in the job's folder by then, `$/` the repository at the commit of the workflow. It needs a runner of version 2.336.0 or newer.",
    bad: &["\
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps: [{uses: actions/checkout@v7}, {uses: ./greet}]
# file: greet/action.yml
name: greet
description: greets
runs: {using: node24, main: index.js}
"],
    good: &["\
on: push
permissions: {}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{uses: $/greet}]}}
# file: greet/action.yml
name: greet
description: greets
runs: {using: node24, main: index.js}
"],
}];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    for step in cx.steps() {
        let uses = step.uses.and_then(|node| Some((node, node.as_str()?)));
        let path = uses.and_then(|(node, text)| Some((node, text.strip_prefix("./")?)));
        if let Some((node, path)) = path {
            found.push(
                Diagnostic::warning(
                    "uses-self-repo",
                    format!("`./{path}` is whatever lies there by then"),
                )
                .at(node.location())
                .note("an earlier step may have changed it")
                .help(format!("write `$/{path}`")),
            );
        }
    }
}
