//! `empty-section` for what GitHub takes although nothing is there.

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::lint::Cx;
use crate::lint::rule::Family;
use crate::syntax::{Entry, Kind, Node};

pub(in crate::lint) static FAMILY: Family = Family { rules: &[], check };

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = cx.workflow else {
        return;
    };
    let call = workflow.trigger("workflow_call");
    let outputs = call.and_then(|call| call.get("outputs"));
    for output in outputs.into_iter().flat_map(Node::entries) {
        let value = output.value.entry("value");
        if let Some(value) = value.filter(|value| value.value.as_str() == Some("")) {
            let name = output.key.as_str().unwrap_or_default();
            let message = format!("the output `{name}` never has a value");
            found.push(
                Diagnostic::warning("empty-section", message)
                    .at(value.key.location())
                    .help("write `${{ jobs.JOB.outputs.NAME }}`"),
            );
        }
    }
    for job in &workflow.jobs {
        let runs_on = job.node.entry("runs-on");
        let labels = runs_on.and_then(|entry| entry.value.entry("labels"));
        let is_group = runs_on.is_some_and(|entry| entry.value.get("group").is_some());
        for entry in [runs_on, labels.filter(|_| !is_group)]
            .into_iter()
            .flatten()
        {
            found.extend(no_label(entry));
        }
        let services = job.node.get("services");
        for service in services.into_iter().flat_map(Node::entries) {
            no_value(service, found);
        }
    }
}

/// What a runner is asked for, where it is nothing.
fn no_label(entry: Entry<'_>) -> Option<Diagnostic> {
    let key = entry.key.as_str().unwrap_or_default();
    let place = match entry.value.kind() {
        Kind::Sequence(mut items) if items.len() > 0 => items.find(|item| is_empty(*item))?,
        Kind::Sequence(_) => entry.value,
        _ if is_empty(entry.value) => entry.key,
        _ => return None,
    };
    Some(
        Diagnostic::warning("empty-section", format!("`{key}` has no label"))
            .at(place.location())
            .note("no runner is asked for, so none takes the job")
            .help("write one, as in `ubuntu-24.04`"),
    )
}

fn is_empty(node: Node<'_>) -> bool {
    node.as_str() == Some("") || node.is_null()
}

/// A key without a value, where GitHub reads on as if it were not there.
fn no_value(entry: Entry<'_>, found: &mut Diagnostics) {
    if entry.value.is_null() {
        let key = entry.key.as_str().unwrap_or_default();
        found.push(
            Diagnostic::warning("empty-section", format!("`{key}` is empty"))
                .at(entry.key.location())
                .help("write what belongs there, or take the key away"),
        );
    }
}
