//! The new manifest with what follows from it, and the proof that each workflow stays what it is.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use super::files;
use super::judge::{Fate, Judge, What, lost_comments};
use super::tell::{show_lines, show_offer};
use super::{Options, own_jobs, shapes};
use crate::adopt::{Entry, free_name, insert, mode_of, moved, own_file};
use crate::commands::Failure;
use crate::commands::apply::{Beside, Transfer, lock_of};
use crate::commands::disk::Repository;
use crate::commands::init::name_of;
use crate::commands::project::{self, Project};
use crate::diagnostics::{Diagnostic, load};
use crate::lock::{PINS_PATH, PinMode, Pins, tree_hash};
use crate::pipeline::Upkeep;
use crate::render::{FileKind, RenderedFile};
use crate::scaffold;
use crate::source::{Source, Sources};

/// What would be adopted.
#[derive(Debug)]
pub struct Proposal {
    /// The workflow files, in the order in which they were named or of their names.
    pub fates: Vec<Fate>,
    /// What the new manifest becomes.
    pub project: Project,
    /// The manifest's name as it was given.
    pub manifest_shown: String,
    /// The new text of the manifest; nothing if it stays.
    pub manifest: Option<String>,
    /// What changes hands.
    pub(super) transfer: Transfer,
    /// The texts that reasons point into.
    pub(super) sources: Sources,
}

impl Proposal {
    /// Says whether there is anything to adopt.
    pub fn adopts(&self) -> bool {
        self.fates.iter().any(|fate| fate.what.is_adopted())
    }

    pub(super) fn differs(&self) -> bool {
        self.fates.iter().any(|fate| fate.differing().is_some())
    }

    pub(super) fn show_differences(&self, out: &mut dyn Write) -> io::Result<()> {
        for fate in &self.fates {
            if let Some(planned) = fate.differing() {
                let path = &fate.path;
                if matches!(fate.what, What::Own(_)) {
                    writeln!(out, "{path} has a known shape; planned,")?;
                    show_offer(out, fate, planned)?;
                } else {
                    writeln!(out, "{path} differs from what the manifest plans:")?;
                    show_lines(out, &planned.differences)?;
                }
            }
        }
        Ok(())
    }
}

/// The manifest as it is, or as it begins.
pub(super) struct Before {
    pub(super) shown: String,
    pub(super) bytes: Option<Vec<u8>>,
    pub(super) text: String,
    pub(super) project: Project,
}

/// Decides what becomes of the workflows; writes nothing.
pub fn propose(options: &Options) -> Result<Proposal, Failure> {
    let folder = options.manifest.parent();
    let root = folder.filter(|folder| !folder.as_os_str().is_empty());
    let root = root.unwrap_or(Path::new("."));
    let repository = Repository::open(root)?;
    let mut before = before(options, root, &repository)?;
    let lock = lock_of(&repository)?;
    let mut paths = match options.files.as_slice() {
        [] => files::all(root)?,
        named => named
            .iter()
            .map(|file| files::within(root, file))
            .collect::<Result<_, _>>()?,
    };
    let mut seen = std::collections::BTreeSet::new();
    paths.retain(|path| seen.insert(path.clone()));
    let mut sources = Sources::new();
    let judge = Judge {
        repository: &repository,
        lock: lock.as_ref(),
        rendered: &before.project.rendered,
        accept_differences: options.accept_differences,
    };
    let named = !options.files.is_empty();
    let fates = paths.iter();
    let fates = fates.filter_map(|path| judge.fate(path, named, &mut sources));
    let mut fates: Vec<_> = fates.collect();
    fates
        .iter_mut()
        .for_each(|fate| own_jobs::keep(fate, root, options, &mut before));
    if before.bytes.is_none() {
        begin_with_tags(&mut before, &fates, root, &repository)?;
    }
    shapes::find(&mut fates, &repository, options, &mut before);
    name_all(&mut fates, &before.project);
    let (manifest, project) = loop {
        let (manifest, project) = after(root, &mut fates, &before, &repository)?;
        if !refuse_unequal(&mut fates, &project) {
            break (manifest, project);
        }
    };
    stays(&before, &fates, &project)?;
    let taken = fates.iter().filter(|fate| fate.what.is_adopted());
    let taken = taken.map(|fate| (fate.path.clone(), fate.bytes.clone()));
    let taken: BTreeMap<_, _> = taken.collect();
    let changed = before.bytes.as_deref() != Some(manifest.as_bytes()) && !taken.is_empty();
    let file = options.manifest.file_name().unwrap_or_default();
    let beside = changed.then(|| Beside {
        path: file.to_string_lossy().into_owned(),
        before: before.bytes,
        after: manifest.clone().into_bytes(),
    });
    Ok(Proposal {
        fates,
        project,
        manifest_shown: before.shown,
        manifest: changed.then_some(manifest),
        transfer: Transfer {
            taken,
            given: Vec::new(),
            first: beside.into_iter().collect(),
        },
        sources,
    })
}

