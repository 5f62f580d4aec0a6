//! The words for what GitHub refuses.

use indexmap::IndexMap;

use super::shape::Place;
use crate::diagnostics::{Diagnostic, nearest};
use crate::knowledge::grammar::{Form, Grammar, TypeId};
use crate::syntax::{Kind, Node, Style};

/// A value has another form than any that may stand there.
pub(super) fn wrong_type(
    grammar: &Grammar,
    forms: &[&Form],
    node: Node<'_>,
    name: &str,
) -> Diagnostic {
    let mut wanted: Vec<_> = forms.iter().map(|form| describe(grammar, form)).collect();
    wanted.dedup();
    let wanted = wanted.join(" or ");
    let found = node.kind().describe();
    let quoted = matches!(node.style(), Style::SingleQuoted | Style::DoubleQuoted);
    let unquoted = quoted && forms.iter().any(|form| reads(form, node));
    if unquoted {
        return Diagnostic::error(
            "yaml-scalar-style",
            format!("{} is text, and {wanted} is wanted", quote(name)),
        )
        .at(node.location())
        .help(format!(
            "take the quotes away: `{}`",
            node.as_str().unwrap_or_default()
        ));
    }
    let message = format!("{} is {found}, and {wanted} is wanted", quote(name));
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
        Form::Map { .. } | Form::AnyMap => "a mapping".to_owned(),
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

/// A scalar fits none of several forms.
pub(super) fn none_fits(
    grammar: &Grammar,
    forms: &[&Form],
    node: Node<'_>,
    place: Place<'_, '_>,
) -> Diagnostic {
    let words = forms.iter().filter_map(|form| match form {
        Form::Word(words) => Some(words.as_slice()),
        _ => None,
    });
    let words: Vec<_> = words.flatten().copied().collect();
    let is_scalar = node.as_str().is_some() && !node.is_null();
    if is_scalar && !words.is_empty() {
        let is_level = words.contains(&"none") || words.contains(&"read-all");
        let type_ = if is_level { "permission" } else { "" };
        return wrong_word(node, &words, type_, place.name);
    }
    if node.is_null() || node.as_str() == Some("") {
        return empty(node, place);
    }
    wrong_type(grammar, forms, node, place.name)
}

/// A word is none of those that may stand there.
pub(super) fn wrong_word(node: Node<'_>, words: &[&str], type_: &str, name: &str) -> Diagnostic {
    let rule = if type_.starts_with("permission") {
        "permission-level"
    } else if type_ == "action:using" {
        "action-meta-runtime"
    } else if type_.starts_with("action:branding") {
        "action-meta-branding"
    } else {
        "enum-value"
    };
    let Some(text) = node.as_str() else {
        let message = format!(
            "{} is {}, and {} is wanted",
            quote(name),
            node.kind().describe(),
            either(words)
        );
        return Diagnostic::error("wrong-type", message).at(node.location());
    };
    let message = format!("{} cannot be {}", quote(name), quote(text));
    let diagnostic = Diagnostic::error(rule, message).at(node.location());
    match nearest(text, words.iter().copied()) {
        Some(near) => diagnostic.help(format!("write `{near}`")),
        None if words.len() > 12 => diagnostic,
        None => diagnostic.help(format!("write {}", either(words))),
    }
}

/// Nothing stands where something must.
pub(super) fn empty(node: Node<'_>, place: Place<'_, '_>) -> Diagnostic {
    let at = if node.is_omitted() { place.key } else { node };
    Diagnostic::error("empty-section", format!("{} is empty", quote(place.name)))
        .at(at.location())
        .help("write what belongs there, or take the key away")
}

/// A text does not follow its pattern.
pub(super) fn pattern(name: &str, message: String, help: &str, node: Node<'_>) -> Diagnostic {
    let rule = match name {
        "step-uses" => "uses-format",
        "job-uses" => "call-uses-format",
        _ => "id-format",
    };
    Diagnostic::error(rule, message)
        .at(node.location())
        .help(help)
}

/// A key cannot stand in a mapping.
pub(super) fn unknown_key(
    type_: &str,
    keys: &IndexMap<&'static str, (TypeId, bool)>,
    key: &str,
    node: Node<'_>,
    mapping: Node<'_>,
) -> Diagnostic {
    if key == "<<" {
        return Diagnostic::error("yaml-merge-key", "GitHub does not merge mappings with `<<`")
            .at(node.location())
            .help("write the keys out; anchors and aliases for whole values work");
    }
    let rule = match type_ {
        "permissions-mapping" => "permission-unknown",
        "workflow-job" => "call-job-keys",
        "action:action" | "action:branding" => "action-meta-keys",
        _ if type_.starts_with("action:") && type_.ends_with("-runs-strict") => "action-meta-keys",
        _ if type_.starts_with("action:") => "composite-steps",
        _ => "unknown-key",
    };
    let message = match beside(type_) {
        Some(other) => format!("{} cannot stand beside `{other}`", quote(key)),
        None => format!("unknown key {}", quote(key)),
    };
    let diagnostic = Diagnostic::error(rule, message).at(node.location());
    let free = keys
        .keys()
        .copied()
        .filter(|known| mapping.get(known).is_none());
    match nearest(key, free) {
        Some(near) => diagnostic.help(format!("write `{near}`")),
        None => diagnostic.help(format!("the keys here are {}", list(keys.keys().copied()))),
    }
}

/// The key that makes a mapping what it is.
fn beside(type_: &str) -> Option<&'static str> {
    Some(match type_ {
        "workflow-job" | "regular-step" | "action:uses-step" => "uses",
        "run-step" | "action:run-step" => "run",
        "wait-step" => "wait",
        "wait-all-step" => "wait-all",
        "cancel-step" => "cancel",
        "parallel-step" => "parallel",
        _ => return None,
    })
}

