//! `data/grammar.json` into types that know each other.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use indexmap::IndexMap;
use serde::Deserialize;

use super::{
    By, EventForm, Filter, Form, Grammar, Grants, Map, Mark, Rules, SPECIAL, Type, TypeId,
};
use crate::knowledge::contexts;

/// Reads the grammar. The file is ours: a fault in it is a fault of the program.
pub(super) fn read(text: &'static str) -> Grammar {
    let file: File = serde_json::from_str(text)
        .unwrap_or_else(|error| unreachable!("internal error: grammar.json: {error}"));
    Grammar::link(&file)
}

#[derive(Deserialize)]
pub(super) struct File {
    #[serde(borrow)]
    types: IndexMap<&'static str, Written, RandomState>,
    events: IndexMap<&'static str, WrittenEvent, RandomState>,
}

#[derive(Deserialize)]
struct Written {
    kind: &'static str,
    #[serde(default)]
    keys: IndexMap<&'static str, WrittenKey, RandomState>,
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
    by: Option<WrittenBy>,
    thing: Option<&'static str>,
    marks: Option<&'static str>,
    #[serde(default)]
    null: bool,
    #[serde(default)]
    rules: WrittenRules,
}

#[derive(Deserialize)]
struct WrittenBy {
    key: &'static str,
    begins: Option<&'static str>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRules {
    unknown: Option<&'static str>,
    foreign: Option<&'static str>,
    missing: Option<&'static str>,
    word: Option<&'static str>,
    pattern: Option<&'static str>,
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
        let ids: HashMap<_, _, RandomState> = names.zip((0..).map(TypeId)).collect();
        let id = |name: &&str| {
            let found = ids.get(name).copied();
            found.unwrap_or_else(|| unreachable!("internal error: grammar.json: no type `{name}`"))
        };
        let mut types: Vec<_> = PRIMITIVES
            .into_iter()
            .map(|(_, form)| Type {
                form,
                grants: Grants::default(),
                implicit: false,
                rules: rules(&WrittenRules::default()),
                marks: None,
            })
            .collect();
        types.extend(file.types.values().map(|written| Type {
            form: written.form(&id),
            grants: grants(written),
            implicit: written.implicit,
            rules: rules(&written.rules),
            marks: match written.marks {
                Some("job") => Some(Mark::Job),
                Some("step") => Some(Mark::Step),
                _ => None,
            },
        }));
        let choices = file
            .types
            .values()
            .filter(|written| written.kind == "oneOf");
        for choice in choices {
            let ids: Vec<_> = choice.of.iter().map(id).collect();
            tell_apart(&mut types, &ids);
        }
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
            dependabot: id(&"dependabot:file"),
            events: events
                .map(|(name, written)| (*name, event(written)))
                .collect(),
            choices: types.iter().map(|one| below(&types, one)).collect(),
            types,
        }
    }
}

/// All that a choice may be, those of the choices in it among them.
fn below(types: &[Type], one: &Type) -> Vec<TypeId> {
    let Form::Choice(ids) = &one.form else {
        return Vec::new();
    };
    let all = ids.iter().flat_map(|id| {
        let one = &types[usize::from(id.0)];
        match one.form {
            Form::Choice(_) => below(types, one),
            _ => vec![*id],
        }
    });
    all.collect()
}

impl Written {
    fn map(&self, id: &dyn Fn(&&str) -> TypeId) -> Map {
        let keys = self.keys.iter().map(|(key, written)| match written {
            WrittenKey::Optional(name) | WrittenKey::Long { type_: name, .. } => (*key, id(name)),
        });
        let is_required = |key: &WrittenKey| matches!(key, WrittenKey::Long { required: true, .. });
        let required = self.keys.iter().filter(|(_, key)| is_required(key));
        Map {
            keys: keys.collect(),
            required: required.map(|(key, _)| *key).collect(),
            open: self.open.map(|both| both.map(|name| id(&name))),
            by: self.by.as_ref().map(|by| By {
                key: by.key,
                begins: by.begins,
            }),
            elsewhere: Vec::new(),
            thing: self.thing,
            or_null: self.null,
            filled: self.non_empty,
        }
    }

    fn form(&self, id: &dyn Fn(&&str) -> TypeId) -> Form {
        match self.kind {
            "map" => Form::Map(self.map(id)),
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

/// Notes for each mapping of a choice the keys that only others of it have.
fn tell_apart(types: &mut [Type], ids: &[TypeId]) {
    let keys = |types: &[Type], id: &TypeId| match &types[usize::from(id.0)].form {
        Form::Map(map) => map.keys.keys().copied().collect(),
        _ => Vec::new(),
    };
    let all: Vec<&'static str> = ids.iter().flat_map(|id| keys(types, id)).collect();
    for id in ids {
        if let Form::Map(map) = &mut types[usize::from(id.0)].form {
            let foreign = all.iter().filter(|key| !map.keys.contains_key(**key));
            map.elsewhere = foreign.copied().collect();
        }
    }
}

fn rules(written: &WrittenRules) -> Rules {
    let unknown = written.unknown.unwrap_or("unknown-key");
    Rules {
        unknown,
        foreign: written.foreign.unwrap_or(unknown),
        missing: written.missing.unwrap_or("missing-key"),
        word: written.word.unwrap_or("enum-value"),
        pattern: written.pattern.unwrap_or("id-format"),
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
    use crate::knowledge::grammar::DATA;

    #[test]
    fn contexts_and_functions_of_the_file_are_known() {
        let file: File = serde_json::from_str(DATA).unwrap();
        for (name, written) in &file.types {
            let mut contexts = written.contexts.iter();
            assert!(
                contexts.all(|it| contexts::position(it).is_some()),
                "{name}"
            );
            let mut functions = written.functions.iter();
            assert!(functions.all(|it| SPECIAL.contains(it)), "{name}");
        }
    }
}
