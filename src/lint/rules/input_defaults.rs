//! `input-default-type`: the default of an input against its type.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::expression;
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::{Entry, Node};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "input-default-type",
    group: Group::Correctness,
    severity: Severity::Error,
    fixes: Fixes::Never,
    finds: "an expression as a default that gives another type than its input",
    why: "GitHub refuses the run.",
    bad: &["\
on:
  workflow_call:
    inputs: {name: {type: string}, size: {type: number, default: '${{ inputs.name }}'}}
permissions: {}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: 'make ${{ inputs.size }} ${{ inputs.name }}'}]}}
"],
    good: &["\
on:
  workflow_call:
    inputs: {step: {type: number}, size: {type: number, default: '${{ inputs.step }}'}}
permissions: {}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: 'make ${{ inputs.size }} ${{ inputs.step }}'}]}}
"],
}];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let call = cx.workflow.and_then(|it| it.trigger("workflow_call"));
    let Some(inputs) = call.and_then(|trigger| trigger.get("inputs")) else {
        return;
    };
    for input in inputs.entries() {
        found.extend(later(cx, input, inputs));
        let type_ = input.value.get("type").and_then(Node::as_str);
        let default = input.value.get("default");
        let (Some(wanted @ ("boolean" | "number")), Some(default)) = (type_, default) else {
            continue;
        };
        let Some(given) = given(default, inputs).filter(|given| *given != wanted) else {
            continue;
        };
        let name = input.key.as_str().unwrap_or_default();
        let message = format!("the input `{name}` is a {wanted}, and its default is a {given}");
        found.push(
            Diagnostic::error("input-default-type", message)
                .at(default.location())
                .help(match wanted {
                    "boolean" => "write `true` or `false` without quotes",
                    _ => "write a number without quotes",
                }),
        );
    }
}

/// A default that reads an input which has no value by then: itself, or one that comes later.
fn later(cx: &Cx<'_>, input: Entry<'_>, inputs: Node<'_>) -> Option<Diagnostic> {
    let default = input.value.get("default")?;
    let read: Vec<_> = inputs
        .entries()
        .take_while(|entry| entry.key.id() != input.key.id())
        .collect();
    let expressions = cx.expressions.iter();
    let mut own = expressions.filter(|one| one.site.node.id() == default.id());
    own.find_map(|expression| {
        let mut found = None;
        expression.read.as_ref().ok()?.walk(&mut |node| {
            let expression::Kind::Property(base, name, at) = &node.kind else {
                return;
            };
            let of_inputs = matches!(base.kind, expression::Kind::Context(it) if it.eq_ignore_ascii_case("inputs"));
            let is = |entry: &Entry<'_>| {
                let key = entry.key.as_str();
                key.is_some_and(|key| key.eq_ignore_ascii_case(name))
            };
            if of_inputs && inputs.entries().any(|entry| is(&entry)) && !read.iter().any(is) {
                found = Some((*name, *at));
            }
        });
        let (name, at) = found?;
        let message = format!("the input `{name}` has no value yet");
        Some(
            Diagnostic::warning("expr-undefined-property", message)
                .at(expression.place(cx.text, at))
                .note("defaults are filled in from the first input to the last")
                .help(format!("move `{name}` up, or write its default here, too")),
        )
    })
}

/// The type of a default that is an expression, as far as it can be seen.
fn given(default: Node<'_>, inputs: Node<'_>) -> Option<&'static str> {
    let text = default.as_str()?.trim();
    let inner = text.strip_prefix("${{")?.strip_suffix("}}")?;
    of_expression(inner, inputs)
}

fn of_expression(text: &str, inputs: Node<'_>) -> Option<&'static str> {
    use expression::Kind::{Bool, Context, Number, Property, Text};
    match expression::parse(text).ok()?.kind {
        Bool(_) => Some("boolean"),
        Number(_) => Some("number"),
        Text(_) => Some("string"),
        Property(base, name, _) if matches!(base.kind, Context(context) if context.eq_ignore_ascii_case("inputs")) => {
            match inputs.get(name)?.get("type")?.as_str()? {
                "boolean" => Some("boolean"),
                "number" => Some("number"),
                "string" => Some("string"),
                _ => None,
            }
        }
        _ => None,
    }
}