/// Required keys are missing.
pub(super) fn missing(type_: &str, keys: &[&str], place: Place<'_, '_>) -> Diagnostic {
    let rule = match type_ {
        "action:run-step" if keys.contains(&"shell") => "shell-required",
        _ if type_.starts_with("action:") => "action-meta-keys",
        _ => "missing-key",
    };
    let names: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
    let message = format!("{} has no {}", quote(place.name), names.join(" and no "));
    Diagnostic::error(rule, message)
        .at(place.key.location())
        .help(format!("add {}", names.join(" and ")))
}

/// A mapping has a key that none of the things knows that it could be.
pub(super) fn none_known(
    grammar: &Grammar,
    maps: &[TypeId],
    key: Node<'_>,
    mapping: Node<'_>,
) -> Diagnostic {
    let known = maps.iter().filter_map(|id| match &grammar[*id].form {
        Form::Map { keys, .. } => Some(keys.keys().copied()),
        _ => None,
    });
    let mut known: Vec<_> = known
        .flatten()
        .filter(|known| mapping.get(known).is_none())
        .collect();
    known.sort_unstable();
    known.dedup();
    let name = key.as_str().unwrap_or_default();
    let diagnostic =
        Diagnostic::error("unknown-key", format!("unknown key {}", quote(name))).at(key.location());
    match nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.help(format!("write `{near}`")),
        None => diagnostic.help(format!("the keys here are {}", list(known.into_iter()))),
    }
}

/// A mapping has none of the keys by which one could tell what it is.
pub(super) fn no_kind(grammar: &Grammar, maps: &[TypeId], place: Place<'_, '_>) -> Diagnostic {
    let mut keys: Vec<_> = maps
        .iter()
        .filter_map(|id| match &grammar[*id].form {
            Form::Map { keys, .. } => keys.iter().find(|(_, (_, required))| *required),
            _ => None,
        })
        .map(|(key, _)| *key)
        .collect();
    keys.sort_unstable();
    keys.dedup();
    let message = format!("{} has neither {}", quote(place.name), neither(&keys));
    Diagnostic::error("missing-key", message)
        .at(place.key.location())
        .help("add one of them")
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

/// Longer texts are cut; the excerpt shows them.
const MAX_SHOWN: usize = 60;

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
