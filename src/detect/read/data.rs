//! JSON (with comments), TOML and YAML as one kind of value.

use serde_json::Value;

use crate::source::SourceId;
use crate::syntax::{self, JSON_BUDGET};

/// Reads JSON; comments and commas before a closing bracket are let pass.
pub(in crate::detect) fn json(text: &str) -> Option<Value> {
    let text = text.trim_start_matches('\u{feff}');
    serde_json::from_str(text)
        .ok()
        .or_else(|| serde_json::from_str(&without_comments(text)).ok())
}

/// Reads TOML.
pub(in crate::detect) fn toml(text: &str) -> Option<Value> {
    toml::from_str(text.trim_start_matches('\u{feff}')).ok()
}

/// Reads one YAML document, with merge keys applied.
pub(in crate::detect) fn yaml(text: &str) -> Option<Value> {
    let parsed = syntax::parse(SourceId(0), text);
    let mut value = parsed.document?.root()?.to_json(JSON_BUDGET).ok()?;
    merge_keys(&mut value);
    Some(value)
}

/// Copies what `<<` names into the mapping, as Compose and others do.
///
/// The depth is that of the syntax tree, which is limited.
fn merge_keys(value: &mut Value) {
    match value {
        Value::Object(object) => {
            if let Some(merged) = object.remove("<<") {
                let sources = match merged {
                    Value::Array(items) => items,
                    one => vec![one],
                };
                for source in sources {
                    if let Value::Object(source) = source {
                        for (key, value) in source {
                            object.entry(key).or_insert(value);
                        }
                    }
                }
            }
            object.values_mut().for_each(merge_keys);
        }
        Value::Array(items) => items.iter_mut().for_each(merge_keys),
        _ => {}
    }
}

/// The value at a path of keys.
pub(in crate::detect) fn value_at<'v>(value: &'v Value, keys: &[&str]) -> Option<&'v Value> {
    keys.iter().try_fold(value, |value, key| value.get(key))
}

/// The text at a path of keys; numbers count as text.
pub(in crate::detect) fn text_at(value: &Value, keys: &[&str]) -> Option<String> {
    scalar(value_at(value, keys)?)
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The texts of a list, or a single text as a list of one.
pub(in crate::detect) fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(scalar).collect(),
        other => scalar(other).into_iter().collect(),
    }
}

/// JSON with comments as plain JSON: comments and trailing commas become nothing.
fn without_comments(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut in_string = false;
    while let Some(char) = chars.next() {
        if in_string {
            plain.push(char);
            match char {
                '\\' => plain.extend(chars.next()),
                '"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match (char, chars.peek()) {
            ('/', Some('/')) => while chars.next_if(|c| *c != '\n').is_some() {},
            ('/', Some('*')) => {
                let mut last = ' ';
                for c in chars.by_ref().skip(1) {
                    if last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
            }
            ('}' | ']', _) => {
                let end = plain.trim_end().len();
                if plain[..end].ends_with(',') {
                    plain.truncate(end - 1);
                }
                plain.push(char);
            }
            _ => {
                in_string = char == '"';
                plain.push(char);
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{json, text_at, yaml};

    #[test]
    fn comments_and_trailing_commas_in_json_are_let_pass() {
        let value =
            json("{ // one\n \"a\": \"x // no comment\", /* two */ \"b\": [1, 2,],\n}").unwrap();
        assert_eq!(text_at(&value, &["a"]).as_deref(), Some("x // no comment"));
        assert_eq!(value["b"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn merge_keys_of_yaml_are_applied_and_do_not_override() {
        let value = yaml("x: &x {image: a, tty: b}\nservices:\n  one: {<<: *x, tty: c}\n").unwrap();
        assert_eq!(
            text_at(&value, &["services", "one", "image"]).as_deref(),
            Some("a")
        );
        assert_eq!(
            text_at(&value, &["services", "one", "tty"]).as_deref(),
            Some("c")
        );
    }
}
