//! The words for what GitHub refuses.

use super::choice::Meaning;
use super::patterns::Misfit;
use super::shape::Place;
use crate::diagnostics::{Applicability, Diagnostic, Edit, guess};
use crate::knowledge::grammar::{Form, Grammar, Map, Rules, Type};
use crate::syntax::{Kind, Node, Style};

/// A value has another form than any that may stand there.
pub(super) fn wrong_type(
    grammar: &Grammar,
    forms: &[&Form],
    node: Node<'_>,
    place: Place<'_, '_>,
) -> Diagnostic {
    let name = called(node, place);
    let mut wanted: Vec<_> = forms.iter().map(|form| describe(grammar, form)).collect();
    wanted.dedup();
    let wanted = wanted.join(" or ");
    let found = node.kind().describe();
    let quoted = matches!(node.style(), Style::SingleQuoted | Style::DoubleQuoted);
    let unquoted = quoted && forms.iter().any(|form| reads(form, node));
    if unquoted {
        return Diagnostic::error(
            "yaml-scalar-style",
            format!("{name} is text, and {wanted} is wanted"),
        )
        .at(node.location())
        .help(format!(
            "take the quotes away: `{}`",
            node.as_str().unwrap_or_default()
        ))
        .mend(Applicability::Safe, node.unquoted());
    }
    let message = format!("{name} is {found}, and {wanted} is wanted");
    Diagnostic::error("wrong-type", message).at(node.location())
}

fn reads(form: &Form, node: Node<'_>) -> bool {
    let text = node.as_str().unwrap_or_default();
    match form {
        Form::Bool => matches!(text, "true" | "false"),
        Form::Number => text.parse::<f64>().is_ok(),
        _ => false,
    }
}

fn describe(grammar: &Grammar, form: &Form) -> String {
    match form {
        Form::Map(_) | Form::AnyMap => "a mapping".to_owned(),
        Form::List(_) | Form::AnyList => "a list".to_owned(),
        Form::Choice(ids) => {
            let all: Vec<_> = ids
                .iter()
                .map(|id| describe(grammar, &grammar[*id].form))
                .collect();
            all.join(" or ")
        }
        Form::Text { .. } => "text".to_owned(),
        Form::Word(words) => either(words),
        Form::Bool => "`true` or `false`".to_owned(),
        Form::Number => "a number".to_owned(),
        Form::Null => "nothing".to_owned(),
        Form::Any => "a value".to_owned(),
        Form::Events => "an event, a list or a mapping of events".to_owned(),
    }
}

/// A scalar fits none of several types.
pub(super) fn none_fits(
    grammar: &Grammar,
    types: &[&Type],
    node: Node<'_>,
    place: Place<'_, '_>,
) -> Diagnostic {
    if node.is_null() || node.as_str() == Some("") {
        return empty(node, place);
    }
    let words = types.iter().filter_map(|type_| match &type_.form {
        Form::Word(words) => Some((words, type_.rules.word)),
        _ => None,
    });
    let words: Vec<_> = words.collect();
    match words.first() {
        Some((_, rule)) if node.as_str().is_some() => {
            let words: Vec<_> = words
                .iter()
                .flat_map(|(words, _)| words.iter().copied())
                .collect();
            wrong_word(node, &words, rule, place.name)
        }
        _ => {
            let forms: Vec<_> = types.iter().map(|type_| &type_.form).collect();
            wrong_type(grammar, &forms, node, place)
        }
    }
}

/// A word is none of those that may stand there.
pub(super) fn wrong_word(
    node: Node<'_>,
    words: &[&str],
    rule: &'static str,
    name: &str,
) -> Diagnostic {
    let Some(text) = node.as_str() else {
        let found = node.kind().describe();
        let message = format!(
            "{} is {found}, and {} is wanted",
            quote(name),
            either(words)
        );
        return Diagnostic::error("wrong-type", message).at(node.location());
    };
    let message = format!("{} cannot be {}", quote(name), quote(text));
    let diagnostic = Diagnostic::error(rule, message).at(node.location());
    match guess(text, words.iter().copied()) {
        Some(near) => diagnostic.write(near, node.rewritten(near.name)),
        None if words.len() > MAX_LISTED => diagnostic,
        None => diagnostic.help(format!("write {}", either(words))),
    }
}

/// Nothing stands where something must.
pub(super) fn empty(node: Node<'_>, place: Place<'_, '_>) -> Diagnostic {
    let at = if node.is_omitted() { place.key } else { node };
    Diagnostic::error("empty-section", format!("{} is empty", called(node, place)))
        .at(at.location())
        .help("write what belongs there, or take the key away")
}

/// No event is named, which GitHub's parser takes.
pub(super) fn no_event(node: Node<'_>) -> Diagnostic {
    Diagnostic::warning("empty-section", "nothing starts this workflow")
        .at(node.location())
        .note("`on` names no event")
        .help("name one, or `workflow_dispatch` for a workflow that is started by hand")
}

/// A text does not follow its pattern.
pub(super) fn pattern(rule: &'static str, misfit: Misfit, node: Node<'_>) -> Diagnostic {
    let (message, help) = misfit;
    Diagnostic::error(rule, message)
        .at(node.location())
        .help(help)
}

