//! What `github.event` holds for each event that triggers a workflow.

use std::collections::HashMap;
use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::expression::types::{Fields, Type};

const DATA: &str = include_str!("data/payloads.json");

static PAYLOADS: LazyLock<HashMap<&str, Type>> = LazyLock::new(|| {
    let file: File = serde_json::from_str(DATA)
        .unwrap_or_else(|error| unreachable!("internal error: payloads.json: {error}"));
    let mut reader = Reader {
        shapes: &file.shapes,
        known: HashMap::new(),
    };
    let events = file.events.iter();
    events
        .map(|(event, shape)| (*event, reader.shape(shape)))
        .collect()
});

/// Returns the type of `github.event`, if GitHub has published what this event carries.
pub fn of(event: &str) -> Option<&'static Type> {
    let shape = match event {
        "pull_request_comment" => "issue_comment",
        "pull_request_target" => "pull_request",
        other => other,
    };
    PAYLOADS.get(shape)
}

#[derive(Deserialize)]
struct File {
    #[serde(borrow)]
    events: IndexMap<&'static str, &'static str>,
    shapes: HashMap<&'static str, IndexMap<&'static str, &'static str>>,
}

struct Reader<'f> {
    shapes: &'f HashMap<&'static str, IndexMap<&'static str, &'static str>>,
    /// Shapes that several others share are one value.
    known: HashMap<&'static str, Type>,
}

impl Reader<'_> {
    fn shape(&mut self, name: &'static str) -> Type {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let Some(shape) = self.shapes.get(name) else {
            return Type::Any;
        };
        let mut fields = Fields::default();
        for (field, code) in shape {
            let type_ = self.code(code);
            match *field {
                "*" => fields.open_up(type_),
                _ => fields.add(field, type_),
            }
        }
        let type_ = Type::object(fields);
        self.known.insert(name, type_.clone());
        type_
    }

    /// One of the codes that the file explains itself.
    fn code(&mut self, code: &'static str) -> Type {
        let code = code.trim_end_matches('?');
        if let Some((one, other)) = code.split_once('/') {
            return self.code(one).join(&self.code(other));
        }
        if let Some(items) = code.strip_suffix("[]") {
            return Type::array(self.code(items));
        }
        if let Some(shape) = code.strip_prefix('@') {
            return self.shape(shape);
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
