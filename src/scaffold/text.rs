//! Detected texts in the forms that manifests have.

use crate::blocks::shape::WordKind;
use crate::blocks::words::{Command, NameKind, RepoPathKind};
use crate::expression;

/// A name made from any text: `@scope/My App` becomes `my-app`.
pub(super) fn name(text: &str) -> String {
    let last = text
        .rsplit(['/', '\\'])
        .find(|part| !part.is_empty())
        .unwrap_or(text);
    let mut name = String::new();
    for c in last.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => name.push(c.to_ascii_lowercase()),
            '_' => name.push('_'),
            _ if !name.is_empty() && !name.ends_with('-') => name.push('-'),
            _ => {}
        }
    }
    let name = name.trim_end_matches('-');
    let name: String = name
        .trim_start_matches(|c: char| c.is_ascii_digit() || c == '-')
        .chars()
        .take(60)
        .collect();
    if NameKind::accepts(&name) {
        name
    } else {
        "app".to_owned()
    }
}

/// Whether a path can stand in a manifest.
pub(super) fn is_path(path: &str) -> bool {
    RepoPathKind::accepts(path)
}

/// A command as a YAML scalar, if a manifest may have it.
pub(super) fn command(text: &str) -> Option<String> {
    let fits = Command::new(text).is_some() && !text.contains('\n') && !expression::is_in(text);
    fits.then(|| scalar(text))
}

/// A text as a YAML scalar on one line, fit for flow style too.
pub(super) fn scalar(text: &str) -> String {
    let plain = !text.is_empty()
        && text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.' || c == '/')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || " ._/+-=@".contains(c))
        && !text.ends_with(' ')
        && text.contains(|c: char| c.is_ascii_alphabetic());
    if plain {
        text.to_owned()
    } else {
        serde_json::Value::from(text).to_string()
    }
}

/// A key with a list: on one line if it fits into the width that formatters allow.
pub(super) fn list(key: &str, items: &[impl AsRef<str>]) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    let line = format!("{key}: [{}]", items.join(", "));
    if INDENT + line.chars().count() <= 80 {
        line
    } else {
        format!("{key}:\n  - {}", items.join("\n  - "))
    }
}

/// How far the keys of a component are indented.
const INDENT: usize = 4;

/// The lines of a component where they stand, below its name.
pub(super) fn indented(lines: &[String]) -> impl Iterator<Item = String> {
    let lines = lines.iter().flat_map(|line| line.lines());
    lines.map(|line| format!("{:INDENT$}{line}", ""))
}

/// A text within a comment.
pub(super) fn comment(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_of_anything() {
        assert_eq!(name("@scope/My App"), "my-app");
        assert_eq!(name("services/ai.gateway"), "ai-gateway");
        assert_eq!(name("2048"), "app");
        assert_eq!(name("ünï"), "n");
    }

    #[test]
    fn scalars_are_quoted_where_needed() {
        assert_eq!(scalar("npm test"), "npm test");
        assert_eq!(scalar("a, b"), "\"a, b\"");
        assert_eq!(scalar("3.12"), "\"3.12\"");
    }
}
