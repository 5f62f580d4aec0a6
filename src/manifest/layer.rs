//! `extends`: a manifest and those it builds on, as one mapping.
//!
//! Texts go in, through the caller's function for files and from the shipped
//! presets; the merged values come out. What lies below is read first, later
//! ones win over earlier ones, and the manifest itself wins over all. A layer
//! that is reached twice counts where it is first. Paths are those of the
//! repository, wherever the file that names them lies.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::blocks::words::RepoPath;
use crate::diagnostics::{self, Diagnostic, Diagnostics, nearest};
use crate::manifest::merge::merge;
use crate::manifest::value::{BUDGET, Entry, Kind, Value};
use crate::source::{Location, SourceId, Sources};

/// More layers than anybody can keep in mind.
const MAX_LAYERS: usize = 50;

/// The caller's function that reads a file of the repository.
pub type Fetch<'f> = dyn FnMut(&str) -> Result<Vec<u8>, String> + 'f;

/// Reads a manifest with all that it builds on.
///
/// Nothing comes out when a text could not be read to its end.
pub(super) fn resolve(
    sources: &mut Sources,
    main: SourceId,
    fetch: &mut Fetch<'_>,
    presets: &[(&str, &str)],
    diagnostics: &mut Diagnostics,
) -> Option<Value> {
    let name = sources
        .get(main)?
        .name()
        .trim_start_matches("./")
        .to_owned();
    let mut resolver = Resolver {
        sources,
        fetch,
        presets,
        diagnostics,
        chain: vec![Link {
            name,
            named_at: None,
            is_preset: false,
        }],
        seen: HashSet::new(),
        merged: IndexMap::new(),
        budget: BUDGET,
        complete: true,
    };
    let origin = resolver.layer(main);
    let (entries, complete) = (resolver.merged, resolver.complete);
    let kind = Kind::Mapping(entries);
    origin
        .filter(|_| complete)
        .map(|origin| Value { origin, kind })
}

/// A layer that is being read, and where another one names it.
struct Link {
    name: String,
    named_at: Option<Location>,
    is_preset: bool,
}

struct Resolver<'a, 'f> {
    sources: &'a mut Sources,
    fetch: &'a mut Fetch<'f>,
    presets: &'a [(&'a str, &'a str)],
    diagnostics: &'a mut Diagnostics,
    /// From the manifest to the layer that is being read.
    chain: Vec<Link>,
    seen: HashSet<String>,
    merged: IndexMap<String, Entry>,
    /// How many more values may be read.
    budget: usize,
    complete: bool,
}

impl Resolver<'_, '_> {
    /// Merges a text and what it builds on; returns where its top mapping is.
    fn layer(&mut self, source: SourceId) -> Option<Location> {
        let read = self.read(source);
        let Some((origin, mut entries)) = read else {
            self.complete = false;
            return None;
        };
        let is_main = self.chain.len() == 1;
        if let Some(extends) = entries.get("extends") {
            let below = names(&extends.value);
            if !is_main && below.is_empty() {
                self.diagnostics.push(no_names(&extends.value));
            }
            for (name, place) in below.into_iter().take(MAX_LAYERS + 1) {
                self.below(&name, place);
            }
        }
        if !is_main {
            entries.shift_remove("extends");
        }
        merge(&mut self.merged, entries, self.diagnostics);
        Some(origin)
    }

    fn read(&mut self, source: SourceId) -> Option<(Location, IndexMap<String, Entry>)> {
        let text = self.sources.get(source)?.text();
        let mut found = Diagnostics::new();
        let value = Value::read(source, text, &mut self.budget, &mut found);
        let is_ours = self.chain.last().is_some_and(|link| link.is_preset);
        let found = found.into_iter();
        self.diagnostics
            .extend(found.map(|one| if is_ours { our_fault(one) } else { one }));
        let Value { origin, kind } = value?;
        match kind {
            Kind::Mapping(entries) => Some((origin, entries)),
            _ => None,
        }
    }

    /// Merges a layer that the current one builds on.
    fn below(&mut self, name: &str, place: Location) {
        let is_path = is_path(name);
        let name = name.strip_prefix("./").filter(|_| is_path).unwrap_or(name);
        let label = if is_path {
            name.to_owned()
        } else {
            format!("preset {name}")
        };
        if let Some(start) = self.chain.iter().position(|link| link.name == label) {
            let diagnostic = cycle(&self.chain[start..], &label, place);
            return self.fail(diagnostic);
        }
        if !self.seen.insert(label.clone()) {
            return;
        }
        if self.seen.len() > MAX_LAYERS {
            let message = format!("the manifest builds on more than {MAX_LAYERS} others");
            let diagnostic = Diagnostic::error("too-many-layers", message)
                .help("build on fewer manifests, or write what they say into one of them");
            return self.fail(diagnostic.at(place));
        }
        let source = if is_path {
            self.file(name, place)
        } else {
            self.preset(name, &label, place)
        };
        match source {
            Ok(source) => {
                self.chain.push(Link {
                    name: label,
                    named_at: Some(place),
                    is_preset: !is_path,
                });
                self.layer(source);
                self.chain.pop();
            }
            Err(diagnostic) => self.fail(*diagnostic),
        }
    }

