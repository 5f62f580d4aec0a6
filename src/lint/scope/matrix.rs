//! The context `matrix`.

use super::Scopes;
use crate::expression::types::{self, Fields};
use crate::expression::{self, Type};
use crate::syntax::{Kind, Node};
use crate::workflow::sole;

/// What the values of a job's matrix may be.
pub(super) fn of(strategy: Option<Node<'_>>, scopes: &Scopes<'_>) -> Type {
    let Some(matrix) = strategy.and_then(|strategy| strategy.get("matrix")) else {
        // The strategy itself may be made in a run.
        let made = strategy.is_some_and(|strategy| strategy.as_str().is_some());
        return if made {
            Type::Any
        } else {
            Type::object(Fields::default())
        };
    };
    let Kind::Mapping(entries) = matrix.kind() else {
        return Type::Any;
    };
    let mut fields = Fields::default();
    for entry in entries {
        match entry.key.as_str().unwrap_or_default() {
            "exclude" => {}
            "include" => match entry.value.kind() {
                Kind::Sequence(items) => items.for_each(|item| include(item, &mut fields, scopes)),
                _ => fields.open_up(Type::Any),
            },
            key if expression::is_in(key) => fields.open_up(Type::Any),
            key => fields.add(key, axis(entry.value, scopes)),
        }
    }
    Type::object(fields)
}

fn include(item: Node<'_>, fields: &mut Fields, scopes: &Scopes<'_>) {
    let Kind::Mapping(entries) = item.kind() else {
        return fields.open_up(Type::Any);
    };
    for entry in entries {
        match entry.key.as_str().unwrap_or_default() {
            key if expression::is_in(key) => fields.open_up(Type::Any),
            key => fields.add(key, value(entry.value, scopes)),
        }
    }
}

fn axis(node: Node<'_>, scopes: &Scopes<'_>) -> Type {
    match node.kind() {
        Kind::Sequence(items) => types::all(items.map(|item| value(item, scopes))),
        _ => Type::Any,
    }
}

fn value(node: Node<'_>, scopes: &Scopes<'_>) -> Type {
    match node.kind() {
        // Written on purpose: a key that only some combinations fill.
        Kind::Null => Type::Any,
        Kind::Bool(_) => Type::Bool,
        Kind::Integer(_) | Kind::Float(_) => Type::Number,
        Kind::String(text) => text_type(text, scopes),
        Kind::Sequence(items) => Type::array(types::all(items.map(|item| value(item, scopes)))),
        Kind::Mapping(entries) => {
            let mut fields = Fields::default();
            for entry in entries {
                match entry.key.as_str().unwrap_or_default() {
                    key if expression::is_in(key) => fields.open_up(Type::Any),
                    key => fields.add(key, value(entry.value, scopes)),
                }
            }
            Type::object(fields)
        }
    }
}

/// A text, or what its expression gives.
fn text_type(text: &str, scopes: &Scopes<'_>) -> Type {
    if !expression::is_in(text) {
        return Type::Text;
    }
    let Some(text) = sole(text) else {
        return Type::Text;
    };
    match expression::parse(text) {
        Ok(node) => expression::infer(text, &node, false, &scopes.outside()).0,
        Err(_) => Type::Any,
    }
}
