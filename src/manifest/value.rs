//! Values that know where they were written.
//!
//! A [`Tree`](crate::syntax::Tree) of one text goes in; values that can be
//! merged with those of other texts come out. What keys mean is not known here.

use indexmap::IndexMap;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::source::{Location, SourceId, Span};
use crate::syntax::{self, Node};

/// How many values all layers together may have, aliases copied out.
pub(super) const BUDGET: usize = syntax::JSON_BUDGET;

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Where it is written.
    pub origin: Location,
    /// What it is.
    pub kind: Kind,
}

/// What a [`Value`] is. Numbers are finite.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Nothing, `null` or `~`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    String(String),
    /// A list.
    List(Vec<Value>),
    /// Keys with values, in the order of the text.
    Mapping(IndexMap<String, Entry>),
}

/// What stands under a key of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Where the key is written.
    pub key: Location,
    /// Whether the key is written with a `+` and stands for itself, since no layer
    /// below has something to add to.
    pub(super) marked: bool,
    /// Its value.
    pub value: Value,
}

/// A value that was looked up.
#[derive(Clone, Copy, Debug)]
pub struct Found<'v> {
    /// Where its key is written; for an item of a list, where the item is.
    pub key: Location,
    /// The value.
    pub value: &'v Value,
}

impl Value {
    /// Reads a text whose top is a mapping, aliases copied out.
    ///
    /// Takes what it reads from the budget. Nothing comes out, and an error is
    /// reported, when that is used up or the text cannot be read to its end.
    pub(super) fn read(
        source: SourceId,
        text: &str,
        budget: &mut usize,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let parsed = syntax::parse(source, text);
        diagnostics.extend(parsed.diagnostics);
        let tree = parsed.document.filter(syntax::Tree::is_complete)?;
        let root = tree.root().filter(|root| !root.is_null());
        let left = budget;
        let read = match root {
            Some(root) => Reader { left, diagnostics }.value(root),
            None => Err(empty(Location::new(source, Span::at(0)))),
        };
        let read = read.and_then(|value| match value.kind {
            Kind::Mapping(_) => Ok(value),
            _ => Err(no_mapping(&value)),
        });
        read.map_err(|diagnostic| diagnostics.push(diagnostic)).ok()
    }

    /// Looks a value up by the keys that lead to it, numbers for items of lists.
    pub fn find(&self, path: &[&str]) -> Option<Found<'_>> {
        let start = Found {
            key: self.origin,
            value: self,
        };
        path.iter()
            .try_fold(start, |found, step| match &found.value.kind {
                Kind::Mapping(entries) => entries.get(*step).map(Entry::found),
                Kind::List(items) => {
                    let value = items.get(step.parse::<usize>().ok()?)?;
                    let key = value.origin;
                    Some(Found { key, value })
                }
                _ => None,
            })
    }

    /// Returns how many values it is made of, itself included.
    pub(super) fn count(&self) -> usize {
        let inner: usize = match &self.kind {
            Kind::List(items) => items.iter().map(Self::count).sum(),
            Kind::Mapping(entries) => entries.values().map(|entry| entry.value.count()).sum(),
            _ => 0,
        };
        inner + 1
    }

    /// Looks for a text among all values, and returns where it is written first.
    pub fn place_of(&self, text: &str) -> Option<Location> {
        match &self.kind {
            Kind::String(own) => (own == text).then_some(self.origin),
            Kind::List(items) => items.iter().find_map(|item| item.place_of(text)),
            Kind::Mapping(entries) => {
                let mut values = entries.values().map(|entry| &entry.value);
                values.find_map(|value| value.place_of(text))
            }
            _ => None,
        }
    }

    /// Returns the value as JSON, where `2.0` is the number 2 as it is to GitHub.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.kind {
            Kind::Null => serde_json::Value::Null,
            Kind::Bool(value) => (*value).into(),
            Kind::Integer(value) => (*value).into(),
            Kind::Float(value) => number(*value),
            Kind::String(text) => text.as_str().into(),
            Kind::List(items) => items.iter().map(Self::to_json).collect(),
            Kind::Mapping(entries) => entries
                .iter()
                .map(|(key, entry)| (key.clone(), entry.value.to_json()))
                .collect(),
        }
    }
}