    fn fail(&mut self, diagnostic: Diagnostic) {
        self.complete = false;
        self.diagnostics.push(diagnostic);
    }

    fn file(&mut self, path: &str, place: Location) -> Result<SourceId, Box<Diagnostic>> {
        if RepoPath::new(path).is_none() {
            return Err(Box::new(outside(path, place)));
        }
        match (self.fetch)(path) {
            Ok(bytes) => diagnostics::load(self.sources, path, bytes),
            Err(reason) => {
                let message = format!("`{path}` cannot be read: {reason}");
                let diagnostic = Diagnostic::error("missing-layer", message)
                    .at(place)
                    .note("paths in `extends` begin at the root of the repository")
                    .help("correct the path, or create the file");
                Err(Box::new(diagnostic))
            }
        }
    }

    fn preset(
        &mut self,
        name: &str,
        label: &str,
        place: Location,
    ) -> Result<SourceId, Box<Diagnostic>> {
        let known = self.presets.iter().find(|(known, _)| *known == name);
        let Some((_, text)) = known else {
            let names = self.presets.iter().map(|(name, _)| *name);
            return Err(Box::new(unknown_preset(name, names, place)));
        };
        diagnostics::load(self.sources, label, text.as_bytes().to_vec())
    }
}

fn our_fault(mut diagnostic: Diagnostic) -> Diagnostic {
    let message = &diagnostic.message;
    diagnostic.message = format!("internal error: a shipped preset is broken: {message}");
    diagnostic.help("report this; until it is mended, write a manifest without the preset")
}

/// A path is told from the name of a preset by how it looks, never by what exists.
fn is_path(name: &str) -> bool {
    name.contains('/') || name.ends_with(".yml") || name.ends_with(".yaml")
}

/// Returns the names under `extends`; what is no text is left to the schema.
fn names(extends: &Value) -> Vec<(String, Location)> {
    let items = match &extends.kind {
        Kind::List(items) => items.as_slice(),
        _ => std::slice::from_ref(extends),
    };
    let name = |item: &Value| match &item.kind {
        Kind::String(name) => Some((name.clone(), item.origin)),
        _ => None,
    };
    items.iter().filter_map(name).collect()
}

fn no_names(extends: &Value) -> Diagnostic {
    let found = extends.kind.describe();
    Diagnostic::error(
        "wrong-type",
        format!("`extends` is {found}, and a name or a list of names is wanted"),
    )
    .at(extends.origin)
    .help("name shipped presets or paths of files")
}

fn cycle(chain: &[Link], again: &str, place: Location) -> Diagnostic {
    let names = chain.iter().map(|link| link.name.as_str()).chain([again]);
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    let diagnostic = Diagnostic::error("extends-cycle", format!("`{again}` builds on itself"))
        .at(place)
        .note(format!("the chain is {}", names.join(" → ")))
        .help("remove one of them from the `extends` of the one before");
    let links = chain
        .iter()
        .skip(1)
        .filter_map(|link| Some((link.named_at?, &link.name)));
    links.fold(diagnostic, |diagnostic, (at, name)| {
        diagnostic.label(at, format!("`{name}` is named here"))
    })
}

fn outside(path: &str, place: Location) -> Diagnostic {
    let leaves = path.starts_with('/') || path.split('/').any(|part| part == "..");
    let message = if leaves {
        format!("`{path}` leaves the repository")
    } else {
        format!("`{path}` is not a path within the repository")
    };
    Diagnostic::error("layer-outside", message)
        .at(place)
        .note("what is generated must be the same for everybody who has the repository")
        .help("write a path from the root of the repository, like `./ci/base.yml`")
}

fn unknown_preset<'n>(
    name: &str,
    known: impl Iterator<Item = &'n str> + Clone,
    place: Location,
) -> Diagnostic {
    let diagnostic =
        Diagnostic::error("unknown-preset", format!("there is no preset `{name}`")).at(place);
    if let Some(meant) = nearest(name, known.clone()) {
        return diagnostic.help(format!("write `{meant}`"));
    }
    let known: Vec<_> = known.map(|name| format!("`{name}`")).collect();
    let help = "name a file by a path such as `./ci/base.yml`";
    if known.is_empty() {
        return diagnostic.help(help);
    }
    diagnostic.help(format!("{help}, or a preset: {}", known.join(", ")))
}
