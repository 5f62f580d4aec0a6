//! The words for what the schema refuses.
//!
//! Each message says what is wrong in the user's words, stands at the key or
//! the value that is wrong, and shows how to write it.

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::blocks::words;
use crate::diagnostics::{Diagnostic, nearest};
use crate::manifest::example::{either, example, is_null, keys, list, or, scalar, wanted};
use crate::manifest::schema;
use crate::manifest::value::{Entry, Kind, Value};
use crate::source::Location;

/// Longer texts are cut in messages; the excerpt shows them.
const MAX_SHOWN: usize = 60;

/// What a message is about: the value under a key, or the whole manifest.
#[derive(Clone, Copy)]
pub(super) struct Subject<'n> {
    /// The key.
    pub(super) name: Option<&'n str>,
    /// Where it is written; for an item of a list, where the item is.
    pub(super) place: Location,
    /// How the value may look under this key, where that is more than its kind says.
    pub(super) examples: Option<&'n Json>,
}

impl Subject<'_> {
    fn show(self) -> String {
        self.name.map_or_else(|| "the manifest".to_owned(), quote)
    }
}

/// A value has another type than every form.
pub(super) fn wrong_type(
    forms: &[&Json],
    value: &Value,
    subject: Subject<'_>,
    written: &str,
) -> Diagnostic {
    let forms: Vec<_> = forms
        .iter()
        .copied()
        .filter(|form| !is_null(form))
        .collect();
    let is_item = subject.place == value.origin;
    let what = if is_item {
        format!("an item of {}", subject.show())
    } else {
        subject.show()
    };
    let wanted: Vec<_> = forms.iter().map(|form| wanted(form)).collect();
    let found = value.kind.describe();
    let message = format!("{what} is {found}, and {} is wanted", or(&wanted));
    let diagnostic = Diagnostic::error("wrong-type", message).at(value.origin);
    let is_text = |form: &&&Json| schema::types(form).contains(&"string");
    let is_scalar = matches!(
        value.kind,
        Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_)
    );
    let text = forms.iter().find(is_text).filter(|_| is_scalar);
    let accepted = text
        .and_then(|form| form.get("pattern")?.as_str())
        .is_some_and(|pattern| words::matches(pattern, written));
    if accepted {
        return diagnostic.help(format!("put quotes around it: `\"{written}\"`"));
    }
    // A name that wants to be a key, such as the name of a target without its settings.
    let property = |form: &Json| {
        let property = form.get("properties")?.get(written)?;
        Some(format!("{{{written}: {}}}", example(property)))
    };
    let named = forms.iter().find_map(|form| property(form));
    let own = subject.examples.and_then(|all| all.get(0)).map(scalar);
    let usual = || forms.first().map(|form| example(form));
    match named.or(own).or_else(usual) {
        Some(example) => diagnostic.help(format!("write it like `{example}`")),
        None => diagnostic,
    }
}

/// A text is not of the wanted kind.
pub(super) fn wrong_word(
    form: &Json,
    text: &str,
    place: Location,
    subject: Subject<'_>,
) -> Diagnostic {
    let title = form
        .get("title")
        .and_then(Json::as_str)
        .unwrap_or("a text of this kind");
    let message = if text.trim().is_empty() {
        format!("an empty text is not {title}")
    } else {
        format!("{} is not {title}", quote(text))
    };
    let diagnostic = Diagnostic::error("wrong-value", message).at(place);
    let examples = subject.examples.or_else(|| form.get("examples"));
    let examples: Vec<_> = examples
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .collect();
    diagnostic.help(format!("write it like {}", either(&examples)))
}

/// A scalar is none of those that are allowed.
pub(super) fn wrong_option(options: &[&Json], value: &Value, subject: Subject<'_>) -> Diagnostic {
    let found = scalar(&value.to_json());
    let known: Vec<_> = options.iter().map(|option| scalar(option)).collect();
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    let message = format!("{} cannot be {}", subject.show(), quote(&found));
    let diagnostic = Diagnostic::error("wrong-value", message).at(value.origin);
    match nearest(&found, known.iter().copied()) {
        Some(meant) if known.len() > 1 => diagnostic.help(format!(
            "write `{meant}`; all that it can be: {}",
            list(&known)
        )),
        Some(meant) => diagnostic.help(format!("write `{meant}`")),
        None => diagnostic.help(format!("write {}", either(&known))),
    }
}

/// A number is too small or too large.
pub(super) fn wrong_number(form: &Json, value: &Value) -> Diagnostic {
    let limit = |name: &str| form.get(name).map(scalar);
    let bounds = match (limit("minimum"), limit("maximum")) {
        (Some(least), Some(most)) => format!("from {least} to {most}"),
        (Some(least), None) => format!("of at least {least}"),
        (None, most) => format!("of at most {}", most.unwrap_or_default()),
    };
    let title = form.get("title").and_then(Json::as_str);
    let title = title.map_or_else(|| format!("a number {bounds}"), str::to_owned);
    let message = format!("`{}` is not {title}", scalar(&value.to_json()));
    Diagnostic::error("wrong-value", message)
        .at(value.origin)
        .help(format!("write a number {bounds}"))
}

