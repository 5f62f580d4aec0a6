//! The context `github`, with what the events of the workflow carry.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use crate::expression::Type;
use crate::expression::types::{self, Fields};
use crate::knowledge::{contexts, payloads};
use crate::syntax::Node;
use crate::workflow::{Trigger, Workflow};

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

/// By the names of events: what their payloads have in common, which takes long to find out.
static KNOWN: LazyLock<RwLock<HashMap<String, Type>>> = LazyLock::new(RwLock::default);

fn event(workflow: &Workflow<'_>) -> Type {
    let mut triggers = workflow.triggers.iter();
    if triggers.any(|trigger| payloads::of(trigger.name).is_none()) {
        // The event of the caller, or one that is not published.
        return Type::Any;
    }
    let has_inputs = |trigger: &Trigger<'_>| {
        trigger.name == "workflow_dispatch" && trigger.get("inputs").is_some()
    };
    if workflow.triggers.iter().any(has_inputs) {
        return joined(workflow);
    }
    let names = workflow.triggers.iter().map(|trigger| trigger.name);
    let names = names.collect::<Vec<_>>().join(" ");
    // What another thread left there in a panic is as good as any.
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = known.get(&names) {
        return known.clone();
    }
    drop(known);
    let new = joined(workflow);
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    known.insert(names, new.clone());
    new
}

fn joined(workflow: &Workflow<'_>) -> Type {
    let types = workflow.triggers.iter().map(|trigger| {
        let known = payloads::of(trigger.name).cloned();
        match (trigger.name, known) {
            ("workflow_dispatch", Some(Type::Object(fields))) => {
                dispatched(&fields, trigger.get("inputs"))
            }
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
