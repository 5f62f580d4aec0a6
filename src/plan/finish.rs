//! The last look at a planned workflow: its graph must hold.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Diagnostics, nearest};
use crate::pipeline::Workflow;

/// Checks ids and needs. Generated jobs hold by construction; the user's own may not.
pub(super) fn finish(workflow: &mut Workflow, diagnostics: &mut Diagnostics) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for job in &workflow.jobs {
        *seen.entry(job.id.as_str()).or_default() += 1;
    }
    for (id, count) in &seen {
        if *count > 1 {
            let error = Diagnostic::error("duplicate-job", format!("`{}` has {count} jobs called `{id}`", workflow.file));
            diagnostics.push(error.help("rename one of them, own jobs by their key, generated ones under `ids`"));
        }
    }
    for job in &workflow.jobs {
        for need in &job.needs {
            if !seen.contains_key(need.as_str()) {
                let error = Diagnostic::error("unknown-job", format!("`{}` needs `{need}`, which `{}` has not", job.id, workflow.file));
                let help = match nearest(need, seen.keys().copied()) {
                    Some(near) => format!("write `{near}`"),
                    None => format!("one of {}", seen.keys().copied().collect::<Vec<_>>().join(", ")),
                };
                diagnostics.push(error.help(help));
            }
        }
    }
    if let Some(cycle) = cycle(workflow) {
        let error = Diagnostic::error("cyclic-jobs", format!("jobs of `{}` wait for each other: {}", workflow.file, cycle.join(" → ")));
        diagnostics.push(error.help("remove one of these from `needs` or `before`"));
    }
}

/// Jobs that wait for each other, the first one named again at the end.
fn cycle(workflow: &Workflow) -> Option<Vec<String>> {
    let mut waiting: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for job in &workflow.jobs {
        waiting.insert(&job.id, job.needs.iter().map(String::as_str).collect());
    }
    // Take away what waits for nothing until nothing can be taken away.
    loop {
        let free: Vec<_> = waiting
            .iter()
            .filter(|(_, needs)| !needs.iter().any(|need| waiting.contains_key(need)))
            .map(|(id, _)| *id)
            .collect();
        if free.is_empty() {
            break;
        }
        for id in free {
            waiting.remove(id);
        }
    }
    let mut at = *waiting.keys().next()?;
    let mut path: Vec<&str> = Vec::new();
    while !path.contains(&at) {
        path.push(at);
        at = waiting.get(at)?.iter().copied().find(|need| waiting.contains_key(need))?;
    }
    let start = path.iter().position(|id| *id == at)?;
    Some(path[start..].iter().chain([&at]).map(|id| (*id).to_owned()).collect())
}
