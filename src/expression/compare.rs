//! When values are the same, and which comes first.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use super::value::Value;

/// Says whether `==` holds.
pub(super) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Text(left), Value::Text(right)) => same(left, right),
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

/// Says whether two texts are the same in any case.
pub(super) fn same(one: &str, other: &str) -> bool {
    // Nearly all names and texts.
    if one.is_ascii() && other.is_ascii() {
        return one.eq_ignore_ascii_case(other);
    }
    one.chars().map(upper).eq(other.chars().map(upper))
}

/// Hashes a text so that those which are the same in any case have the same hash.
pub(super) fn hash_any_case(text: &str, state: &mut impl Hasher) {
    // No letter beyond ASCII is the same as one within.
    if !text.is_ascii() {
        return text.chars().for_each(|letter| upper(letter).hash(state));
    }
    for part in text.as_bytes().chunks(32) {
        let mut upper = [0; 32];
        let upper = &mut upper[..part.len()];
        upper.copy_from_slice(part);
        upper.make_ascii_uppercase();
        state.write(upper);
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
