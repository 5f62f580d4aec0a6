//! `id-duplicate`: a step has the id of an earlier step of its job, or a job that of another.

use std::collections::HashMap;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::lint::Cx;
use crate::syntax::Node;

pub(super) fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let Some(workflow) = &cx.workflow else {
        return;
    };
    once("job", workflow.jobs.iter().map(|job| job.key), found);
    for job in &workflow.jobs {
        once("step", job.steps.iter().filter_map(|step| step.id), found);
    }
}

fn once<'t>(what: &str, ids: impl Iterator<Item = Node<'t>>, found: &mut Diagnostics) {
    let mut first: HashMap<String, (&str, Node<'t>)> = HashMap::new();
    for node in ids {
        let Some(id) = node.as_str().filter(|id| !id.is_empty()) else {
            continue;
        };
        let Some((known, earlier)) = first.get(&id.to_ascii_lowercase()) else {
            first.insert(id.to_ascii_lowercase(), (id, node));
            continue;
        };
        if what == "job" && *known == id {
            // The same key twice, which the syntax has told.
            continue;
        }
        found.push(
            Diagnostic::error(
                "id-duplicate",
                format!("there is a {what} `{known}` already"),
            )
            .at(node.location())
            .label(earlier.location(), "it is here")
            .note("GitHub tells ids apart without looking at case")
            .help("give it another id"),
        );
    }
}