/// A list or a mapping has too few or too many parts.
pub(super) fn wrong_count(
    form: &Json,
    count: usize,
    place: Location,
    subject: Subject<'_>,
) -> Diagnostic {
    let is_list = form.get("items").is_some();
    let parts = match (is_list, count) {
        (true, 1) => "item",
        (true, _) => "items",
        (false, 1) => "key",
        (false, _) => "keys",
    };
    let limit = |names: [&str; 2]| names.iter().find_map(|name| form.get(name)).map(scalar);
    let wanted =
        limit(["minItems", "minProperties"]).or_else(|| limit(["maxItems", "maxProperties"]));
    let wanted = wanted.unwrap_or_default();
    let verb = if wanted == "1" { "is" } else { "are" };
    let message = format!(
        "{} has {count} {parts}, and {wanted} {verb} wanted",
        subject.show()
    );
    Diagnostic::error("wrong-count", message)
        .at(place)
        .help(format!("write it like `{}`", example(form)))
}

/// A key cannot stand in a mapping; the second is the key that it was meant to be.
pub(super) fn wrong_key(
    form: &Json,
    key: &str,
    marked: bool,
    place: Location,
    entries: &IndexMap<String, Entry>,
) -> (Diagnostic, Option<String>) {
    let known = keys(form);
    let written = if marked {
        format!("{key}+")
    } else {
        key.to_owned()
    };
    if marked && known.contains(&key) {
        let message = format!("`{written}` adds to a list, and `{key}` is none");
        let diagnostic = Diagnostic::error("nothing-to-add-to", message).at(place);
        return (
            diagnostic.help(format!("write `{key}`")),
            Some(key.to_owned()),
        );
    }
    let patterns = form.get("patternProperties").and_then(Json::as_object);
    let pattern =
        patterns.and_then(|patterns| patterns.keys().find_map(|pattern| words::kind(pattern)));
    if let Some(kind) = pattern.filter(|_| known.is_empty()) {
        let message = format!("{} is not {}", quote(&written), kind.title);
        let help = format!("write it like {}", either(kind.examples));
        return (
            Diagnostic::error("wrong-key", message).at(place).help(help),
            None,
        );
    }
    let diagnostic =
        Diagnostic::error("unknown-key", format!("unknown key {}", quote(&written))).at(place);
    if key == "<<" {
        let help = "write the keys out, or put them into a manifest that `extends` names";
        return (diagnostic.help(help), None);
    }
    let free = known
        .iter()
        .copied()
        .filter(|key| !entries.contains_key(*key));
    if let Some(meant) = nearest(key, free) {
        let help = format!("write `{meant}`");
        return (diagnostic.help(help), Some(meant.to_owned()));
    }
    let help = match nearest(key, known.iter().copied()) {
        Some(there) => format!("write it into `{there}`, which is there already"),
        None => format!("the keys here are {}", list(&known)),
    };
    (diagnostic.help(help), None)
}

/// A list that must be there is added to nothing.
pub(super) fn nothing_below(key: &str, place: Location) -> Diagnostic {
    let message = format!("`{key}+` adds to a list, and no manifest below has one");
    Diagnostic::error("nothing-to-add-to", message)
        .at(place)
        .help(format!("write `{key}`"))
}

/// Required keys are missing.
pub(super) fn missing(form: &Json, missing: &[&str], subject: Subject<'_>) -> Diagnostic {
    let names: Vec<_> = missing.iter().map(|key| format!("no `{key}`")).collect();
    let message = format!("{} has {}", subject.show(), names.join(" and "));
    let property = |key: &str| form.get("properties").and_then(|all| all.get(key));
    let examples = missing.iter().filter_map(|key| Some((key, property(key)?)));
    let examples: Vec<_> = examples
        .map(|(key, property)| format!("`{key}: {}`", example(property)))
        .collect();
    let diagnostic = Diagnostic::error("missing-key", message).at(subject.place);
    let about = missing
        .first()
        .and_then(|key| property(key)?.get("description")?.as_str());
    let diagnostic = match about {
        Some(about) => diagnostic.note(format!("`{}`: {}", missing[0], phrase(about))),
        None => diagnostic,
    };
    diagnostic.help(format!("add {}", examples.join(" and ")))
}

/// Returns a text in backticks, on one line and not too long.
fn quote(text: &str) -> String {
    let mut shown = String::from("`");
    for (count, character) in text.chars().enumerate() {
        if count == MAX_SHOWN {
            shown.push('…');
            break;
        }
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown.push('`');
    shown
}

/// Returns the first sentence of a description as the other notes are written.
fn phrase(description: &str) -> String {
    let first = description.split(". ").next().unwrap_or_default();
    let first = first.trim_end_matches('.');
    let mut letters = first.chars();
    let start = letters
        .next()
        .map(|letter| letter.to_lowercase().to_string());
    start.unwrap_or_default() + letters.as_str()
}
