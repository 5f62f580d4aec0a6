//! What `github.event` holds for each event that triggers a workflow.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use crate::expression::types::{Fields, Type};

const TABLE: &str = include_str!("data/payloads.tsv");

/// By the name of an event or, behind an `@`, of a shape: its row. Few of them are asked for.
static ROWS: LazyLock<HashMap<&str, Row>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter_map(|line| line.split_once('\t'));
    let read = rows.map(|(name, columns)| {
        let type_ = OnceLock::new();
        (name, Row { columns, type_ })
    });
    read.collect()
});

/// Returns the type of `github.event`, if GitHub has published what this event carries.
pub fn of(event: &str) -> Option<&'static Type> {
    let event = ROWS.get(event).filter(|_| !event.starts_with('@'))?;
    Some(event.type_.get_or_init(|| shape(event.columns)))
}

struct Row {
    /// The shape of an event, or the fields of a shape.
    columns: &'static str,
    /// What shapes share is one value.
    type_: OnceLock<Type>,
}

/// The type of a shape, which holds none that holds it.
fn shape(name: &str) -> Type {
    match ROWS.get(&*format!("@{name}")) {
        Some(Row { columns, type_ }) => type_.get_or_init(|| object(columns)).clone(),
        None => Type::Any,
    }
}

fn object(columns: &str) -> Type {
    let mut fields = Fields::default();
    for (field, code) in columns
        .split('\t')
        .filter_map(|field| field.split_once(' '))
    {
        match field {
            "*" => fields.open_up(type_of(code)),
            _ => fields.add(field, type_of(code)),
        }
    }
    Type::object(fields)
}

/// The type of one of the codes that the table explains itself.
fn type_of(code: &str) -> Type {
    let code = code.trim_end_matches('?');
    if let Some((one, other)) = code.split_once('/') {
        return type_of(one).join(&type_of(other));
    }
    if let Some(items) = code.strip_suffix("[]") {
        return Type::array(type_of(items));
    }
    if let Some(name) = code.strip_prefix('@') {
        return shape(name);
    }
    match code.split(':').next() {
        Some("s" | "u" | "t" | "d" | "h" | "e") => Type::Text,
        Some("n") => Type::Number,
        Some("b") => Type::Bool,
        Some("o") => Type::map(Type::Any),
        // What is null in one payload may be something in another.
        _ => Type::Any,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(event: &str, path: &str) -> Option<Type> {
        let mut type_ = of(event)?.clone();
        for name in path.split('.') {
            let Type::Object(fields) = &type_ else {
                return None;
            };
            type_ = fields.get(name)?.clone();
        }
        Some(type_)
    }

    #[test]
    fn every_shape_is_there() {
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let (name, columns) = line.split_once('\t').unwrap_or((line, ""));
            let named = match name.starts_with('@') {
                false => vec![columns],
                true => {
                    let fields = columns
                        .split('\t')
                        .filter_map(|field| field.split_once(' '));
                    let codes = fields.flat_map(|(_, code)| code.split('/'));
                    let shapes = codes.filter_map(|code| code.strip_prefix('@'));
                    shapes
                        .map(|name| name.trim_end_matches(['?', '[', ']']))
                        .collect()
                }
            };
            for shape in named {
                assert!(ROWS.contains_key(&*format!("@{shape}")), "{name}: {shape}");
            }
        }
        assert!(of("@commit").is_none() && of("push").is_some());
    }

    #[test]
    fn fields_are_those_of_their_event() {
        assert_eq!(at("push", "head_commit.message"), Some(Type::Text));
        assert_eq!(
            at("pull_request_target", "pull_request.number"),
            Some(Type::Number)
        );
        assert_eq!(at("pull_request", "head_commit"), None);
        assert_eq!(of("workflow_call"), None);
    }
}
