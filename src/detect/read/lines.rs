//! Facts out of files that are programs or XML: searched, not parsed.

/// The text between the first `start` and the `end` after it.
pub(in crate::detect) fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    let from = text.find(start)? + start.len();
    let length = text[from..].find(end)?;
    Some(&text[from..from + length])
}

/// The text of the first XML element with that name, attributes let pass.
pub(in crate::detect) fn xml_text<'t>(text: &'t str, element: &str) -> Option<&'t str> {
    xml_texts(text, element).next()
}

/// The texts of all XML elements with that name.
pub(in crate::detect) fn xml_texts<'t>(
    text: &'t str,
    element: &str,
) -> impl Iterator<Item = &'t str> {
    let open = format!("<{element}");
    let close = format!("</{element}>");
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let at = rest.find(&open)? + open.len();
            rest = &rest[at..];
            if !rest.starts_with(['>', ' ', '\n', '\t', '\r']) {
                continue;
            }
            let start = rest.find('>')? + 1;
            let end = rest.find(&close)?;
            if start <= end {
                return Some(rest[start..end].trim());
            }
        }
    })
}

/// The quoted value of `key = "value"` or `key: "value"` or `key 'value'` in a program.
pub(in crate::detect) fn assignment<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    text.match_indices(key).find_map(|(at, _)| {
        let before = text[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-') {
            return None;
        }
        let rest = text[at + key.len()..].trim_start_matches([' ', '=', ':', '(', '\t']);
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let rest = &rest[1..];
        Some(&rest[..rest.find(quote)?]).filter(|value| !value.contains('\n'))
    })
}

/// The first version number in a text: digits with dots.
pub(in crate::detect) fn first_version(text: &str) -> Option<&str> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let rest = &text[start..];
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(rest.len());
    Some(rest[..end].trim_end_matches('.'))
}

/// The digits at the start of a text.
pub(in crate::detect) fn first_number(text: &str) -> Option<&str> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    (end > 0).then(|| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::{assignment, xml_text};

    #[test]
    fn xml_elements_are_found_by_their_whole_name() {
        let text = "<a.version>1</a.version><a x=\"1\"> 2 </a>";
        assert_eq!(xml_text(text, "a"), Some("2"));
        assert_eq!(xml_text(text, "b"), None);
    }

    #[test]
    fn assignments_are_found_in_programs() {
        assert_eq!(
            assignment("rootProject.name = \"shop\"", "name"),
            Some("shop")
        );
        assert_eq!(
            assignment("app: :x, elixir: \"~> 1.18\"", "elixir"),
            Some("~> 1.18")
        );
        assert_eq!(assignment("rename = \"x\"", "name"), None);
    }
}
