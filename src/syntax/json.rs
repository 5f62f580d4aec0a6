//! A node as JSON, for validators and hashes.

use serde_json::{Map, Number, Value};

use crate::diagnostics::Diagnostic;
use crate::syntax::node::{Kind, Node};

/// How many JSON values one node usually may become.
pub const JSON_BUDGET: usize = 100_000;

impl Node<'_> {
    /// Returns the node as JSON with aliases copied out, or an error at the
    /// value that is one too many for the budget or that JSON cannot hold.
    ///
    /// Keys become their texts. Of duplicate keys the first counts.
    pub fn to_json(&self, budget: usize) -> Result<Value, Box<Diagnostic>> {
        Writer {
            limit: budget,
            left: budget,
        }
        .value(*self)
    }
}

struct Writer {
    limit: usize,
    left: usize,
}

impl Writer {
    /// Recurses no deeper than `MAX_DEPTH`, which holds with aliases followed.
    fn value(&mut self, node: Node<'_>) -> Result<Value, Box<Diagnostic>> {
        let Some(left) = self.left.checked_sub(1) else {
            return Err(self.exhausted(node));
        };
        self.left = left;
        Ok(match node.kind() {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(value),
            Kind::Integer(value) => Value::from(value),
            Kind::Float(value) => {
                Value::Number(Number::from_f64(value).ok_or_else(|| infinite(node))?)
            }
            Kind::String(text) => Value::from(text),
            Kind::Sequence(items) => Value::Array(
                items
                    .map(|item| self.value(item))
                    .collect::<Result<_, _>>()?,
            ),
            Kind::Mapping(entries) => {
                let mut object = Map::new();
                for entry in entries {
                    let value = self.value(entry.value)?;
                    let key = entry.key.as_str().unwrap_or_default().to_owned();
                    object.entry(key).or_insert(value);
                }
                Value::Object(object)
            }
        })
    }

    fn exhausted(&self, node: Node<'_>) -> Box<Diagnostic> {
        let message = format!(
            "with aliases copied out there are more than {} values",
            self.limit
        );
        let diagnostic = Diagnostic::error("too-many-nodes", message)
            .at(node.location())
            .help("write less, or use fewer aliases to large values");
        Box::new(diagnostic)
    }
}

fn infinite(node: Node<'_>) -> Box<Diagnostic> {
    let text = node.as_str().unwrap_or_default();
    let diagnostic = Diagnostic::error("not-a-number", format!("`{text}` is no finite number"))
        .at(node.location())
        .help("write a finite number, or quote it if text is meant");
    Box::new(diagnostic)
}
