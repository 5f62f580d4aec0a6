//! `block-scalar-newline`: a line break at the end of a value that is compared or joined.

use crate::diagnostics::{Applicability, Diagnostic, Diagnostics, Severity};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::{Kind, Node, Style};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "block-scalar-newline",
    group: Group::Correctness,
    severity: Severity::Note,
    fixes: Fixes::Sometimes,
    finds: "a block scalar of one line whose value ends in a line break",
    why: "`|` and `>` keep the last line break, so the value is not equal to what it looks like, and what is joined to it stands on the next line. `|-` and `>-` take it away.",
    bad: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    env:
      LEVEL: >
        ${{ github.ref == 'refs/heads/main' && 'high' || 'low' }}
    steps: [{run: make}]
"],
    good: &["\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    env:
      LEVEL: >-
        ${{ github.ref == 'refs/heads/main' && 'high' || 'low' }}
    steps: [{run: make}]
"],
}];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = cx.workflow else {
        return;
    };
    let mut below = |node: Node<'_>, keys: &[&str]| {
        for value in keys.iter().filter_map(|key| node.get(key)) {
            walk(cx, value, found);
        }
    };
    below(workflow.node, &["env", "concurrency"]);
    for job in &workflow.jobs {
        below(job.node, &["env", "concurrency", "outputs"]);
        if let Some(strategy) = job.node.get("strategy") {
            below(strategy, &["matrix"]);
        }
        for step in &job.steps {
            below(step.node, &["env"]);
        }
    }
}

fn walk(cx: &Cx<'_>, node: Node<'_>, found: &mut Diagnostics) {
    if node.is_alias() {
        return;
    }
    match node.kind() {
        Kind::Mapping(entries) => entries.for_each(|entry| walk(cx, entry.value, found)),
        Kind::Sequence(items) => items.for_each(|item| walk(cx, item, found)),
        _ => found.extend(one(cx, node)),
    }
}

fn one(cx: &Cx<'_>, node: Node<'_>) -> Option<Diagnostic> {
    let mark = match node.style() {
        Style::Literal => '|',
        Style::Folded => '>',
        _ => return None,
    };
    let line = node.as_str()?.strip_suffix('\n')?;
    // A text of several lines is meant to have them; more breaks were asked for by `+`.
    (!line.contains('\n')).then(|| {
        Diagnostic::new(
            Severity::Note,
            "block-scalar-newline",
            "the value ends in a line break",
        )
        .at(node.location())
        .note(format!("`{mark}` keeps the line break at the end"))
        .help(format!("write `{mark}-` in place of `{mark}`"))
        .mend(Applicability::Unsafe, node.stripped(cx.text))
    })
}
