//! `action-missing-input`, `action-unknown-input`, `action-deprecated-input`: what a step gives
//! to its action, against what that declares.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity, guess};
use crate::expression;
use crate::knowledge::metadata::{self, Metadata};
use crate::lint::Cx;
use crate::lint::repository::Used;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::lock::PINS_PATH;
use crate::source::Location;
use crate::syntax::{Kind, Node};
use crate::workflow::{Action, Step};

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

/// The action that the examples use.
const GREET: &str = "\
# file: greet/action.yml
name: greet
description: greets
inputs:
  whom: {required: true}
  loud: {default: 'no'}
  name: {deprecationMessage: say `whom`}
runs: {using: node24, main: index.js}
";

const GOOD: &str = "\
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps: [{uses: actions/checkout@v7}, {uses: ./greet, with: {whom: you}}]
";

static RULES: &[Rule] = &[
    Rule {
        id: "action-deprecated-input",
        group: Group::Correctness,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "an input that its action asks not to use any more",
        why: "It goes with one of the next releases of the action. What to use instead is in the action's documentation.",
        bad: &[
            "\
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps: [{uses: actions/checkout@v7}, {uses: ./greet, with: {whom: you, name: you}}]
",
            GREET,
        ],
        good: &[GOOD, GREET],
    },
    Rule {
        id: "action-missing-input",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "an input that an action requires and does not get",
        why: "GitHub starts the action all the same, and the action fails or works with nothing.",
        bad: &[
            "\
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps: [{uses: actions/checkout@v7}, {uses: ./greet, with: {loud: 'yes'}}]
",
            GREET,
        ],
        good: &[GOOD, GREET],
    },
    Rule {
        id: "action-unknown-input",
        group: Group::Correctness,
        severity: Severity::Warning,
        fixes: Fixes::Sometimes,
        finds: "an input that an action does not have",
        why: "GitHub warns of it in each run and the action never sees it, so what it says does not happen.",
        bad: &[
            "\
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps: [{uses: actions/checkout@v7}, {uses: ./greet, with: {whom: you, lout: 'yes'}}]
",
            GREET,
        ],
        good: &[GOOD, GREET],
    },
];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    // The list of pins has the form of an action for the bots that raise them, and nobody runs it.
    if cx.file.path == PINS_PATH {
        return;
    }
    for step in cx.steps() {
        let uses = step.uses.and_then(|node| Some((node, node.as_str()?)));
        let Some((node, text)) = uses else {
            continue;
        };
        match cx.repository.action(cx.file, text) {
            Some(Used::Action(action)) => {
                let inputs = declared(action);
                let more = more(action.using() == Some("docker"));
                judge(step, node, inputs.iter().copied(), true, more, found);
            }
            Some(_) => {}
            None => {
                let known = metadata::metadata(text);
                if let Some((known, inputs)) = known.and_then(|one| Some((one, shipped(one)?))) {
                    let more = if known.has_open_inputs() {
                        More::Any
                    } else {
                        more(known.using == "docker")
                    };
                    judge(step, node, inputs, known.may_require(), more, found);
                }
            }
        }
    }
}

/// What is known of an input.
#[derive(Clone, Copy)]
struct Input<'t> {
    name: &'t str,
    required: bool,
    /// Why not to use it; empty if the reason is not known.
    deprecated: Option<&'t str>,
    place: Option<Location>,
}

fn declared<'t>(action: &Action<'t>) -> Vec<Input<'t>> {
    let entries = action.inputs.into_iter().flat_map(Node::entries);
    let inputs = entries.filter_map(|entry| {
        let required = entry.value.get("required");
        let required = required.is_some_and(|node| matches!(node.kind(), Kind::Bool(true)));
        let reason = entry.value.get("deprecationMessage");
        Some(Input {
            name: entry.key.as_str()?,
            required: required && entry.value.get("default").is_none(),
            deprecated: reason.and_then(Node::as_str),
            place: Some(entry.key.location()),
        })
    });
    inputs.collect()
}

