//! `yaml-tag`: a tag that GitHub does not know, or that its value contradicts.

use crate::diagnostics::{Applicability, Diagnostic, Diagnostics, Severity};
use crate::lint::Cx;
use crate::lint::rule::{Family, Group, Rule};
use crate::syntax::{Kind, Node};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "yaml-tag",
    group: Group::Correctness,
    severity: Severity::Error,
    finds: "a tag of YAML that GitHub does not know, or that its value contradicts",
    why: "GitHub refuses the file.",
    bad: &["\
on: push
jobs:
  build:
    name: !!timestamp 2026-01-01
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
    good: &["\
on: push
jobs:
  build:
    name: '2026-01-01'
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
}];

const PREFIX: &str = "tag:yaml.org,2002:";

/// Looks at a node and all below it.
fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    walk(cx, cx.root, found);
}

fn walk(cx: &Cx<'_>, node: Node<'_>, found: &mut Diagnostics) {
    // An alias was looked at where its value stands.
    if node.is_alias() {
        return;
    }
    if let Some(tag) = node.tag() {
        found_in(cx, node, tag, found);
    }
    match node.kind() {
        Kind::Mapping(entries) => {
            for entry in entries {
                walk(cx, entry.key, found);
                walk(cx, entry.value, found);
            }
        }
        Kind::Sequence(items) => items.for_each(|item| walk(cx, item, found)),
        _ => {}
    }
}

fn found_in(cx: &Cx<'_>, node: Node<'_>, tag: &str, found: &mut Diagnostics) {
    let name = tag
        .strip_prefix("!!")
        .or_else(|| {
            tag.trim_start_matches("!<")
                .trim_end_matches('>')
                .strip_prefix(PREFIX)
        })
        .unwrap_or_default();
    let text = node.as_str();
    let fits = match name {
        "str" => text.is_some(),
        "bool" => text.is_some_and(|text| {
            matches!(text, "true" | "True" | "TRUE" | "false" | "False" | "FALSE")
        }),
        "int" => text.is_some_and(|text| {
            text.parse::<i64>().is_ok() || text.starts_with("0x") || text.starts_with("0o")
        }),
        "float" => text.is_some_and(|text| {
            text.parse::<f64>().is_ok()
                || text
                    .trim_start_matches(['-', '+'])
                    .eq_ignore_ascii_case(".inf")
                || text.eq_ignore_ascii_case(".nan")
        }),
        "null" => text.is_some_and(|text| matches!(text, "" | "~" | "null" | "Null" | "NULL")),
        "map" => matches!(node.kind(), Kind::Mapping(_)),
        "seq" => matches!(node.kind(), Kind::Sequence(_)),
        _ => false,
    };
    if fits {
        return;
    }
    let known = matches!(
        name,
        "str" | "bool" | "int" | "float" | "null" | "map" | "seq"
    );
    let message = if known {
        format!("the value is no `{tag}`")
    } else {
        format!("GitHub does not know the tag `{tag}`")
    };
    // Without its tag, a number or the like would no longer be text.
    let stays_text = text.is_some() && matches!(node.kind_without_tag(), Kind::String(_));
    let applicability = match stays_text && !known {
        true => Applicability::Safe,
        false => Applicability::Unsafe,
    };
    found.push(
        Diagnostic::error("yaml-tag", message)
            .at(node.location())
            .help("take the tag away, and quote the value if text is meant")
            .mend(applicability, node.untagged(cx.text)),
    );
}