/// A key cannot stand in a mapping.
pub(super) fn unknown_key(
    rules: &Rules,
    map: &Map,
    key: &str,
    node: Node<'_>,
    mapping: Node<'_>,
) -> Diagnostic {
    let quoted = quote(key);
    let (rule, message) = match (&map.by, map.thing) {
        (Some(by), _) if map.elsewhere.contains(&key) => (
            rules.foreign,
            format!("{quoted} cannot stand beside `{}`", by.key),
        ),
        (_, Some(thing)) => (rules.unknown, format!("there is no {thing} {quoted}")),
        _ => (rules.unknown, format!("unknown key {quoted}")),
    };
    let known = map.keys.keys().copied();
    let diagnostic = Diagnostic::error(rule, message);
    let mut diagnostic = meant(diagnostic, key, node, mapping, known);
    if map.elsewhere.contains(&key) {
        // It is spelt right, and what it says would be lost.
        diagnostic.fix = None;
    }
    diagnostic
}

/// A mapping would take keys of another over.
pub(super) fn merge(node: Node<'_>) -> Diagnostic {
    Diagnostic::error("yaml-merge-key", "GitHub does not merge mappings with `<<`")
        .at(node.location())
        .help("write the keys out; anchors and aliases for whole values work")
}

/// A mapping has a key that none of the things knows that it could be.
pub(super) fn none_known(maps: &[Meaning], node: Node<'_>, mapping: Node<'_>) -> Diagnostic {
    let mut known: Vec<_> = maps
        .iter()
        .flat_map(|(_, map)| map.keys.keys().copied())
        .collect();
    known.sort_unstable();
    known.dedup();
    let key = node.as_str().unwrap_or_default();
    let error = Diagnostic::error("unknown-key", format!("unknown key {}", quote(key)));
    meant(error, key, node, mapping, known.into_iter())
}

/// Adds the key that was probably meant, or those that could be.
fn meant<'k>(
    diagnostic: Diagnostic,
    key: &str,
    node: Node<'_>,
    mapping: Node<'_>,
    known: impl Iterator<Item = &'k str> + Clone,
) -> Diagnostic {
    let diagnostic = diagnostic.at(node.location());
    let free = known.clone().filter(|known| mapping.get(known).is_none());
    match guess(key, free) {
        Some(near) => diagnostic.write(near, node.rewritten(near.name)),
        None => diagnostic.help(format!("the keys here are {}", list(known))),
    }
}

/// Required keys are missing.
pub(super) fn missing(
    rule: &'static str,
    keys: &[&str],
    mapping: Node<'_>,
    place: Place<'_, '_>,
) -> Diagnostic {
    let names: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
    let name = called(mapping, place);
    let message = format!("{name} has no {}", names.join(" and no "));
    Diagnostic::error(rule, message)
        .at(place.key.location())
        .help(format!("add {}", names.join(" and ")))
}

/// The edit that gives a script without a shell the usual one.
pub(super) fn shell(missing: &[&str], mapping: Node<'_>, text: &str) -> Option<Edit> {
    let run = mapping.key_of("run").filter(|_| missing == ["shell"])?;
    mapping.with_entry_before(text, run, "shell: bash")
}

/// A mapping has none of the keys by which one could tell what it is.
pub(super) fn no_kind(maps: &[Meaning], mapping: Node<'_>, place: Place<'_, '_>) -> Diagnostic {
    let marks = maps.iter().filter_map(|(_, map)| map.by.as_ref());
    // The grammar begins with what is used most.
    let mut keys: Vec<_> = marks.map(|by| by.key).collect();
    keys.dedup();
    let name = called(mapping, place);
    let (message, help) = match keys.as_slice() {
        [only] => {
            let known = match mapping.get(only) {
                Some(_) => " that GitHub knows",
                None => "",
            };
            (
                format!("{name} has no `{only}`{known}"),
                format!("add `{only}`"),
            )
        }
        _ => (
            format!("{name} has neither {}", neither(&keys)),
            "add one of them".to_owned(),
        ),
    };
    Diagnostic::error("missing-key", message)
        .at(place.key.location())
        .help(help)
}

fn neither(keys: &[&str]) -> String {
    let names: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
    names.join(" nor ")
}

fn either(words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    match words.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        all => all.concat(),
    }
}

fn list<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let words: Vec<_> = words.map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

/// More words than these help nobody.
const MAX_LISTED: usize = 12;

/// Longer texts are cut; the excerpt shows them.
const MAX_SHOWN: usize = 60;

/// What to call a value: by its key, or as one of those in the list that is called so.
fn called(node: Node<'_>, place: Place<'_, '_>) -> String {
    let name = quote(place.name);
    if node.id() == place.key.id() && name.starts_with('`') {
        return format!("an item of {name}");
    }
    name
}

fn quote(text: &str) -> String {
    if text.starts_with("the ") {
        return text.to_owned();
    }
    let line = text.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(MAX_SHOWN).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("`{cut}{more}`")
}

/// Says whether a node is a collection.
pub(super) fn is_collection(node: Node<'_>) -> bool {
    matches!(node.kind(), Kind::Mapping(_) | Kind::Sequence(_))
}
