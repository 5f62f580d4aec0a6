//! How the values of a schema look: what they are called, and one of them on one line.

use serde_json::Value as Json;

use crate::blocks::words;
use crate::manifest::schema;

/// Returns the keys that a form names, without those that add to lists.
pub(super) fn keys(form: &Json) -> Vec<&str> {
    let properties = form.get("properties").and_then(Json::as_object);
    let keys = properties.into_iter().flat_map(|all| all.keys());
    keys.map(String::as_str)
        .filter(|key| !key.ends_with('+'))
        .collect()
}

pub(super) fn is_null(form: &Json) -> bool {
    schema::types(form) == ["null"]
}

/// Returns what a form is called, with its article.
pub(super) fn wanted(form: &Json) -> String {
    if let Some(title) = form.get("title").and_then(Json::as_str) {
        return title.to_owned();
    }
    let options: Vec<_> = schema::options(form).into_iter().map(scalar).collect();
    if !options.is_empty() {
        return either(&options.iter().map(String::as_str).collect::<Vec<_>>());
    }
    match schema::types(form).first().copied() {
        Some("object") => "a mapping".to_owned(),
        Some("array") => "a list".to_owned(),
        Some("boolean") => "`true` or `false`".to_owned(),
        Some("integer") => "a whole number".to_owned(),
        Some("number") => "a number".to_owned(),
        _ => "text".to_owned(),
    }
}

/// Returns a value of a schema's shape, as one would write it on one line.
pub(super) fn example(schema: &Json) -> String {
    if let Some(first) = schema.get("examples").and_then(|all| all.get(0)) {
        return scalar(first);
    }
    let forms = schema::forms(schema);
    let Some(form) = forms.first() else {
        return String::new();
    };
    if let Some(first) = form.get("examples").and_then(|all| all.get(0)) {
        return scalar(first);
    }
    if let Some(first) = schema::options(form).first() {
        return scalar(first);
    }
    match schema::types(form).first().copied() {
        Some("object") => example_mapping(form),
        Some("array") => {
            let item = form.get("items").map(example).unwrap_or_default();
            let count = form.get("minItems").and_then(Json::as_u64).unwrap_or(1);
            let items: Vec<_> = (0..count).map(|_| item.as_str()).collect();
            format!("[{}]", items.join(", "))
        }
        Some("boolean") => "true".to_owned(),
        Some("number") => "0.5".to_owned(),
        _ => form.get("minimum").map_or_else(|| "1".to_owned(), scalar),
    }
}

fn example_mapping(form: &Json) -> String {
    let required = form.get("required").and_then(Json::as_array);
    let mut shown: Vec<_> = required
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .collect();
    if shown.is_empty() {
        shown.extend(keys(form).first());
    }
    let properties = form.get("properties");
    let entries = shown.iter().map(|key| {
        let property = properties.and_then(|all| all.get(key));
        format!("{key}: {}", property.map(example).unwrap_or_default())
    });
    let mut entries: Vec<_> = entries.collect();
    let patterns = form.get("patternProperties").and_then(Json::as_object);
    if let Some((pattern, value)) = patterns.and_then(|patterns| patterns.iter().next()) {
        let name = words::kind(pattern).and_then(|kind| kind.examples.first());
        entries.push(format!("{}: {}", name.unwrap_or(&"name"), example(value)));
    }
    format!("{{{}}}", entries.join(", "))
}

pub(super) fn scalar(value: &Json) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

pub(super) fn list(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

pub(super) fn either(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    or(&names)
}

pub(super) fn or(phrases: &[String]) -> String {
    match phrases {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => phrases.concat(),
    }
}
