//! The grammar of workflow and action files: what may stand where, and which contexts
//! and functions an expression there may use.
//!
//! `data/grammar.json` names types; a type says its form and what it grants to
//! expressions, which all types below it inherit.

use std::collections::HashMap;
use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::Deserialize;

use super::contexts;

const DATA: &str = include_str!("data/grammar.json");

static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    let file: File = serde_json::from_str(DATA)
        .unwrap_or_else(|error| unreachable!("internal error: grammar.json: {error}"));
    Grammar::link(&file)
});

/// Returns the grammar.
pub fn grammar() -> &'static Grammar {
    &GRAMMAR
}

/// A type by its place in the grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeId(u16);

/// All types and events.
#[derive(Debug)]
pub struct Grammar {
    types: Vec<Type>,
    /// The type of a workflow file.
    pub workflow: TypeId,
    /// The type of an `action.yml`.
    pub action: TypeId,
    /// What `on` may name.
    pub events: IndexMap<&'static str, EventForm>,
}

/// What may stand somewhere.
#[derive(Debug)]
pub struct Type {
    /// Its name in the file.
    pub name: &'static str,
    /// Its form.
    pub form: Form,
    /// What expressions may use here and below.
    pub grants: Grants,
    /// Whether the text is an expression even without `${{ }}`.
    pub implicit: bool,
}

/// The form of a value.
#[derive(Debug)]
pub enum Form {
    /// A mapping.
    Map {
        /// The keys that have a meaning, each with its type and whether it must be there.
        keys: IndexMap<&'static str, (TypeId, bool)>,
        /// The type of keys and values of the user's own.
        open: Option<[TypeId; 2]>,
    },
    /// A list of this type.
    List(TypeId),
    /// One of these.
    Choice(Vec<TypeId>),
    /// Text; any scalar will do.
    Text {
        /// Whether it must not be empty.
        filled: bool,
        /// The pattern that it follows, by name.
        pattern: Option<&'static str>,
    },
    /// One of these words.
    Word(Vec<&'static str>),
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// Nothing.
    Null,
    /// Whatever there is.
    Any,
    /// A list of anything.
    AnyList,
    /// A mapping of anything.
    AnyMap,
    /// What triggers a workflow.
    Events,
}

/// The contexts and special functions that expressions may use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Grants {
    contexts: u16,
    functions: u8,
}

/// Functions that are not available everywhere.
const SPECIAL: [&str; 5] = ["always", "cancelled", "failure", "hashFiles", "success"];

impl Grants {
    /// Returns what both grant together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            contexts: self.contexts | other.contexts,
            functions: self.functions | other.functions,
        }
    }

    /// Says whether there is no context, so that there can be no expression.
    pub fn is_static(self) -> bool {
        self.contexts == 0
    }

    /// Says whether a context, in any case, may be used.
    pub fn context(self, name: &str) -> bool {
        contexts::position(name).is_some_and(|bit| self.contexts & (1 << bit) != 0)
    }

    /// Says whether a function, in any case, may be used.
    pub fn function(self, name: &str) -> bool {
        let special = SPECIAL
            .iter()
            .position(|special| special.eq_ignore_ascii_case(name));
        special.is_none_or(|bit| self.functions & (1 << bit) != 0)
    }

    /// Returns the contexts that may be used, sorted.
    pub fn contexts(self) -> impl Iterator<Item = &'static str> {
        let known = contexts::all().enumerate();
        known.filter_map(move |(bit, name)| (self.contexts & (1 << bit) != 0).then_some(name))
    }
}

/// How an event of `on` may be configured.
#[derive(Debug)]
pub struct EventForm {
    /// Whether it may stand without a configuration.
    pub bare: bool,
    /// The type of its items, for `schedule`.
    pub items: Option<TypeId>,
    /// Its keys.
    pub keys: IndexMap<&'static str, Filter>,
    /// Its activity types.
    pub types: Vec<&'static str>,
    /// Pairs of keys that exclude each other.
    pub exclusive: Vec<[&'static str; 2]>,
    /// Keys that must be there.
    pub required: Vec<&'static str>,
}

/// The value of an event's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// A text or a list of texts.
    Texts,
    /// A list of texts.
    List,
    /// A value of this type.
    Type(TypeId),
}

impl std::ops::Index<TypeId> for Grammar {
    type Output = Type;

    fn index(&self, id: TypeId) -> &Type {
        &self.types[usize::from(id.0)]
    }
}

#[derive(Deserialize)]
struct File {
    #[serde(borrow)]
    types: IndexMap<&'static str, Written>,
    events: IndexMap<&'static str, WrittenEvent>,
}

