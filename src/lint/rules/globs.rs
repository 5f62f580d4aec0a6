//! `glob-pattern`: filters of branches, tags and paths that GitHub cannot read, or that match
//! nothing.

mod faults;

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::expression;
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::lint::rules::globs::faults::{Names, faults};
use crate::syntax::{Kind, Node};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "glob-pattern",
    group: Group::Correctness,
    severity: Severity::Error,
    fixes: Fixes::Never,
    finds: "a pattern of a filter that cannot be read, or that can match nothing",
    why: "The workflow would never run for what the pattern means. Branches and tags are named without `refs/heads/`, paths from the root of the repository without `./`.",
    bad: &["\
on:
  push: {paths: ['./src/**'], branches: ['release/[0-9']}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
    good: &["\
on:
  push: {paths: ['src/**'], branches: ['release/[0-9]+']}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
}];

/// The keys of events that hold patterns.
const FILTERS: [(&str, Names); 8] = [
    ("branches", Names::Refs),
    ("branches-ignore", Names::Refs),
    ("names", Names::Other),
    ("paths", Names::Paths),
    ("paths-ignore", Names::Paths),
    ("tags", Names::Refs),
    ("tags-ignore", Names::Refs),
    ("versions", Names::Other),
];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = cx.workflow else {
        return;
    };
    for trigger in &workflow.triggers {
        for filter in trigger.config.into_iter().flat_map(Node::entries) {
            let key = filter.key.as_str();
            let names = FILTERS.iter().find(|(name, _)| key == Some(*name));
            if let Some((_, names)) = names {
                patterns(cx, filter.value, *names, found);
            }
        }
    }
    for job in &workflow.jobs {
        let snapshot = job.node.get("snapshot");
        if let Some(version) = snapshot.and_then(|node| node.get("version")) {
            patterns(cx, version, Names::Other, found);
        }
    }
}

/// A pattern, or a list of them.
fn patterns(cx: &Cx<'_>, node: Node<'_>, names: Names, found: &mut Diagnostics) {
    match node.kind() {
        Kind::Sequence(items) => items.for_each(|item| pattern(cx, item, names, found)),
        _ => pattern(cx, node, names, found),
    }
}

fn pattern(cx: &Cx<'_>, node: Node<'_>, names: Names, found: &mut Diagnostics) {
    let Some(text) = node.as_str() else {
        return;
    };
    if text.is_empty() || expression::is_in(text) {
        return;
    }
    for fault in faults(text, names) {
        let place = match fault.at.is_empty() {
            true => node.head(cx.text),
            false => node.place_within(cx.text, fault.at),
        };
        found.push(
            Diagnostic::new(fault.weight, "glob-pattern", fault.message)
                .at(place)
                .help(fault.help),
        );
    }
}
