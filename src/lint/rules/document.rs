//! `yaml-tag`, `yaml-anchor-unused`, and `duplicate-key` for keys that differ in case: what
//! holds for every node of a file.

use std::collections::HashSet;

use crate::diagnostics::{Applicability, Diagnostic, Diagnostics, Severity};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::source::Span;
use crate::syntax::{Kind, Node};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[
    Rule {
        id: "yaml-anchor-unused",
        group: Group::Correctness,
        severity: Severity::Warning,
        fixes: Fixes::Sometimes,
        finds: "an anchor that no alias names",
        why: "It does nothing. Often its alias is misspelt, or an anchor of the same name below took its place.",
        bad: &["\
on: push
env: &common {A: b}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
        good: &["\
on: push
env: &common {A: b}
jobs: {a: {runs-on: ubuntu-24.04, env: *common, steps: [{run: make}]}}
"],
    },
    Rule {
        id: "yaml-tag",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Always,
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
    },
];

const PREFIX: &str = "tag:yaml.org,2002:";

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    for [_, key, first] in cx.root.alike_keys() {
        found.push(same_in_other_case(key, first));
    }
    // Nothing else is looked for here, and hardly a file has any.
    if !cx.root.tree_has_properties() {
        return;
    }
    let mut anchors = Anchors::default();
    walk(cx, cx.root, &mut anchors, found);
    for node in anchors.put {
        let (Some(name), Some(span)) = (node.anchor(), node.anchor_span()) else {
            continue;
        };
        if !anchors.used.contains(&span) && !anchors.lost.contains(name) {
            let mut location = node.location();
            location.span = span;
            found.push(
                Diagnostic::warning(
                    "yaml-anchor-unused",
                    format!("nothing uses the anchor `{name}`"),
                )
                .at(location)
                .help(format!("take `&{name}` away, or write `*{name}` below"))
                .mend(Applicability::Safe, node.unanchored(cx.text)),
            );
        }
    }
}

#[derive(Default)]
struct Anchors<'t> {
    /// The nodes that have one.
    put: Vec<Node<'t>>,
    /// The places of those that an alias names.
    used: HashSet<Span>,
    /// The names of aliases that lead nowhere, such as one within its own value.
    lost: HashSet<&'t str>,
}

/// Looks at a node and all below it.
fn walk<'t>(cx: &Cx<'t>, node: Node<'t>, anchors: &mut Anchors<'t>, found: &mut Diagnostics) {
    // An alias was looked at where its value stands.
    if node.is_alias() {
        anchors.used.extend(node.anchor_span());
        return;
    }
    if node.anchor_span().is_some() {
        anchors.put.push(node);
    }
    if let Some(tag) = node.tag() {
        found_in(cx, node, tag, found);
    }
    if let Some(text) = node.as_str() {
        if text.is_empty() && !node.is_omitted() {
            let written = cx.text.get(node.span().range()).unwrap_or_default();
            anchors.lost.extend(written.strip_prefix('*'));
        }
        return;
    }
    match node.kind() {
        Kind::Mapping(entries) => {
            for entry in entries {
                walk(cx, entry.key, anchors, found);
                walk(cx, entry.value, anchors, found);
            }
        }
        Kind::Sequence(items) => items.for_each(|item| walk(cx, item, anchors, found)),
        _ => {}
    }
}

/// A key that differs from the first of them in case only; of the same key twice the syntax
/// has told.
pub(super) fn same_in_other_case(key: Node<'_>, first: Node<'_>) -> Diagnostic {
    let [own, known] = [key, first].map(|node| node.as_str().unwrap_or_default());
    Diagnostic::error(
        "duplicate-key",
        format!("the key `{own}` is `{known}` in another case"),
    )
    .at(key.location())
    .label(first.location(), "it stands here first")
    .note("GitHub tells keys apart without looking at case, and refuses the file")
    .help("rename one of them, or take it away")
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
