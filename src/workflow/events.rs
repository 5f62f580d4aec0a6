//! What `on` says.

use super::refusal;
use super::shape::{Place, Reader};
use crate::diagnostics::{Diagnostic, guess};
use crate::knowledge::grammar::{EventForm, Filter, Form};
use crate::syntax::{Kind, Node};

pub(super) fn read<'t>(reader: &mut Reader<'t>, node: Node<'t>, place: Place<'_, 't>) {
    match node.kind() {
        Kind::Mapping(entries) => {
            if entries.len() == 0 {
                reader.refuse(refusal::no_event(node));
            }
            for entry in entries {
                let Some(name) = entry.key.as_str() else {
                    continue;
                };
                match reader.grammar.events.get(name) {
                    Some(form) => {
                        configured(reader, form, name, entry.value, place.of(entry.key, name))
                    }
                    None => unknown(reader, entry.key, name, Some(node)),
                }
            }
        }
        Kind::Sequence(items) => {
            if items.len() == 0 {
                reader.refuse(refusal::no_event(node));
            }
            for item in items {
                named(reader, item, place.of(item, place.name));
            }
        }
        _ => named(reader, node, place),
    }
}

/// An event by its name alone.
fn named<'t>(reader: &mut Reader<'t>, node: Node<'t>, place: Place<'_, 't>) {
    let Some(name) = node.as_str().filter(|_| !refusal::is_collection(node)) else {
        let refused = refusal::wrong_type(reader.grammar, &[&Form::Events], node, place);
        return reader.refuse(match node.kind() {
            // `[push: {branches: [main]}]`: what people write who add a filter to a list.
            Kind::Mapping(_) => {
                refused.help("write each event as a key of `on`, with its filters below it")
            }
            _ => refused,
        });
    };
    if node.is_null() || name.is_empty() {
        return reader.refuse(refusal::empty(node, place));
    }
    match reader.grammar.events.get(name) {
        Some(form) if !form.bare => reader.refuse(
            Diagnostic::error("missing-key", format!("`{name}` says nothing of when"))
                .at(node.location())
                .help(format!(
                    "write it as a key of `on`, with what belongs to `{name}` below it"
                )),
        ),
        Some(form) => missing(reader, form, name, None, node),
        None => unknown(reader, node, name, None),
    }
}

/// An event that there is not, by itself or as a key of a mapping.
fn unknown(reader: &mut Reader<'_>, node: Node<'_>, name: &str, mapping: Option<Node<'_>>) {
    let free = |known: &&str| mapping.is_none_or(|mapping| mapping.get(known).is_none());
    let known = reader.grammar.events.keys().copied().filter(free);
    let diagnostic = Diagnostic::error("event-unknown", format!("there is no event `{name}`"))
        .at(node.location());
    reader.refuse(match guess(name, known) {
        Some(near) => diagnostic.write(near, node.rewritten(near.name)),
        None => diagnostic,
    });
}

fn configured<'t>(
    reader: &mut Reader<'t>,
    form: &'static EventForm,
    name: &str,
    node: Node<'t>,
    place: Place<'_, 't>,
) {
    if let Some(item) = form.items {
        if !matches!(node.kind(), Kind::Sequence(_)) {
            let form = Form::List(item);
            return reader.refuse(refusal::wrong_type(reader.grammar, &[&form], node, place));
        }
        for inner in node.items() {
            reader.value(inner, item, place.of(inner, name));
        }
        return;
    }
    if node.is_null() {
        return missing(reader, form, name, None, place.key);
    }
    if !matches!(node.kind(), Kind::Mapping(_)) {
        return reader.refuse(refusal::wrong_type(
            reader.grammar,
            &[&Form::AnyMap],
            node,
            place,
        ));
    }
    for entry in node.entries() {
        let Some(key) = entry.key.as_str() else {
            continue;
        };
        let inside = place.of(entry.key, key);
        match form.keys.get(key) {
            Some(Filter::Type(id)) => reader.value(entry.value, *id, inside),
            Some(filter) => texts(reader, entry.value, *filter, inside),
            None => reader.refuse(unknown_filter(form, name, entry.key, node)),
        }
        if key == "types" {
            types(reader, form, name, entry.value);
        }
    }
    for [one, other] in &form.exclusive {
        if let (Some(positive), Some(ignored)) = (node.key_of(one), node.key_of(other)) {
            let mut places = [positive.location(), ignored.location()];
            places.sort();
            let [first, second] = places;
            reader.refuse(
                Diagnostic::error(
                    "event-filter-conflict",
                    format!("`{name}` has both `{one}` and `{other}`"),
                )
                .at(second)
                .label(first, "the other one is here")
                .help(format!(
                    "write one of them; within `{one}`, a pattern with `!` takes away"
                )),
            );
        }
    }
    missing(reader, form, name, Some(node), place.key);
}

