//! A manifest and all that follows from it: the files that its repository should hold.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::assets;
use crate::commands::apply::{self, Mode, Outcome, Transfer, apply_with};
use crate::commands::{Failure, Report};
use crate::diagnostics::{self, Diagnostic, Diagnostics};
use crate::drift::Spoken;
use crate::lock::{Hash, PINS_PATH, PinMode, Pins, UnknownAction, below};
use crate::manifest::{self, Document, Manifest};
use crate::pins::versions_in;
use crate::pipeline::{Pipeline, Work};
use crate::plan;
use crate::render::{self, RenderedFile};
use crate::source::{Source, Sources};

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

/// A manifest that is planned, before its actions have commits.
#[derive(Debug)]
pub struct Planned {
    /// The folder of the manifest, which is the root of the repository.
    pub root: PathBuf,
    /// The manifest.
    pub manifest: Manifest,
    /// What it becomes.
    pub pipeline: Pipeline,
    /// What was said so far, and the texts that it is about.
    pub report: Report,
    /// How it is spoken of.
    pub spoken: Spoken,
    /// The manifest's file name.
    file: String,
    document: Document,
}

/// Reads a manifest, plans and renders it.
pub fn load(manifest: &Path) -> Result<Project, Failure> {
    plan(manifest)?.render_with(None)
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
    plan_text(root, name, bytes)?.render_with(pins_file)
}

/// Reads a manifest and plans it.
pub(crate) fn plan(manifest: &Path) -> Result<Planned, Failure> {
    let shown = manifest.display().to_string();
    let bytes = std::fs::read(manifest).map_err(|error| unreadable(&shown, &error))?;
    let root = manifest
        .parent()
        .filter(|root| !root.as_os_str().is_empty());
    plan_text(root.unwrap_or(Path::new(".")), &shown, bytes)
}

fn plan_text(root: &Path, name: &str, bytes: Vec<u8>) -> Result<Planned, Failure> {
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
    let file = Path::new(name).file_name().map_or_else(
        || name.to_owned(),
        |name| name.to_string_lossy().into_owned(),
    );
    Ok(Planned {
        spoken: Spoken {
            flags: flags(name),
            folder: folder(name),
        },
        root: root.to_path_buf(),
        manifest,
        pipeline,
        report: Report {
            diagnostics: found,
            sources,
        },
        file,
        document,
    })
}

impl Planned {
    /// Renders with the pins of a file first, since that is where bumps arrive; without one,
    /// of the file on disk.
    fn render_with(mut self, pins_file: Option<Vec<u8>>) -> Result<Project, Failure> {
        let mode = self.manifest.pins;
        let pins = match pins_file {
            Some(bytes) => self.pins_in(bytes, mode),
            None => self.pins_on_disk(mode),
        };
        if self.report.diagnostics.has_errors() {
            return Err(Failure::Reported(Box::new(self.report)));
        }
        let rendered = match self.render(&pins) {
            Ok(rendered) => rendered,
            Err(error) => {
                self.report.diagnostics.push(error);
                return Err(Failure::Reported(Box::new(self.report)));
            }
        };
        Ok(Project {
            manifest_hash: self.manifest_hash(),
            templates_hash: templates_hash(),
            root: self.root,
            manifest: self.manifest,
            pipeline: self.pipeline,
            rendered,
            report: self.report,
            spoken: self.spoken,
        })
    }

    /// Reads the pins on disk; what is wrong with them joins the report.
    pub(crate) fn pins_on_disk(&mut self, mode: PinMode) -> Pins {
        match std::fs::read(below(&self.root, PINS_PATH)) {
            Ok(bytes) => self.pins_in(bytes, mode),
            Err(_) => Pins::new(mode),
        }
    }

    fn pins_in(&mut self, bytes: Vec<u8>, mode: PinMode) -> Pins {
        let Report {
            diagnostics,
            sources,
        } = &mut self.report;
        let loaded = diagnostics::load(sources, PINS_PATH, bytes);
        let parsed = loaded.map(|id| sources.get(id).map(|source| Pins::parse(source, id, mode)));
        match parsed {
            Ok(parsed) => {
                let (pins, problems) =
                    parsed.unwrap_or_else(|| (Pins::new(mode), Diagnostics::new()));
                diagnostics.extend(problems);
                pins
            }
            Err(refused) => {
                diagnostics.push(refused);
                Pins::new(mode)
            }
        }
    }

    /// Renders with these pins, and those of the catalogue for what they lack.
    pub(crate) fn render(&self, pins: &Pins) -> Result<Vec<RenderedFile>, Box<Diagnostic>> {
        let pins = pins.for_actions(self.actions());
        let pins = pins.map_err(|UnknownAction(action)| Box::new(self.unknown(&action)))?;
        render::render(&self.pipeline, &pins, &self.file)
            .map_err(|error| Box::new(Diagnostic::error("template", error.to_string())))
    }

    /// The actions that need a pin.
    pub(crate) fn actions(&self) -> Vec<&str> {
        render::actions(&self.pipeline)
    }

    /// The actions that are named with a version, each as `owner/name@ref`.
    pub(crate) fn named(&self) -> BTreeSet<String> {
        let mut named = BTreeSet::new();
        let jobs = self
            .pipeline
            .workflows
            .iter()
            .flat_map(|workflow| &workflow.jobs);
        for step in jobs.flat_map(|job| &job.steps) {
            if let Work::Use(action, _) = &step.work {
                named.extend(action.0.contains('@').then(|| action.0.clone()));
            }
        }
        for own in &self.pipeline.own {
            if let Ok(text) = Source::new(own.path(), own.text.as_str()) {
                named.extend(versions_in(&text));
            }
        }
        named
    }

    /// What its files are written with.
    pub(crate) fn request<'f>(&'f self, mode: Mode, force: &'f [String]) -> apply::Options<'f> {
        apply::Options {
            mode,
            force,
            templates: templates_hash(),
            manifest: self.manifest_hash(),
            spoken: &self.spoken,
        }
    }

    fn manifest_hash(&self) -> Hash {
        Hash::of_text(generates(&self.document).to_string().as_bytes())
    }

    fn unknown(&self, action: &str) -> Diagnostic {
        let message = format!("the commit of `{action}` is not known");
        let mut error = Diagnostic::error("unknown-action", message);
        // Ours are all known, so this one is written in the manifest.
        error.primary = self.document.values.place_of(action);
        error.help(format!(
            "run `cicd pins update {action}`, which looks it up, or write it with a commit, as `owner/name@SHA`"
        ))
    }
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