/// The inputs of an action elsewhere. One that declares none reads the environment.
fn shipped(action: Metadata) -> Option<impl Iterator<Item = Input<'static>> + Clone> {
    let inputs = action.inputs()?.map(|input| Input {
        name: input.name,
        required: input.required,
        deprecated: input.deprecated.then_some(""),
        place: None,
    });
    inputs.clone().next().is_some().then_some(inputs)
}

/// Inputs that an action takes without declaring them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum More {
    None,
    OfContainers,
    Any,
}

fn more(is_docker: bool) -> More {
    if is_docker {
        More::OfContainers
    } else {
        More::None
    }
}

/// What every action in a container takes.
const OF_CONTAINERS: [&str; 2] = ["args", "entrypoint"];

fn judge<'i>(
    step: &Step<'_>,
    uses: Node<'_>,
    inputs: impl Iterator<Item = Input<'i>> + Clone,
    may_require: bool,
    more: More,
    found: &mut Diagnostics,
) {
    let with = step.node.get("with");
    let given = with.into_iter().flat_map(Node::entries);
    let names = || given.clone().filter_map(|entry| entry.key.as_str());
    if with.is_some_and(|with| !matches!(with.kind(), Kind::Mapping(_) | Kind::Null))
        || names().any(expression::is_in)
    {
        return;
    }
    let action = uses.as_str().unwrap_or_default();
    for entry in given.clone() {
        let Some(name) = entry.key.as_str() else {
            continue;
        };
        let mut known = inputs.clone();
        let input = known.find(|one| one.name.eq_ignore_ascii_case(name));
        match input {
            Some(Input {
                deprecated: Some(reason),
                place,
                ..
            }) => {
                let message = format!("the input `{name}` of `{action}` is deprecated");
                let diagnostic = Diagnostic::warning("action-deprecated-input", message);
                let diagnostic = diagnostic.at(entry.key.location());
                found.push(match (reason.trim(), place) {
                    ("", _) => {
                        diagnostic.help("see the action's documentation for what to use instead")
                    }
                    (reason, Some(place)) => {
                        diagnostic.note(reason).label(place, "it says so here")
                    }
                    (reason, None) => diagnostic.note(reason),
                });
            }
            Some(_) => {}
            None if more == More::Any => {}
            None if more == More::OfContainers
                && OF_CONTAINERS
                    .iter()
                    .any(|known| name.eq_ignore_ascii_case(known)) => {}
            None => found.push(unknown(entry.key, action, inputs.clone())),
        }
    }
    let required = inputs.filter(|input| input.required && input.deprecated.is_none());
    for input in may_require.then_some(required).into_iter().flatten() {
        if !names().any(|name| name.eq_ignore_ascii_case(input.name)) {
            let message = format!("`{action}` gets no `{}`, which it requires", input.name);
            let diagnostic = Diagnostic::error("action-missing-input", message).at(uses.location());
            let diagnostic = diagnostic.help(format!("add `{}` to `with`", input.name));
            found.push(match input.place {
                Some(place) => diagnostic.label(place, "it is declared here"),
                None => diagnostic,
            });
        }
    }
}

fn unknown<'i>(key: Node<'_>, action: &str, inputs: impl Iterator<Item = Input<'i>>) -> Diagnostic {
    let name = key.as_str().unwrap_or_default();
    let names = inputs.filter(|input| input.deprecated.is_none());
    let names: Vec<_> = names.map(|input| input.name).collect();
    let message = format!("`{action}` has no input `{name}`");
    let diagnostic = Diagnostic::warning("action-unknown-input", message)
        .at(key.location())
        .note("the action does not see it");
    match guess(name, names.iter().copied()) {
        Some(near) => diagnostic.write(near, key.rewritten(near.name)),
        None if names.is_empty() => diagnostic.help("take it away: it has no inputs"),
        None if names.len() > 12 => {
            diagnostic.help("take it away, or see the action's documentation")
        }
        None => diagnostic.help(format!("it has {}", names.join(", "))),
    }
}
