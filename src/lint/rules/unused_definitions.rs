//! `unused-definition`: inputs and secrets that nothing reads.

use std::collections::HashSet;

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::expression;
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::Node;
use crate::workflow::Part;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "unused-definition",
    group: Group::Hygiene,
    severity: Severity::Note,
    fixes: Fixes::Never,
    finds: "an input or a secret of a called workflow or a composite action that nothing reads",
    why: "Callers go on passing it, and believe that it does something.",
    bad: &["\
on:
  workflow_call:
    inputs: {size: {type: number}}
permissions: {}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
    good: &["\
on:
  workflow_call:
    inputs: {size: {type: number}}
permissions: {}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: 'make ${{ inputs.size }}'}]}}
"],
}];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    if let Some(trigger) = cx.workflow.and_then(|it| it.trigger("workflow_call")) {
        unread(cx, "input", "inputs", trigger.get("inputs"), found);
        let mut jobs = cx.workflow.into_iter().flat_map(|workflow| &workflow.jobs);
        if !jobs.any(|job| job.node.get("secrets").and_then(Node::as_str) == Some("inherit")) {
            unread(cx, "secret", "secrets", trigger.get("secrets"), found);
        }
    }
    // Programs read their inputs themselves.
    if let Some(action) = cx
        .action
        .filter(|action| action.using() == Some("composite"))
    {
        unread(cx, "input", "inputs", action.inputs, found);
    }
}

fn unread(
    cx: &Cx<'_>,
    what: &str,
    context: &str,
    declared: Option<Node<'_>>,
    found: &mut Diagnostics,
) {
    let Some(declared) = declared.filter(|declared| declared.entries().len() > 0) else {
        return;
    };
    let Some(read) = read(cx, context) else {
        return;
    };
    for entry in declared.entries() {
        let Some(name) = entry.key.as_str() else {
            continue;
        };
        let is_read = read.contains(&name.to_ascii_lowercase());
        // Every called workflow has this one, declared or not.
        if !is_read && !name.eq_ignore_ascii_case("GITHUB_TOKEN") {
            found.push(
                Diagnostic::new(
                    Severity::Note,
                    "unused-definition",
                    format!("nothing reads the {what} `{name}`"),
                )
                .at(entry.key.location())
                .help("take it away, or use it"),
            );
        }
    }
}

/// The names that expressions read from a context, in lower case; nothing where one reads all.
fn read(cx: &Cx<'_>, context: &str) -> Option<HashSet<String>> {
    let mut names = HashSet::new();
    for site in cx.sites {
        let text = site.text;
        if site.implicit {
            collect(text, context, &mut names)?;
            continue;
        }
        if !expression::is_in(text) {
            continue;
        }
        for part in site.parts() {
            if let Part::Expression(inner, _) = part {
                collect(inner, context, &mut names)?;
            }
        }
    }
    Some(names)
}

/// Collects what follows the context's name; gives nothing if that is no name.
fn collect(expression: &str, context: &str, names: &mut HashSet<String>) -> Option<()> {
    let lower = expression.to_ascii_lowercase();
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    for (at, _) in lower.match_indices(context) {
        let end = at + context.len();
        let before = lower[..at].bytes().next_back();
        let rest = lower[end..].trim_start();
        if before.is_some_and(is_part) || lower[end..].bytes().next().is_some_and(is_part) {
            continue;
        }
        let name = if let Some(rest) = rest.strip_prefix('.') {
            let rest = rest.trim_start();
            let length = rest.bytes().take_while(|byte| is_part(*byte)).count();
            &rest[..length]
        } else {
            let quoted = rest.strip_prefix('[')?.trim_start().strip_prefix('\'')?;
            &quoted[..quoted.find('\'')?]
        };
        if name.is_empty() {
            return None;
        }
        names.insert(name.to_owned());
    }
    Some(())
}
