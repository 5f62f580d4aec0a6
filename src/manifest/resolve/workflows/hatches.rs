//! What users add to a workflow of ours: ids, steps, jobs, changes.

use crate::diagnostics::Diagnostic;
use crate::manifest::model::{Hatches, Own, OwnSteps};
use crate::manifest::raw;
use crate::manifest::resolve::Check;
use crate::manifest::value::Kind;
use crate::pipeline::Phase;

pub(super) fn ids(
    at: &[&str; 2],
    written: &raw::Workflow,
    check: &mut Check<'_>,
) -> Vec<(Phase, String)> {
    let mut all = Vec::new();
    for (phase, id) in &written.ids {
        match phase_of(phase) {
            Some(found) => all.push((found, id.as_str().to_owned())),
            None => check.unknown_key(&[at[0], at[1], "ids", phase], "phase", phase, phases()),
        }
    }
    all
}

fn phases() -> impl Iterator<Item = &'static str> {
    Phase::NAMED.iter().map(|(_, name)| *name)
}

fn phase_of(name: &str) -> Option<Phase> {
    Phase::NAMED
        .iter()
        .find(|(_, known)| *known == name)
        .map(|(phase, _)| *phase)
}

pub(super) fn hatches(at: &[&str; 2], written: &raw::Workflow, check: &mut Check<'_>) -> Hatches {
    let ids = written.ids.iter().map(|(phase, id)| {
        let place = check.value(&[at[0], at[1], "ids", phase]);
        (id.as_str().to_owned(), place)
    });
    Hatches {
        ids: ids.collect(),
        steps: own_steps(at, written, check),
        jobs: own_jobs(at, check),
        overlays: own(at, "overlays", check),
    }
}

fn own_steps(at: &[&str; 2], written: &raw::Workflow, check: &mut Check<'_>) -> Vec<OwnSteps> {
    let mut all = Vec::new();
    for anchor in written.steps.keys() {
        let path = [at[0], at[1], "steps", anchor];
        let (before, phase) = match anchor.split_once('-') {
            Some(("before", phase)) => (true, phase_of(phase)),
            Some(("after", phase)) => (false, phase_of(phase)),
            _ => (true, None),
        };
        let Some(phase) = phase else {
            unknown_anchor(&path, anchor, check);
            continue;
        };
        let steps = check.values.find(&path).map(|found| &found.value.kind);
        all.push(OwnSteps {
            key: check.key(&path),
            before,
            phase,
            steps: match steps {
                Some(Kind::List(steps)) => steps.clone(),
                _ => Vec::new(),
            },
        });
    }
    all
}

fn unknown_anchor(path: &[&str], anchor: &str, check: &mut Check<'_>) {
    let both = |phase| [format!("before-{phase}"), format!("after-{phase}")];
    let anchors: Vec<_> = phases().flat_map(both).collect();
    let known = anchors.iter().map(String::as_str);
    check.unknown_key(path, "anchor", anchor, known);
}

fn own_jobs(at: &[&str; 2], check: &mut Check<'_>) -> Vec<Own> {
    let jobs = own(at, "jobs", check);
    for job in &jobs {
        let does = |key: &str| job.value.find(&[key]).is_some();
        if !does("steps") && !does("uses") {
            let message = format!("the job `{}` does nothing", job.id);
            let error = Diagnostic::error("empty-job", message).at(job.key);
            let help = "give it `steps`, or `uses` with a reusable workflow";
            check.diagnostics.push(error.help(help));
        }
    }
    jobs
}

/// What is written by job id.
fn own(at: &[&str; 2], key: &str, check: &Check<'_>) -> Vec<Own> {
    let found = check.values.find(&[at[0], at[1], key]);
    let Some(Kind::Mapping(entries)) = found.map(|found| &found.value.kind) else {
        return Vec::new();
    };
    let own = entries.iter().map(|(id, entry)| Own {
        id: id.clone(),
        key: entry.key,
        value: entry.value.clone(),
    });
    own.collect()
}
