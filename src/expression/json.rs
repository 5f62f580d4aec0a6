//! Values from JSON and to JSON.

use std::fmt::Write;
use std::rc::Rc;

use serde::Deserialize;
use serde_json::Value as Json;

use super::number;
use super::value::{Object, Value};

impl From<&Json> for Value {
    fn from(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            Json::String(text) => Self::text(text.as_str()),
            Json::Array(items) => Self::array(items.iter().map(Self::from).collect()),
            Json::Object(entries) => {
                let mut object = Object::default();
                for (name, value) in entries {
                    object.insert(name, value.into());
                }
                Self::Object(Rc::new(object))
            }
        }
    }
}

impl Value {
    /// Returns it as JSON. Whole numbers have no fraction; what JSON has no number for is text.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(*value),
            Self::Number(value) => number_to_json(*value),
            Self::Text(text) => Json::String(text.to_string()),
            Self::Array(array) => array.items.iter().map(Self::to_json).collect(),
            Self::Object(object) => object
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_json()))
                .collect(),
        }
    }
}

/// Up to here, every whole number is a double.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

#[allow(clippy::cast_possible_truncation)]
fn number_to_json(value: f64) -> Json {
    if value.fract() == 0.0 && value.abs() <= MAX_WHOLE {
        return (value as i64).into();
    }
    let number = serde_json::Number::from_f64(value);
    number.map_or_else(|| Json::String(number::format(value)), Json::Number)
}

/// Reads the JSON at the start of a text, as `fromJSON` does: what follows is not looked at.
pub(super) fn read(text: &str) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Err("`fromJSON` has nothing to read: the text is empty".to_owned());
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    match Json::deserialize(&mut reader) {
        Ok(json) => Ok(Value::from(&json)),
        Err(error) => Err(format!("`fromJSON` cannot read its text: {error}")),
    }
}

/// Writes a value as `toJSON` does, indented by two blanks.
pub(super) fn write(value: &Value) -> String {
    let mut text = String::new();
    write_value(value, 0, &mut text);
    text
}

fn write_value(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Text(content) => text.push_str(&Json::from(&**content).to_string()),
        Value::Array(array) => {
            let items = array.items.iter().map(|item| (None, item));
            write_parts(['[', ']'], items, depth, text);
        }
        Value::Object(object) => {
            let entries = object.iter().map(|(name, value)| (Some(name), value));
            write_parts(['{', '}'], entries, depth, text);
        }
        Value::Bool(_) | Value::Number(_) => text.push_str(&value.to_text()),
    }
}

fn write_parts<'v>(
    [open, close]: [char; 2],
    parts: impl Iterator<Item = (Option<&'v str>, &'v Value)>,
    depth: usize,
    text: &mut String,
) {
    text.push(open);
    let mut any = false;
    for (name, value) in parts {
        text.push_str(if any { ",\n" } else { "\n" });
        any = true;
        indent(depth + 1, text);
        if let Some(name) = name {
            // Writing to a text cannot fail.
            let _ = write!(text, "{}: ", Json::from(name));
        }
        write_value(value, depth + 1, text);
    }
    if any {
        text.push('\n');
        indent(depth, text);
    }
    text.push(close);
}

fn indent(depth: usize, text: &mut String) {
    text.extend(std::iter::repeat_n("  ", depth));
}
