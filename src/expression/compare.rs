//! When values are the same, and which comes first.

use std::cmp::Ordering;
use std::rc::Rc;

use super::value::Value;

/// Says whether `==` holds.
pub(super) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Text(left), Value::Text(right)) => fold(left) == fold(right),
        (Value::Array(left), Value::Array(right)) => Rc::ptr_eq(left, right),
        (Value::Object(left), Value::Object(right)) => Rc::ptr_eq(left, right),
        // Of different kinds: as numbers, and NaN is the same as nothing.
        #[allow(clippy::float_cmp)]
        _ => left.to_number() == right.to_number(),
    }
}

/// Returns which of two values comes first, if they can be ordered.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => {
            let (left, right) = (fold(left), fold(right));
            Some(left.encode_utf16().cmp(right.encode_utf16()))
        }
        (Value::Null, Value::Null)
        | (Value::Array(_), Value::Array(_))
        | (Value::Object(_), Value::Object(_)) => None,
        _ => left.to_number().partial_cmp(&right.to_number()),
    }
}

/// Returns a text without case, as .NET compares ordinally: letter by letter in
/// upper case, where a letter has one of its own there.
pub(super) fn fold(text: &str) -> String {
    // Nearly all names and texts.
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    text.chars().map(upper).collect()
}

fn upper(letter: char) -> char {
    // These would become ASCII letters, which .NET's ordinal comparison does not let happen.
    if matches!(letter, 'ı' | 'ſ') {
        return letter;
    }
    let mut upper = letter.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(single), None) => single,
        _ => letter,
    }
}