fn before(options: &Options, root: &Path, repository: &Repository) -> Result<Before, Failure> {
    let shown = options.manifest.display().to_string();
    let file = options
        .manifest
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    let bytes = repository.read(&file)?;
    let (text, project) = match &bytes {
        Some(bytes) => {
            let project = project::build(root, &shown, bytes.clone())?;
            (String::from_utf8_lossy(bytes).into_owned(), project)
        }
        None => first(root, &shown, repository, PinMode::Sha)?,
    };
    Ok(Before {
        shown,
        bytes,
        text,
        project,
    })
}

/// A manifest to begin with, which writes nothing that nobody asked for.
fn first(
    root: &Path,
    shown: &str,
    repository: &Repository,
    pins: PinMode,
) -> Result<(String, Project), Failure> {
    let name = name_of(root);
    let text = scaffold::minimal(&name, scaffold::Bot::Kept, pins);
    let project = project::build(root, shown, text.clone().into_bytes())?;
    let mut bots = project.rendered.iter().filter_map(|file| {
        let care = file.care()?;
        let all = care.instead.iter().copied().chain([file.path.as_str()]);
        Some(all.map(|path| repository.read(path).is_ok_and(|found| found.is_none())))
    });
    if bots.all(|mut absent| absent.all(|absent| absent)) {
        let text = scaffold::minimal(&name, scaffold::Bot::None, pins);
        let project = project::build(root, shown, text.clone().into_bytes())?;
        return Ok((text, project));
    }
    Ok((text, project))
}

/// A manifest that begins names actions as the workflows do that it takes over.
fn begin_with_tags(
    before: &mut Before,
    fates: &[Fate],
    root: &Path,
    repository: &Repository,
) -> Result<(), Failure> {
    let texts = fates.iter().filter_map(|fate| match &fate.what {
        What::Own(own) => Some(own.text.as_str()),
        _ => None,
    });
    let mode = mode_of(&texts.collect::<Vec<_>>());
    if mode != PinMode::Sha && repository.read(PINS_PATH)?.is_none() {
        (before.text, before.project) = first(root, &before.shown, repository, mode)?;
    }
    Ok(())
}

/// Gives each workflow a name that the manifest does not have.
fn name_all(fates: &mut [Fate], project: &Project) {
    let manifest = &project.manifest;
    let known = manifest
        .workflows
        .iter()
        .map(|workflow| workflow.file.clone());
    let mut taken: Vec<_> = known
        .chain(manifest.own.iter().map(|own| own.name.clone()))
        .collect();
    for fate in fates {
        if let What::Own(own) = &mut fate.what {
            let file = fate.path.rsplit('/').next().unwrap_or_default();
            own.name = free_name(file, |name| taken.iter().any(|known| known == name));
            taken.push(own.name.clone());
        }
    }
}

/// The new manifest, and what it becomes with the pins that move.
fn after(
    root: &Path,
    fates: &mut [Fate],
    before: &Before,
    repository: &Repository,
) -> Result<(String, Project), Failure> {
    let mut own: Vec<_> = fates
        .iter_mut()
        .filter_map(|fate| match &mut fate.what {
            What::Own(own) => Some((fate.path.as_str(), own)),
            _ => None,
        })
        .collect();
    let pins = known_pins(&before.project, repository)?;
    let texts: Vec<_> = own.iter().map(|(_, own)| own.text.as_str()).collect();
    let (moves, new) = moved(&texts, &pins);
    let mut entries = Vec::new();
    for ((path, own), moved) in own.iter_mut().zip(moves) {
        own.pinned = moved.actions;
        entries.push(Entry {
            name: own.name.clone(),
            file: own_file(path.rsplit('/').next().unwrap_or_default(), &own.name),
            text: moved.text,
        });
    }
    let text = if entries.is_empty() {
        before.text.clone()
    } else {
        insert(&before.text, &entries)
            .map_err(|refused| cannot_insert(&before.shown, &before.text, *refused))?
    };
    let mode = pins.mode();
    let pins: Pins = pins.iter().cloned().chain(new).collect();
    let project = project::build_with(
        root,
        &before.shown,
        text.clone().into_bytes(),
        Some(pins.in_mode(mode).to_string().into_bytes()),
    )?;
    Ok((text, project))
}

