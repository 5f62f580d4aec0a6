//! The grammar of workflow and action files: what may stand where, and which contexts
//! and functions an expression there may use.
//!
//! `data/grammar.json` names types; a type says its form and what it grants to
//! expressions, which all types below it inherit.

mod read;

use std::sync::LazyLock;

use foldhash::fast::RandomState;
use indexmap::IndexMap;

use super::contexts;

const DATA: &str = include_str!("data/grammar.json");

static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| read::read(DATA));

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
    /// By type: the forms that a choice stands for, none of which is a choice.
    choices: Vec<Vec<TypeId>>,
    /// The type of a workflow file.
    pub workflow: TypeId,
    /// The type of an `action.yml`.
    pub action: TypeId,
    /// The type of a `dependabot.yml`.
    pub dependabot: TypeId,
    /// What `on` may name.
    pub events: IndexMap<&'static str, EventForm>,
}

/// What may stand somewhere.
#[derive(Debug)]
pub struct Type {
    /// Its form.
    pub form: Form,
    /// What expressions may use here and below.
    pub grants: Grants,
    /// Whether the text is an expression even without `${{ }}`.
    pub implicit: bool,
    /// The rules that its faults break.
    pub rules: Rules,
    /// What it is a whole of.
    pub marks: Option<Mark>,
}

/// A thing that expressions stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A job.
    Job,
    /// A step.
    Step,
}

/// The rules that faults break: those of the grammar, unless a type has its own.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// A key that means nothing.
    pub unknown: &'static str,
    /// A key of the other things that could stand in its place.
    pub foreign: &'static str,
    /// A key that is missing.
    pub missing: &'static str,
    /// A word that is none of those that may stand there.
    pub word: &'static str,
    /// A text that does not follow its pattern.
    pub pattern: &'static str,
}

/// The form of a value.
#[derive(Debug)]
pub enum Form {
    /// A mapping.
    Map(Map),
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

/// A mapping.
#[derive(Debug)]
pub struct Map {
    /// The keys that have a meaning, each with its type.
    pub keys: IndexMap<&'static str, TypeId, RandomState>,
    /// Those that must be there.
    pub required: Vec<&'static str>,
    /// The type of keys and values of the user's own.
    pub open: Option<[TypeId; 2]>,
    /// By what it is told from the other mappings that could stand in its place.
    pub by: Option<By>,
    /// Keys of those others that it does not have.
    pub elsewhere: Vec<&'static str>,
    /// What its keys are called, if not keys.
    pub thing: Option<&'static str>,
    /// Whether nothing may stand in its place.
    pub or_null: bool,
    /// Whether it must have a key.
    pub filled: bool,
}

/// A key by which a mapping is told from others.
#[derive(Debug)]
pub struct By {
    /// The key.
    pub key: &'static str,
    /// How its value begins, if its being there is not enough.
    pub begins: Option<&'static str>,
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

impl Grammar {
    /// Returns all that a choice may be; nothing for other types.
    pub fn choices(&self, id: TypeId) -> &[TypeId] {
        &self.choices[usize::from(id.0)]
    }
}

impl std::ops::Index<TypeId> for Grammar {
    type Output = Type;

    fn index(&self, id: TypeId) -> &Type {
        &self.types[usize::from(id.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_the_file_is_known() {
        let grammar = grammar();
        let Form::Map(workflow) = &grammar[grammar.workflow].form else {
            panic!("a workflow is a mapping");
        };
        assert!(workflow.required.contains(&"jobs"));
        assert!(grammar.events["push"].keys.contains_key("branches"));
    }
}
