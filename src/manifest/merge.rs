//! One layer onto those below it.
//!
//! Mappings merge by key; all else replaces what is below. A key that ends in
//! `+` adds to the list below, and a key without a value removes what is below.
//! In what is written in GitHub's syntax both mean what they mean to GitHub.

use indexmap::IndexMap;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::manifest::value::{BUDGET, Entry, Kind, Value};

/// Says whether the value at this path is written in GitHub's syntax rather than ours.
pub(super) fn is_github_syntax(path: &[String]) -> bool {
    is_own(path)
        || path.len() > 3
            && path[0] == "workflows"
            && matches!(path[2].as_str(), "steps" | "jobs" | "overlays")
}

/// Says whether the value at this path is a workflow in GitHub's syntax, or within one.
fn is_own(path: &[String]) -> bool {
    path.len() > 2 && path[0] == "workflows" && path[2] == "own"
}

/// Says whether a word leaves a workflow to the user that a layer below has.
fn ejects(path: &[String], word: &str, below: &Entry) -> bool {
    let workflow = path.len() == 2 && path[0] == "workflows";
    workflow && word == "ejected" && matches!(below.value.kind, Kind::Mapping(_))
}

/// Says whether the last key of a path is one of ours; a job's id is, its `steps` are not.
fn is_our_key(path: &[String]) -> bool {
    path.split_last()
        .is_none_or(|(_, parent)| !is_github_syntax(parent))
}

/// Says whether a `+` at the end of the last key is a mark; a link's label is free text.
fn may_be_marked(path: &[String]) -> bool {
    is_our_key(path) && !(path.len() == 2 && path[0] == "links")
}

/// Puts the entries of a layer onto the values below it.
pub(super) fn merge(
    below: &mut IndexMap<String, Entry>,
    layer: IndexMap<String, Entry>,
    diagnostics: &mut Diagnostics,
) {
    let mut merger = Merger {
        path: Vec::new(),
        diagnostics,
    };
    merger.entries(below, layer);
}

struct Merger<'d> {
    /// The keys that lead to what is being merged.
    path: Vec<String>,
    diagnostics: &'d mut Diagnostics,
}

impl Merger<'_> {
    fn entries(&mut self, below: &mut IndexMap<String, Entry>, layer: IndexMap<String, Entry>) {
        let mut additions = Vec::new();
        for (key, entry) in layer {
            self.path.push(key);
            let marked = self.path.last().and_then(|key| key.strip_suffix('+'));
            match marked {
                Some(name) if !name.is_empty() && may_be_marked(&self.path) => {
                    additions.push((name.to_owned(), entry));
                }
                _ => self.entry(below, entry),
            }
            self.path.pop();
        }
        for (name, entry) in additions {
            self.path.push(name);
            self.addition(below, entry);
            self.path.pop();
        }
    }

    /// Puts the entry of the current path onto what is below.
    fn entry(&mut self, below: &mut IndexMap<String, Entry>, entry: Entry) {
        let name = self.name();
        let removes = entry.value.kind == Kind::Null && is_our_key(&self.path);
        if removes && below.shift_remove(&name).is_some() {
            return;
        }
        match (below.get_mut(&name), entry.value.kind) {
            // The short form says one thing more of what stands below.
            (Some(own), Kind::String(word)) if ejects(&self.path, &word, own) => {
                let value = Value {
                    kind: Kind::Bool(true),
                    origin: entry.value.origin,
                };
                let (key, marked) = (entry.key, false);
                if let Kind::Mapping(entries) = &mut own.value.kind {
                    let entry = Entry { key, marked, value };
                    entries.insert("ejected".to_owned(), entry);
                }
            }
            // A workflow is taken out of one text, so it is replaced as a whole.
            (Some(own), Kind::Mapping(layer))
                if matches!(own.value.kind, Kind::Mapping(_)) && !is_own(&self.path) =>
            {
                own.key = entry.key;
                own.value.origin = entry.value.origin;
                if let Kind::Mapping(entries) = &mut own.value.kind {
                    self.entries(entries, layer);
                }
            }
            (_, kind) => {
                let kind = self.alone(kind);
                let value = Value {
                    kind,
                    ..entry.value
                };
                below.insert(name, Entry { value, ..entry });
            }
        }
    }

    /// Adds the entry of the current path to the list below.
    fn addition(&mut self, below: &mut IndexMap<String, Entry>, entry: Entry) {
        let name = self.name();
        let kind = self.alone(entry.value.kind);
        let value = Value {
            kind,
            origin: entry.value.origin,
        };
        let Some(own) = below.get_mut(&name) else {
            let (key, marked) = (entry.key, true);
            below.insert(name, Entry { key, marked, value });
            return;
        };
        if value.kind == Kind::Null {
            // Nothing is added.
            return;
        }
        if matches!(own.value.kind, Kind::Mapping(_)) {
            let message = format!("`{name}+` adds to a list, and `{name}` is a mapping");
            let diagnostic = Diagnostic::error("nothing-to-add-to", message)
                .at(entry.key)
                .label(own.key, "the mapping")
                .help(format!(
                    "write `{name}`: mappings merge by key without a mark"
                ));
            self.diagnostics.push(diagnostic);
            return;
        }
        let origin = own.value.origin;
        let kind = std::mem::replace(&mut own.value.kind, Kind::Null);
        let mut items = items(Value { origin, kind });
        own.key = entry.key;
        own.value.origin = value.origin;
        items.extend(self::items(value));
        own.value.kind = Kind::List(items);
    }

    /// Returns a value that has nothing below it: without marks and keys without a value.
    fn alone(&mut self, kind: Kind) -> Kind {
        match kind {
            Kind::Mapping(layer) => {
                let mut entries = IndexMap::with_capacity(layer.len());
                self.entries(&mut entries, layer);
                Kind::Mapping(entries)
            }
            Kind::List(items) => Kind::List(
                items
                    .into_iter()
                    .enumerate()
                    .map(|(index, item)| {
                        self.path.push(index.to_string());
                        let kind = self.alone(item.kind);
                        self.path.pop();
                        Value { kind, ..item }
                    })
                    .collect(),
            ),
            scalar => scalar,
        }
    }

    fn name(&self) -> String {
        self.path.last().cloned().unwrap_or_default()
    }
}

