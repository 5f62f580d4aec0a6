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
    let on = workflow.node.get("on");
    let call = on.and_then(|on| on.get("workflow_call"));
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
    }
}

fn no_label(entry: Entry<'_>) -> Option<Diagnostic> {
    let is_empty = matches!(entry.value.kind(), Kind::Sequence(items) if items.len() == 0);
    let key = entry.key.as_str().unwrap_or_default();
    is_empty.then(|| {
        Diagnostic::warning("empty-section", format!("`{key}` has no label"))
            .at(entry.value.location())
            .note("no runner is asked for, so none takes the job")
            .help("write one, as in `ubuntu-24.04`")
    })
}
