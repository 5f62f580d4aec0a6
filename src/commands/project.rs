//! A manifest and all that follows from it: the files that its repository should hold.

use std::path::{Path, PathBuf};

use crate::assets;
use crate::commands::apply::{self, Mode, Outcome, Transfer, apply_with};
use crate::commands::{Failure, Report};
use crate::diagnostics::{self, Diagnostic, Diagnostics};
use crate::drift::Spoken;
use crate::lock::{Hash, PINS_PATH, Pins, below};
use crate::manifest::{self, Document, Manifest};
use crate::pipeline::Pipeline;
use crate::plan;
use crate::render::{self, RenderedFile};
use crate::source::Sources;

/// A manifest, planned and rendered.
#[derive(Debug)]
pub struct Project {
    /// The folder of the manifest, which is the root of the repository.
    pub root: PathBuf,
    /// The manifest.
    pub manifest: Manifest,
    /// What it becomes.
    pub pipeline: Pipeline,
    /// The files that the repository should hold.
    pub rendered: Vec<RenderedFile>,
    /// The hash of the resolved manifest.
    pub manifest_hash: Hash,
    /// The hash of all templates.
    pub templates_hash: Hash,
    /// Warnings about the manifest.
    pub report: Report,
    /// How it is spoken of.
    pub spoken: Spoken,
}

impl Project {
    /// Compares what is rendered with the disk, and in [`Mode::Write`] writes it; the files
    /// named in `force` whosever they are.
    pub fn apply(&self, mode: Mode, force: &[String]) -> Result<Outcome, Failure> {
        self.apply_in(&self.root, mode, force)
    }

    /// Does so together with files that change hands.
    pub fn transfer(&self, mode: Mode, transfer: &Transfer) -> Result<Outcome, Failure> {
        apply_with(
            &self.root,
            &self.rendered,
            &self.request(mode, &[]),
            transfer,
        )
    }

    /// Does so in another folder than the manifest's.
    pub(crate) fn apply_in(
        &self,
        root: &Path,
        mode: Mode,
        force: &[String],
    ) -> Result<Outcome, Failure> {
        apply::apply(root, &self.rendered, &self.request(mode, force))
    }

    fn request<'a>(&'a self, mode: Mode, force: &'a [String]) -> apply::Options<'a> {
        apply::Options {
            mode,
            force,
            templates: self.templates_hash,
            manifest: self.manifest_hash,
            spoken: &self.spoken,
        }
    }
}

/// Reads a manifest, plans and renders it.
pub fn load(manifest: &Path) -> Result<Project, Failure> {
    let shown = manifest.display().to_string();
    let bytes = std::fs::read(manifest).map_err(|error| unreadable(&shown, &error))?;
    let root = manifest
        .parent()
        .filter(|root| !root.as_os_str().is_empty());
    build(root.unwrap_or(Path::new(".")), &shown, bytes)
}

/// Plans and renders the text of a manifest that lies, or will lie, in `root`.
pub fn build(root: &Path, name: &str, bytes: Vec<u8>) -> Result<Project, Failure> {
    build_with(root, name, bytes, None)
}

/// The same with the text of a pins file that is not written yet, or as it is on disk.
pub fn build_with(
    root: &Path,
    name: &str,
    bytes: Vec<u8>,
    pins_file: Option<Vec<u8>>,
) -> Result<Project, Failure> {
    let mut sources = Sources::new();
    let main = match diagnostics::load(&mut sources, name, bytes) {
        Ok(main) => main,
        Err(refused) => return Err(Failure::new(Diagnostics::from(*refused), sources)),
    };
    let mut fetch = |path: &str| fetch(root, path);
    let reading = manifest::read(&mut sources, main, &mut fetch);
    let mut found = reading.diagnostics;
    let exists = |path: &str| below(root, path).exists();
    let Some(document) = reading.document else {
        let rest = reading.rest.as_ref();
        found.extend(rest.map_or_else(Diagnostics::new, |rest| rest.problems(&exists)));
        found.sort();
        return Err(Failure::new(found, sources));
    };
    let (manifest, more) = manifest::resolve(&document, &exists);
    found.extend(more);
    found.sort();
    let Some(manifest) = manifest else {
        return Err(Failure::new(found, sources));
    };
    let (pipeline, more) = plan::plan(&manifest);
    found.extend(more);
    let pins_file = pins_file.or_else(|| std::fs::read(below(root, PINS_PATH)).ok());
    let pins = match pins(pins_file, &pipeline, &document, &mut sources, &mut found) {
        Some(pins) if !found.has_errors() => pins,
        _ => return Err(Failure::new(found, sources)),
    };
    let file = Path::new(name).file_name().map_or_else(
        || name.to_owned(),
        |name| name.to_string_lossy().into_owned(),
    );
    let rendered = render::render(&pipeline, &pins, &file)
        .map_err(|error| Diagnostic::error("template", error.to_string()))?;
    let manifest_hash = Hash::of_text(generates(&document).to_string().as_bytes());
    Ok(Project {
        spoken: Spoken {
            flags: flags(name),
            folder: folder(name),
        },
        root: root.to_path_buf(),
        manifest,
        pipeline,
        rendered,
        manifest_hash,
        templates_hash: templates_hash(),
        report: Report {
            diagnostics: found,
            sources,
        },
    })
}

