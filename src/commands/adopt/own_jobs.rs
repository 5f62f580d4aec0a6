//! Jobs of a file that the manifest does not plan stay as own jobs of the planned workflow.

use std::path::Path;

use super::Options;
use super::judge::{Fate, Judge, What};
use super::proposal::{Before, changed};
use crate::adopt::{more_jobs, with_job};
use crate::commands::project;

/// Puts the jobs of a file that differs from the planned one into the manifest, where they can
/// stand there; the manifest stays if the file is not adopted for all that.
pub(super) fn keep(fate: &mut Fate, root: &Path, options: &Options, before: &mut Before) {
    let (What::Differs(planned) | What::Planned(planned)) = &fate.what else {
        return;
    };
    let path = fate.path.as_str();
    let rendered = |project: &project::Project| {
        let found = project.rendered.iter().find(|file| file.path == path);
        found.cloned()
    };
    let Some(file) = rendered(&before.project).filter(|_| !planned.differences.is_empty()) else {
        return;
    };
    let name = path.rsplit('/').next().unwrap_or_default();
    let name = name.strip_suffix(".yml").unwrap_or(name);
    let text = String::from_utf8_lossy(&fate.bytes);
    let (mut manifest, mut latest, mut jobs) = (before.text.clone(), None, Vec::new());
    for id in more_jobs(&text, &file.text) {
        let next = with_job(&manifest, name, &text, &id);
        let built = next.and_then(|next| {
            let bytes = next.clone().into_bytes();
            let project = project::build(root, &before.shown, bytes).ok()?;
            let alone = changed(&before.project, &project, |other| other == path).is_none();
            alone.then_some((next, project))
        });
        // What an own job cannot say stays a difference.
        if let Some((next, project)) = built {
            (manifest, latest) = (next, Some(project));
            jobs.push(id);
        }
    }
    let Some(project) = latest else {
        return;
    };
    let Some(file) = rendered(&project) else {
        return;
    };
    let what = Judge::compare(&file, &text, options.accept_differences);
    fate.what = match what {
        What::Planned(mut planned) => {
            planned.jobs = jobs;
            (before.text, before.project) = (manifest, project);
            What::Planned(planned)
        }
        other => other,
    };
}