impl Kind {
    /// Returns words for it that fit into "… is wanted, not …".
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::String(_) => "text",
            Self::List(_) => "a list",
            Self::Mapping(_) => "a mapping",
        }
    }
}

impl Entry {
    fn found(&self) -> Found<'_> {
        Found {
            key: self.key,
            value: &self.value,
        }
    }
}

/// The largest whole number below which floats have every other.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

#[allow(clippy::cast_possible_truncation)]
fn number(value: f64) -> serde_json::Value {
    if value.fract() == 0.0 && value.abs() <= MAX_WHOLE {
        (value as i64).into()
    } else {
        value.into()
    }
}

struct Reader<'d> {
    left: &'d mut usize,
    diagnostics: &'d mut Diagnostics,
}

impl Reader<'_> {
    /// Recurses no deeper than [`syntax::MAX_DEPTH`], which holds with aliases followed.
    fn value(&mut self, node: Node<'_>) -> Result<Value, Box<Diagnostic>> {
        *self.left = self
            .left
            .checked_sub(1)
            .ok_or_else(|| too_many(node.location()))?;
        let kind = match node.kind() {
            syntax::Kind::Null => Kind::Null,
            syntax::Kind::Bool(value) => Kind::Bool(value),
            syntax::Kind::Integer(value) => Kind::Integer(value),
            syntax::Kind::Float(value) if value.is_finite() => Kind::Float(value),
            syntax::Kind::Float(_) => self.infinite(node),
            syntax::Kind::String(text) => Kind::String(text.to_owned()),
            syntax::Kind::Sequence(items) => {
                let items = items.map(|item| self.value(item));
                Kind::List(items.collect::<Result<_, _>>()?)
            }
            syntax::Kind::Mapping(entries) => {
                let mut mapping = IndexMap::new();
                for syntax::Entry { key, value } in entries {
                    let value = self.value(value)?;
                    let text = key.as_str().unwrap_or_default().to_owned();
                    mapping.entry(text).or_insert(Entry {
                        key: key.location(),
                        marked: false,
                        value,
                    });
                }
                Kind::Mapping(mapping)
            }
        };
        let origin = node.location();
        Ok(Value { origin, kind })
    }

    fn infinite(&mut self, node: Node<'_>) -> Kind {
        let text = node.as_str().unwrap_or_default();
        let diagnostic = Diagnostic::error("not-a-number", format!("`{text}` is no finite number"))
            .at(node.location())
            .help("write a finite number, or quote it if text is meant");
        self.diagnostics.push(diagnostic);
        Kind::Float(0.0)
    }
}

fn empty(place: Location) -> Box<Diagnostic> {
    let diagnostic = Diagnostic::error("empty-manifest", "the manifest is empty")
        .at(place)
        .help("write at least `version: 1`, or let `cicd init` write a manifest");
    Box::new(diagnostic)
}

fn no_mapping(value: &Value) -> Box<Diagnostic> {
    let found = value.kind.describe();
    let message = format!("the manifest is {found}, and keys with values are wanted");
    let diagnostic = Diagnostic::error("wrong-type", message)
        .at(value.origin)
        .help("begin with `version: 1`");
    Box::new(diagnostic)
}

fn too_many(place: Location) -> Box<Diagnostic> {
    let message = format!("with aliases copied out there are more than {BUDGET} values");
    let diagnostic = Diagnostic::error("too-many-nodes", message)
        .at(place)
        .help("write less, or use fewer aliases to large values");
    Box::new(diagnostic)
}
