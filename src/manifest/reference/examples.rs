//! Examples for the page, out of manifests that are known to be good.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::shape::{Schema, properties};
use crate::diagnostics::Diagnostics;
use crate::manifest::value::{BUDGET, Value};
use crate::source::SourceId;

/// What is shown for each key of the top.
const BLOCKS: &str = include_str!("../../../tests/fixtures/manifests/good/reference.yml");
/// Where the blocks have no value for a key, this one does.
const EVERY_KEY: &str = include_str!("../../../tests/fixtures/manifests/good/every-key.yml");

/// The longest example that fits into a table.
const LONGEST: usize = 44;

/// Values by the definition and the key that they are an example of.
pub(super) struct Examples(HashMap<(String, String), String>);

impl Examples {
    pub(super) fn read(schema: &Schema<'_>) -> Self {
        let mut examples = Self(HashMap::new());
        for text in [BLOCKS, EVERY_KEY] {
            let (mut budget, mut problems) = (BUDGET, Diagnostics::new());
            let read = Value::read(SourceId(0), text, &mut budget, &mut problems);
            examples.collect(schema, schema.root, &read.unwrap().to_json());
        }
        examples
    }

    /// The lines of a key of the top, as they are written.
    pub(super) fn block(&self, key: &str) -> Option<String> {
        if key == "extends" {
            return Some("extends: [node-service, ./ci/base.yml]".to_owned());
        }
        let mut lines = BLOCKS
            .lines()
            .skip_while(|line| !line.starts_with(&format!("{key}:")));
        let first = lines.next()?;
        let rest = lines.take_while(|line| line.starts_with(' '));
        Some(
            [first]
                .into_iter()
                .chain(rest)
                .collect::<Vec<_>>()
                .join("\n"),
        )
    }

    /// A value of a key of a definition, on one line.
    pub(super) fn of(&self, definition: &str, key: &str) -> Option<String> {
        self.0
            .get(&(definition.to_owned(), key.to_owned()))
            .cloned()
    }

    fn collect(&mut self, schema: &Schema<'_>, at: &Json, value: &Json) {
        let entries = match value {
            Json::Object(entries) => entries,
            Json::Array(items) => {
                return items.iter().for_each(|item| self.collect(schema, at, item));
            }
            _ => return,
        };
        for found in schema.mappings(at) {
            for (key, value) in entries {
                let below = if found.own.is_empty() {
                    let keys = properties(found.form);
                    keys.filter(|(known, _)| known == key)
                        .map(|(_, below)| below)
                        .next()
                } else {
                    schema.behind_names(at)
                };
                let Some(below) = below else { continue };
                if found.own.is_empty() {
                    self.put(found.name, key, value);
                }
                self.collect(schema, below, value);
            }
        }
    }

    fn put(&mut self, definition: &str, key: &str, value: &Json) {
        let text = written(value);
        let fits = text.chars().count() <= LONGEST && !text.contains('\n');
        // What `true` and words look like, the table says anyhow.
        if fits && !matches!(value, Json::Bool(_) | Json::Null) {
            let place = (definition.to_owned(), key.to_owned());
            self.0.entry(place).or_insert(text);
        }
    }
}

/// A value in flow style, as one would write it.
fn written(value: &Json) -> String {
    match value {
        Json::Object(entries) => {
            let pairs = entries
                .iter()
                .map(|(key, value)| format!("{key}: {}", written(value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
        Json::Array(items) => {
            format!(
                "[{}]",
                items.iter().map(written).collect::<Vec<_>>().join(", ")
            )
        }
        Json::String(text)
            if text.starts_with(['#', '[', '{', '*', '&'])
                || text.contains(": ")
                || text.parse::<f64>().is_ok() =>
        {
            value.to_string()
        }
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
