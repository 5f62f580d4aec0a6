//! `dispatch-input-def`, `dispatch-input-limit`, `call-input-default-required`: the inputs that
//! a workflow declares.

use std::collections::HashMap;

use crate::diagnostics::{Applicability, Diagnostic, Diagnostics, Severity, guess};
use crate::expression;
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::{Entry, Kind, Node};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[
    Rule {
        id: "call-input-default-required",
        group: Group::Correctness,
        severity: Severity::Warning,
        fixes: Fixes::Sometimes,
        finds: "an input of a called workflow that is required and has a default",
        why: "The default can never count: whoever calls the workflow must pass a value.",
        bad: &["\
on:
  workflow_call:
    inputs: {size: {type: number, required: true, default: 5}}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
        good: &["\
on:
  workflow_call:
    inputs: {size: {type: number, default: 5}}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
    },
    Rule {
        id: "dispatch-input-def",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "an input whose type, options and default contradict each other",
        why: "GitHub refuses the file, or nobody can start the workflow with the default. Options belong to the type `choice`, and it needs some.",
        bad: &["\
on:
  workflow_dispatch:
    inputs: {level: {type: choice, options: [low, high], default: hihg}}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
        good: &["\
on:
  workflow_dispatch:
    inputs: {level: {type: choice, options: [low, high], default: high}}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
    },
    Rule {
        id: "dispatch-input-limit",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "more inputs than a workflow that is started by hand can have",
        why: "GitHub takes 25. Put several values into one input, or read some of them from a file.",
        bad: &["\
on:
  workflow_dispatch:
    inputs:
      {a: , b: , c: , d: , e: , f: , g: , h: , i: , j: , k: , l: , m: ,
       n: , o: , p: , q: , r: , s: , t: , u: , v: , w: , x: , y: , z: }
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
        good: &["\
on:
  workflow_dispatch:
    inputs: {all: {description: numbers with commas}}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
    },
];

/// GitHub's limit since December 2025.
const MAX_INPUTS: usize = 25;

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let declared = |event: &str| {
        let trigger = cx.workflow.and_then(|workflow| workflow.trigger(event));
        trigger.and_then(|trigger| trigger.entry("inputs"))
    };
    if let Some(inputs) = declared("workflow_dispatch") {
        let all = inputs.value.entries();
        if let Some(first) = all.clone().nth(MAX_INPUTS) {
            let message = format!(
                "there are {} inputs, and GitHub takes {MAX_INPUTS}",
                all.len()
            );
            found.push(
                Diagnostic::error("dispatch-input-limit", message)
                    .at(first.key.location())
                    .label(inputs.key.location(), "of these")
                    .help("put several values into one input"),
            );
        }
        for input in all {
            options(cx, input, found);
            default(input, found);
        }
    }
    let called = declared("workflow_call").map(|inputs| inputs.value);
    for input in called.into_iter().flat_map(Node::entries) {
        default(input, found);
        let is_required = |node: Node<'_>| matches!(node.kind(), Kind::Bool(true));
        if let Some(default) = input.value.get("default")
            && input.value.get("required").is_some_and(is_required)
        {
            let name = input.key.as_str().unwrap_or_default();
            found.push(
                Diagnostic::warning(
                    "call-input-default-required",
                    format!("the required input `{name}` has a default, which never counts"),
                )
                .at(default.location())
                .help("take `required` or `default` away")
                .mend(
                    Applicability::Safe,
                    input
                        .value
                        .key_of("default")
                        .and_then(|key| input.value.without(cx.text, key)),
                ),
            );
        }
    }
}

/// What an input is called, and its type; nothing if that is wrong in itself.
fn type_of<'t>(input: Entry<'t>) -> Option<(&'t str, &'t str)> {
    let name = input.key.as_str()?;
    match input.value.get("type") {
        Some(node) => Some((name, node.as_str()?)),
        None => Some((name, "string")),
    }
}

fn options(cx: &Cx<'_>, input: Entry<'_>, found: &mut Diagnostics) {
    let Some((name, type_)) = type_of(input) else {
        return;
    };
    let options = input.value.entry("options");
    let mut refuse = |at: Node<'_>, message: String, help: &str| {
        let error = Diagnostic::error("dispatch-input-def", message);
        found.push(error.at(at.location()).help(help));
    };
    match (type_, options) {
        ("choice", None) => {
            let message = format!("the choice `{name}` has no options");
            refuse(input.key, message, "add `options`");
        }
        ("choice", Some(options)) if matches!(options.value.kind(), Kind::Sequence(items) if items.len() == 0) =>
        {
            let message = format!("the choice `{name}` has no options");
            refuse(options.key, message, "write some into `options`");
        }
        ("choice", Some(options)) => twice(cx, options.value, found),
        (_, Some(options)) => {
            let article = if type_ == "environment" { "an" } else { "a" };
            let message = format!("`{name}` is {article} {type_} and has options");
            let help = "take the options away, or write `type: choice`";
            let error = Diagnostic::error("dispatch-input-def", message);
            found.push(
                error
                    .at(input.key.location())
                    .label(options.key.location(), "they stand here")
                    .help(help),
            );
        }
        _ => {}
    }
}

/// Options that stand there twice, and those without a text.
fn twice(cx: &Cx<'_>, options: Node<'_>, found: &mut Diagnostics) {
    let mut first: HashMap<&str, Node<'_>> = HashMap::new();
    for item in options.items() {
        let Some(text) = item.as_str() else {
            continue;
        };
        if text.is_empty() {
            found.push(
                Diagnostic::warning("empty-section", "an option is empty")
                    .at(item.location())
                    .help("give it a text; without `required`, nothing needs to be chosen"),
            );
        } else if let Some(known) = first.insert(text, item) {
            found.push(
                Diagnostic::warning("dispatch-input-def", format!("`{text}` stands there twice"))
                    .at(item.location())
                    .label(known.location(), "it is here")
                    .help("take one away")
                    .mend(Applicability::Safe, options.without(cx.text, item)),
            );
        }
    }
}

/// A default that is written out against the type.
fn default(input: Entry<'_>, found: &mut Diagnostics) {
    let (Some((name, type_)), Some(default)) = (type_of(input), input.value.get("default")) else {
        return;
    };
    let Some(text) = default.as_str().filter(|text| !expression::is_in(text)) else {
        return;
    };
    let wrong =
        |message: String| Diagnostic::error("dispatch-input-def", message).at(default.location());
    match (type_, default.kind()) {
        ("boolean", kind) if !matches!(kind, Kind::Bool(_) | Kind::Null) => {
            let message = format!("the default of the boolean `{name}` is {}", kind.describe());
            let plain = matches!(text, "true" | "false");
            let help = if plain {
                "take the quotes away"
            } else {
                "write `true` or `false`"
            };
            let edit = plain.then(|| default.unquoted()).flatten();
            found.push(wrong(message).help(help).mend(Applicability::Safe, edit));
        }
        ("number", kind) if !matches!(kind, Kind::Integer(_) | Kind::Float(_) | Kind::Null) => {
            let message = format!("the default of the number `{name}` is {}", kind.describe());
            if text.parse::<f64>().is_err() {
                found.push(wrong(message).help("write a number"));
            }
        }
        ("choice", _) => {
            let options = input.value.get("options");
            let options = options.into_iter().flat_map(Node::items);
            let options: Vec<_> = options.filter_map(Node::as_str).collect();
            if !options.is_empty() && !text.is_empty() && !options.contains(&text) {
                let message = format!("the default `{text}` is none of the options of `{name}`");
                let error = wrong(message);
                found.push(match guess(text, options.iter().copied()) {
                    Some(near) => error.write_own(near, default.rewritten(near.name)),
                    None => error.help("write one of the options"),
                });
            }
        }
        _ => {}
    }
}
