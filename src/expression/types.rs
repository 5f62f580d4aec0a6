//! Types of values, as far as they are known before a run.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use foldhash::fast::RandomState;
use indexmap::{Equivalent, IndexMap};

use super::compare::{hash_any_case, same};
use super::value::Value;

/// What a value is known to be. Cloning is cheap.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Type {
    /// Nothing is known.
    Any,
    Null,
    Bool,
    Number,
    Text,
    /// With the type of its items.
    Array(Arc<Type>),
    Object(Arc<Fields>),
}

/// The fields of an object; their names are the same in any case.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fields {
    known: IndexMap<Name, Type, RandomState>,
    /// The type of any other field; nothing if there is no other.
    others: Option<Type>,
}

/// The name of a field as it is written; it is the same in any case.
#[derive(Debug, Clone)]
struct Name(Arc<str>);

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        same(&self.0, &other.0)
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash_any_case(&self.0, state);
    }
}

/// A name that is looked for.
struct AnyCase<'n>(&'n str);

impl Hash for AnyCase<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash_any_case(self.0, state);
    }
}

impl Equivalent<Name> for AnyCase<'_> {
    fn equivalent(&self, name: &Name) -> bool {
        same(self.0, &name.0)
    }
}

impl Fields {
    /// Returns fields of any name, all of one type.
    pub fn open(others: Type) -> Self {
        Self {
            known: IndexMap::default(),
            others: Some(others),
        }
    }

    /// Adds a field; the type of one that is there becomes what both may be.
    pub fn add(&mut self, name: &str, type_: Type) {
        match self.known.get_mut(&AnyCase(name)) {
            Some(known) => *known = known.join(&type_),
            None => self.set(name, type_),
        }
    }

    /// Adds a field, or gives another type to one that is there.
    pub fn set(&mut self, name: &str, type_: Type) {
        match self.known.get_mut(&AnyCase(name)) {
            Some(known) => *known = type_,
            None => _ = self.known.insert(Name(name.into()), type_),
        }
    }

    /// Lets there be fields of any other name.
    pub fn open_up(&mut self, others: Type) {
        self.others = Some(match &self.others {
            Some(known) => known.join(&others),
            None => others,
        });
    }

    /// Returns the type of a field, if there may be one of this name.
    pub fn get(&self, name: &str) -> Option<&Type> {
        let known = self.known.get(&AnyCase(name));
        known.or(self.others.as_ref())
    }

    /// Returns the names that are known, as written.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.known.keys().map(|name| &*name.0)
    }

    /// Returns what each field may be.
    fn any_field(&self) -> Type {
        let all = self.known.values().chain(&self.others);
        all.fold(None, |joined: Option<Type>, type_| {
            Some(joined.map_or_else(|| type_.clone(), |joined| joined.join(type_)))
        })
        .unwrap_or(Type::Any)
    }

    fn join(&self, other: &Self) -> Self {
        let mut all = self.clone();
        for (name, type_) in &other.known {
            match all.known.get_mut(name) {
                Some(known) => *known = known.join(type_),
                None => _ = all.known.insert(name.clone(), type_.clone()),
            }
        }
        if let Some(others) = &other.others {
            all.open_up(others.clone());
        }
        all
    }
}

impl Type {
    /// Returns an array of items of this type.
    pub fn array(items: Self) -> Self {
        Self::Array(Arc::new(items))
    }

    /// Returns an object with these fields.
    pub fn object(fields: Fields) -> Self {
        Self::Object(Arc::new(fields))
    }

    /// Returns an object with any fields, all of one type.
    pub fn map(others: Self) -> Self {
        Self::object(Fields::open(others))
    }

    /// Returns what a value may be that is of one of both types.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Null, known) | (known, Self::Null) => known.clone(),
            (Self::Object(one), Self::Object(two)) if Arc::ptr_eq(one, two) => self.clone(),
            (Self::Array(one), Self::Array(two)) => Self::array(one.join(two)),
            (Self::Object(one), Self::Object(two)) => Self::object(one.join(two)),
            (one, two) if one == two => one.clone(),
            _ => Self::Any,
        }
    }

    /// Returns what `*` gives of it: the type of each item or field.
    pub(super) fn inner(&self) -> Self {
        match self {
            Self::Array(items) => (**items).clone(),
            Self::Object(fields) => fields.any_field(),
            _ => Self::Any,
        }
    }

    /// Says whether it is an array or an object.
    pub fn is_collection(&self) -> bool {
        matches!(self, Self::Array(_) | Self::Object(_))
    }

    /// Returns words for it: `a number`.
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Any => "anything",
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::Text => "text",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

impl From<&Value> for Type {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Bool,
            Value::Number(_) => Self::Number,
            Value::Text(_) => Self::Text,
            Value::Array(array) => Self::array(all(array.items.iter().map(Self::from))),
            Value::Object(object) => {
                let mut fields = Fields::default();
                for (name, value) in object.iter() {
                    fields.add(name, value.into());
                }
                Self::object(fields)
            }
        }
    }
}

/// Returns what a value may be that is of one of these types; anything if there is none.
pub fn all(types: impl Iterator<Item = Type>) -> Type {
    let joined = types.reduce(|joined, type_| joined.join(&type_));
    joined.unwrap_or(Type::Any)
}
