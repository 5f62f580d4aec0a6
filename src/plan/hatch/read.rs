//! Values in GitHub's syntax, read as the types of a pipeline. What is of another
//! type is an error at its place, never a default.

use crate::diagnostics::{Diagnostic, nearest};
use crate::manifest::{Entry, Kind, Value};
use crate::pipeline::{Expression, Part, Text};
use crate::source::Location;

/// A value, or what is wrong with it.
pub(super) type Read<T> = Result<T, Box<Diagnostic>>;

/// The entries of a mapping.
pub(super) fn entries<'v>(
    what: &str,
    value: &'v Value,
) -> Read<impl Iterator<Item = (&'v str, &'v Entry)>> {
    match &value.kind {
        Kind::Mapping(entries) => Ok(entries.iter().map(|(key, entry)| (key.as_str(), entry))),
        _ => Err(wrong_type(what, "a mapping", value)),
    }
}

/// The items of a list; of anything else, itself.
pub(super) fn items(value: &Value) -> &[Value] {
    match &value.kind {
        Kind::List(items) => items,
        _ => std::slice::from_ref(value),
    }
}

/// A scalar as it is written.
pub(super) fn word(what: &str, value: &Value) -> Read<String> {
    match &value.kind {
        Kind::String(text) => Ok(text.clone()),
        Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_) => Ok(value.to_json().to_string()),
        _ => Err(wrong_type(what, "text", value)),
    }
}

/// A text that may hold expressions: an own step is GitHub's syntax.
pub(super) fn text(what: &str, value: &Value) -> Read<Text> {
    let written = word(what, value)?;
    let mut all = Text::default();
    let mut rest = written.as_str();
    while let Some((before, inside)) = rest.split_once("${{") {
        let Some((code, after)) = inside.split_once("}}") else {
            let error = Diagnostic::error(
                "open-expression",
                format!("the expression in `{what}` has no end"),
            );
            return Err(Box::new(error.at(value.origin).help("close it with `}}`")));
        };
        all = all.then(before).then(Expression::new(code.trim()));
        rest = after;
    }
    let is_empty = all
        .parts()
        .iter()
        .all(|part| matches!(part, Part::Literal(text) if text.is_empty()));
    Ok(if is_empty {
        rest.into()
    } else {
        all.then(rest)
    })
}

/// A condition, with or without the braces around it.
pub(super) fn condition(value: &Value) -> Read<Expression> {
    let written = word("if", value)?;
    let inner = written
        .trim()
        .strip_prefix("${{")
        .and_then(|code| code.strip_suffix("}}"));
    Ok(Expression::new(inner.unwrap_or(&written).trim()))
}

/// Names with texts, as under `env` and `with`.
pub(super) fn pairs(what: &str, value: &Value) -> Read<Vec<(String, Text)>> {
    let entries = entries(what, value)?;
    entries
        .map(|(name, entry)| Ok((name.to_owned(), text(name, &entry.value)?)))
        .collect()
}

/// One word or several.
pub(super) fn words(what: &str, value: &Value) -> Read<Vec<String>> {
    items(value).iter().map(|item| word(what, item)).collect()
}

/// A whole number of minutes.
pub(super) fn minutes(what: &str, value: &Value) -> Read<u32> {
    let number = match value.kind {
        Kind::Integer(number) => u32::try_from(number).ok(),
        _ => None,
    };
    number
        .filter(|minutes| *minutes > 0)
        .ok_or_else(|| wrong_type(what, "a number of minutes", value))
}

/// Yes or no.
pub(super) fn flag(what: &str, value: &Value) -> Read<bool> {
    match value.kind {
        Kind::Bool(flag) => Ok(flag),
        _ => Err(wrong_type(what, "`true` or `false`", value)),
    }
}

fn wrong_type(what: &str, wanted: &str, value: &Value) -> Box<Diagnostic> {
    let found = value.kind.describe();
    let error = Diagnostic::error(
        "wrong-type",
        format!("`{what}` is {found}, and {wanted} is wanted"),
    );
    Box::new(
        error
            .at(value.origin)
            .help(format!("write {wanted}, or remove `{what}`")),
    )
}

/// An error at a name that is none of those that are known.
pub(super) fn unknown<'n>(
    code: &'static str,
    message: String,
    word: &str,
    known: impl IntoIterator<Item = &'n str>,
    place: Location,
) -> Box<Diagnostic> {
    let known: Vec<_> = known.into_iter().collect();
    let help = match nearest(word, known.iter().copied()) {
        Some(near) => format!("write `{near}`"),
        None if known.is_empty() => "remove it".to_owned(),
        None => format!("write one of {}", known.join(", ")),
    };
    Box::new(Diagnostic::error(code, message).at(place).help(help))
}
