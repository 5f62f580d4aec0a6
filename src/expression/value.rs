//! Values of expressions.

use std::rc::Rc;

use indexmap::IndexMap;

use super::compare::fold;
use super::number;

/// A value. Arrays and objects are the same only as themselves.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(Rc<str>),
    Array(Rc<Array>),
    Object(Rc<Object>),
}

/// An array.
#[derive(Debug, Clone, Default)]
pub struct Array {
    /// What is in it.
    pub items: Vec<Value>,
    /// Whether `*` made it: an index then goes to each item.
    pub(super) filtered: bool,
}

/// An object, whose names are the same in any case.
#[derive(Debug, Clone, Default)]
pub struct Object {
    /// By the name without case: the name as written, and the value.
    entries: IndexMap<String, (String, Value)>,
}

impl Object {
    /// Sets a value; a name that is there in another case keeps its place.
    pub fn insert(&mut self, name: &str, value: Value) {
        self.entries.insert(fold(name), (name.to_owned(), value));
    }

    /// Returns the value of this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.entries.get(&fold(name)).map(|(_, value)| value)
    }

    /// Returns names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        let entries = self.entries.values();
        entries.map(|(name, value)| (name.as_str(), value))
    }
}

impl Value {
    /// Returns a text.
    pub fn text(text: impl Into<Rc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// Returns an array.
    pub fn array(items: Vec<Self>) -> Self {
        let filtered = false;
        Self::Array(Rc::new(Array { items, filtered }))
    }

    pub(super) fn filtered(items: Vec<Self>) -> Self {
        let filtered = true;
        Self::Array(Rc::new(Array { items, filtered }))
    }

    /// Says whether a condition of this value holds.
    pub fn is_true(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(value) => *value != 0.0 && !value.is_nan(),
            Self::Text(text) => !text.is_empty(),
            Self::Array(_) | Self::Object(_) => true,
        }
    }

    /// Says whether it is neither an array nor an object.
    pub fn is_primitive(&self) -> bool {
        !matches!(self, Self::Array(_) | Self::Object(_))
    }

    /// Returns it as a text, as `format` and the text around an expression show it.
    pub fn to_text(&self) -> Rc<str> {
        match self {
            Self::Null => "".into(),
            Self::Bool(true) => "true".into(),
            Self::Bool(false) => "false".into(),
            Self::Number(value) => number::format(*value).into(),
            Self::Text(text) => Rc::clone(text),
            Self::Array(_) => "Array".into(),
            Self::Object(_) => "Object".into(),
        }
    }

    /// Returns it as a number, NaN if it is none.
    pub(super) fn to_number(&self) -> f64 {
        match self {
            Self::Null => 0.0,
            Self::Bool(value) => f64::from(u8::from(*value)),
            Self::Number(value) => *value,
            Self::Text(text) => number::parse(text),
            Self::Array(_) | Self::Object(_) => f64::NAN,
        }
    }
}
