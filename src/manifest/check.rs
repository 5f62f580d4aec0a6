//! Values against the published JSON Schema.
//!
//! A walk of our own instead of a compiled validator: it knows the place of
//! every value and which form the user meant, and it costs nothing to prepare
//! (compiling takes longer than all the rest of a run). It knows the keywords
//! that our schema uses and no others; `tests/it/manifest.rs` holds it against
//! an independent validator.

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::blocks::words;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::manifest::explain::{self, Subject};
use crate::manifest::mend::Meant;
use crate::manifest::schema;
use crate::manifest::value::{Entry, Kind, Value};
use crate::source::{Location, Sources, Span};

static ANYTHING: Json = Json::Bool(true);

/// A hostile text could ask for a million.
const MAX_FOUND: usize = 1_000;

/// Reports everything that a schema, the whole or a part, refuses; returns what misspelt keys were meant to be.
pub(super) fn check(
    schema: &Json,
    values: &Value,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Meant {
    let mut checker = Checker {
        sources,
        found: Vec::new(),
        meant: Meant::new(),
    };
    let top = Location::new(values.origin.source, Span::at(values.origin.span.start));
    let manifest = Subject {
        name: None,
        place: top,
        examples: None,
    };
    checker.value(schema, values, manifest);
    diagnostics.extend(checker.found);
    checker.meant
}

struct Checker<'s> {
    sources: &'s Sources,
    found: Vec<Diagnostic>,
    meant: Meant,
}

impl Checker<'_> {
    fn value(&mut self, schema: &Json, value: &Value, subject: Subject<'_>) {
        if *schema == ANYTHING {
            return;
        }
        let subject = Subject {
            examples: schema.get("examples"),
            ..subject
        };
        let forms = schema::forms(schema);
        let fitting: Vec<_> = forms
            .iter()
            .filter(|form| fits(form, &value.kind))
            .collect();
        match fitting.as_slice() {
            [] => {
                let text = self
                    .sources
                    .get(value.origin.source)
                    .map(|source| source.slice(value.origin.span));
                let diagnostic =
                    explain::wrong_type(&forms, value, subject, text.unwrap_or_default());
                self.report(diagnostic);
            }
            [form] => self.form(form, value, subject),
            [first, others @ ..] => {
                let before = self.found.len();
                self.form(first, value, subject);
                for other in others {
                    if self.found.len() == before {
                        return;
                    }
                    let first = self.found.split_off(before);
                    self.form(other, value, subject);
                    if self.found.len() > before {
                        self.found.truncate(before);
                        self.found.extend(first);
                    }
                }
            }
        }
    }

    /// Checks a value whose type is that of the form.
    fn form(&mut self, form: &Json, value: &Value, subject: Subject<'_>) {
        match &value.kind {
            Kind::Mapping(entries) => self.mapping(form, entries, value, subject),
            Kind::List(items) => self.list(form, items, value, subject),
            Kind::String(text) => self.text(form, text, value, subject),
            _ => self.scalar(form, value, subject),
        }
    }

    fn text(&mut self, form: &Json, text: &str, value: &Value, subject: Subject<'_>) {
        let pattern = form.get("pattern").and_then(Json::as_str);
        match pattern.map(|pattern| words::matches(pattern, text)) {
            Some(false) => self.report(explain::wrong_word(form, text, value.origin, subject)),
            _ => self.scalar(form, value, subject),
        }
    }

    fn scalar(&mut self, form: &Json, value: &Value, subject: Subject<'_>) {
        let json = value.to_json();
        let options = schema::options(form);
        if !options.is_empty() && !options.contains(&&json) {
            return self.report(explain::wrong_option(&options, value, subject));
        }
        let limit = |name: &str| form.get(name).and_then(Json::as_f64);
        if let Some(number) = json.as_f64() {
            let low = limit("minimum").is_some_and(|least| number < least);
            let high = limit("maximum").is_some_and(|most| number > most);
            if low || high {
                self.report(explain::wrong_number(form, value));
            }
        }
    }

    fn list(&mut self, form: &Json, items: &[Value], value: &Value, subject: Subject<'_>) {
        if outside(form, "minItems", "maxItems", items.len()) {
            self.report(explain::wrong_count(
                form,
                items.len(),
                value.origin,
                subject,
            ));
        }
        let Some(schema) = form.get("items") else {
            return;
        };
        for item in items {
            let place = item.origin;
            self.value(schema, item, Subject { place, ..subject });
        }
    }

    fn mapping(
        &mut self,
        form: &Json,
        entries: &IndexMap<String, Entry>,
        value: &Value,
        subject: Subject<'_>,
    ) {
        let mut meant = Vec::new();
        for (key, entry) in entries {
            if let Some(schema) = schema_of(form, key, entry.marked) {
                let subject = Subject {
                    name: Some(key),
                    place: entry.key,
                    examples: None,
                };
                self.value(schema, &entry.value, subject);
            } else {
                let (diagnostic, key) =
                    explain::wrong_key(form, key, entry.marked, entry.key, entries);
                self.report(diagnostic);
                if let Some(key) = key {
                    if let Some(schema) = schema_of(form, &key, false) {
                        let subject = Subject {
                            name: Some(&key),
                            place: entry.key,
                            examples: None,
                        };
                        self.value(schema, &entry.value, subject);
                    }
                    self.meant.push((entry.key, key.clone()));
                    meant.push(key);
                }
            }
        }
        let required = form.get("required").and_then(Json::as_array);
        let required = required.into_iter().flatten().filter_map(Json::as_str);
        let mut missing = Vec::new();
        for key in required {
            match entries.get(key) {
                Some(entry) if entry.marked => {
                    self.report(explain::nothing_below(key, entry.key));
                }
                None if !meant.iter().any(|meant| meant == key) => missing.push(key),
                _ => {}
            }
        }
        if !missing.is_empty() {
            self.report(explain::missing(form, &missing, subject));
        }
        if outside(form, "minProperties", "maxProperties", entries.len()) && meant.is_empty() {
            self.report(explain::wrong_count(
                form,
                entries.len(),
                value.origin,
                subject,
            ));
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if self.found.len() < MAX_FOUND {
            self.found.push(diagnostic);
        }
    }
}

