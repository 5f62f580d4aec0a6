//! The small forms that manifest values take: words of an allowed shape, one
//! or many of something, short and long forms.
//!
//! Each shape is stated once here, and the published JSON Schema says the same
//! to editors. A test holds the two against each other.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A kind of [`Word`].
pub trait WordKind {
    /// What it is called in messages, with its article: "a duration".
    const TITLE: &'static str;
    /// The same rule as `accepts`, as a regular expression for editors.
    const PATTERN: &'static str;
    /// How it may look.
    const EXAMPLES: &'static [&'static str];
    /// Up to which it may be written as a whole number; nothing when only text will do.
    ///
    /// Most words are text only: an unquoted `1.10` would become `1.1`.
    const LARGEST_NUMBER: Option<u64> = None;
    /// Whether the text is one.
    fn accepts(text: &str) -> bool;
}

/// Text of a kind that is checked when it is read.
pub struct Word<K>(String, PhantomData<K>);

impl<K: WordKind> Word<K> {
    /// The word, if the text is one of its kind.
    pub fn new(text: &str) -> Option<Self> {
        K::accepts(text).then(|| Self(text.to_owned(), PhantomData))
    }
}

impl<K> Word<K> {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<K> Clone for Word<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<K> PartialEq for Word<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K> Eq for Word<K> {}

impl<K> PartialOrd for Word<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Word<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl<K> Borrow<str> for Word<K> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<K> Hash for Word<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K> fmt::Debug for Word<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<K> fmt::Display for Word<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<K> Deref for Word<K> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de, K: WordKind> Deserialize<'de> for Word<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match Value::deserialize(deserializer)? {
            Value::String(text) => text,
            Value::Number(number)
                if number
                    .as_u64()
                    .is_some_and(|number| Some(number) <= K::LARGEST_NUMBER) =>
            {
                number.to_string()
            }
            other => return Err(Error::custom(format!("{other} is not {}", K::TITLE))),
        };
        Self::new(&text).ok_or_else(|| Error::custom(format!("`{text}` is not {}", K::TITLE)))
    }
}

#[cfg(test)]
impl<K: WordKind> schemars::JsonSchema for Word<K> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        K::TITLE.into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut schema = schemars::json_schema!({
            "title": K::TITLE,
            "type": "string",
            "pattern": K::PATTERN,
            "examples": K::EXAMPLES,
        });
        if let Some(largest) = K::LARGEST_NUMBER {
            schema.insert("type".to_owned(), serde_json::json!(["string", "integer"]));
            schema.insert("minimum".to_owned(), 0.into());
            schema.insert("maximum".to_owned(), largest.into());
        }
        schema
    }
}

/// One of something, or a list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Deref for OneOrMany<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let items = match Value::deserialize(deserializer)? {
            Value::Array(items) => items,
            one => vec![one],
        };
        let read = |item| serde_json::from_value(item).map_err(Error::custom);
        Ok(Self(items.into_iter().map(read).collect::<Result<_, _>>()?))
    }
}

#[cfg(test)]
impl<T: schemars::JsonSchema> schemars::JsonSchema for OneOrMany<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("OneOrMany{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let one = generator.subschema_for::<T>();
        schemars::json_schema!({"anyOf": [one, {"type": "array", "items": one}]})
    }
}

/// A value with a short form, which stands for a long one.
pub trait ShortForm: DeserializeOwned {
    /// The short form.
    type Short: DeserializeOwned;
    /// What the short form stands for.
    fn from_short(short: Self::Short) -> Self;
}

/// Reads a value whose long form is a mapping (or list) and whose short form is a scalar.
pub fn short_or_long<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: ShortForm,
{
    match Value::deserialize(deserializer)? {
        long @ Value::Object(_) => serde_json::from_value(long).map_err(Error::custom),
        short => serde_json::from_value(short)
            .map(T::from_short)
            .map_err(Error::custom),
    }
}

/// A value in its short or its long form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flexible<T>(pub T);

impl<T> Deref for Flexible<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<'de, T: ShortForm> Deserialize<'de> for Flexible<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        short_or_long(deserializer).map(Self)
    }
}

#[cfg(test)]
impl<T> schemars::JsonSchema for Flexible<T>
where
    T: ShortForm + schemars::JsonSchema,
    T::Short: schemars::JsonSchema,
{
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Flexible{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let short = generator.subschema_for::<T::Short>();
        let long = generator.subschema_for::<T>();
        schemars::json_schema!({"anyOf": [short, long]})
    }
}
