//! `input-default-type`: the default of an input against its type.

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