/// A manifest with all of its layers: each value with the place it comes from, and as data.
pub fn resolved(manifest: &Path) -> Result<(String, serde_json::Value), Failure> {
    let (document, sources) = document(manifest)?;
    Ok((document.show_resolved(&sources), document.to_json()))
}

/// A manifest with all of its layers, and the texts that its places are in.
pub(crate) fn document(manifest: &Path) -> Result<(Document, Sources), Failure> {
    let shown = manifest.display().to_string();
    let bytes = std::fs::read(manifest).map_err(|error| unreadable(&shown, &error))?;
    let mut sources = Sources::new();
    let main = match diagnostics::load(&mut sources, &shown, bytes) {
        Ok(main) => main,
        Err(refused) => return Err(Failure::new(Diagnostics::from(*refused), sources)),
    };
    let root = manifest
        .parent()
        .filter(|root| !root.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut fetch = |path: &str| fetch(root, path);
    let reading = manifest::read(&mut sources, main, &mut fetch);
    match reading.document {
        Some(document) => Ok((document, sources)),
        None => Err(Failure::new(reading.diagnostics, sources)),
    }
}

/// The name under which commands look for a manifest.
const USUAL: &str = "cicd.yml";

fn flags(name: &str) -> String {
    match name {
        USUAL => String::new(),
        _ if name.contains(char::is_whitespace) => format!(" --manifest '{name}'"),
        _ => format!(" --manifest {name}"),
    }
}

fn folder(name: &str) -> String {
    let name = name.strip_prefix("./").unwrap_or(name);
    let end = name.rfind(['/', std::path::MAIN_SEPARATOR]);
    end.map_or_else(String::new, |slash| name[..=slash].to_owned())
}

fn unreadable(shown: &str, error: &std::io::Error) -> Failure {
    if error.kind() == std::io::ErrorKind::NotFound {
        return Diagnostic::error("no-manifest", format!("there is no manifest `{shown}`"))
            .help("run `cicd init` to write one, or name it with `--manifest FILE`")
            .into();
    }
    Failure::disk("read", shown, error)
}

/// A file that a manifest builds on. Links that lead out of the repository are refused.
fn fetch(root: &Path, path: &str) -> Result<Vec<u8>, String> {
    let file = below(root, path);
    let said = |error: std::io::Error| error.to_string();
    let real = file.canonicalize().map_err(said)?;
    if !real.starts_with(root.canonicalize().map_err(said)?) {
        return Err("it leads out of the repository".to_owned());
    }
    std::fs::read(real).map_err(said)
}

/// The pins of all actions: those on disk first, since that is where bumps arrive.
fn pins(
    pins_file: Option<Vec<u8>>,
    pipeline: &Pipeline,
    document: &Document,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Option<Pins> {
    let mut pins = Pins::default();
    if let Some(bytes) = pins_file {
        match diagnostics::load(sources, PINS_PATH, bytes) {
            Ok(id) => {
                let source = sources.get(id)?;
                let (read, more) = Pins::parse(source, id);
                pins = read;
                found.extend(more);
            }
            Err(refused) => found.push(refused),
        }
    }
    match pins.for_actions(render::actions(pipeline)) {
        Ok(pins) => Some(pins),
        Err(unknown) => {
            let mut error = Diagnostic::error(
                "unknown-action",
                format!("the commit of `{}` is not known", unknown.0),
            );
            // Ours are all known, so this one is written in the manifest.
            error.primary = document.values.place_of(&unknown.0);
            found.push(error.help("write it with a commit, as `owner/name@SHA`"));
            None
        }
    }
}

/// What of a manifest decides about files: all but what it says to the linter.
fn generates(document: &Document) -> serde_json::Value {
    let mut values = document.to_json();
    values.as_object_mut().map(|all| all.shift_remove("lint"));
    values
}

/// A hash over everything that text is made from.
fn templates_hash() -> Hash {
    let mut all = String::new();
    let tables = [assets::TEMPLATES, assets::SCRIPTS, assets::SCRIPT_PARTS];
    for (name, text) in tables.into_iter().flatten() {
        all.push_str(name);
        all.push('\0');
        all.push_str(text);
    }
    Hash::of_text(all.as_bytes())
}