/// The pins on disk, and those that the manifest's workflows have.
fn known_pins(project: &Project, repository: &Repository) -> Result<Pins, Failure> {
    let (rendered, mode) = (&project.rendered, project.manifest.pins);
    let mut sources = Sources::new();
    let mut all = Vec::new();
    let rendered = rendered.iter().filter(|file| file.kind == FileKind::Pins);
    let mut texts: Vec<_> = rendered
        .map(|file| file.text.clone().into_bytes())
        .collect();
    texts.extend(repository.read(PINS_PATH)?);
    for bytes in texts {
        let id = load(&mut sources, PINS_PATH, bytes);
        let source = id.ok().and_then(|id| Some((sources.get(id)?, id)));
        if let Some((source, id)) = source {
            all.extend(Pins::parse(source, id, mode).0.iter().cloned());
        }
    }
    Ok(all.into_iter().collect::<Pins>().in_mode(mode))
}

/// Refuses the workflows that would not be what they are; says whether there were any.
fn refuse_unequal(fates: &mut [Fate], project: &Project) -> bool {
    let mut some = false;
    for fate in fates {
        if !matches!(fate.what, What::Own(_)) {
            continue;
        }
        let rendered = project.rendered.iter().find(|file| file.path == fate.path);
        let before = String::from_utf8_lossy(&fate.bytes);
        let kept = rendered.is_some_and(|file| {
            tree_hash(&fate.path, &file.text) == fate.tree
                && lost_comments(&fate.path, &before, &file.text)
                    .next()
                    .is_none()
        });
        if !kept {
            some = true;
            fate.what = What::Refused(Box::new(unequal(&fate.path)));
        }
    }
    some
}

/// The files that the manifest renders besides must stay as they are, but for the pins, and
/// for what tells a bot which workflows are generated.
fn stays(before: &Before, fates: &[Fate], project: &Project) -> Result<(), Failure> {
    let taken = |path: &str| fates.iter().any(|fate| fate.path == path);
    let Some(path) = changed(&before.project, project, taken) else {
        return Ok(());
    };
    let message = format!("`{path}` would change with the new entries");
    Err(Diagnostic::error("not-equal", message)
        .note("adopting a workflow changes no other file")
        .help("report this with the manifest; nothing was changed")
        .into())
}

/// A file that another manifest renders otherwise, or not at all, and that may not change.
pub(super) fn changed<'p>(
    before: &'p Project,
    after: &Project,
    may: impl Fn(&str) -> bool,
) -> Option<&'p str> {
    let follows = |file: &RenderedFile| {
        let shared = file.care().map(|care| care.upkeep) == Some(Upkeep::Ours);
        shared || file.kind == FileKind::Pins || may(&file.path)
    };
    let mut others = before.rendered.iter().filter(|file| !follows(file));
    let other = others.find(|file| !after.rendered.contains(file));
    other.map(|file| file.path.as_str())
}

fn unequal(path: &str) -> Diagnostic {
    let message = format!("`{path}` would not stay what it is");
    Diagnostic::error("not-equal", message)
        .note("its tree, or one of its comments, is another one once it is generated from the manifest")
        .help("report this with the file; until it is mended, leave it as it is")
}

/// The reason with the manifest's text around it.
fn cannot_insert(shown: &str, text: &str, mut refused: Diagnostic) -> Failure {
    let mut sources = Sources::new();
    match Source::new(shown, text) {
        Ok(source) => {
            let id = sources.add(source);
            if let Some(place) = &mut refused.primary {
                place.source = id;
            }
        }
        Err(_) => refused.primary = None,
    }
    Failure::new(refused, sources)
}