/// Puts every environment onto `environment-defaults`, as if that were a layer below it.
///
/// The copies together stay within the budget for values; nothing is merged,
/// and an error is reported, when they would not.
pub(super) fn spread_defaults(values: &mut Value, diagnostics: &mut Diagnostics) {
    let Kind::Mapping(top) = &mut values.kind else {
        return;
    };
    let Some(defaults) = top.get("environment-defaults").cloned() else {
        return;
    };
    let Kind::Mapping(below) = &defaults.value.kind else {
        // The schema says what is wrong with it.
        return;
    };
    let Some(Kind::Mapping(environments)) = top
        .get_mut("environments")
        .map(|entry| &mut entry.value.kind)
    else {
        return;
    };
    if defaults.value.count().saturating_mul(environments.len()) > BUDGET {
        let message = "the defaults are too large to be copied into every environment";
        let error = Diagnostic::error("too-large", message).at(defaults.key);
        diagnostics.push(error.help("write what only one environment needs there"));
        return;
    }
    for (name, environment) in environments {
        let Kind::Mapping(own) = &mut environment.value.kind else {
            continue;
        };
        let mut merged = below.clone();
        let mut merger = Merger {
            path: vec!["environments".to_owned(), name.clone()],
            diagnostics,
        };
        let own = std::mem::take(own).into_iter().map(with_mark).collect();
        merger.entries(&mut merged, own);
        environment.value.kind = Kind::Mapping(merged);
    }
}

/// Gives the marks back that were taken off for lack of something below, all the way down.
fn with_mark((key, mut entry): (String, Entry)) -> (String, Entry) {
    if let Kind::Mapping(entries) = &mut entry.value.kind {
        *entries = std::mem::take(entries).into_iter().map(with_mark).collect();
    }
    let key = if entry.marked { format!("{key}+") } else { key };
    (key, entry)
}

/// Drops the keys without a value, which have removed what they could.
pub(super) fn prune(values: &mut Value, diagnostics: &mut Diagnostics) {
    let mut path = Vec::new();
    prune_at(values, &mut path, diagnostics);
}

fn prune_at(value: &mut Value, path: &mut Vec<String>, diagnostics: &mut Diagnostics) {
    match &mut value.kind {
        Kind::Mapping(entries) => entries.retain(|key, entry| {
            path.push(key.clone());
            let is_ours = is_our_key(path);
            let keep = !is_ours || entry.value.kind != Kind::Null;
            if !keep {
                diagnostics.push(no_value(key, entry));
            } else if is_ours {
                prune_at(&mut entry.value, path, diagnostics);
            }
            path.pop();
            keep
        }),
        Kind::List(items) => {
            for item in items {
                path.push(String::new());
                prune_at(item, path, diagnostics);
                path.pop();
            }
        }
        _ => {}
    }
}

fn no_value(key: &str, entry: &Entry) -> Diagnostic {
    let mark = if entry.marked { "+" } else { "" };
    Diagnostic::warning("empty-value", format!("`{key}{mark}` has no value"))
        .at(entry.key)
        .note(
            "a key without a value removes what the manifests below say, and they say nothing here",
        )
        .help("give it a value, `{}` for a mapping of defaults, or delete the key")
}

fn items(value: Value) -> Vec<Value> {
    match value.kind {
        Kind::List(items) => items,
        Kind::Null => Vec::new(),
        _ => vec![value],
    }
}