/// The keys that an event must have.
fn missing<'t>(
    reader: &mut Reader<'t>,
    form: &EventForm,
    name: &str,
    node: Option<Node<'t>>,
    at: Node<'t>,
) {
    let absent = |key: &&&str| node.is_none_or(|node| node.get(key).is_none());
    for key in form.required.iter().filter(absent) {
        reader.refuse(
            Diagnostic::error(
                "event-filter-availability",
                format!("`{name}` has no `{key}`"),
            )
            .at(at.location())
            .help(format!("add `{key}`")),
        );
    }
}

/// GitHub ignores such keys, which is surely not what was meant.
fn unknown_filter(form: &EventForm, name: &str, node: Node<'_>, mapping: Node<'_>) -> Diagnostic {
    const FILTERS: [&str; 8] = [
        "branches",
        "branches-ignore",
        "paths",
        "paths-ignore",
        "tags",
        "tags-ignore",
        "types",
        "workflows",
    ];
    let key = node.as_str().unwrap_or_default();
    let rule = if FILTERS.contains(&key) {
        "event-filter-availability"
    } else {
        "unknown-key"
    };
    let diagnostic = Diagnostic::warning(rule, format!("`{name}` has no filter `{key}`"))
        .at(node.location())
        .note("GitHub ignores it");
    let known: Vec<_> = form.keys.keys().map(|key| format!("`{key}`")).collect();
    let free = |known: &&str| mapping.get(known).is_none();
    match guess(key, form.keys.keys().copied().filter(free)) {
        // A filter of other events is spelt right.
        Some(near) if FILTERS.contains(&key) => diagnostic.help(format!("write `{}`", near.name)),
        Some(near) => diagnostic.write(near, node.rewritten(near.name)),
        None if known.is_empty() => diagnostic.help("take it away: this event has none"),
        None => diagnostic.help(format!("it has {}", known.join(", "))),
    }
}

fn texts<'t>(reader: &mut Reader<'t>, node: Node<'t>, filter: Filter, place: Place<'_, 't>) {
    let items: Vec<_> = match node.kind() {
        Kind::Sequence(items) => items.collect(),
        Kind::Mapping(_) => Vec::new(),
        _ if filter == Filter::Texts => vec![node],
        _ => Vec::new(),
    };
    if node.is_null() {
        return reader.refuse(refusal::empty(node, place));
    }
    let list = matches!(node.kind(), Kind::Sequence(_));
    if items.is_empty() && !list {
        return reader.refuse(refusal::wrong_type(
            reader.grammar,
            &[&Form::AnyList],
            node,
            place,
        ));
    }
    for item in items {
        if refusal::is_collection(item) {
            let text = Form::Text {
                filled: true,
                pattern: None,
            };
            reader.refuse(refusal::wrong_type(
                reader.grammar,
                &[&text],
                item,
                place.of(item, place.name),
            ));
        } else if let Some(text) = item.as_str().filter(|text| !text.is_empty()) {
            reader.site(item, text, &Form::Any, place);
        } else {
            reader.refuse(refusal::empty(item, place.of(item, place.name)));
        }
    }
}

fn types(reader: &mut Reader<'_>, form: &EventForm, name: &str, node: Node<'_>) {
    if form.types.is_empty() {
        return;
    }
    let items: Vec<_> = match node.kind() {
        Kind::Sequence(items) => items.collect(),
        _ => vec![node],
    };
    for item in items {
        let Some(text) = item
            .as_str()
            .filter(|text| !form.types.contains(text) && !text.is_empty())
        else {
            continue;
        };
        let message = format!("`{name}` knows no activity `{text}`");
        let diagnostic = Diagnostic::error("event-types", message).at(item.location());
        let known: Vec<_> = form
            .types
            .iter()
            .map(|known| format!("`{known}`"))
            .collect();
        reader.refuse(match guess(text, form.types.iter().copied()) {
            Some(near) => diagnostic.write(near, item.rewritten(near.name)),
            None => diagnostic.help(format!("it knows {}", known.join(", "))),
        });
    }
}