#[derive(Deserialize)]
struct Written {
    kind: &'static str,
    #[serde(default)]
    keys: IndexMap<&'static str, WrittenKey>,
    open: Option<[&'static str; 2]>,
    #[serde(default)]
    of: Vec<&'static str>,
    items: Option<&'static str>,
    #[serde(default)]
    values: Vec<&'static str>,
    #[serde(default)]
    non_empty: bool,
    pattern: Option<&'static str>,
    #[serde(default)]
    contexts: Vec<&'static str>,
    #[serde(default)]
    functions: Vec<&'static str>,
    #[serde(default)]
    implicit: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenKey {
    Optional(&'static str),
    Long {
        #[serde(rename = "type")]
        type_: &'static str,
        required: bool,
    },
}

#[derive(Deserialize)]
struct WrittenEvent {
    #[serde(default = "yes")]
    null: bool,
    items: Option<&'static str>,
    #[serde(default)]
    keys: IndexMap<&'static str, &'static str>,
    #[serde(default)]
    types: Vec<&'static str>,
    #[serde(default)]
    exclusive: Vec<[&'static str; 2]>,
    #[serde(default)]
    required: Vec<&'static str>,
}

fn yes() -> bool {
    true
}

/// Types that the file does not describe.
const PRIMITIVES: [(&str, Form); 8] = [
    ("any", Form::Any),
    ("boolean", Form::Bool),
    ("mapping", Form::AnyMap),
    ("null", Form::Null),
    ("number", Form::Number),
    ("on", Form::Events),
    ("sequence", Form::AnyList),
    (
        "string",
        Form::Text {
            filled: false,
            pattern: None,
        },
    ),
];

impl Grammar {
    fn link(file: &File) -> Self {
        let primitives = PRIMITIVES.iter().map(|(name, _)| *name);
        let names = primitives.chain(file.types.keys().copied());
        let ids: HashMap<_, _> = names.zip((0..).map(TypeId)).collect();
        let id = |name: &&str| {
            let found = ids.get(name).copied();
            found.unwrap_or_else(|| unreachable!("internal error: grammar.json: no type `{name}`"))
        };
        let mut types: Vec<_> = PRIMITIVES
            .into_iter()
            .map(|(name, form)| Type {
                name,
                form,
                grants: Grants::default(),
                implicit: false,
            })
            .collect();
        types.extend(file.types.iter().map(|(name, written)| Type {
            name,
            form: written.form(&id),
            grants: grants(written),
            implicit: written.implicit,
        }));
        let event = |written: &WrittenEvent| EventForm {
            bare: written.null,
            items: written.items.as_ref().map(id),
            keys: written
                .keys
                .iter()
                .map(|(key, value)| {
                    let filter = match *value {
                        "string-or-seq" => Filter::Texts,
                        "seq-of-string" => Filter::List,
                        _ => Filter::Type(id(value)),
                    };
                    (*key, filter)
                })
                .collect(),
            types: written.types.clone(),
            exclusive: written.exclusive.clone(),
            required: written.required.clone(),
        };
        let events = file.events.iter();
        Self {
            workflow: id(&"workflow"),
            action: id(&"action:action"),
            events: events
                .map(|(name, written)| (*name, event(written)))
                .collect(),
            types,
        }
    }
}

impl Written {
    fn form(&self, id: &dyn Fn(&&str) -> TypeId) -> Form {
        match self.kind {
            "map" => Form::Map {
                keys: self
                    .keys
                    .iter()
                    .map(|(key, written)| match written {
                        WrittenKey::Optional(name) => (*key, (id(name), false)),
                        WrittenKey::Long { type_, required } => (*key, (id(type_), *required)),
                    })
                    .collect(),
                open: self.open.map(|both| both.map(|name| id(&name))),
            },
            "seq" => Form::List(id(&self.items.unwrap_or("any"))),
            "oneOf" => Form::Choice(self.of.iter().map(id).collect()),
            "enum" => Form::Word(self.values.clone()),
            "bool" => Form::Bool,
            "number" => Form::Number,
            _ => Form::Text {
                filled: self.non_empty,
                pattern: self.pattern,
            },
        }
    }
}

fn grants(written: &Written) -> Grants {
    let bits = |known: &mut dyn Iterator<Item = Option<usize>>| {
        known.flatten().fold(0_u16, |bits, bit| bits | 1 << bit)
    };
    let contexts = &mut written.contexts.iter().map(|name| contexts::position(name));
    let functions = &mut written
        .functions
        .iter()
        .map(|name| SPECIAL.iter().position(|special| special == name));
    Grants {
        contexts: bits(contexts),
        // There are five.
        functions: u8::try_from(bits(functions)).unwrap_or(u8::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_the_file_is_known() {
        let grammar = grammar();
        let Form::Map { keys, .. } = &grammar[grammar.workflow].form else {
            panic!("a workflow is a mapping");
        };
        assert!(keys["jobs"].1);
        assert!(grammar.events["push"].keys.contains_key("branches"));
        let file: File = serde_json::from_str(DATA).unwrap();
        for (name, written) in &file.types {
            let unknown = |known: Option<usize>| known.is_none();
            assert!(
                !written
                    .contexts
                    .iter()
                    .any(|it| unknown(contexts::position(it))),
                "{name}"
            );
            let special = |it: &&str| SPECIAL.iter().position(|special| special == it);
            assert!(
                !written.functions.iter().any(|it| unknown(special(it))),
                "{name}"
            );
        }
    }
}
