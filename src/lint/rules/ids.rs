//! `id-duplicate`: a step has the id of an earlier step of its job.

use std::collections::HashMap;

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::Node;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "id-duplicate",
    group: Group::Correctness,
    severity: Severity::Error,
    fixes: Fixes::Never,
    finds: "two steps of a job with ids that differ in case at most",
    why: "Expressions name them by the id, without looking at case; GitHub refuses the file.",
    bad: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{run: make, id: a}, {run: make, id: A}]
"],
    good: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{run: make, id: a}, {run: make, id: b}]
"],
}];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = cx.workflow else {
        return;
    };
    for job in &workflow.jobs {
        once(job.steps.iter().filter_map(|step| step.id), found);
    }
}

fn once<'t>(ids: impl Iterator<Item = Node<'t>>, found: &mut Diagnostics) {
    let mut first: HashMap<String, (&str, Node<'t>)> = HashMap::new();
    for node in ids {
        let Some(id) = node.as_str().filter(|id| !id.is_empty()) else {
            continue;
        };
        let Some((known, earlier)) = first.get(&id.to_ascii_lowercase()) else {
            first.insert(id.to_ascii_lowercase(), (id, node));
            continue;
        };
        found.push(
            Diagnostic::error("id-duplicate", format!("there is a step `{known}` already"))
                .at(node.location())
                .label(earlier.location(), "it is here")
                .note("GitHub tells ids apart without looking at case")
                .help("give it another id"),
        );
    }
}
