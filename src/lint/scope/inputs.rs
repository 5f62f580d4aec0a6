//! The contexts `inputs` and `secrets`.

use crate::expression::Type;
use crate::expression::types::Fields;
use crate::knowledge::contexts;
use crate::syntax::Node;
use crate::workflow::Workflow;

/// What those who start or call a workflow may pass.
pub(super) fn of_workflow(workflow: &Workflow<'_>) -> Type {
    let mut fields = Fields::default();
    for trigger in ["workflow_call", "workflow_dispatch"] {
        let inputs = workflow.trigger(trigger).and_then(|it| it.get("inputs"));
        for entry in inputs.into_iter().flat_map(Node::entries) {
            if let Some(name) = entry.key.as_str() {
                fields.add(name, input(entry.value));
            }
        }
    }
    Type::object(fields)
}

fn input(node: Node<'_>) -> Type {
    match node.get("type").and_then(Node::as_str) {
        Some("boolean") => Type::Bool,
        Some("number") => Type::Number,
        None | Some("string" | "choice" | "environment") => Type::Text,
        Some(_) => Type::Any,
    }
}

/// What those who use an action may pass: text.
pub(super) fn of_action(action: Node<'_>) -> Type {
    let mut fields = Fields::default();
    let inputs = action.get("inputs").into_iter().flat_map(Node::entries);
    for name in inputs.filter_map(|entry| entry.key.as_str()) {
        fields.add(name, Type::Text);
    }
    Type::object(fields)
}

/// The secrets: those that a workflow declares which can only be called, or any.
pub(super) fn secrets(workflow: Option<&Workflow<'_>>) -> Type {
    let known = contexts::type_of("secrets").cloned().unwrap_or(Type::Any);
    let only = workflow.filter(|workflow| workflow.triggers.len() == 1);
    let call = only.and_then(|workflow| workflow.trigger("workflow_call"));
    let Some(declared) = call.and_then(|call| call.get("secrets")) else {
        return known;
    };
    let mut fields = Fields::default();
    let declared = declared.entries().filter_map(|entry| entry.key.as_str());
    for name in declared.chain(AUTOMATIC) {
        fields.add(name, Type::Text);
    }
    Type::object(fields)
}

/// Secrets that are there without anybody passing them.
const AUTOMATIC: [&str; 3] = ["GITHUB_TOKEN", "ACTIONS_RUNNER_DEBUG", "ACTIONS_STEP_DEBUG"];
