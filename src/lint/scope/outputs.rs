//! What jobs and steps give to others.

use super::Scopes;
use crate::expression::Type;
use crate::expression::types::Fields;
use crate::lint::repository::Called;
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

    /// The outputs of a step. A script writes what it likes.
    pub(super) fn step_outputs(&self, _step: Node<'f>) -> Type {
        Type::map(Type::Text)
    }
}

fn call_outputs<'t>(workflow: &Workflow<'t>) -> Option<Node<'t>> {
    workflow
        .node
        .get("on")?
        .get("workflow_call")?
        .get("outputs")
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
            key if key.contains("${{") => fields.open_up(Type::Text),
            key => fields.add(key, Type::Text),
        }
    }
    Type::object(fields)
}
