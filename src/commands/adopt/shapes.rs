//! The workflow whose shape is known becomes the stack of a manifest that has none.

use std::path::Path;

use super::judge::{Fate, Judge, Known, Planned, What};
use super::proposal::{Before, changed};
use super::{Options, own_jobs};
use crate::adopt::shape::{self, About, Said, Shape};
use crate::blocks::shape::WordKind;
use crate::blocks::words::NameKind;
use crate::commands::Failure;
use crate::commands::disk::Repository;
use crate::commands::project;
use crate::knowledge::WORKFLOWS;
use crate::lock::tree_hash;
use crate::render::FileKind;

/// Finds the workflow that a manifest without a stack could plan in its own words: the one with
/// the tests, if several could be. Accepted, it is planned; else it says what would differ.
pub(super) fn find(
    fates: &mut [Fate],
    repository: &Repository,
    options: &Options,
    before: &mut Before,
) {
    if !before.project.manifest.components.is_empty() {
        return;
    }
    let root = before.project.root.clone();
    let files = |path: &str| {
        let bytes = repository.read(path).ok().flatten()?;
        String::from_utf8(bytes).ok()
    };
    let mut shapes = Vec::new();
    for (index, fate) in fates.iter_mut().enumerate() {
        let text = String::from_utf8_lossy(&fate.bytes).into_owned();
        let What::Own(own) = &mut fate.what else {
            continue;
        };
        match shape::recognise(&text, &files) {
            Ok(shape) if shape.is_of_changes() => shapes.push((index, shape)),
            Ok(_) => own.known = Known::No("it starts for no change".to_owned()),
            Err(reason) => own.known = Known::No(reason),
        }
    }
    // Then by what people call it, and by name.
    shapes.sort_by_key(|(index, shape)| {
        let file = fates[*index].path.rsplit('/').next().unwrap_or_default();
        let usual = [
            "ci.", "test.", "tests.", "build.", "main.", "check.", "checks.",
        ];
        let named = usual
            .iter()
            .any(|usual| file.to_ascii_lowercase().starts_with(usual));
        (!shape.tests(), !named)
    });
    let mut found = false;
    for (index, shape) in shapes {
        let fate = &mut fates[index];
        let known = if found {
            Known::No("the stack is made from another workflow".to_owned())
        } else {
            match planned(fate, &shape, &root, options, before, &files) {
                Ok((after, planned)) => {
                    found = true;
                    if options.accept_differences {
                        *before = after;
                        fate.what = What::Planned(planned);
                        continue;
                    }
                    Known::Yes(planned)
                }
                Err(reason) => Known::No(reason),
            }
        };
        if let What::Own(own) = &mut fate.what {
            own.known = known;
        }
    }
}

/// The manifest that says the shape, and what it plans; or what stands in the way.
fn planned(
    fate: &Fate,
    shape: &Shape,
    root: &Path,
    options: &Options,
    before: &Before,
    files: &dyn Fn(&str) -> Option<String>,
) -> Result<(Before, Planned), String> {
    let path = fate.path.as_str();
    let file = path.strip_prefix(WORKFLOWS).unwrap_or(path);
    let name = file
        .strip_suffix(".yml")
        .filter(|name| NameKind::accepts(name));
    let name = name.ok_or_else(|| format!("a planned workflow cannot be called `{file}`"))?;
    let branch = &before.project.manifest.default_branch;
    let about = About {
        project: &before.project.manifest.name,
        workflow: name,
        usual: &[format!("branch {branch}"), "pull-request".to_owned()],
    };
    let Said { text, words } = shape::manifest(&before.text, shape, about, files)?;
    let project = project::build(root, &before.shown, text.clone().into_bytes()).map_err(first)?;
    let is_new = |file: &&crate::render::RenderedFile| {
        let known = before
            .project
            .rendered
            .iter()
            .any(|known| known.path == file.path);
        !known && file.path != path && file.kind != FileKind::Pins
    };
    if let Some(more) = project.rendered.iter().find(is_new) {
        return Err(format!(
            "the file `{}`, which would be written besides",
            more.path
        ));
    }
    if let Some(other) = changed(&before.project, &project, |other| other == path) {
        return Err(format!("the file `{other}`, which would change"));
    }
    let rendered = project.rendered.iter().find(|file| file.path == path);
    let rendered = rendered
        .ok_or("the form of `workflows` in the manifest")?
        .clone();
    if let Some(gone) = shape::missing(shape, &rendered.text).into_iter().next() {
        return Err(format!("{gone}, which a planned job would not run"));
    }
    let original = String::from_utf8_lossy(&fate.bytes);
    let mut kept = Fate {
        path: path.to_owned(),
        bytes: fate.bytes.clone(),
        tree: tree_hash(path, &original),
        what: Judge::compare(&rendered, &original, true),
    };
    let mut after = Before {
        shown: before.shown.clone(),
        bytes: before.bytes.clone(),
        text,
        project,
    };
    let accepting = Options {
        accept_differences: true,
        ..options.clone()
    };
    own_jobs::keep(&mut kept, root, &accepting, &mut after);
    let What::Planned(mut planned) = kept.what else {
        return Err("its jobs".to_owned());
    };
    let lost = shape
        .others
        .iter()
        .find(|(id, _)| !planned.jobs.contains(id));
    match lost {
        Some((id, reason)) => Err(format!("{reason} in job `{id}`")),
        None => {
            planned.words = words;
            Ok((after, planned))
        }
    }
}

fn first(failure: Failure) -> String {
    match failure {
        Failure::Reported(report) => {
            let first = report.diagnostics.into_iter().next();
            first.map_or_else(String::new, |first| first.message)
        }
        Failure::Output(_) => String::new(),
    }
}
