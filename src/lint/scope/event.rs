//! The context `github`, with what the events of the workflow carry.

use crate::expression::Type;
use crate::expression::types::{self, Fields};
use crate::knowledge::{contexts, payloads};
use crate::syntax::Node;
use crate::workflow::Workflow;

/// The context with `event` as the triggers have it.
pub(super) fn github(workflow: Option<&Workflow<'_>>) -> Type {
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

fn event(workflow: &Workflow<'_>) -> Type {
    let types = workflow.triggers.iter().map(|trigger| {
        let known = payloads::of(trigger.name).cloned();
        match (trigger.name, known) {
            ("workflow_dispatch", Some(Type::Object(fields))) => {
                dispatched(&fields, trigger.get("inputs"))
            }
            // The event of the caller, or one that is not published.
            (_, known) => known.unwrap_or(Type::Any),
        }
    });
    types::all(types)
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
