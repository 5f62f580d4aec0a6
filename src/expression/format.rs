//! The text of `format`.

use super::value::Value;
use super::{MAX_MEMORY, TOO_LARGE};

/// A piece of the text.
enum Piece<'t> {
    Plain(&'t str),
    /// The value with this number.
    Value(usize),
}

/// Takes a text apart: `{0}` is the first value behind it; braces are doubled.
fn pieces(pattern: &str) -> Result<Vec<Piece<'_>>, String> {
    let invalid = || format!("the text of `format` is not valid: `{pattern}`");
    let mut pieces = Vec::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, brace) = rest.split_at(at);
        pieces.push(Piece::Plain(before));
        if brace.starts_with("{{") || brace.starts_with("}}") {
            pieces.push(Piece::Plain(&brace[1..2]));
            rest = &brace[2..];
            continue;
        }
        let (number, after) = brace
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'))
            .ok_or_else(invalid)?;
        // GitHub takes what follows the digits for a form to write the value in, and ignores it.
        let digits = number.find(|c: char| !c.is_ascii_digit());
        let digits = &number[..digits.unwrap_or(number.len())];
        pieces.push(Piece::Value(digits.parse().map_err(|_| invalid())?));
        rest = after;
    }
    pieces.push(Piece::Plain(rest));
    Ok(pieces)
}

/// Returns the numbers of the values that a text names.
///
/// # Errors
///
/// Why it is not valid.
pub(super) fn placeholders(pattern: &str) -> Result<Vec<usize>, String> {
    let number = |piece| match piece {
        Piece::Plain(_) => None,
        Piece::Value(index) => Some(index),
    };
    Ok(pieces(pattern)?.into_iter().filter_map(number).collect())
}

/// Puts values into a text, the first of all.
pub(super) fn format(values: &[Value]) -> Result<Value, String> {
    let pattern = values[0].to_text();
    let mut text = String::new();
    for piece in pieces(&pattern)? {
        match piece {
            Piece::Plain(plain) => text.push_str(plain),
            Piece::Value(index) => {
                let value = index.checked_add(1).and_then(|index| values.get(index));
                let value = value.ok_or_else(|| {
                    format!("`{{{index}}}` in the text of `format` has no value: `{pattern}`")
                })?;
                text.push_str(&value.to_text());
            }
        }
        if text.len() > MAX_MEMORY {
            return Err(TOO_LARGE.to_owned());
        }
    }
    Ok(Value::text(text))
}
