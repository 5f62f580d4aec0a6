//! The context `github`, with what the events of the workflow carry.

use crate::expression::Type;
use crate::expression::types::{self, Fields};
use crate::knowledge::{contexts, payloads};
use crate::syntax::{Kind, Node};

/// The context with `event` as the triggers have it.
pub(super) fn github(workflow: Option<Node<'_>>) -> Type {
    let known = contexts::type_of("github").cloned().unwrap_or(Type::Any);
    let (Type::Object(fields), Some(workflow)) = (&known, workflow) else {
        return known;
    };
    let event = event(workflow);
    if event == Type::Any {
        return known;
    }
    let mut own = (**fields).clone();
    own.set("event", event);
    Type::object(own)
}

fn event(workflow: Node<'_>) -> Type {
    let on = workflow.get("on");
    let types = triggers(workflow).into_iter().map(|name| {
        let known = payloads::of(name).cloned();
        match (name, known) {
            ("workflow_dispatch", Some(Type::Object(fields))) => {
                let inputs = on.and_then(|on| on.get(name)?.get("inputs"));
                dispatched(&fields, inputs)
            }
            // The event of the caller, or one that is not published.
            (_, known) => known.unwrap_or(Type::Any),
        }
    });
    types::all(types)
}

/// The events that start a workflow.
pub(in crate::lint) fn triggers(workflow: Node<'_>) -> Vec<&str> {
    let Some(on) = workflow.get("on") else {
        return Vec::new();
    };
    match on.kind() {
        Kind::Mapping(entries) => entries.filter_map(|entry| entry.key.as_str()).collect(),
        Kind::Sequence(items) => items.filter_map(Node::as_str).collect(),
        _ => on.as_str().into_iter().collect(),
    }
}

/// Inputs by hand are text in the payload, whatever their type.
fn dispatched(fields: &Fields, inputs: Option<Node<'_>>) -> Type {
    let mut declared = Fields::default();
    for entry in inputs.into_iter().flat_map(Node::entries) {
        declared.add(entry.key.as_str().unwrap_or_default(), Type::Text);
    }
    let mut own = fields.clone();
    own.set("inputs", Type::object(declared));
    Type::object(own)
}
