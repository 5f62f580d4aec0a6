//! What can still be judged of a manifest with wrong parts.
//!
//! A misspelt key should not hide that an approval names an unknown environment.
//! So the wrong parts are taken out, and what remains is resolved for its problems
//! only. A problem that may come from a part that was taken out is not told.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use indexmap::map::Entry as Slot;

use super::merge;
use super::resolve::{Exists, resolve};
use super::value::{Entry, Kind, Value};
use super::{Document, typed};
use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::source::Location;

/// A part that does not fit may take the one around it along; so often at most.
const MAX_ROUNDS: usize = 20;

/// The code of what names something that is not there.
const UNKNOWN_NAME: &str = "unknown-name";

/// The codes of problems that lie in what is written. All others may lie in what is not there.
const WRITTEN: [&str; 9] = [
    UNKNOWN_NAME,
    "deploy-trigger",
    "no-such-folder",
    "path-and-members",
    "too-few-reviewers",
    "too-many-reviewers",
    "trigger-elsewhere",
    "two-languages",
    "unknown-trigger",
];

/// Keys that are not written as they are meant, with what they were meant to be.
pub(super) type Meant = Vec<(Location, String)>;

/// A manifest without its wrong parts.
#[derive(Clone, Debug)]
pub struct Rest {
    document: Document,
    /// Keys and values that are wrong themselves.
    wrong: BTreeSet<Location>,
    /// Those, and what lost something.
    touched: BTreeSet<Location>,
    /// Whether something was taken out that others may name.
    lost_names: bool,
}

impl Rest {
    /// Returns the errors in what remains.
    pub fn problems(&self, exists: &Exists<'_>) -> Diagnostics {
        let (_, found) = resolve(&self.document, exists);
        let untouched = |diagnostic: &Diagnostic| {
            // A name is unknown whatever stands under it.
            let (hidden, all_hidden) = match diagnostic.code {
                UNKNOWN_NAME => (&self.wrong, self.lost_names),
                _ => (&self.touched, false),
            };
            diagnostic.severity == Severity::Error
                && WRITTEN.contains(&diagnostic.code)
                && !all_hidden
                && diagnostic
                    .primary
                    .is_some_and(|place| !hidden.contains(&place))
        };
        found.into_iter().filter(untouched).collect()
    }
}

/// Takes the wrong parts out; nothing if too little remains to say anything of it.
pub(super) fn mend(values: &Value, errors: &Diagnostics, meant: &Meant) -> Option<Rest> {
    let wrong: BTreeSet<_> = errors
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .filter_map(|diagnostic| diagnostic.primary)
        .collect();
    let unknown = |key: &Location| !meant.iter().any(|(place, _)| place == key);
    if let Kind::Mapping(entries) = &values.kind {
        // A whole part of the manifest under a name that nobody knows: what refers to it would
        // seem to refer to nothing.
        let mut keys = entries.values().map(|entry| &entry.key);
        if keys.any(|key| wrong.contains(key) && unknown(key)) {
            return None;
        }
    }
    let mut mender = Mender {
        wrong: &wrong,
        meant,
        touched: BTreeSet::from([values.origin]),
        lost_names: false,
        depth: 0,
    };
    let mut values = mender.value(values);
    merge::prune(&mut values, &mut Diagnostics::new());
    if let Kind::Mapping(entries) = &mut values.kind {
        let key = values.origin;
        let value = Value {
            origin: key,
            kind: Kind::Integer(1),
        };
        let entry = Entry {
            key,
            marked: false,
            value,
        };
        entries.entry("version".to_owned()).or_insert(entry);
    }
    for _ in 0..MAX_ROUNDS {
        let path = match typed(&values) {
            Ok(raw) => {
                let document = Document {
                    raw,
                    values,
                    own: Vec::new(),
                };
                return Some(Rest {
                    document,
                    touched: mender.touched,
                    lost_names: mender.lost_names,
                    wrong,
                });
            }
            Err(misfit) => misfit.path,
        };
        mender.depth = 0;
        mender.remove(&mut values, &path)?;
    }
    None
}

struct Mender<'m> {
    wrong: &'m BTreeSet<Location>,
    meant: &'m Meant,
    touched: BTreeSet<Location>,
    lost_names: bool,
    /// How many mappings are around the place where it works.
    depth: usize,
}

impl Mender<'_> {
    /// Copies a value without its wrong parts.
    fn value(&mut self, value: &Value) -> Value {
        let before = self.touched.len();
        let kind = match &value.kind {
            Kind::List(items) => {
                let items = items.iter().filter_map(|item| {
                    let fine = !self.is_wrong(item.origin);
                    fine.then(|| self.value(item))
                });
                Kind::List(items.collect())
            }
            Kind::Mapping(entries) => Kind::Mapping(self.mapping(entries)),
            scalar => scalar.clone(),
        };
        if self.touched.len() > before {
            self.touched.insert(value.origin);
        }
        Value {
            origin: value.origin,
            kind,
        }
    }

    fn mapping(&mut self, entries: &IndexMap<String, Entry>) -> IndexMap<String, Entry> {
        let mut kept = IndexMap::new();
        for (key, entry) in entries {
            let meant = self.meant.iter().find(|(place, _)| *place == entry.key);
            let name = match (self.is_wrong(entry.key), meant) {
                (false, _) => key,
                (true, Some((_, meant))) => meant,
                (true, None) => {
                    // What stands under a name that nobody knows may be what others name.
                    self.lost_names |= self.depth < 3;
                    continue;
                }
            };
            if self.is_wrong(entry.value.origin) {
                self.touched.insert(entry.key);
                self.lose();
                continue;
            }
            let before = self.touched.len();
            self.depth += 1;
            let value = self.value(&entry.value);
            self.depth -= 1;
            if self.touched.len() > before {
                self.touched.insert(entry.key);
            }
            if let Slot::Vacant(slot) = kept.entry(name.clone()) {
                slot.insert(Entry {
                    value,
                    ..entry.clone()
                });
            }
        }
        kept
    }

    /// Notes that a part is taken out of the mapping where it works.
    fn lose(&mut self) {
        // Environments, components and workflows stand in the sections of the manifest.
        self.lost_names |= self.depth < 2;
    }

    fn is_wrong(&mut self, place: Location) -> bool {
        let wrong = self.wrong.contains(&place);
        if wrong {
            self.touched.insert(place);
        }
        wrong
    }

    /// Removes what stands at the end of a path, as far as it leads.
    fn remove(&mut self, values: &mut Value, path: &[String]) -> Option<()> {
        let [step, rest @ ..] = path else {
            return None;
        };
        self.touched.insert(values.origin);
        match &mut values.kind {
            Kind::Mapping(entries) => {
                let entry = entries.get_mut(step)?;
                self.touched.insert(entry.key);
                self.depth += 1;
                let deeper = self.remove(&mut entry.value, rest);
                self.depth -= 1;
                if deeper.is_none() {
                    self.lose();
                    entries.shift_remove(step);
                }
            }
            Kind::List(items) => {
                let index = step.parse::<usize>().ok()?;
                let item = items.get_mut(index)?;
                if self.remove(item, rest).is_none() {
                    items.remove(index);
                }
            }
            _ => return None,
        }
        Some(())
    }
}
