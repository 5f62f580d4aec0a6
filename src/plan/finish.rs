//! The last look at a planned workflow: its graph must hold.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Diagnostics, nearest};
use crate::manifest::model::{self, Own};
use crate::manifest::{Kind, Value};
use crate::pipeline::Workflow;
use crate::source::Location;

/// Checks ids and needs. Generated jobs hold by construction; the user's own may not.
pub(super) fn finish(
    written: &model::Workflow,
    workflow: &mut Workflow,
    diagnostics: &mut Diagnostics,
) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for job in &workflow.jobs {
        *seen.entry(job.id.as_str()).or_default() += 1;
    }
    for (id, count) in &seen {
        if *count > 1 {
            let error = Diagnostic::error(
                "duplicate-job",
                format!("`{}` has {count} jobs called `{id}`", workflow.file),
            );
            let error = error.at(place_of_job(written, id));
            diagnostics.push(
                error.help("rename one of them, own jobs by their key, generated ones under `ids`"),
            );
        }
    }
    for job in &workflow.jobs {
        for need in &job.needs {
            if !seen.contains_key(need.as_str()) {
                let error = Diagnostic::error(
                    "unknown-job",
                    format!(
                        "`{}` needs `{need}`, which `{}` has not",
                        job.id, workflow.file
                    ),
                );
                let error =
                    error.at(place_of_need(written, &job.id, need).unwrap_or(written.place));
                let help = match nearest(need, seen.keys().copied()) {
                    Some(near) => format!("write `{near}`"),
                    None => format!(
                        "write one of {}",
                        seen.keys().copied().collect::<Vec<_>>().join(", ")
                    ),
                };
                diagnostics.push(error.help(help));
            }
        }
    }
    if let Some(cycle) = cycle(workflow) {
        diagnostics.push(cyclic(written, &workflow.file, &cycle));
    }
}

/// An error at one of the needs that close a circle; the others are shown with it.
fn cyclic(written: &model::Workflow, file: &str, cycle: &[String]) -> Diagnostic {
    let error = Diagnostic::error(
        "cyclic-jobs",
        format!(
            "jobs of `{file}` wait for each other: {}",
            cycle.join(" → ")
        ),
    );
    let error = error.help("remove one of these from `needs` or `before`");
    let waits = cycle.windows(2).filter_map(|pair| {
        let place = place_of_need(written, &pair[0], &pair[1])?;
        Some((place, format!("`{}` waits for `{}`", pair[0], pair[1])))
    });
    let mut waits: Vec<_> = waits.collect();
    waits.sort();
    let mut waits = waits.into_iter();
    let Some((first, _)) = waits.next() else {
        return error.at(written.place);
    };
    waits.fold(error.at(first), |error, (place, text)| {
        error.label(place, text)
    })
}

/// Where a job gets its id.
fn place_of_job(written: &model::Workflow, id: &str) -> Location {
    let own = written
        .hatches
        .jobs
        .iter()
        .find(|own| own.id == id)
        .map(|own| own.key);
    let renamed = written
        .hatches
        .ids
        .iter()
        .find(|(renamed, _)| renamed == id)
        .map(|(_, place)| *place);
    own.or(renamed).unwrap_or(written.place)
}

/// Where the manifest says that one job waits for another; nowhere for what we planned ourselves.
fn place_of_need(written: &model::Workflow, job: &str, need: &str) -> Option<Location> {
    let (jobs, overlays) = (&written.hatches.jobs, &written.hatches.overlays);
    let names =
        |own: &Own, key: &str, word: &str| Some(item(own.value.find(&[key])?.value, word)?.origin);
    let mut waiting = jobs.iter().chain(overlays).filter(|own| own.id == job);
    let mut awaited = jobs.iter().filter(|own| own.id == need);
    waiting
        .find_map(|own| names(own, "needs", need))
        .or_else(|| awaited.find_map(|own| names(own, "before", job)))
}

/// A word, or the item of a list that is this word.
fn item<'v>(value: &'v Value, word: &str) -> Option<&'v Value> {
    match &value.kind {
        Kind::String(text) => (text == word).then_some(value),
        Kind::List(items) => items.iter().find_map(|value| item(value, word)),
        _ => None,
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
        at = waiting
            .get(at)?
            .iter()
            .copied()
            .find(|need| waiting.contains_key(need))?;
    }
    let start = path.iter().position(|id| *id == at)?;
    Some(
        path[start..]
            .iter()
            .chain([&at])
            .map(|id| (*id).to_owned())
            .collect(),
    )
}