/// Says whether a value has one of the types of a form.
fn fits(form: &Json, kind: &Kind) -> bool {
    let own: &[&str] = match kind {
        Kind::Null => &["null"],
        Kind::Bool(_) => &["boolean"],
        Kind::Integer(_) => &["integer", "number"],
        // JSON Schema counts `2.0` among the integers.
        Kind::Float(number) if number.fract() == 0.0 => &["integer", "number"],
        Kind::Float(_) => &["number"],
        Kind::String(_) => &["string"],
        Kind::List(_) => &["array"],
        Kind::Mapping(_) => &["object"],
    };
    let types = schema::types(form);
    types.is_empty() || types.iter().any(|name| own.contains(name))
}

/// Returns the schema of a mapping's key, if the key may stand there.
fn schema_of<'s>(form: &'s Json, key: &str, marked: bool) -> Option<&'s Json> {
    let properties = form.get("properties");
    let named = if marked {
        properties.and_then(|all| all.get(format!("{key}+")))
    } else {
        properties.and_then(|all| all.get(key))
    };
    if named.is_some() {
        return named;
    }
    let patterns = form.get("patternProperties").and_then(Json::as_object);
    let fitting = patterns.into_iter().flatten().find(|(pattern, _)| {
        match (schema::unmarked(pattern), marked) {
            (Some(pattern), true) => words::matches(&pattern, key),
            (None, false) => words::matches(pattern, key),
            _ => false,
        }
    });
    match fitting {
        Some((_, schema)) => Some(schema),
        None => match form.get("additionalProperties") {
            Some(Json::Bool(false)) => None,
            Some(schema) => Some(schema),
            None => Some(&ANYTHING),
        },
    }
}

fn outside(form: &Json, least: &str, most: &str, count: usize) -> bool {
    let limit = |name| form.get(name).and_then(Json::as_u64);
    let count = count as u64;
    limit(least).is_some_and(|least| count < least) || limit(most).is_some_and(|most| count > most)
}
