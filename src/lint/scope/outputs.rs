//! What jobs and steps give to others.

use super::Scopes;
use crate::expression;
use crate::expression::Type;
use crate::expression::types::Fields;
use crate::knowledge::metadata::metadata;
use crate::lint::repository::{Called, Used};
use crate::syntax::{Kind, Node};
use crate::workflow::{Job, Workflow};

impl<'f> Scopes<'f> {
    /// The outputs of a job, or of the workflow that it calls.
    pub(super) fn job_outputs(&self, job: &Job<'f>) -> Type {
        let Some(uses) = job.node.get("uses") else {
            return declared(job.node.get("outputs"));
        };
        let uses = uses.as_str().unwrap_or_default();
        match self.repository.called(self.file, uses) {
            Some(Called::Workflow(_, workflow)) => declared(call_outputs(workflow)),
            _ => Type::map(Type::Text),
        }
    }

    /// The outputs of a step. A script writes what it likes, and so do some actions.
    pub(super) fn step_outputs(&self, step: Node<'f>) -> Type {
        let open = Type::map(Type::Text);
        let Some(uses) = step.get("uses").and_then(Node::as_str) else {
            return open;
        };
        match self.repository.action(self.file, uses) {
            Some(Used::Action(action)) if action.has_open_outputs() => open,
            Some(Used::Action(action)) => declared(action.outputs),
            Some(_) => open,
            None => of_release(uses).unwrap_or(open),
        }
    }
}

/// What the release of an action declares, if that is all it gives.
fn of_release(uses: &str) -> Option<Type> {
    let known = metadata(uses).filter(|known| !known.has_open_outputs())?;
    let mut fields = Fields::default();
    for name in known.outputs()? {
        fields.add(name, Type::Text);
    }
    Some(Type::object(fields))
}

fn call_outputs<'t>(workflow: &Workflow<'t>) -> Option<Node<'t>> {
    workflow.trigger("workflow_call")?.get("outputs")
}

/// Texts by the keys of a mapping; none if there is no mapping.
fn declared(outputs: Option<Node<'_>>) -> Type {
    let mut fields = Fields::default();
    let Some(outputs) = outputs else {
        return Type::object(fields);
    };
    let Kind::Mapping(entries) = outputs.kind() else {
        return Type::map(Type::Text);
    };
    for entry in entries {
        match entry.key.as_str().unwrap_or_default() {
            key if expression::is_in(key) => fields.open_up(Type::Text),
            key => fields.add(key, Type::Text),
        }
    }
    Type::object(fields)
}
